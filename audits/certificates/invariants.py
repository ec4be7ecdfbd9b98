"""What must never be of certificates and reports: numbers, scopes, signatures, files, status."""

import hashlib
from collections import Counter, defaultdict

from django.db import connection
from django.db.models import Count
from django.utils import timezone

from agencies.enums import RestrictionKind
from agencies.invariants import invariant
from agencies.lib.canonical import NotCanonical
from agencies.lib.check_characters import is_issuable
from agencies.lib.stored_files import Condition
from agencies.models import AgencyRestriction, NumberSeries
from agencies.numbering import CERTIFICATE, REPORT
from audits.certificates.models import Certificate, CertificateScope, StatusChange
from audits.certificates.queries import status_of
from audits.certificates.services import EXPECTED_WITHIN
from audits.certificates.statement import UnknownStatement, read
from audits.certificates.workflow import WITHDRAWN
from audits.documents.keeping import condition
from audits.enums import DecisionState, DocumentState, StatusKind, StatusState
from audits.keys.algorithms import is_signed
from audits.keys.models import SigningKey
from audits.models import AuditReport

ONE_OPEN = "audits_certificatescope_one_open"


@invariant("Every number of a certificate or report is its own, and ends with its check character.")
def numbers_are_unique_and_check():
    for model, prefix in ((Certificate, CERTIFICATE), (AuditReport, REPORT)):
        given = list(model.objects.values_list("number", flat=True))
        series = NumberSeries.objects.filter(name=prefix).first()
        last = series.last if series else 0
        for number, count in Counter(given).items():
            if count > 1:
                yield f"{number} was given {count} times."
            if not is_issuable(number) or not number.startswith(prefix):
                yield f"{number} is not a number that this register gives out."
            elif int(number[len(prefix) : -1]) > last:
                yield f"{number} lies beyond the last number of its series and may be given again."


@invariant("An agency has one current certificate for a corridor and occupation group.")
def one_current_certificate_a_scope():
    with connection.cursor() as cursor:
        kept = connection.introspection.get_constraints(cursor, CertificateScope._meta.db_table)
    if not kept.get(ONE_OPEN, {}).get("unique"):
        yield f"The unique index {ONE_OPEN} is missing from the database."
    doubled = (
        CertificateScope.objects.filter(ended_at=None)
        .values_list("agency__register_number", "source", "destination", "occupation_group")
        .annotate(open=Count("pk"))
        .filter(open__gt=1)
        .order_by("agency__register_number")
    )
    for number, source, destination, group, count in doubled:
        yield f"Agency {number} has {count} open rows for {source} to {destination}, {group}."


@invariant("A certificate's corridors are those it states, and open only while it is current.")
def scopes_are_as_stated():
    certificates = Certificate.objects.prefetch_related("scopes")
    for certificate in certificates.iterator(chunk_size=500):
        rows = list(certificate.scopes.all())
        held = sorted((row.source_id, row.destination_id, row.occupation_group) for row in rows)
        if held != _stated_scope(certificate):
            yield f"{certificate}: its corridors are not those of its statement."
        is_over = certificate.superseded_by_id is not None or status_of(certificate) == WITHDRAWN
        is_open = any(row.ended_at is None for row in rows)
        if is_over and is_open:
            yield f"{certificate} is withdrawn or replaced and still holds a corridor."
        if certificate.state == DocumentState.ISSUED and not is_over and not is_open:
            yield f"{certificate} holds no corridor, and was neither withdrawn nor replaced."


@invariant("The file of an issued document is the one whose digest is on record.")
def files_are_as_issued():
    for model in (Certificate, AuditReport):
        issued = model.objects.filter(state=DocumentState.ISSUED)
        for document in issued.iterator(chunk_size=500):
            found = condition(document.pdf_digest)
            if found is not Condition.INTACT:
                yield f"{document}: its file {document.pdf_digest[:12]}… is {found}."


@invariant("What was issued is signed, by its key, over the very bytes that were prepared.")
def signatures_verify():
    keys = {key.key_id: (key.algorithm, key.public_key) for key in SigningKey.objects.all()}
    for model in (Certificate, AuditReport):
        for document in model.objects.iterator(chunk_size=500):
            statement = document.statement.encode()
            if hashlib.sha256(statement).hexdigest() != document.statement_digest:
                yield f"{document}: its statement is not the one that was prepared."
            elif document.state == DocumentState.ISSUED and not is_signed(
                statement, document.signature, *keys.get(document.key_id, ("", ""))
            ):
                yield f"{document}: its signature does not verify with the key {document.key_id}."


@invariant("A certificate says in its row what it says in its statement.")
def rows_are_as_stated():
    for certificate in Certificate.objects.select_related("agency").iterator(chunk_size=500):
        try:
            stated = read(certificate.statement.encode())
        except (NotCanonical, UnknownStatement) as unreadable:
            yield f"{certificate}: {unreadable}"
            continue
        row = (
            certificate.number,
            certificate.agency.register_number,
            certificate.valid_from,
            certificate.valid_until,
            certificate.conditions,
        )
        said = (
            stated.number,
            stated.holder_number,
            stated.valid_from,
            stated.valid_until,
            stated.conditions,
        )
        if row != said:
            yield f"{certificate}: number, holder, dates or conditions differ from its statement."


@invariant("Nothing stays in preparation for more than an hour.")
def nothing_stays_prepared():
    before = timezone.now() - EXPECTED_WITHIN
    for model in (Certificate, AuditReport):
        waiting = model.objects.filter(state=DocumentState.PREPARED, prepared_at__lt=before)
        for document in waiting.order_by("prepared_at"):
            since = f"{document.prepared_at:%Y-%m-%d %H:%M} UTC"
            yield f"{document} has been in preparation since {since}."


@invariant("The restrictions of agencies are the confirmed suspensions and withdrawals.")
def restrictions_follow_from_status_changes():
    expected = Counter(_restrictions_of_changes())
    found = Counter(
        AgencyRestriction.objects.values_list(
            "certificate_number", "kind", "effective_on", "restored_on"
        )
    )
    for number, kind, effective_on, _ in expected - found:
        yield f"The {kind} of {number} from {effective_on} is confirmed and not recorded like that."
    for number, kind, effective_on, _ in found - expected:
        yield f"A {kind} of {number} from {effective_on} is recorded like that and not confirmed."


@invariant("A certificate whose decision was set aside is withdrawn, or was never issued.")
def set_aside_decisions_leave_no_certificate():
    issued = Certificate.objects.issued().filter(decision__state=DecisionState.SET_ASIDE)
    for certificate in issued:
        if status_of(certificate) != WITHDRAWN:
            yield f"{certificate} stands, though its decision was set aside."


def _stated_scope(certificate):
    if certificate.state != DocumentState.ISSUED:
        return []
    try:
        stated = read(certificate.statement.encode())
    except (NotCanonical, UnknownStatement):
        return []
    return sorted((line.source.code, line.destination.code, line.group) for line in stated.scope)


def _restrictions_of_changes():
    """What the confirmed changes amount to, certificate by certificate in their order."""
    confirmed = StatusChange.objects.filter(state=StatusState.CONFIRMED)
    starts = _first_days_of_certificates()
    open_since = {}
    for agency, number, kind, day, at in confirmed.order_by("confirmed_at", "pk").values_list(
        "certificate__agency", "certificate__number", "kind", "effective_on", "confirmed_at"
    ):
        if kind == StatusKind.SUSPENSION:
            open_since[number] = day
        elif kind == StatusKind.RESTORATION and number in open_since:
            yield number, RestrictionKind.SUSPENSION, open_since.pop(number), day
        elif kind == StatusKind.WITHDRAWAL:
            ends = [start for issued_at, start in starts[agency] if issued_at > at]
            yield number, RestrictionKind.WITHDRAWAL, day, _first_from(ends, day)
            if number in open_since:
                since = open_since.pop(number)
                yield number, RestrictionKind.SUSPENSION, since, _first_from(ends, max(since, day))
    for number, day in open_since.items():
        yield number, RestrictionKind.SUSPENSION, day, None


def _first_days_of_certificates():
    """By agency, when each certificate was issued and from which day it holds, in their order."""
    issued = Certificate.objects.issued().order_by("issued_at")
    starts = defaultdict(list)
    for agency, issued_at, start in issued.values_list("agency", "issued_at", "valid_from"):
        starts[agency].append((issued_at, start))
    return starts


def _first_from(days, earliest):
    return next((day for day in days if day >= earliest), None)
