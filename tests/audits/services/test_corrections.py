from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from agencies.lib.transitions import IllegalTransition
from agencies.models import JournalEntry
from audits import services
from audits.enums import AuditState, CorrectionState, FindingGrade
from audits.models import Audit, CorrectiveAction
from tests.factories import audits as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return make.case()


def reported_finding(people, grade=FindingGrade.MAJOR):
    return make.reported(people, grade).findings.get()


def requested(people, grade=FindingGrade.MAJOR):
    finding = reported_finding(people, grade)
    return services.request_correction(finding_id=finding.pk, by=people.leader, at=make.ASKED_AT)


@pytest.mark.parametrize(
    ("grade", "due_on"),
    [
        (FindingGrade.CRITICAL, date(2026, 4, 23)),
        (FindingGrade.MAJOR, date(2026, 6, 1)),
        (FindingGrade.MINOR, date(2026, 9, 29)),
    ],
)
def test_the_grade_sets_the_last_day(people, grade, due_on):
    action = requested(people, grade)

    assert (action.due_on, action.state) == (due_on, CorrectionState.REQUESTED)
    assert Audit.objects.get().state == AuditState.FOLLOW_UP


def test_an_observation_asks_for_nothing(people):
    finding = reported_finding(people, FindingGrade.OBSERVATION)

    with pytest.raises(ValidationError, match="asks for no corrective action"):
        services.request_correction(finding_id=finding.pk, by=people.leader)


def test_a_correction_is_asked_for_once(people):
    action = requested(people)

    with pytest.raises(ValidationError, match="asked for already"):
        services.request_correction(finding_id=action.finding_id, by=people.leader)


def test_nothing_is_asked_for_before_the_report(people):
    audit = make.opened(people)
    finding = make.finding(audit, people)

    with pytest.raises(IllegalTransition):
        services.request_correction(finding_id=finding.pk, by=people.leader)


def test_a_verified_correction_resolves_the_finding(people):
    finding = reported_finding(people)
    assert list(finding.audit.findings.unresolved()) == [finding]

    make.corrected(finding, people)

    assert list(finding.audit.findings.unresolved()) == []


@pytest.mark.parametrize("missing", ["root_cause", "correction", "prevention"])
def test_cause_correction_and_prevention_are_all_said(people, missing):
    action = requested(people)
    words = dict.fromkeys(("root_cause", "correction", "prevention"), "Said.") | {missing: " "}

    with pytest.raises(ValidationError):
        services.submit_correction(correction_id=action.pk, by=people.member, **words)


def test_one_that_is_not_accepted_is_asked_for_again(people):
    action = make.submitted(requested(people), people)

    again = services.reject_correction(
        correction_id=action.pk,
        note="The cause is not removed.",
        by=people.leader,
        at=make.VERIFIED_AT,
    )

    states = CorrectiveAction.objects.values_list("state", "due_on", "review_note")
    assert list(states) == [
        (CorrectionState.REJECTED, date(2026, 6, 1), "The cause is not removed."),
        (CorrectionState.REQUESTED, date(2026, 6, 26), ""),
    ]
    assert again.state == CorrectionState.REQUESTED


def test_not_accepting_says_what_is_missing(people):
    action = make.submitted(requested(people), people)

    with pytest.raises(ValidationError, match="Say what is still missing"):
        services.reject_correction(correction_id=action.pk, note="", by=people.leader)


def test_the_journal_says_whether_it_came_late(people):
    action = requested(people, FindingGrade.CRITICAL)
    assert list(CorrectiveAction.objects.overdue(date(2026, 4, 23))) == []
    assert list(CorrectiveAction.objects.overdue(date(2026, 4, 24))) == [action]

    make.submitted(action, people)

    assert JournalEntry.objects.get(verb="correction.submitted").data["late"] is False


@pytest.mark.parametrize("act", [services.verify_correction, services.reject_correction])
def test_only_the_team_reviews(people, act):
    action = make.submitted(requested(people), people)

    for stranger in (people.officer, people.decider, people.member):
        with pytest.raises(PermissionDenied):
            act(correction_id=action.pk, note="Seen.", by=stranger)


def test_only_the_agency_hands_in(people):
    action = requested(people)

    with pytest.raises(PermissionDenied):
        services.submit_correction(
            correction_id=action.pk,
            root_cause="a",
            correction="b",
            prevention="c",
            by=people.leader,
        )


def test_what_was_not_handed_in_is_not_verified(people):
    action = requested(people)

    with pytest.raises(IllegalTransition):
        services.verify_correction(correction_id=action.pk, by=people.leader)
