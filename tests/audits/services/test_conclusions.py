import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from agencies.lib.transitions import IllegalTransition
from audits import services
from audits.enums import AuditState, TeamRole
from audits.models import Audit, AuditReport
from tests.factories import audits as make
from tests.factories.placements import placement

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return make.case()


def test_one_concludes_and_another_issues(people):
    audit = make.opened(people)
    make.concluded(audit, people)

    with pytest.raises(PermissionDenied, match="you wrote its conclusion"):
        services.issue_report(audit_id=audit.pk, by=people.leader)
    services.issue_report(audit_id=audit.pk, by=people.officer)

    audit = Audit.objects.get()
    assert (audit.state, audit.concluded_by, audit.reported_by) == (
        AuditState.REPORTED,
        people.leader,
        people.officer,
    )
    assert AuditReport.objects.get().audit == audit


def test_another_auditor_of_the_team_may_issue(people):
    audit = make.opened(people, team=[(people.auditor, TeamRole.AUDITOR)])
    make.concluded(audit, people)

    services.issue_report(audit_id=audit.pk, by=people.auditor)

    assert Audit.objects.get().state == AuditState.REPORTED


@pytest.mark.parametrize("who", ["decider", "panel", "signer", "auditor"])
def test_nobody_else_issues(people, who):
    audit = make.opened(people)
    make.concluded(audit, people)

    with pytest.raises(PermissionDenied):
        services.issue_report(audit_id=audit.pk, by=getattr(people, who))


def test_nothing_is_issued_before_the_conclusion(people):
    audit = make.opened(people)

    with pytest.raises(ValidationError, match="write the conclusion first"):
        services.issue_report(audit_id=audit.pk, by=people.officer)

    assert not AuditReport.objects.exists()


def test_a_finding_after_the_conclusion_has_to_be_concluded_on(people):
    audit = make.opened(people)
    make.concluded(audit, people)
    make.finding(audit, people)

    with pytest.raises(ValidationError, match="write the conclusion first"):
        services.issue_report(audit_id=audit.pk, by=people.officer)


def test_no_conclusion_without_a_sample_where_there_is_one_to_draw(people):
    audit = make.opened(people)
    placement(people.agency)

    with pytest.raises(ValidationError, match="Draw the sample first"):
        make.concluded(audit, people)


@pytest.mark.parametrize("missing", ["method", "conclusion"])
def test_method_and_conclusion_are_said(people, missing):
    audit = make.opened(people)
    words = {"method": "Read.", "conclusion": "Good."} | {missing: "\n"}

    with pytest.raises(ValidationError):
        services.conclude_audit(audit_id=audit.pk, by=people.leader, **words)


def test_an_addendum_takes_two_people(people):
    audit = make.reported(people)
    addendum = services.propose_addendum(
        audit_id=audit.pk, text="Twelve, not ten.", reason="Miscounted.", by=people.leader
    )

    with pytest.raises(PermissionDenied, match="you wrote it"):
        services.issue_addendum(addendum_id=addendum.pk, by=people.leader)
    issued = services.issue_addendum(addendum_id=addendum.pk, by=people.officer)

    assert (issued.position, issued.issued_by) == (1, people.officer)
    with pytest.raises(ValidationError, match="issued already"):
        services.issue_addendum(addendum_id=addendum.pk, by=people.officer)


def test_there_is_no_addendum_to_what_is_not_reported(people):
    audit = make.opened(people)

    with pytest.raises(IllegalTransition):
        services.propose_addendum(audit_id=audit.pk, text="a", reason="b", by=people.leader)
