"""Suspension, restoration and withdrawal: dated events that two people make true.

A confirmed change shows at once at every door, because every answer is computed from these rows.
It is also written into `agencies` as a dated restriction, so that the cross-check knows which
recruitment fell under it (design.md §10), and the agency's placements are judged again.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from agencies import journal
from agencies.enums import RegulatorRole, RestrictionKind
from agencies.lib.plain_text import clean
from agencies.lib.transitions import next_in_table
from agencies.models import Agency, AgencyRestriction
from agencies.services.mailing import tell_people
from attestations.crosscheck.services import rejudge_agency
from audits.certificates.models import Certificate, CertificateScope, StatusChange
from audits.certificates.permissions import (
    check_can_answer_status_change,
    check_can_propose_status_change,
)
from audits.certificates.queries import status_of
from audits.certificates.workflow import STATUS, WITHDRAWN, next_state
from audits.enums import DocumentState, StatusKind, StatusReason, StatusState
from audits.permissions import BIND_AGENCY
from audits.workflow import STATUS_CHANGE

VERBS = {
    StatusKind.SUSPENSION: "certificate.suspended",
    StatusKind.RESTORATION: "certificate.restored",
    StatusKind.WITHDRAWAL: "certificate.withdrawn",
}

RESTRICTIONS = {
    StatusKind.SUSPENSION: RestrictionKind.SUSPENSION,
    StatusKind.WITHDRAWAL: RestrictionKind.WITHDRAWAL,
}

REASONS = {
    StatusKind.SUSPENSION: (
        StatusReason.UNDER_INVESTIGATION,
        StatusReason.NONCONFORMITY_NOT_CORRECTED,
        StatusReason.MISLEADING_USE,
        StatusReason.REQUESTED_BY_AGENCY,
    ),
    StatusKind.RESTORATION: (
        StatusReason.CORRECTED,
        StatusReason.ISSUED_IN_ERROR,
        StatusReason.REQUESTED_BY_AGENCY,
    ),
    StatusKind.WITHDRAWAL: (
        StatusReason.REQUESTED_BY_AGENCY,
        StatusReason.CEASED_ACTIVITY,
        StatusReason.NONCONFORMITY_NOT_CORRECTED,
        StatusReason.MISLEADING_USE,
        StatusReason.ISSUED_IN_ERROR,
    ),
}


@transaction.atomic
def propose_status_change(*, certificate_id, kind, effective_on, reason, explanation, by):
    """Put a change of status before the deciders; nothing changes until another confirms it."""
    certificate = _locked(certificate_id)
    check_can_propose_status_change(by, certificate)
    next_in_table(STATUS, kind, status_of(certificate))
    _check_change(certificate, kind, effective_on, reason)
    if certificate.status_changes.filter(state=StatusState.PROPOSED).exists():
        raise ValidationError("A change is proposed already and has to be answered first.")
    explanation = clean(explanation, multiline=True)
    if not explanation:
        raise ValidationError("Explain in a sentence or two why; the agency reads it.")
    change = StatusChange.objects.create(
        certificate=certificate,
        kind=kind,
        effective_on=effective_on,
        reason=reason,
        explanation=explanation,
        proposed_at=timezone.now(),
        proposed_by=by,
    )
    entry = journal.record(
        "status_change.proposed",
        change,
        by=by,
        agency=certificate.agency,
        number=certificate.number,
        kind=str(kind),
        reason=str(reason),
        on=effective_on.isoformat(),
    )
    tell_people(
        entry,
        certificate.agency.regulator,
        RegulatorRole.DECIDER,
        template="email/status_change_proposed",
        path=reverse("certificates:detail", args=(certificate.number,)),
        number=certificate.number,
        kind=change.get_kind_display().lower(),
        on=effective_on.isoformat(),
        reason=change.get_reason_display(),
    )
    return change


@transaction.atomic
def confirm_status_change(*, change_id, by):
    """Make a proposed change true: it counts from its day, and shows from this moment."""
    certificate = _locked(StatusChange.objects.get(pk=change_id).certificate_id)
    change = StatusChange.objects.select_for_update(of=("self",)).get(pk=change_id)
    change.certificate = certificate
    check_can_answer_status_change(by, change)
    change.state = next_in_table(STATUS_CHANGE, "confirm", change.state)
    next_in_table(STATUS, change.kind, status_of(certificate))
    _check_change(certificate, change.kind, change.effective_on, change.reason)
    change.confirmed_at, change.confirmed_by = timezone.now(), by
    change.save(update_fields=["state", "confirmed_at", "confirmed_by"])
    _make_true(change, by=by)
    return change


@transaction.atomic
def decline_status_change(*, change_id, reason, by):
    """Do not follow a proposal, and say why; the certificate stays as it is."""
    certificate = _locked(StatusChange.objects.get(pk=change_id).certificate_id)
    change = StatusChange.objects.select_for_update(of=("self",)).get(pk=change_id)
    change.certificate = certificate
    check_can_answer_status_change(by, change)
    change.state = next_in_table(STATUS_CHANGE, "decline", change.state)
    change.decline_reason = clean(reason)
    if not change.decline_reason:
        raise ValidationError("Say why the proposal is not followed.")
    change.confirmed_at, change.confirmed_by = timezone.now(), by
    change.save(update_fields=["state", "confirmed_at", "confirmed_by", "decline_reason"])
    journal.record(
        "status_change.declined",
        change,
        by=by,
        agency=certificate.agency,
        number=certificate.number,
        kind=change.kind,
    )
    return change


@transaction.atomic
def withdraw_after_appeal(*, decision, by):
    """The certificate of a decision that an appeal set aside: withdrawn, or never issued.

    Two people stand behind it: who asked for it in the appeal, and `by`, who heard the appeal.
    Returns the certificate, or None where the decision led to none.
    """
    found = Certificate.objects.filter(decision=decision).exclude(state=DocumentState.VOID).first()
    if found is None:
        return None
    certificate = _locked(found.pk)
    if certificate.state == DocumentState.PREPARED:
        certificate.state = next_state("void", certificate.state)
        certificate.void_reason = "The decision was set aside before the certificate was issued."
        certificate.save(update_fields=["state", "void_reason"])
        journal.record(
            "certificate.void",
            certificate,
            by=by,
            agency=certificate.agency,
            number=certificate.number,
        )
        return certificate
    if status_of(certificate) == WITHDRAWN:
        return certificate
    at = timezone.now()
    today = timezone.localdate(at)
    change = StatusChange.objects.create(
        certificate=certificate,
        kind=StatusKind.WITHDRAWAL,
        state=StatusState.CONFIRMED,
        effective_on=min(max(today, certificate.valid_from), certificate.valid_until),
        reason=StatusReason.DECISION_SET_ASIDE,
        explanation="The decision to grant this certificate was set aside on appeal.",
        proposed_at=decision.appeal.lodged_at,
        proposed_by=decision.appeal.lodged_by,
        confirmed_at=at,
        confirmed_by=by,
    )
    _make_true(change, by=by)
    return certificate


def _locked(certificate_id):
    """The certificate under its agency's lock: issuing and status wait for each other."""
    agency_id = Certificate.objects.values_list("agency", flat=True).get(pk=certificate_id)
    Agency.objects.select_for_update(of=("self",)).get(pk=agency_id)
    return (
        Certificate.objects.select_for_update(of=("self",))
        .select_related("agency__regulator", "decision__audit__agency")
        .get(pk=certificate_id)
    )


def _check_change(certificate, kind, effective_on, reason):
    if certificate.state != DocumentState.ISSUED:
        raise ValidationError("This certificate was never issued, so it has no status to change.")
    if certificate.superseded_by_id is not None:
        raise ValidationError(
            f"Certificate {certificate.superseded_by.number} has replaced this one. "
            "Change the status of that one."
        )
    if reason not in REASONS[kind]:
        raise ValidationError("This reason does not belong to this change.")
    if not certificate.valid_from <= effective_on <= certificate.valid_until:
        raise ValidationError(
            "Choose a day on which the certificate is valid: "
            f"{certificate.valid_from} to {certificate.valid_until}."
        )
    earlier = certificate.status_changes.filter(
        state=StatusState.CONFIRMED, effective_on__gt=effective_on
    )
    if kind != StatusKind.WITHDRAWAL and (last := earlier.order_by("effective_on").last()):
        raise ValidationError(
            f"The last change counts from {last.effective_on}; choose that day or a later one."
        )


def _make_true(change, *, by):
    """What follows from a confirmed change, in its transaction."""
    certificate = change.certificate
    if change.kind == StatusKind.RESTORATION:
        AgencyRestriction.objects.filter(
            certificate_number=certificate.number,
            kind=RestrictionKind.SUSPENSION,
            restored_on=None,
        ).update(restored_on=change.effective_on)
    else:
        AgencyRestriction.objects.create(
            agency=certificate.agency,
            kind=RESTRICTIONS[change.kind],
            certificate_number=certificate.number,
            effective_on=change.effective_on,
            reason_code=change.reason,
            recorded_at=change.confirmed_at,
        )
    if change.kind == StatusKind.WITHDRAWAL:
        CertificateScope.objects.filter(certificate=certificate, ended_at=None).update(
            ended_at=change.confirmed_at, ended_on=change.effective_on
        )
    entry = journal.record(
        VERBS[change.kind],
        certificate,
        by=by,
        agency=certificate.agency,
        number=certificate.number,
        change=change.pk,
        reason=str(change.reason),
        on=change.effective_on.isoformat(),
    )
    rejudge_agency(agency_id=certificate.agency_id, reason=VERBS[change.kind])
    tell_people(
        entry,
        certificate.agency,
        *BIND_AGENCY,
        template="email/certificate_status_changed",
        path=reverse("register:verify", args=(certificate.number,)),
        number=certificate.number,
        kind=change.get_kind_display().lower(),
        on=change.effective_on.isoformat(),
        reason=change.get_reason_display(),
    )
