"""An audit from its plan to the decision, and what may become of a certificate afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from agencies.models import User
from attestations.enums import AttestationState
from audits.certificates.services import confirm_status_change, propose_status_change
from audits.enums import (
    AuditKind,
    AuditState,
    CheckResult,
    DecisionOutcome,
    DecisionState,
    DocumentState,
    FindingGrade,
    StatusKind,
    StatusReason,
    StatusState,
)
from audits.models import Audit, Certificate, Decision, Finding
from audits.services.conclusions import conclude_audit, issue_report
from audits.services.corrections import request_correction, submit_correction, verify_correction
from audits.services.decisions import close_audit, decide, propose_decision
from audits.services.evidence_gathering import (
    draw_sample,
    record_checklist_result,
    record_sample_result,
)
from audits.services.findings import Evidence, codes_of, raise_finding, reply_to_finding
from audits.services.planning import open_audit, plan_audit
from config.demo import cast
from config.demo.acts import newest_edition
from config.demo.worker import Worker

SEED = "the seed of the demonstration, said beforehand"
YEARS = 2


@dataclass(frozen=True)
class Found:
    """A finding of the story; `codes` are those a placement of the sample may show for it."""

    ref: str
    grade: FindingGrade
    statement: str
    reply: str
    codes: tuple[str, ...] = ()
    words: str = ""
    corrected: bool = True


@dataclass(frozen=True)
class Case:
    """An audit of the story and how it ends."""

    part: cast.Part
    scopes: tuple[tuple[str, str, str], ...]
    period: tuple[date, date]
    findings: Sequence[Found]
    conclusion: str
    outcome: DecisionOutcome
    reasons: str
    conditions: str = ""


def run_audit(case: Case, worker: Worker) -> bool:
    """Plan, open, sample, check, find, hear the agency, report, correct, propose, decide."""
    audit = _planned(case)
    if audit.state == AuditState.CLOSED:
        return False
    auditor = cast.staff(case.part.regulator, "auditor")
    officer = cast.staff(case.part.regulator, "officer")
    if audit.state == AuditState.PLANNED:
        open_audit(audit_id=audit.pk, by=auditor)
        audit.refresh_from_db()
    if audit.state == AuditState.CONDUCTING:
        _conduct(audit, case, auditor)
        issue_report(audit_id=audit.pk, by=officer)
    worker.wait_for(lambda: _reported(audit), f"issuing the report of {audit.number}")
    _correct(audit, case, auditor)
    decision = _decided(audit, case, officer)
    if case.outcome != DecisionOutcome.REFUSED:
        worker.wait_for(lambda: _certified(decision), f"certifying {case.part.name}")
    close_audit(audit_id=audit.pk, by=officer)
    return True


def suspend(part: cast.Part, *, explanation: str) -> bool:
    """Proposed by one person and confirmed by another, from today."""
    certificate = Certificate.objects.get(agency__legal_name=part.name)
    changes = certificate.status_changes.filter(kind=StatusKind.SUSPENSION)
    if changes.filter(state=StatusState.CONFIRMED).exists():
        return False
    change = changes.filter(state=StatusState.PROPOSED).first() or propose_status_change(
        certificate_id=certificate.pk,
        kind=StatusKind.SUSPENSION,
        effective_on=timezone.localdate(),
        reason=StatusReason.UNDER_INVESTIGATION,
        explanation=explanation,
        by=cast.staff(part.regulator, "officer"),
    )
    confirm_status_change(change_id=change.pk, by=cast.staff(part.regulator, "decider"))
    return True


def _planned(case: Case) -> Audit:
    agency = cast.agency_of(case.part)
    return agency.audits.first() or plan_audit(
        agency_id=agency.pk,
        kind=AuditKind.INITIAL,
        edition=newest_edition(),
        period_from=case.period[0],
        period_until=case.period[1],
        planned_for=timezone.localdate(),
        plan=(
            "Desk review of the attestation and its evidence; a sample of placements checked "
            "against the agency's files; conversations with the recruiters."
        ),
        leader=cast.staff(case.part.regulator, "auditor"),
        scopes=case.scopes,
        attestation=agency.attestations.filter(state=AttestationState.ACCEPTED).first(),
        by=cast.staff(case.part.regulator, "officer"),
    )


def _conduct(audit: Audit, case: Case, auditor: User) -> None:
    if not hasattr(audit, "sample"):
        draw_sample(audit_id=audit.pk, by=auditor, seed=SEED)
        audit.refresh_from_db()
    against = {found.ref for found in case.findings if found.grade != FindingGrade.OBSERVATION}
    for sampled in audit.sample.placements.filter(result=CheckResult.NOT_ASSESSED):
        record_sample_result(
            audit_id=audit.pk, position=sampled.position, result=CheckResult.CONFORMS, by=auditor
        )
    for item in audit.edition.requirements.all():
        record_checklist_result(
            audit_id=audit.pk,
            ref=item.ref,
            result=CheckResult.DOES_NOT if item.ref in against else CheckResult.CONFORMS,
            note="See the finding." if item.ref in against else "",
            by=auditor,
        )
    for found in case.findings:
        _find(audit, case, found, auditor)
    conclude_audit(
        audit_id=audit.pk,
        method=(
            "The papers of every placement in the sample were read. The recruiters of the agency "
            "were met on two days. All of it is invented for the demonstration."
        ),
        conclusion=case.conclusion,
        by=auditor,
    )


def _find(audit: Audit, case: Case, found: Found, auditor: User) -> None:
    finding = audit.findings.filter(requirement__ref=found.ref).first() or raise_finding(
        audit_id=audit.pk,
        ref=found.ref,
        grade=found.grade,
        statement=found.statement,
        evidence=list(_evidence(audit, found)),
        by=auditor,
    )
    if not finding.agency_reply:
        reply_to_finding(
            finding_id=finding.pk, reply=found.reply, by=cast.agent(case.part, "member")
        )


def _evidence(audit: Audit, found: Found) -> Sequence[Evidence]:
    shown = [
        Evidence(placement=sampled.placement, rule_code=code)
        for sampled in audit.sample.placements.select_related("placement__verdict")
        for code in codes_of(sampled.placement)
        if code in found.codes
    ]
    return shown[:5] or [Evidence(description=found.words)]


def _reported(audit: Audit) -> bool:
    audit.refresh_from_db()
    audit.report.refresh_from_db()
    return audit.report.state == DocumentState.ISSUED


def _correct(audit: Audit, case: Case, auditor: User) -> None:
    corrected = {found.ref for found in case.findings if found.corrected}
    for finding in audit.findings.filter(requirement__ref__in=corrected, corrections=None):
        _correct_one(finding, case, auditor)


@transaction.atomic
def _correct_one(finding: Finding, case: Case, auditor: User) -> None:
    action = request_correction(finding_id=finding.pk, by=auditor)
    submit_correction(
        correction_id=action.pk,
        root_cause="Invented: the procedure named no one who looks the edition up.",
        correction="Invented: the placements concerned were looked at again, one by one.",
        prevention="Invented: the desk procedure now asks for the edition and its day.",
        by=cast.agent(case.part, "member"),
    )
    verify_correction(
        correction_id=action.pk, note="Invented: seen on file, and in use.", by=auditor
    )


def _decided(audit: Audit, case: Case, officer: User) -> Decision:
    standing = audit.decisions.filter(
        state__in=(DecisionState.PROPOSED, DecisionState.DECIDED)
    ).first()
    if standing is None:
        today = timezone.localdate()
        dates = {}
        if case.outcome != DecisionOutcome.REFUSED:
            dates = {
                "valid_from": today,
                "valid_until": today.replace(year=today.year + YEARS, day=min(today.day, 28)),
            }
        standing = propose_decision(
            audit_id=audit.pk,
            outcome=case.outcome,
            reasons=case.reasons,
            conditions=case.conditions,
            by=officer,
            **dates,
        )
    if standing.state == DecisionState.PROPOSED:
        standing = decide(decision_id=standing.pk, by=cast.staff(case.part.regulator, "decider"))
    return standing


def _certified(decision: Decision) -> bool:
    return decision.certificates.filter(state=DocumentState.ISSUED).exists()
