"""An appeal against a decision, heard by somebody who had no part in it (ISO/IEC 17065, 7.13)."""

from hashlib import sha256

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from agencies import journal
from agencies.lib.transitions import next_in_table
from audits.certificates.services import withdraw_after_appeal
from audits.enums import AppealState, AuditState, DecisionOutcome
from audits.models import Appeal, Audit, Decision
from audits.notices import decision_path, tell_agency, tell_panel, tell_team
from audits.permissions import check_can_hear, check_can_lodge
from audits.services.wording import said
from audits.workflow import APPEAL, DECISION, next_state


@transaction.atomic
def lodge_appeal(*, decision_id, grounds, by, at=None):
    """Appeal against a decision, on the last day at the latest; the decision stands meanwhile."""
    at = at or timezone.now()
    audit = Audit.objects.locked(decisions=decision_id)
    decision = Decision.objects.select_related("audit__agency").get(pk=decision_id)
    check_can_lodge(by, decision)
    audit.state = next_state("lodge_appeal", audit.state)
    decision.state = next_in_table(DECISION, "appeal", decision.state)
    if Appeal.objects.filter(decision=decision).exists():
        raise ValidationError("An appeal against this decision is lodged already.")
    if timezone.localdate(at) > decision.appeal_until:
        raise ValidationError(
            f"The last day to appeal was {decision.appeal_until}. Write to the regulator."
        )
    appeal = Appeal.objects.create(
        decision=decision,
        grounds=said(grounds, "Say on what grounds you appeal."),
        lodged_at=at,
        lodged_by=by,
    )
    entry = journal.record(
        "appeal.lodged",
        appeal,
        by=by,
        agency=audit.agency,
        audit=audit.number,
        grounds=sha256(appeal.grounds.encode()).hexdigest(),
    )
    tell_panel(entry, audit, "email/appeal_lodged", path=decision_path(decision))
    return appeal


@transaction.atomic
def hear_appeal(*, appeal_id, outcome, reasons, by, at=None):
    """Uphold the decision or set it aside. One set aside is taken anew, and its grant ends."""
    at = at or timezone.now()
    audit = Audit.objects.locked(decisions__appeal=appeal_id)
    appeal = Appeal.objects.select_related("decision__audit__agency").get(pk=appeal_id)
    check_can_hear(by, appeal, at=at)
    audit.state = next_state("hear_appeal", audit.state)
    act = {
        AppealState.DECISION_UPHELD: "uphold_decision",
        AppealState.DECISION_SET_ASIDE: "set_decision_aside",
    }.get(outcome)
    if act is None:
        raise ValidationError("Uphold the decision or set it aside.")
    appeal.state = next_in_table(APPEAL, act, appeal.state)
    appeal.reasons = said(reasons, "Give the reasons for the answer.")
    appeal.heard_at, appeal.heard_by = at, by
    appeal.save(update_fields=["state", "reasons", "heard_at", "heard_by"])
    entry = journal.record(
        "appeal.heard",
        appeal,
        by=by,
        agency=audit.agency,
        audit=audit.number,
        outcome=str(outcome),
    )
    if outcome == AppealState.DECISION_SET_ASIDE:
        _set_aside(audit, appeal.decision, by=by, at=at)
    tell_agency(entry, audit, "email/appeal_heard", outcome=appeal.get_state_display().lower())
    tell_team(entry, audit, "email/appeal_heard_team", outcome=appeal.get_state_display().lower())
    return appeal


def _set_aside(audit, decision, *, by, at):
    decision.state = next_in_table(DECISION, "set_aside", decision.state)
    decision.set_aside_at = at
    decision.save(update_fields=["state", "set_aside_at"])
    journal.record("decision.set_aside", decision, by=by, agency=audit.agency, audit=audit.number)
    if audit.state == AuditState.CLOSED:
        audit.state = next_state("reopen", audit.state)
        audit.closed_at, audit.closed_by = None, None
        audit.save(update_fields=["state", "closed_at", "closed_by"])
        journal.record("audit.reopened", audit, by=by, agency=audit.agency)
    if decision.outcome != DecisionOutcome.REFUSED:
        withdraw_after_appeal(decision=decision, by=by)
