"""The conclusion of an audit, its report, and the addenda that correct it."""

from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from agencies import journal
from audits.enums import AuditState
from audits.models import Audit, AuditReport, ReportAddendum, SampleDraw
from audits.notices import tell_agency, tell_team
from audits.permissions import (
    check_can_conclude,
    check_can_correct_report,
    check_can_issue_addendum,
    check_can_issue_report,
)
from audits.queries import placements_of
from audits.reports.services import prepare_report
from audits.reports.tasks import issue_report as issue_report_task
from audits.services.wording import said
from audits.workflow import next_state


@transaction.atomic
def conclude_audit(*, audit_id, method, conclusion, by, at=None):
    """Say how the audit was done and what it comes to; another person then issues the report."""
    audit = Audit.objects.locked(pk=audit_id)
    check_can_conclude(by, audit)
    audit.state = next_state("conclude", audit.state)
    if not SampleDraw.objects.filter(audit=audit).exists() and placements_of(audit).exists():
        raise ValidationError("Draw the sample first: there are placements in the scope.")
    audit.method = said(method, "Say how the audit was done, where, and whom the team met.")
    audit.conclusion = said(conclusion, "Say what the audit comes to.")
    audit.concluded_at, audit.concluded_by = at or timezone.now(), by
    audit.save(update_fields=["method", "conclusion", "concluded_at", "concluded_by"])
    journal.record("audit.concluded", audit, by=by, agency=audit.agency)
    return audit


def take_back_conclusion(audit):
    """What was concluded no longer holds once a result or a finding changes: concluded again."""
    if audit.concluded_at and audit.state == AuditState.CONDUCTING:
        audit.concluded_at, audit.concluded_by = None, None
        audit.save(update_fields=["concluded_at", "concluded_by"])


@transaction.atomic
def issue_report(*, audit_id, by, at=None):
    """Freeze the findings and issue the report: the second person approves the first's words."""
    audit = Audit.objects.locked(pk=audit_id)
    check_can_issue_report(by, audit)
    audit.state = next_state("issue_report", audit.state)
    if not audit.concluded_at:
        raise ValidationError("The team leader has to write the conclusion first.")
    audit.reported_at, audit.reported_by = at or timezone.now(), by
    audit.save(update_fields=["state", "reported_at", "reported_by"])
    report = prepare_report(audit=audit, by=by)
    entry = journal.record(
        "audit.reported", audit, by=by, agency=audit.agency, report=report.number
    )
    tell_agency(entry, audit, "email/audit_reported", report=report.number)
    transaction.on_commit(partial(issue_report_task.delay, report_id=report.pk))
    return report


@transaction.atomic
def propose_addendum(*, audit_id, text, reason, by, at=None):
    """Write a correction to an issued report; it counts once another person issues it."""
    audit = Audit.objects.locked(pk=audit_id)
    check_can_correct_report(by, audit)
    audit.state = next_state("correct_report", audit.state)
    report = AuditReport.objects.get(audit=audit)
    addendum = ReportAddendum.objects.create(
        report=report,
        position=report.addenda.count() + 1,
        text=said(text, "Say what the report should have said."),
        reason=said(reason, "Say why the report has to be corrected."),
        proposed_at=at or timezone.now(),
        proposed_by=by,
    )
    entry = journal.record(
        "addendum.proposed", addendum, by=by, agency=audit.agency, report=report.number
    )
    tell_team(entry, audit, "email/addendum_proposed", report=report.number)
    return addendum


@transaction.atomic
def issue_addendum(*, addendum_id, by, at=None):
    """Put a correction beside the report; the report itself stays as it was issued."""
    audit = Audit.objects.locked(report__addenda=addendum_id)
    addendum = ReportAddendum.objects.select_related("report__audit").get(pk=addendum_id)
    check_can_issue_addendum(by, addendum)
    audit.state = next_state("correct_report", audit.state)
    if addendum.issued_at:
        raise ValidationError("This addendum is issued already.")
    addendum.issued_at, addendum.issued_by = at or timezone.now(), by
    addendum.save(update_fields=["issued_at", "issued_by"])
    entry = journal.record(
        "addendum.issued",
        addendum,
        by=by,
        agency=audit.agency,
        report=addendum.report.number,
        position=addendum.position,
    )
    tell_agency(
        entry,
        audit,
        "email/addendum_issued",
        report=addendum.report.number,
        position=addendum.position,
    )
    return addendum
