import pytest
from django.conf import settings as django_settings

from agencies.invariants import run_all
from agencies.lib.stored_files import path_of
from attestations import invariants
from attestations.safeguards.loading import keep_edition, text_of
from tests.factories import agencies as people
from tests.factories import attestations as make

pytestmark = pytest.mark.usefixtures("reference")
ATTESTATIONS = ("attestations_attestation", "attestations_answer", "attestations_answerevidence")


def found(check):
    return list(check())


def test_nothing_is_wrong_with_what_the_services_leave():
    make.accepted_attestation(people.agency())
    make.complete_draft(people.agency())

    here = [
        violations
        for sentence, violations in run_all()
        if sentence.startswith(("A submitted attestation", "Every file of evidence", "A published"))
    ]

    assert here == [[], [], []]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE attestations_attestation SET declaration = 'Other words.'",
        "UPDATE attestations_answer SET choice = 'does_not'",
        "UPDATE attestations_answer SET explanation = 'More.'",
        "UPDATE attestations_answerevidence SET covers_from = NULL",
        "DELETE FROM attestations_answerevidence",
        "UPDATE attestations_attestation SET submitted_at = reviewed_at",
    ],
)
def test_a_signed_attestation_that_was_altered_is_named(planted, change):
    attestation = make.accepted_attestation(people.agency())
    later = make.LOADED_AT.replace(hour=15)
    planted(
        f"UPDATE attestations_attestation SET reviewed_at = '{later:%Y-%m-%d %H:%M:%S}'",
        change,
        tables=ATTESTATIONS,
    )

    [sentence] = found(invariants.submitted_attestations_unchanged)
    assert sentence == (
        f"Attestation {attestation.public_id} of {attestation.agency.register_number} "
        "no longer has the digest that was signed."
    )


@pytest.mark.parametrize("damage", ["altered", "missing"])
def test_evidence_that_was_damaged_or_lost_is_named(damage):
    evidence = make.evidence_file(people.agency())
    place = path_of(django_settings.EVIDENCE_ROOT, evidence.digest)
    if damage == "altered":
        place.chmod(0o600)
        place.write_bytes(b"Licence 4712, valid in 2026.")
    else:
        place.unlink()

    assert found(invariants.evidence_on_disk) == [
        f"The file {evidence.digest} of evidence {evidence.public_id} is {damage}."
    ]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE attestations_listentry SET printed_name = 'Another' WHERE edition_id = '2020'",
        "DELETE FROM attestations_listentry WHERE edition_id = '2020' AND country_id = 'GHA'",
        "UPDATE attestations_listedition SET valid_from = '2021-03-01' WHERE label = '2020'",
    ],
)
def test_an_edition_that_was_altered_is_named(planted, change):
    planted(change, tables=("attestations_listentry", "attestations_listedition"))

    assert found(invariants.list_editions_unchanged) == [
        "The edition 2020 no longer has its digest."
    ]


def test_a_national_list_that_was_altered_is_named(planted):
    planted(
        "UPDATE attestations_nationalgrade SET grade = 'amber' "
        "WHERE national_list_id = 'england' AND country_id = 'GHA'",
        tables=(),
    )

    assert found(invariants.national_lists_unchanged) == [
        "The national list england no longer has its digest."
    ]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            "UPDATE attestations_codearticle SET is_verified = true WHERE number = '3.4'",
            "The Code version 2010 no longer has its digest.",
        ),
        (
            "UPDATE attestations_requirement SET wording = 'Less.' WHERE ref = 'REQ-01'",
            "The catalogue edition 2026-1 no longer has its digest.",
        ),
    ],
)
def test_a_code_or_catalogue_that_was_altered_is_named(planted, change, sentence):
    planted(change, tables=("attestations_requirement",))

    assert found(invariants.code_and_catalogue_unchanged) == [sentence]


def test_two_open_attestations_of_an_agency_are_named(planted):
    agency = people.agency()
    make.returned_attestation(agency)
    make.draft_attestation(agency)
    planted(
        "UPDATE attestations_attestation SET state = 'submitted', reviewed_at = NULL, "
        "reviewed_by_id = NULL WHERE state = 'returned'",
        tables=ATTESTATIONS,
        without=[
            (
                "attestations_attestation",
                "index",
                "attestations_attestation_one_open_an_agency",
            )
        ],
    )

    assert found(invariants.one_open_attestation_an_agency) == [
        f"The agency {agency.register_number} has 2 open attestations."
    ]


def test_one_person_alone_on_an_edition_is_named(planted):
    person = people.user()
    planted(
        f"UPDATE attestations_listedition SET loaded_by_id = {person.pk}, "
        f"activated_by_id = {person.pk} WHERE label = '2023'",
        tables=("attestations_listedition",),
        without=[
            (
                "attestations_listedition",
                "check",
                "attestations_listedition_activated_by_another",
            )
        ],
    )

    assert found(invariants.two_people_on_an_edition) == [
        "The edition 2023 was loaded and activated by the same person."
    ]


def test_a_review_by_who_signed_is_named(planted):
    attestation = make.accepted_attestation(people.agency())
    planted(
        "UPDATE attestations_attestation SET reviewed_by_id = submitted_by_id",
        tables=ATTESTATIONS,
    )

    assert found(invariants.nobody_reviews_their_own) == [
        f"Attestation {attestation.public_id} was reviewed by who handed it in."
    ]


def test_an_edition_loaded_from_its_own_rows_is_the_same():
    edition = make.ListEdition.objects.get(label="2006")

    assert keep_edition(text_of(edition), at=make.LOADED_AT) == (edition, False)
