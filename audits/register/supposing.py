"""What the facts of an agency would be if an act were done: pure, and nothing is written.

The register's one answer, asked about these facts, is what the public page would say.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from audits.register.rules import (
    AgencyFacts,
    CertificateFacts,
    Corridor,
    Event,
    Refusal,
    ScopeFact,
)

# the number that a certificate does not have yet
NEW = "new"


def if_granted(
    facts: AgencyFacts,
    *,
    corridors: Iterable[Corridor],
    valid_from: dt.date,
    valid_until: dt.date,
    has_conditions: bool,
    at: dt.datetime,
) -> AgencyFacts:
    """A certificate is issued at `at`; corridors of earlier ones go over to it on its first day."""
    lines = tuple(corridors)
    issued = CertificateFacts(
        number=NEW,
        issued_at=at,
        valid_from=valid_from,
        valid_until=valid_until,
        has_conditions=has_conditions,
        scope=tuple(ScopeFact(corridor) for corridor in lines),
    )
    earlier = tuple(_handed_over(old, lines, valid_from, at) for old in facts.certificates)
    return replace(facts, certificates=(*earlier, issued))


def if_refused(
    facts: AgencyFacts, *, corridors: Iterable[Corridor], on: dt.date, at: dt.datetime
) -> AgencyFacts:
    return replace(facts, refusals=(*facts.refusals, Refusal(on, at, frozenset(corridors))))


def if_status_changed(facts: AgencyFacts, number: str, event: Event) -> AgencyFacts:
    """The change is confirmed; the certificate that it is about is known by its number."""
    return replace(
        facts,
        certificates=tuple(
            replace(old, events=(*old.events, event)) if old.number == number else old
            for old in facts.certificates
        ),
    )


def _handed_over(old, lines, on, at) -> CertificateFacts:
    scope = tuple(
        replace(row, ended_on=on, ended_at=at, replaced_by=NEW)
        if row.corridor in lines and row.ended_at is None
        else row
        for row in old.scope
    )
    if scope == old.scope or any(row.ended_at is None for row in scope):
        return replace(old, scope=scope)
    return replace(old, scope=scope, superseded_on=on, superseded_at=at, superseded_by=NEW)
