"""The decision on a certificate: proposed by one person, taken by another who took no part."""

from functools import partial

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from agencies import journal
from agencies.lib.transitions import next_in_table
from audits.certificates.services import prepare_certificate
from audits.certificates.tasks import issue_certificate
from audits.deadlines import appeal_until, years_before
from audits.enums import AuditKind, DecisionOutcome, DecisionState, FindingGrade
from audits.models import Appeal, Audit, CorrectiveAction, Decision
from audits.notices import decision_path, tell_agency, tell_deciders, tell_team
from audits.permissions import check_can_decide, check_can_lead, check_can_propose
from audits.queries import unresolved_by_grade
from audits.sealing import seal_of_decision
from audits.services.planning import end_delegations
from audits.services.wording import perhaps_said, said
from audits.workflow import DECISION, next_state

DECIDED_ON = (AuditKind.INITIAL, AuditKind.RENEWAL)
GRANTS = (DecisionOutcome.GRANTED, DecisionOutcome.GRANTED_WITH_CONDITIONS)
BLOCKS = {
    DecisionOutcome.GRANTED: (FindingGrade.CRITICAL, FindingGrade.MAJOR, FindingGrade.MINOR),
    DecisionOutcome.GRANTED_WITH_CONDITIONS: (FindingGrade.CRITICAL, FindingGrade.MAJOR),
    DecisionOutcome.REFUSED: (),
}


@transaction.atomic
def propose_decision(
    *,
    audit_id,
    outcome,
    reasons,
    by,
    conditions="",
    valid_from=None,
    valid_until=None,
    at=None,
):
    """Put a decision before the deciders; only they and the case's staff see it."""
    audit = Audit.objects.locked(pk=audit_id)
    check_can_propose(by, audit)
    audit.state = next_state("propose_decision", audit.state)
    if audit.kind not in DECIDED_ON:
        raise ValidationError(
            "A certificate is decided on after an initial or a renewal audit. After another "
            "audit, propose to suspend, restore or withdraw the certificate."
        )
    if outcome not in DecisionOutcome.values:
        raise ValidationError("Propose to grant, to grant with conditions, or to refuse.")
    if audit.decisions.filter(state__in=(DecisionState.PROPOSED, DecisionState.DECIDED)).exists():
        raise ValidationError("A decision on this audit is proposed or taken already.")
    _refuse_early_grant(audit, outcome)
    decision = Decision(
        audit=audit,
        outcome=outcome,
        reasons=said(reasons, "Give the reasons for the decision."),
        conditions=_conditions(outcome, conditions),
        proposed_at=at or timezone.now(),
        proposed_by=by,
        **_validity(outcome, valid_from, valid_until),
    )
    decision.save()
    entry = journal.record(
        "decision.proposed",
        decision,
        by=by,
        agency=audit.agency,
        audit=audit.number,
        outcome=str(outcome),
    )
    tell_deciders(
        entry,
        audit,
        "email/decision_proposed",
        path=decision_path(decision),
    )
    return decision


@transaction.atomic
def decide(*, decision_id, by, at=None):
    """Take the decision as it was proposed: it is given its last day of appeal, and told."""
    at = at or timezone.now()
    audit = Audit.objects.locked(decisions=decision_id)
    decision = Decision.objects.select_related("audit__agency").get(pk=decision_id)
    check_can_decide(by, decision, at=at)
    audit.state = next_state("decide", audit.state)
    decision.state = next_in_table(DECISION, "decide", decision.state)
    _refuse_early_grant(audit, decision.outcome)
    decision.decided_at, decision.decided_by = at, by
    decision.appeal_until = appeal_until(timezone.localdate(at), days=settings.APPEAL_DAYS)
    decision.save(update_fields=["state", "decided_at", "decided_by", "appeal_until"])
    entry = journal.record(
        "decision.taken",
        decision,
        by=by,
        agency=audit.agency,
        audit=audit.number,
        outcome=decision.outcome,
        appeal_until=str(decision.appeal_until),
        seal=seal_of_decision(decision),
    )
    if decision.outcome in GRANTS:
        certificate = prepare_certificate(decision=decision, by=by)
        transaction.on_commit(partial(issue_certificate.delay, certificate_id=certificate.pk))
    tell_agency(
        entry,
        audit,
        "email/decision_taken",
        outcome=decision.get_outcome_display().lower(),
        appeal_until=str(decision.appeal_until),
    )
    return decision


@transaction.atomic
def decline_proposal(*, decision_id, reason, by, at=None):
    """Do not follow a proposal, and say why; another may be made."""
    at = at or timezone.now()
    audit = Audit.objects.locked(decisions=decision_id)
    decision = Decision.objects.select_related("audit__agency").get(pk=decision_id)
    check_can_decide(by, decision, at=at)
    audit.state = next_state("decide", audit.state)
    decision.state = next_in_table(DECISION, "decline", decision.state)
    decision.decided_at, decision.decided_by = at, by
    decision.decline_reason = said(reason, "Say why the proposal is not followed.")
    decision.save(update_fields=["state", "decided_at", "decided_by", "decline_reason"])
    entry = journal.record(
        "decision.declined", decision, by=by, agency=audit.agency, audit=audit.number
    )
    tell_team(
        entry,
        audit,
        "email/decision_declined",
        path=decision_path(decision),
    )
    return decision


@transaction.atomic
def close_audit(*, audit_id, by, note="", at=None):
    """End the follow-up: everything asked for is verified, or the certificate was refused."""
    audit = Audit.objects.locked(pk=audit_id)
    check_can_lead(by, audit)
    was = audit.state
    audit.state = next_state("close", was)
    decided = audit.decisions.filter(state=DecisionState.DECIDED).first()
    if audit.decisions.filter(state=DecisionState.PROPOSED).exists():
        raise ValidationError("A decision is proposed and waits for a decider.")
    if decided is None and audit.kind in DECIDED_ON:
        raise ValidationError("No decision is taken yet on this audit.")
    if Appeal.objects.filter(decision__audit=audit, heard_at=None).exists():
        raise ValidationError("An appeal is lodged and has to be heard first.")
    if decided is None or decided.outcome != DecisionOutcome.REFUSED:
        _refuse_close_with_open_work(audit, decided)
    audit.closed_at, audit.closed_by = at or timezone.now(), by
    audit.close_note = perhaps_said(note)
    audit.save(update_fields=["state", "closed_at", "closed_by", "close_note"])
    end_delegations(audit)
    entry = journal.record("audit.closed", audit, by=by, agency=audit.agency, was=str(was))
    tell_agency(entry, audit, "email/audit_closed")
    return audit


def longest_validity(valid_from):
    """The last day on which a certificate from `valid_from` may end."""
    return years_before(valid_from, -settings.CERTIFICATE_YEARS)


def outcomes_open_to(audit):
    """Which decisions the unresolved findings leave possible."""
    unresolved = unresolved_by_grade(audit)
    return [
        outcome
        for outcome in DecisionOutcome
        if not any(grade in unresolved for grade in BLOCKS[outcome])
    ]


def _refuse_close_with_open_work(audit, decided):
    """A minor finding may go on as a condition of the certificate, until the next surveillance."""
    asked = CorrectiveAction.objects.open().filter(finding__audit=audit, finding__withdrawn_at=None)
    if asked.exists():
        raise ValidationError("A corrective action is still open on this audit.")
    outcome = decided.outcome if decided else DecisionOutcome.GRANTED
    unresolved = unresolved_by_grade(audit)
    left = {grade: unresolved[grade] for grade in BLOCKS[outcome] if grade in unresolved}
    if left:
        raise ValidationError(
            f"Findings without a verified correction: {_in_words(left)}. "
            "Ask for their correction, or withdraw them."
        )


def _refuse_early_grant(audit, outcome):
    unresolved = unresolved_by_grade(audit)
    blocking = {grade: unresolved[grade] for grade in BLOCKS[outcome] if grade in unresolved}
    if blocking:
        hint = (
            " It can be granted with conditions."
            if set(blocking) == {FindingGrade.MINOR}
            else " Verify their correction first, or refuse."
        )
        raise ValidationError(
            f"Findings without a verified correction: {_in_words(blocking)}.{hint}"
        )


def _in_words(counts):
    return ", ".join(
        f"{count} {FindingGrade(grade).label.lower()}" for grade, count in counts.items()
    )


def _conditions(outcome, conditions):
    if outcome == DecisionOutcome.GRANTED_WITH_CONDITIONS:
        return said(conditions, "Say which conditions the certificate is under.")
    if perhaps_said(conditions):
        raise ValidationError("Conditions belong to a grant with conditions.")
    return ""


def _validity(outcome, valid_from, valid_until):
    if outcome == DecisionOutcome.REFUSED:
        return {"valid_from": None, "valid_until": None}
    if valid_from is None or valid_until is None:
        raise ValidationError("Say from which day until which day the certificate holds.")
    if valid_until < valid_from:
        raise ValidationError("The certificate cannot end before it begins.")
    if valid_until > longest_validity(valid_from):
        raise ValidationError(
            f"A certificate holds for {settings.CERTIFICATE_YEARS} years at most: "
            f"until {longest_validity(valid_from)}."
        )
    return {"valid_from": valid_from, "valid_until": valid_until}
