"""What the register says of an agency on a day: facts read from the database, judged by the rules.

However many agencies are asked about at once, the number of queries is the same.
"""

import datetime as dt
from collections import defaultdict

from django.utils import timezone

from attestations.enums import AttestationState
from attestations.models import Attestation
from attestations.queries import valid_until
from audits.enums import DecisionOutcome, DecisionState, StatusState
from audits.models import Certificate, CertificateScope, Decision, StatusChange
from audits.register import recorded as acts
from audits.register.distrust import distrusted_at
from audits.register.recorded import UNASKED, Recorded
from audits.register.rules import (
    AgencyFacts,
    Attested,
    CertificateFacts,
    CertificateStatus,
    Corridor,
    Event,
    Refusal,
    ScopeFact,
    Standing,
    agency_standing,
    certificate_status,
)
from audits.transparency.queries import instant_of, size

# Before all that any register knows.
BEFORE_ALL = dt.datetime.min.replace(tzinfo=dt.UTC)


def standing(agency, *, on, corridor=None, known_at=None) -> Standing:
    """The standing on `on`, for a corridor or as the agency's line; known up to `known_at`.

    `known_at` is an instant, or the size of the public log (`size_at`). Without it everything
    counts that is recorded now about that day.
    """
    facts = facts_of([agency])[agency.pk]
    return agency_standing(facts, on=on, corridor=corridor, known_at=moment_of(known_at))


def standings(agencies, *, on, known_at=None) -> dict[int, Standing]:
    """The lines of several agencies, by their keys."""
    known_at = moment_of(known_at)
    return {
        pk: agency_standing(facts, on=on, known_at=known_at)
        for pk, facts in facts_of(agencies).items()
    }


def status_of_certificate(certificate, *, on, known_at=None) -> CertificateStatus:
    """The status of one issued certificate on a day."""
    return statuses_of([certificate], on=on, known_at=known_at)[certificate.pk]


def statuses_of(certificates, *, on, known_at=None) -> dict[int, CertificateStatus]:
    """The statuses of issued certificates, by their keys; the same queries for any number."""
    known_at = moment_of(known_at)
    keys = [certificate.pk for certificate in certificates]
    read = Certificate.objects.issued().filter(pk__in=keys)
    recorded = UNASKED
    if known_at is not None:
        recorded = Recorded(set(read.values_list("agency__register_number", flat=True)))
    return {
        pk: certificate_status(facts, on=on, known_at=known_at)
        for pk, (_, facts) in _facts_by_key(read, recorded).items()
    }


def moment_of(known_at):
    """The instant that `known_at` names; None, for all that is recorded, stays None."""
    if not isinstance(known_at, int):
        return known_at
    return instant_of(known_at) or BEFORE_ALL


def is_past(known_at, at) -> bool:
    """Whether what `known_at` names lies behind `at`, so that its answers never change.

    The instants of acts still under way are behind it only once they are over: to name a moment of
    the last minutes for ever, name the size of the log.
    """
    return known_at <= size() if isinstance(known_at, int) else known_at <= at


def end_of(day: dt.date) -> dt.datetime:
    """The last instant of a day in the register's time zone: what was said by then was said."""
    midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time())
    return timezone.make_aware(midnight) - dt.timedelta(microseconds=1)


def facts_of(agencies) -> dict[int, AgencyFacts]:
    """What the standing of these agencies follows from."""
    agencies = list(agencies)
    keys = [agency.pk for agency in agencies]
    recorded = Recorded([agency.register_number for agency in agencies])
    certificates = _certificates(keys, recorded)
    refusals, attested = _refusals(keys, recorded), _attested(keys, recorded)
    return {
        agency.pk: AgencyFacts(
            registered_on=agency.registered_on,
            recorded_at=recorded.at(acts.REGISTERED, agency, agency.recorded_at),
            ended_on=agency.ended_on,
            ended_at=ended_at_of(agency, recorded),
            certificates=tuple(certificates[agency.pk]),
            refusals=tuple(refusals[agency.pk]),
            attested=tuple(attested[agency.pk]),
        )
        for agency in agencies
    }


def certificate_facts(
    certificate, *, changes=(), scope=(), recorded=UNASKED, distrusted_at=None
) -> CertificateFacts:
    """The facts of a certificate read from its rows, with its agency at hand."""
    return CertificateFacts(
        number=certificate.number,
        issued_at=recorded.at(acts.ISSUED, certificate, certificate.issued_at),
        valid_from=certificate.valid_from,
        valid_until=certificate.valid_until,
        has_conditions=bool(certificate.conditions),
        events=tuple(_event(change, recorded) for change in changes),
        scope=tuple(_scope_fact(row, recorded) for row in scope),
        superseded_on=certificate.superseded_on,
        superseded_at=_taken_over_at(
            certificate.superseded_by, certificate.superseded_at, recorded
        ),
        superseded_by=certificate.superseded_by.number if certificate.superseded_by_id else "",
        holder_ended_on=certificate.agency.ended_on,
        holder_ended_at=ended_at_of(certificate.agency, recorded),
        distrusted_at=distrusted_at,
    )


def ended_at_of(agency, recorded):
    """When the register learned that the agency ended; None if it has not.

    An end without an entry counts as known since the day itself.
    """
    if agency.ended_on is None:
        return None
    return recorded.at(acts.ENDINGS[0], agency, end_of(agency.ended_on - dt.timedelta(days=1)))


def _event(change, recorded):
    return Event(
        kind=change.kind,
        effective_on=change.effective_on,
        confirmed_at=recorded.change_at(change),
        reason=change.reason,
    )


def _scope_fact(row, recorded):
    return ScopeFact(
        corridor=Corridor(row.source_id, row.destination_id, row.occupation_group),
        ended_on=row.ended_on,
        ended_at=_taken_over_at(row.replaced_by, row.ended_at, recorded),
        replaced_by=row.replaced_by.number if row.replaced_by_id else "",
    )


def _taken_over_at(successor, otherwise, recorded):
    """What a certificate takes over is known when it is issued, and not one entry earlier."""
    return recorded.at(acts.ISSUED, successor, otherwise) if successor else otherwise


# What no answer about a standing reads, and most of what a row holds.
_LONG = ("statement", "superseded_by__statement")


def _certificates(keys, recorded):
    """The facts of the agencies' certificates in the order of issue, by agency."""
    found = defaultdict(list)
    read = Certificate.objects.issued().filter(agency__in=keys)
    for agency_id, facts in _facts_by_key(read, recorded).values():
        found[agency_id].append(facts)
    return found


def _facts_by_key(certificates, recorded):
    """Agency and facts of each certificate, by its key, in the order of issue."""
    read = certificates.select_related("superseded_by", "agency", "key").defer(*_LONG)
    certificates = list(read.order_by("issued_at"))
    keys = [certificate.pk for certificate in certificates]
    confirmed = StatusChange.objects.filter(certificate__in=keys, state=StatusState.CONFIRMED)
    changes, scopes = defaultdict(list), defaultdict(list)
    for change in confirmed.order_by("confirmed_at", "pk"):
        changes[change.certificate_id].append(change)
    rows = CertificateScope.objects.filter(certificate__in=keys).select_related("replaced_by")
    for row in rows.defer("replaced_by__statement"):
        scopes[row.certificate_id].append(row)
    distrusted = distrusted_at(certificates)
    return {
        certificate.pk: (
            certificate.agency_id,
            certificate_facts(
                certificate,
                changes=changes[certificate.pk],
                scope=scopes[certificate.pk],
                recorded=recorded,
                distrusted_at=distrusted.get(certificate.number),
            ),
        )
        for certificate in certificates
    }


def _refusals(keys, recorded):
    found = defaultdict(list)
    decisions = (
        Decision.objects.filter(
            audit__agency__in=keys,
            outcome=DecisionOutcome.REFUSED,
            state__in=(DecisionState.DECIDED, DecisionState.SET_ASIDE),
        )
        .select_related("audit")
        .prefetch_related("audit__scopes")
    )
    for decision in decisions:
        set_aside_at = decision.set_aside_at
        found[decision.audit.agency_id].append(
            Refusal(
                decided_on=timezone.localdate(decision.decided_at),
                decided_at=recorded.at(acts.DECIDED, decision, decision.decided_at),
                corridors=frozenset(
                    Corridor(scope.source_id, scope.destination_id, scope.occupation_group)
                    for scope in decision.audit.scopes.all()
                ),
                set_aside_at=set_aside_at and recorded.at(acts.SET_ASIDE, decision, set_aside_at),
            )
        )
    return found


def _attested(keys, recorded):
    found = defaultdict(list)
    accepted = Attestation.objects.filter(agency__in=keys, state=AttestationState.ACCEPTED)
    for declared in accepted:
        said = recorded.until(declared)
        found[declared.agency_id].append(
            Attested(
                on=timezone.localdate(declared.reviewed_at),
                at=recorded.at(acts.ACCEPTED, declared, declared.reviewed_at),
                until=dt.date.fromisoformat(said) if said else valid_until(declared),
            )
        )
    return found
