"""Undoing the effect of a finding and removing its cause: asked, handed in, verified or not."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from agencies import journal
from agencies.lib.transitions import next_in_table
from audits.deadlines import correction_due_on
from audits.enums import CorrectionState, FindingGrade
from audits.models import Audit, CorrectiveAction, Finding
from audits.notices import finding_path, tell_agency, tell_team
from audits.permissions import check_can_reply, check_can_work
from audits.services.wording import perhaps_said, said
from audits.workflow import CORRECTION, next_state


@transaction.atomic
def request_correction(*, finding_id, by, at=None):
    """Ask the agency for a corrective action, by the day that the finding's grade leaves."""
    audit = Audit.objects.locked(findings=finding_id)
    check_can_work(by, audit)
    audit.state = next_state("request_correction", audit.state)
    audit.save(update_fields=["state"])
    finding = Finding.objects.get(pk=finding_id)
    return _request(audit, finding, by=by, at=at or timezone.now())


@transaction.atomic
def submit_correction(*, correction_id, root_cause, correction, prevention, by, at=None):
    """The agency says what caused it, what it put right, and how it will not happen again."""
    audit, action = _locked(correction_id)
    check_can_reply(by, audit)
    audit.state = next_state("submit_correction", audit.state)
    action.state = next_in_table(CORRECTION, "submit", action.state)
    action.root_cause = said(root_cause, "Say what the cause was.")
    action.correction = said(correction, "Say what you have put right.")
    action.prevention = said(prevention, "Say how it will not happen again.")
    action.submitted_at, action.submitted_by = at or timezone.now(), by
    action.save(
        update_fields=[
            "state",
            "root_cause",
            "correction",
            "prevention",
            "submitted_at",
            "submitted_by",
        ]
    )
    late = timezone.localdate(action.submitted_at) > action.due_on
    entry = _record("correction.submitted", audit, action, by, late=late)
    tell_team(entry, audit, "email/correction_submitted", **_about(audit, action))
    return action


@transaction.atomic
def verify_correction(*, correction_id, by, note="", at=None):
    """The auditor confirms that it worked (ISO 19011 clause 6.7): the finding is resolved."""
    audit, action = _locked(correction_id)
    _review(audit, action, "verify", perhaps_said(note), by=by, at=at or timezone.now())
    entry = _record("correction.verified", audit, action, by)
    tell_agency(entry, audit, "email/correction_verified", **_about(audit, action))
    return action


@transaction.atomic
def reject_correction(*, correction_id, note, by, at=None):
    """The auditor was not convinced, and says why; a new request follows and is returned."""
    at = at or timezone.now()
    audit, action = _locked(correction_id)
    _review(audit, action, "reject", said(note, "Say what is still missing."), by=by, at=at)
    _record("correction.rejected", audit, action, by)
    return _request(audit, action.finding, by=by, at=at, again=True)


def _locked(correction_id):
    audit = Audit.objects.locked(findings__corrections=correction_id)
    action = CorrectiveAction.objects.select_related("finding").get(pk=correction_id)
    return audit, action


def _request(audit, finding, *, by, at, again=False):
    if finding.withdrawn_at:
        raise ValidationError("This finding was withdrawn: nothing is left to correct.")
    if finding.grade == FindingGrade.OBSERVATION:
        raise ValidationError("An observation asks for no corrective action.")
    standing = finding.corrections.exclude(state=CorrectionState.REJECTED)
    if standing.exists():
        raise ValidationError("A corrective action for this finding is asked for already.")
    action = CorrectiveAction.objects.create(
        finding=finding,
        due_on=correction_due_on(
            finding.grade,
            timezone.localdate(at),
            critical_working_days=settings.CORRECTION_CRITICAL_WORKING_DAYS,
            major_days=settings.CORRECTION_MAJOR_DAYS,
            minor_days=settings.CORRECTION_MINOR_DAYS,
        ),
        requested_at=at,
        requested_by=by,
    )
    entry = _record("correction.requested", audit, action, by, due_on=str(action.due_on))
    template = "email/correction_rejected" if again else "email/correction_requested"
    tell_agency(entry, audit, template, due_on=str(action.due_on), **_about(audit, action))
    return action


def _review(audit, action, act, note, *, by, at):
    check_can_work(by, audit)
    audit.state = next_state("review_correction", audit.state)
    action.state = next_in_table(CORRECTION, act, action.state)
    action.review_note = note
    action.reviewed_at, action.reviewed_by = max(at, action.submitted_at), by
    action.save(update_fields=["state", "review_note", "reviewed_at", "reviewed_by"])


def _record(verb, audit, action, by, **details):
    return journal.record(
        verb,
        action,
        by=by,
        agency=audit.agency,
        audit=audit.number,
        finding=action.finding.position,
        **details,
    )


def _about(audit, action):
    return {
        "path": finding_path(audit, action.finding),
        "position": action.finding.position,
    }
