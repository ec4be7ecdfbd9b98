"""Granted decisions, certificates and what changes their status, made plainly."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.utils import timezone

from agencies import numbering
from agencies.enums import AgencyRole, RegulatorRole
from agencies.models import Agency, User
from attestations.models import CatalogueEdition
from audits.certificates import services
from audits.certificates.queries import statement_of
from audits.enums import (
    AuditKind,
    AuditState,
    DecisionOutcome,
    DecisionState,
    DocumentState,
    StatusKind,
    StatusReason,
    StatusState,
    TeamRole,
)
from audits.keys.signing import sign_statement
from audits.models import (
    Audit,
    AuditReport,
    AuditScope,
    Certificate,
    CertificateScope,
    Decision,
    StatusChange,
    TeamMember,
)
from tests.factories import agencies as make
from tests.factories.attestations import CATALOGUE, reference

AUDITED_AT = datetime(2024, 1, 15, 9, 0, tzinfo=UTC)
DECIDED_AT = datetime(2024, 2, 1, 9, 0, tzinfo=UTC)
ISSUED_AT = datetime(2024, 2, 1, 9, 5, tzinfo=UTC)
FIRST_DAY = date(2024, 2, 1)
# the real clock issues, so what services make has to be valid beyond it
LAST_DAY = date(2099, 1, 31)
SCOPE = ("PHL", "IRL", "222")


@dataclass(frozen=True)
class People:
    """An agency with a signing officer, and the two people who change a status."""

    agency: Agency
    officer: User
    decider: User
    signer: User


def people(agency=None):
    agency = agency or make.agency()
    return People(
        agency=agency,
        officer=make.staff(agency.regulator, RegulatorRole.CASE_OFFICER),
        decider=make.staff(agency.regulator, RegulatorRole.DECIDER),
        signer=make.agency_person(agency, AgencyRole.SIGNING_OFFICER),
    )


def audit(agency, *, scopes=(SCOPE,), kind=AuditKind.INITIAL):
    """An audit that is reported and waits for its decision; its report is prepared."""
    reference()
    leader = make.staff(agency.regulator, RegulatorRole.AUDITOR, name="Leader Example")
    made = Audit.objects.create(
        number=numbering.next_number(numbering.AUDIT),
        agency=agency,
        regulator=agency.regulator,
        kind=kind,
        state=AuditState.REPORTED,
        edition=CatalogueEdition.objects.get(pk=CATALOGUE),
        period_from=date(2022, 1, 1),
        period_until=date(2023, 12, 31),
        plan="Desk review.",
        method="Files read.",
        conclusion="The agency keeps its commitments.",
        planned_at=AUDITED_AT,
        planned_by=leader,
        planned_for=AUDITED_AT.date(),
        opened_at=AUDITED_AT,
        opened_by=leader,
        concluded_at=AUDITED_AT,
        concluded_by=leader,
        reported_at=AUDITED_AT,
        reported_by=make.staff(agency.regulator),
    )
    TeamMember.objects.create(audit=made, user=leader, role=TeamRole.LEADER, joined_at=AUDITED_AT)
    AuditScope.objects.bulk_create(
        AuditScope(
            audit=made,
            source=make.country(source),
            destination=make.country(destination),
            occupation_group=group,
        )
        for source, destination, group in scopes
    )
    AuditReport.objects.create(
        audit=made,
        number=numbering.next_number(numbering.REPORT),
        statement="{}",
        statement_digest=hashlib.sha256(b"{}").hexdigest(),
        prepared_at=timezone.now(),
        prepared_by=leader,
    )
    return made


def decision(
    agency,
    *,
    scopes=(SCOPE,),
    outcome=DecisionOutcome.GRANTED,
    conditions="",
    valid_from=FIRST_DAY,
    valid_until=LAST_DAY,
    decided_at=DECIDED_AT,
    kind=AuditKind.INITIAL,
):
    """A decision that was taken."""
    refused = outcome == DecisionOutcome.REFUSED
    return Decision.objects.create(
        audit=audit(agency, scopes=scopes, kind=kind),
        state=DecisionState.DECIDED,
        outcome=DecisionOutcome.GRANTED_WITH_CONDITIONS if conditions else outcome,
        reasons="The audit found what the commitments ask for.",
        conditions=conditions,
        valid_from=None if refused else valid_from,
        valid_until=None if refused else valid_until,
        proposed_at=decided_at,
        proposed_by=make.staff(agency.regulator),
        decided_at=decided_at,
        decided_by=make.staff(agency.regulator, RegulatorRole.DECIDER),
    )


def prepared(agency=None, **stated):
    """A certificate whose statement is committed; nothing is signed or drawn yet."""
    granted = decision(agency or make.agency(), **stated)
    return services.prepare_certificate(decision=granted, by=granted.decided_by)


def issued(agency=None, **stated):
    """A certificate issued by the services: signed, drawn, kept and published."""
    return services.issue_certificate(certificate_id=prepared(agency, **stated).pk)


def published(agency=None, *, issued_at=ISSUED_AT, **stated):
    """An issued certificate as rows only: signed for real, but with no document behind it.

    For what asks about status and standing, where drawing would only cost time. It supersedes
    nothing.
    """
    granted = decision(agency or make.agency(), **stated)
    number = numbering.next_number(numbering.CERTIFICATE)
    written = statement_of(granted, number=number, issued_on=issued_at.date()).written()
    signature, key = sign_statement(written, at=AUDITED_AT)
    certificate = Certificate.objects.create(
        number=number,
        status_index=numbering.next_in(numbering.STATUS_INDEX),
        agency=granted.audit.agency,
        regulator=granted.audit.regulator,
        decision=granted,
        state=DocumentState.ISSUED,
        statement=written.decode(),
        statement_digest=hashlib.sha256(written).hexdigest(),
        signature=signature,
        key=key,
        valid_from=granted.valid_from,
        valid_until=granted.valid_until,
        conditions=granted.conditions,
        pdf_digest="0" * 64,
        pdf_size=1,
        prepared_at=issued_at,
        prepared_by=granted.decided_by,
        issued_at=issued_at,
    )
    CertificateScope.objects.bulk_create(
        CertificateScope(
            certificate=certificate,
            agency=certificate.agency,
            source=scope.source,
            destination=scope.destination,
            occupation_group=scope.occupation_group,
        )
        for scope in granted.audit.scopes.all()
    )
    return certificate


def proposed(
    certificate,
    by,
    *,
    kind=StatusKind.SUSPENSION,
    effective_on=None,
    reason=None,
    explanation="A worker's complaint is being looked into.",
):
    """A proposal made by the service; with effect from today unless stated otherwise."""
    usual = {
        StatusKind.SUSPENSION: StatusReason.UNDER_INVESTIGATION,
        StatusKind.RESTORATION: StatusReason.CORRECTED,
        StatusKind.WITHDRAWAL: StatusReason.MISLEADING_USE,
    }
    return services.propose_status_change(
        certificate_id=certificate.pk,
        kind=kind,
        effective_on=effective_on or timezone.localdate(),
        reason=reason or usual[kind],
        explanation=explanation,
        by=by,
    )


def confirmed(certificate, who: People, **stated):
    """A change proposed by one person and confirmed by the other."""
    change = proposed(certificate, who.officer, **stated)
    return services.confirm_status_change(change_id=change.pk, by=who.decider)


def changed(certificate, kind, effective_on, *, confirmed_at, reason=None):
    """A confirmed change as a row only, at any instant of the past."""
    return StatusChange.objects.create(
        certificate=certificate,
        kind=kind,
        state=StatusState.CONFIRMED,
        effective_on=effective_on,
        reason=reason or StatusReason.UNDER_INVESTIGATION,
        explanation="Made for a test.",
        proposed_at=confirmed_at,
        proposed_by=make.staff(certificate.regulator),
        confirmed_at=confirmed_at,
        confirmed_by=make.staff(certificate.regulator, RegulatorRole.DECIDER),
    )
