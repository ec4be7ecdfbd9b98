"""What the team found against a requirement, and what the agency says to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from agencies import journal
from agencies.lib.plain_text import clean
from attestations.crosscheck.record import day_of_recruitment
from attestations.models import EvidenceFile, ListEdition, Placement, Requirement
from audits.enums import AuditState, FindingGrade
from audits.models import Audit, Finding, FindingEvidence
from audits.notices import finding_path, tell_agency, tell_team
from audits.permissions import check_can_reply, check_can_work
from audits.sealing import seal_of_finding
from audits.services.conclusions import take_back_conclusion
from audits.services.wording import said
from audits.workflow import next_state


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a finding rests on: a file of the agency, one of its placements, or words."""

    file: EvidenceFile | None = None
    placement: Placement | None = None
    rule_code: str = ""
    description: str = ""


@transaction.atomic
def raise_finding(*, audit_id, ref, grade, statement, evidence: Sequence[Evidence], by, at=None):
    """Raise a finding against one requirement of the audit's edition; the agency is told."""
    audit = Audit.objects.locked(pk=audit_id)
    check_can_work(by, audit)
    audit.state = next_state("raise_finding", audit.state)
    if grade not in FindingGrade.values:
        raise ValidationError("Grade the finding critical, major, minor or observation.")
    requirement = Requirement.objects.filter(edition=audit.edition_id, ref=ref).first()
    if requirement is None:
        raise ValidationError(f"{ref} is no requirement of the edition this audit works by.")
    if not evidence:
        raise ValidationError("Name what the finding rests on: a file, a placement, or words.")
    finding = Finding.objects.create(
        audit=audit,
        position=audit.findings.count() + 1,
        requirement=requirement,
        grade=grade,
        statement=said(statement, "Say what was found."),
        raised_at=at or timezone.now(),
        raised_by=by,
    )
    FindingEvidence.objects.bulk_create(_resting_on(finding, one) for one in evidence)
    take_back_conclusion(audit)
    entry = journal.record(
        "finding.raised",
        finding,
        by=by,
        agency=audit.agency,
        audit=audit.number,
        position=finding.position,
        requirement=ref,
        grade=str(grade),
        seal=seal_of_finding(finding),
    )
    tell_agency(
        entry,
        audit,
        "email/finding_raised",
        path=finding_path(audit, finding),
        position=finding.position,
        grade=finding.get_grade_display().lower(),
        requirement=ref,
    )
    return finding


@transaction.atomic
def withdraw_finding(*, finding_id, reason, by, at=None):
    """Take a finding back, with the reason. Once reported, an issued addendum has to say so too."""
    audit = Audit.objects.locked(findings=finding_id)
    check_can_work(by, audit)
    audit.state = next_state("withdraw_finding", audit.state)
    finding = Finding.objects.get(pk=finding_id)
    if finding.withdrawn_at:
        raise ValidationError("This finding is withdrawn already.")
    reported = audit.state != AuditState.CONDUCTING
    if reported and not audit.report.addenda.filter(issued_at__isnull=False).exists():
        raise ValidationError(
            "The report names this finding. Issue an addendum that takes it back first."
        )
    finding.withdrawn_at, finding.withdrawn_by = at or timezone.now(), by
    finding.withdrawn_reason = said(reason, "Say why the finding is withdrawn.")
    finding.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    take_back_conclusion(audit)
    entry = journal.record(
        "finding.withdrawn", finding, by=by, agency=audit.agency, audit=audit.number
    )
    tell_agency(
        entry,
        audit,
        "email/finding_withdrawn",
        path=finding_path(audit, finding),
        position=finding.position,
    )
    return finding


@transaction.atomic
def reply_to_finding(*, finding_id, reply, by, at=None):
    """The agency's own words on a finding; they stand in the report, and may change until then."""
    audit = Audit.objects.locked(findings=finding_id)
    check_can_reply(by, audit)
    audit.state = next_state("reply_to_finding", audit.state)
    finding = Finding.objects.get(pk=finding_id)
    if finding.withdrawn_at:
        raise ValidationError("This finding was withdrawn and needs no reply.")
    finding.agency_reply = said(reply, "Write what you have to say to this finding.")
    finding.replied_at, finding.replied_by = at or timezone.now(), by
    finding.save(update_fields=["agency_reply", "replied_at", "replied_by"])
    entry = journal.record(
        "finding.replied",
        finding,
        by=by,
        agency=audit.agency,
        audit=audit.number,
        reply=sha256(finding.agency_reply.encode()).hexdigest(),
    )
    tell_team(
        entry,
        audit,
        "email/finding_replied",
        path=finding_path(audit, finding),
        position=finding.position,
    )
    return finding


def _resting_on(finding, evidence: Evidence):
    agency_id = finding.audit.agency_id
    for cited in (evidence.file, evidence.placement):
        if cited is not None and cited.agency_id != agency_id:
            raise ValidationError("Evidence has to come from the agency that is audited.")
    description = clean(evidence.description)
    if evidence.file is None and evidence.placement is None and not description:
        raise ValidationError("Name what the finding rests on: a file, a placement, or words.")
    row = FindingEvidence(
        finding=finding,
        file=evidence.file,
        placement=evidence.placement,
        rule_code=evidence.rule_code,
        description=description[:500],
    )
    if evidence.placement is not None:
        _pin(row, evidence.placement)
    elif evidence.rule_code:
        raise ValidationError("A rule is cited together with the placement it judged.")
    return row


def _pin(row, placement):
    """What the cross-check said, on which day's facts, under which edition of the List."""
    if row.rule_code and row.rule_code not in codes_of(placement):
        raise ValidationError(
            f"The cross-check has no finding {row.rule_code} on placement {placement.reference}."
        )
    row.placement_version = placement.version
    row.judged_on, _ = day_of_recruitment(placement)
    if row.judged_on:
        row.list_edition = ListEdition.objects.in_force(row.judged_on)


def codes_of(placement) -> list[str]:
    """The rule codes that the cross-check raised on the placement as it stands."""
    if placement.verdict is None:
        return []
    return sorted({finding["code"] for finding in placement.verdict.findings})
