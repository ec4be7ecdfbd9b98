import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from agencies import journal
from agencies.enums import AgencyRole
from agencies.lib.transitions import IllegalTransition
from attestations import services
from attestations.enums import AnswerChoice, AttestationState
from attestations.models import Answer, AnswerEvidence, Attestation, CatalogueEdition
from tests.factories import agencies as people
from tests.factories import attestations as make

pytestmark = pytest.mark.usefixtures("reference")
AT = make.LOADED_AT


@pytest.fixture
def agency(db):
    return people.agency()


@pytest.fixture
def member(agency):
    return people.agency_person(agency)


def verbs(attestation):
    return [entry.verb for entry in journal.history_of(attestation)]


def test_an_attestation_is_pinned_to_the_newest_published_catalogue(agency, member):
    newer = CatalogueEdition.objects.get()
    newer.pk, newer.urn, newer.published_on = "2031-1", "urn:example", AT.date().replace(year=2031)
    newer.save(force_insert=True)

    attestation = services.start_attestation(agency_id=agency.pk, by=member, at=AT)

    assert attestation.edition_id == make.CATALOGUE
    assert (attestation.state, attestation.started_at) == (AttestationState.DRAFT, AT)
    assert verbs(attestation) == ["attestation.started"]


def test_one_attestation_an_agency_is_open_at_a_time(agency, member):
    services.start_attestation(agency_id=agency.pk, by=member, at=AT)

    with pytest.raises(ValidationError, match="open already"):
        services.start_attestation(agency_id=agency.pk, by=member, at=AT)

    assert agency.attestations.count() == 1


def test_nobody_attests_for_an_agency_of_others_or_one_that_ended(agency, member):
    stranger = people.agency_person(people.agency())
    officer = people.staff(agency.regulator)
    ended = people.agency()
    ended.ended_on, ended.end_reason = AT.date(), "ended_voluntarily"
    ended.save()

    for nobody in (stranger, officer):
        with pytest.raises(PermissionDenied):
            services.start_attestation(agency_id=agency.pk, by=nobody, at=AT)
    with pytest.raises(IllegalTransition):
        services.start_attestation(agency_id=ended.pk, by=people.agency_person(ended), at=AT)


def test_before_the_first_catalogue_nothing_can_be_attested_to(agency, member):
    with pytest.raises(ValidationError, match="No catalogue"):
        services.start_attestation(agency_id=agency.pk, by=member, at=AT.replace(year=2020))


def test_an_answer_is_given_changed_and_kept_once(agency, member):
    attestation = make.draft_attestation(agency, by=member)

    def answer(choice, explanation=""):
        services.answer_requirement(
            attestation_id=attestation.pk,
            ref="REQ-02",
            choice=choice,
            explanation=explanation,
            by=member,
            at=AT,
        )

    answer("complies")
    answer("complies")
    answer("does_not", "We start\u0000 in\r\nMay.")

    kept = Answer.objects.get(attestation=attestation)
    assert (kept.requirement.ref, kept.choice) == ("REQ-02", AnswerChoice.DOES_NOT)
    assert kept.explanation == "We start in\nMay."
    assert verbs(attestation) == ["attestation.answered"] * 2


@pytest.mark.parametrize(
    ("choice", "explanation", "message"),
    [
        pytest.param("not_applicable", " \n ", "Say why this does not apply", id="no reason"),
        pytest.param("complies", "x" * 5001, "at most 5000", id="too long"),
    ],
)
def test_an_answer_that_says_too_little_or_too_much_is_refused(
    agency, member, choice, explanation, message
):
    attestation = make.draft_attestation(agency, by=member)

    with pytest.raises(ValidationError, match=message):
        services.answer_requirement(
            attestation_id=attestation.pk,
            ref="REQ-02",
            choice=choice,
            explanation=explanation,
            by=member,
        )

    assert attestation.answers.count() == 0


def test_a_returned_attestation_goes_on_as_a_copy_that_points_back(agency, member):
    returned = make.returned_attestation(agency)

    copy = services.continue_returned(attestation_id=returned.pk, by=member, at=AT)

    assert copy.continues == returned
    assert (copy.state, copy.submitted_at, copy.declaration) == ("draft", None, "")
    assert copy.answers.count() == returned.answers.count() == 38
    assert AnswerEvidence.objects.filter(answer__attestation=copy).count() == 1
    assert Attestation.objects.get(pk=returned.pk).state == AttestationState.RETURNED
    assert verbs(copy) == ["attestation.continued"]


def test_a_requirement_that_asks_something_else_now_is_to_be_answered_anew(agency, member):
    returned = make.returned_attestation(agency)
    newer = CatalogueEdition.objects.get()
    requirements = list(newer.requirements.all())
    newer.pk, newer.urn = "2026-2", "urn:example"
    newer.save(force_insert=True)
    for requirement in requirements:
        requirement.pk, requirement.edition = None, newer
        if requirement.ref == "REQ-01":
            requirement.wording = "We know something else as well."
        requirement.save(force_insert=True)

    copy = services.continue_returned(attestation_id=returned.pk, by=member, at=AT)

    answered = set(copy.answers.values_list("requirement__ref", flat=True))
    assert copy.edition == newer
    assert {each.ref for each in requirements} - answered == {"REQ-01"}


def test_an_accepted_attestation_is_corrected_while_it_stands(agency, member):
    accepted = make.accepted_attestation(agency)

    copy = services.correct_attestation(attestation_id=accepted.pk, by=member, at=AT)

    assert (copy.continues, copy.state) == (accepted, AttestationState.DRAFT)
    accepted.refresh_from_db()
    assert accepted.state == AttestationState.ACCEPTED
    with pytest.raises(ValidationError, match="open already"):
        services.correct_attestation(attestation_id=accepted.pk, by=member, at=AT)


def test_a_correction_that_was_withdrawn_can_be_begun_again(agency):
    accepted = make.accepted_attestation(agency)
    admin = people.agency_person(agency, AgencyRole.ADMIN)
    first = services.correct_attestation(attestation_id=accepted.pk, by=admin, at=AT)
    services.withdraw_attestation(attestation_id=first.pk, by=admin)

    second = services.correct_attestation(attestation_id=accepted.pk, by=admin, at=AT)

    assert [each.pk for each in accepted.continuations.order_by("pk")] == [first.pk, second.pk]


def test_only_who_binds_the_agency_withdraws_it(agency, member):
    attestation = make.draft_attestation(agency, by=member)
    admin = people.agency_person(agency, AgencyRole.ADMIN)

    with pytest.raises(PermissionDenied):
        services.withdraw_attestation(attestation_id=attestation.pk, by=member)
    withdrawn = services.withdraw_attestation(attestation_id=attestation.pk, by=admin)

    assert withdrawn.state == AttestationState.WITHDRAWN
    assert verbs(attestation) == ["attestation.withdrawn"]
