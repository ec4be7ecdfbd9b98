"""What the register says of an agency on a day: facts read from the database, judged by the rules.

However many agencies are asked about at once, the number of queries is the same.
"""

import datetime as dt
from collections import defaultdict

from django.utils import timezone

from agencies.models import JournalEntry
from attestations.enums import AttestationState
from attestations.models import Attestation
from attestations.queries import valid_until
from audits.enums import DecisionOutcome, DecisionState, StatusState
from audits.models import Certificate, CertificateScope, Decision, StatusChange
from audits.register.rules import (
    AgencyFacts,
    Attested,
    CertificateFacts,
    Corridor,
    Event,
    Refusal,
    ScopeFact,
    Standing,
    agency_standing,
)

ENDINGS = ("agency.ended", "agency.merged")


def standing(agency, *, on, corridor=None, known_at=None) -> Standing:
    """The standing on `on`, for a corridor or as the agency's line; known up to `known_at`.

    Without `known_at` everything counts that is known now about that day.
    """
    facts = facts_of([agency])[agency.pk]
    return agency_standing(facts, on=on, corridor=corridor, known_at=known_at or timezone.now())


def standings(agencies, *, on, known_at=None) -> dict[int, Standing]:
    """The lines of several agencies, by their keys."""
    known_at = known_at or timezone.now()
    return {
        pk: agency_standing(facts, on=on, known_at=known_at)
        for pk, facts in facts_of(agencies).items()
    }


def end_of(day: dt.date) -> dt.datetime:
    """The last instant of a day in the register's time zone: what was said by then was said."""
    midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time())
    return timezone.make_aware(midnight) - dt.timedelta(microseconds=1)


def facts_of(agencies) -> dict[int, AgencyFacts]:
    """What the standing of these agencies follows from."""
    agencies = list(agencies)
    keys = [agency.pk for agency in agencies]
    ended_at = _ended_at([agency for agency in agencies if agency.ended_on])
    certificates = _certificates(keys, {a.pk: (a.ended_on, ended_at.get(a.pk)) for a in agencies})
    refusals, attested = _refusals(keys), _attested(keys)
    return {
        agency.pk: AgencyFacts(
            registered_on=agency.registered_on,
            recorded_at=agency.recorded_at,
            ended_on=agency.ended_on,
            ended_at=ended_at.get(agency.pk),
            certificates=tuple(certificates[agency.pk]),
            refusals=tuple(refusals[agency.pk]),
            attested=tuple(attested[agency.pk]),
        )
        for agency in agencies
    }


def certificate_facts(certificate, *, events=(), scope=(), holder_ended=(None, None)):
    """The facts of a certificate read from its row, or from a mapping with the same names."""
    ended_on, ended_at = holder_ended
    return CertificateFacts(
        number=certificate.number,
        issued_at=certificate.issued_at,
        valid_from=certificate.valid_from,
        valid_until=certificate.valid_until,
        has_conditions=bool(certificate.conditions),
        events=tuple(events),
        scope=tuple(scope),
        superseded_on=certificate.superseded_on,
        superseded_at=certificate.superseded_at,
        superseded_by=certificate.superseded_by.number if certificate.superseded_by_id else "",
        holder_ended_on=ended_on,
        holder_ended_at=ended_at,
    )


def event_of(change) -> Event:
    return Event(
        kind=change.kind,
        effective_on=change.effective_on,
        confirmed_at=change.confirmed_at,
        reason=change.reason,
    )


def scope_fact(row) -> ScopeFact:
    return ScopeFact(
        corridor=Corridor(row.source_id, row.destination_id, row.occupation_group),
        ended_on=row.ended_on,
        ended_at=row.ended_at,
        replaced_by=row.replaced_by.number if row.replaced_by_id else "",
    )


def ended_at_of(agency):
    """When the register learned that the agency ended; None if it has not."""
    return _ended_at([agency]).get(agency.pk) if agency.ended_on else None


def _certificates(keys, endings):
    certificates = Certificate.objects.issued().filter(agency__in=keys)
    certificates = list(certificates.select_related("superseded_by").order_by("issued_at"))
    numbers = [certificate.pk for certificate in certificates]
    events, scopes = defaultdict(list), defaultdict(list)
    for change in StatusChange.objects.filter(
        certificate__in=numbers, state=StatusState.CONFIRMED
    ).order_by("confirmed_at", "pk"):
        events[change.certificate_id].append(event_of(change))
    for row in CertificateScope.objects.filter(certificate__in=numbers).select_related(
        "replaced_by"
    ):
        scopes[row.certificate_id].append(scope_fact(row))
    found = defaultdict(list)
    for certificate in certificates:
        found[certificate.agency_id].append(
            certificate_facts(
                certificate,
                events=events[certificate.pk],
                scope=scopes[certificate.pk],
                holder_ended=endings[certificate.agency_id],
            )
        )
    return found


def _refusals(keys):
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
        found[decision.audit.agency_id].append(
            Refusal(
                decided_on=timezone.localdate(decision.decided_at),
                decided_at=decision.decided_at,
                corridors=frozenset(
                    Corridor(scope.source_id, scope.destination_id, scope.occupation_group)
                    for scope in decision.audit.scopes.all()
                ),
                set_aside_at=decision.set_aside_at,
            )
        )
    return found


def _attested(keys):
    found = defaultdict(list)
    accepted = Attestation.objects.filter(agency__in=keys, state=AttestationState.ACCEPTED)
    for declared in accepted:
        found[declared.agency_id].append(
            Attested(
                on=timezone.localdate(declared.reviewed_at),
                at=declared.reviewed_at,
                until=valid_until(declared),
            )
        )
    return found


def _ended_at(ended):
    """From the journal; an end without an entry counts as known since the day itself."""
    if not ended:
        return {}
    by_number = {agency.register_number: agency for agency in ended}
    known = {agency.pk: end_of(agency.ended_on - dt.timedelta(days=1)) for agency in ended}
    entries = JournalEntry.objects.filter(agency_number__in=by_number, verb__in=ENDINGS)
    known |= {
        by_number[number].pk: at
        for number, at in entries.values_list("agency_number", "recorded_at")
    }
    return known
