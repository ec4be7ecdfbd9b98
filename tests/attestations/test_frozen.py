"""What was signed or published cannot be changed, whoever asks the database."""

import pytest
from django.db import DatabaseError, connection, transaction

from agencies.enums import RegulatorRole
from attestations.enums import RevisionKind
from attestations.models import (
    Answer,
    AnswerEvidence,
    Ask,
    Attestation,
    CatalogueEdition,
    EvidenceFile,
    ListEdition,
    ListEntry,
    Requirement,
    Revision,
)
from attestations.safeguards.revisions.services import confirm_revision, record_rows
from attestations.services import return_for_changes
from tests.factories import agencies as people
from tests.factories import attestations as make

pytestmark = pytest.mark.usefixtures("reference")


def refused(act):
    try:
        with transaction.atomic():
            act()
    except DatabaseError as error:
        return str(error).splitlines()[0]
    return None


SIGNED = "a submitted attestation is frozen"
ACTS_ON_A_SIGNED_ONE = {
    "another declaration": lambda a: Attestation.objects.update(declaration="Other words."),
    "another digest": lambda a: Attestation.objects.update(statement_digest="0" * 64),
    "another signer": lambda a: Attestation.objects.update(
        signed_by=people.officer(a.agency, name="Another")
    ),
    "another answer": lambda a: Answer.objects.update(choice="does_not"),
    "an answer less": lambda a: sql("DELETE FROM attestations_answer WHERE id IN (%s)", bare(a)),
    "an answer more": lambda a: Answer.objects.create(
        attestation=a,
        requirement=extra_requirement(),
        choice="complies",
        answered_at=make.LOADED_AT,
        answered_by=a.submitted_by,
    ),
    "another period": lambda a: AnswerEvidence.objects.update(covers_from=None),
    "a file less": lambda a: sql("DELETE FROM attestations_answerevidence"),
    "a file more": lambda a: AnswerEvidence.objects.create(
        answer=a.answers.first(), file=a.agency.evidence_files.get()
    ),
    "gone": lambda a: sql("DELETE FROM attestations_attestation"),
}


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def bare(attestation):
    return attestation.answers.filter(evidence=None).first().pk


def extra_requirement():
    extra = make.requirement("REQ-38")
    extra.pk, extra.ref, extra.position = None, "REQ-39", 39
    extra.save(force_insert=True)
    return extra


@pytest.mark.parametrize("change", ACTS_ON_A_SIGNED_ONE)
def test_a_submitted_attestation_cannot_be_changed(change):
    attestation = make.submitted_attestation(people.agency())

    assert refused(lambda: ACTS_ON_A_SIGNED_ONE[change](attestation)) == SIGNED


@pytest.mark.parametrize("change", ["another answer", "another period", "a file less"])
def test_a_draft_can(change):
    attestation = make.complete_draft(people.agency())

    assert refused(lambda: ACTS_ON_A_SIGNED_ONE[change](attestation)) is None


def test_a_review_that_was_given_stays():
    make.accepted_attestation(people.agency())

    assert (
        refused(lambda: Attestation.objects.update(review_note="Other words."))
        == "a review that was given stays as it was given"
    )


def test_what_was_asked_of_a_returned_one_stays():
    submitted = make.submitted_attestation(people.agency())
    ask = {"requirement": make.requirement("REQ-02"), "words": "Send the policy."}
    returned = return_for_changes(
        attestation_id=submitted.pk,
        note="Say more.",
        asks={"REQ-02": "Send the policy."},
        by=people.staff(submitted.agency.regulator),
    )

    assert [
        refused(lambda: Attestation.objects.update(answer_by=None)),
        refused(lambda: Ask.objects.update(words="Other words.")),
        refused(lambda: sql("DELETE FROM attestations_ask")),
        refused(lambda: Ask.objects.create(attestation=returned, **ask)),
    ] == ["a review that was given stays as it was given"] * 4


def test_a_stored_file_keeps_its_content_and_may_lose_its_name():
    make.evidence_file(people.agency())

    assert (
        refused(lambda: EvidenceFile.objects.update(digest="0" * 64))
        == "a stored file keeps its content"
    )
    assert refused(lambda: EvidenceFile.objects.update(original_name="erased")) is None


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda: ListEdition.objects.update(title="Another"), id="its title"),
        pytest.param(lambda: ListEdition.objects.update(activated_at=None), id="its activation"),
        pytest.param(lambda: sql("DELETE FROM attestations_listedition"), id="all of it"),
        pytest.param(lambda: ListEntry.objects.update(printed_name="Another"), id="a name"),
        pytest.param(
            lambda: ListEntry.objects.filter(edition="2020").update(edition="2023"),
            id="a country moved",
        ),
        pytest.param(lambda: ListEntry.objects.all().delete(), id="a country less"),
        pytest.param(
            lambda: ListEntry.objects.create(
                edition_id="2023", country_id="IRL", printed_name="Ireland"
            ),
            id="a country more",
        ),
        pytest.param(lambda: Requirement.objects.update(wording="Another"), id="a requirement"),
        pytest.param(lambda: sql("DELETE FROM attestations_requirement"), id="requirements gone"),
        pytest.param(
            lambda: CatalogueEdition.objects.update(title="Another"), id="a catalogue's title"
        ),
    ],
)
def test_a_published_edition_cannot_be_changed(act):
    assert refused(act) == "a published edition never changes"


def test_an_edition_that_waits_can_still_go():
    edition = make.list_edition(is_active=False)

    assert refused(lambda: (edition.entries.all().delete(), edition.delete())) is None


def test_when_a_published_edition_was_applied_may_be_noted():
    assert refused(lambda: ListEdition.objects.update(applied_at=make.LOADED_AT)) is None


def test_what_was_rolled_back_stays_so_and_may_be_noted_as_restored():
    edition = make.rolled_back(make.list_edition())
    mine = ListEdition.objects.filter(pk=edition.pk)

    assert [
        refused(lambda: mine.update(rolled_back_at=None, rolled_back_by=None)),
        refused(lambda: mine.update(rollback_reason="Another")),
        refused(lambda: mine.update(restored_at=make.LOADED_AT)),
        refused(lambda: mine.update(title="Another")),
    ] == ["an edition that was rolled back stays so"] * 2 + [
        None,
        "a published edition never changes",
    ]


def revision():
    steward = people.staff(people.regulator(), RegulatorRole.DATA_STEWARD)
    row = {
        "country_id": "PHL",
        "title": "Example storm",
        "valid_from": "2024-01-01",
        "valid_until": None,
        "source": "invented for a test",
    }
    return record_rows(kind=RevisionKind.EMERGENCY, rows=[row], by=steward, at=make.LOADED_AT)


def confirmed_revision():
    another = people.staff(people.regulator(country="IND"), RegulatorRole.DATA_STEWARD)
    return confirm_revision(revision_id=revision().pk, by=another, at=make.LOADED_AT)


@pytest.mark.parametrize("made", [revision, confirmed_revision])
@pytest.mark.parametrize(
    "change",
    [
        "content = '{}'",
        "digest = 'another'",
        "digest_before = 'another'",
        "subject = 'Another'",
        "kind = 'agreement'",
        "act = 'end'",
        "effective_on = '2030-01-01'",
        "recorded_at = '2020-01-01 00:00:00+00:00'",
        "recorded_by_id = NULL",
    ],
)
def test_a_revision_stays_as_it_was_recorded(made, change):
    made()

    assert (
        refused(lambda: sql(f"UPDATE attestations_revision SET {change}"))
        == "a revision stays as it was recorded"
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE attestations_revision SET confirmed_at = NULL, confirmed_by_id = NULL",
        "UPDATE attestations_revision SET confirmed_by_id = recorded_by_id",
        "DELETE FROM attestations_revision",
    ],
)
def test_a_confirmed_revision_stays_confirmed(statement):
    confirmed_revision()

    assert refused(lambda: sql(statement)) == "a confirmed revision stays confirmed"


def test_a_confirmed_revision_may_be_noted_as_judged_and_be_undone_once():
    made = confirmed_revision()
    mine = Revision.objects.filter(pk=made.pk)

    assert [
        refused(lambda: mine.update(judged_at=make.LOADED_AT)),
        refused(
            lambda: mine.update(
                rollback_asked_at=make.LOADED_AT,
                rollback_asked_by=made.confirmed_by,
                rollback_reason="x",
                undone_at=make.LOADED_AT,
                undone_by=made.recorded_by,
            )
        ),
        refused(lambda: mine.update(undone_at=None, undone_by=None)),
        refused(lambda: mine.update(rollback_reason="y")),
    ] == [
        None,
        None,
        "a revision that was undone stays so",
        "a revision that was rolled back stays so",
    ]


def test_a_revision_that_waits_can_still_go():
    made = revision()

    assert refused(made.delete) is None
