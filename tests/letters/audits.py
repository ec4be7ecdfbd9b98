"""What an audit sends, from its planning to the answer to an appeal."""

from audits import services
from audits.enums import AppealState, DecisionOutcome, FindingGrade, TeamRole
from audits.models import Finding
from tests.factories import audits as make


def a_whole_life(people):
    """Everything that an audit tells to anybody, once at least."""
    audit = make.opened(people)
    services.change_team(
        audit_id=audit.pk,
        members=[(people.leader, TeamRole.LEADER), (people.auditor, TeamRole.AUDITOR)],
        by=people.officer,
    )
    finding = make.finding(audit, people)
    withdrawn = make.finding(audit, people, grade=FindingGrade.OBSERVATION)
    services.withdraw_finding(finding_id=withdrawn.pk, reason="An error.", by=people.leader)
    services.reply_to_finding(finding_id=finding.pk, reply="We agree.", by=people.member)
    make.reported(people, audit=audit)
    addendum = services.propose_addendum(
        audit_id=audit.pk, text="Twelve.", reason="Miscounted.", by=people.leader
    )
    services.issue_addendum(addendum_id=addendum.pk, by=people.officer)
    action = services.request_correction(finding_id=finding.pk, by=people.leader)
    make.submitted(action, people)
    again = services.reject_correction(correction_id=action.pk, note="More.", by=people.leader)
    make.submitted(again, people)
    services.verify_correction(correction_id=again.pk, by=people.leader)
    audit = Finding.objects.first().audit
    declined = make.proposed(people, audit, outcome=DecisionOutcome.REFUSED)
    services.decline_proposal(decision_id=declined.pk, reason="Too harsh.", by=people.decider)
    decision = make.decided(people, audit, outcome=DecisionOutcome.REFUSED)
    make.heard(people, make.appealed(people, decision), outcome=AppealState.DECISION_UPHELD)
    services.close_audit(audit_id=audit.pk, by=people.leader)
    cancelled = make.planned(people)
    services.cancel_audit(audit_id=cancelled.pk, reason="Planned twice.", by=people.officer)
    return audit


def life():
    a_whole_life(make.case())


LIVES = (life,)
