"""What a certificate will state, gathered from the decision and the audit behind it."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from attestations import occupations
from attestations.models import ListEdition
from audits.certificates.models import CertificateScope
from audits.certificates.statement import CertificateStatement, Edition, Place, ScopeLine
from audits.certificates.workflow import status_after
from audits.enums import StatusState
from audits.models import AuditReport


def verify_address(number):
    """The canonical address of a certificate: from the settings, never from a request."""
    return f"{settings.CANONICAL_ORIGIN}/verify/{number}/"


def statement_of(decision, *, number, issued_on):
    """The statement of a granted decision; ValidationError names what is still missing."""
    audit = decision.audit
    agency, regulator, edition = audit.agency, audit.regulator, audit.edition
    report = AuditReport.objects.filter(audit=audit).first()
    if report is None:
        raise ValidationError("The audit has no report yet. Issue the report before certifying.")
    listed = ListEdition.objects.in_force(issued_on)
    return CertificateStatement(
        number=number,
        holder_name=agency.legal_name,
        holder_number=agency.register_number,
        holder_country=_place(agency.home_country),
        regulator_name=regulator.name,
        regulator_country=_place(regulator.country),
        scope=_scope_of(audit),
        conditions=decision.conditions,
        valid_from=decision.valid_from,
        valid_until=decision.valid_until,
        issued_on=issued_on,
        decision=str(decision.public_id),
        decided_on=timezone.localdate(decision.decided_at),
        audit_number=audit.number,
        report_number=report.number,
        report_digest=report.statement_digest,
        code_version=Edition(edition.code_version.label, edition.code_version.title),
        list_edition=Edition(listed.label, listed.title) if listed else None,
        catalogue_edition=Edition(edition.label, edition.title),
        verify_address=verify_address(number),
        time_zone=settings.REGISTRY_TIME_ZONE,
        is_demonstration=settings.SIGNING_KEY_IS_DEMONSTRATION,
    )


def open_scopes_like(lines, agency):
    """The agency's open scope rows that one of these (source, destination, group) would take over.

    At most one a line: the schema sees to it.
    """
    wanted = set(lines)
    rows = CertificateScope.objects.filter(agency=agency, ended_at=None)
    return [
        row
        for row in rows.select_related("certificate")
        if (row.source_id, row.destination_id, row.occupation_group) in wanted
    ]


def status_of(certificate):
    """Where the confirmed changes led: in force, suspended or withdrawn; dates are not asked."""
    confirmed = certificate.status_changes.filter(state=StatusState.CONFIRMED)
    return status_after(confirmed.order_by("confirmed_at", "pk").values_list("kind", flat=True))


def _scope_of(audit):
    scopes = audit.scopes.select_related("source", "destination")
    lines = tuple(
        ScopeLine(
            source=_place(scope.source),
            destination=_place(scope.destination),
            group=scope.occupation_group,
            group_title=occupations.title(scope.occupation_group),
        )
        for scope in scopes.order_by("destination__name", "source__name", "occupation_group")
    )
    if not lines:
        raise ValidationError("The audit names no corridor, so there is nothing to certify.")
    return lines


def _place(country):
    return Place(country.pk, country.name)
