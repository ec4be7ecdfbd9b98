"""The standing of an agency and the status of a certificate: ordered tables over plain facts.

Every answer is for a day (`on`) and as far as the register knew at an instant (`known_at`; None:
all that is recorded). Each fact carries the instant since which it is known, so an answer for a
day as known at an instant never changes. No ORM, no clock, no settings. What is not known is an
answer of its own and never a good one.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """What a certificate is on a day. The first eight are those of a number ever issued."""

    VALID = "valid"
    NOT_YET_VALID = "not_yet_valid"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    HOLDER_ENDED = "holder_ended"
    NOT_RELIABLE = "not_reliable"
    NEVER_ISSUED = "never_issued"
    MALFORMED = "malformed"


class Word(StrEnum):
    """The standing of an agency in one word."""

    REGISTERED = "registered"
    SELF_ATTESTED = "self_attested"
    CERTIFIED = "certified"
    CERTIFIED_WITH_CONDITIONS = "certified_with_conditions"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    NOT_RELIABLE = "not_reliable"
    EXPIRED = "expired"
    REFUSED = "refused"
    ENDED = "ended"
    NEVER_REGISTERED = "never_registered"


@dataclass(frozen=True, slots=True, order=True)
class Corridor:
    """Where people are recruited from, to work where, in which group of occupations."""

    source: str
    destination: str
    group: str


@dataclass(frozen=True, slots=True)
class Event:
    """A confirmed change of a certificate's status; it counts from its day on."""

    kind: str
    effective_on: dt.date
    confirmed_at: dt.datetime
    reason: str


@dataclass(frozen=True, slots=True)
class ScopeFact:
    """One corridor of a certificate, and since when another certificate has it."""

    corridor: Corridor
    ended_on: dt.date | None = None
    ended_at: dt.datetime | None = None
    replaced_by: str = ""

    def is_replaced(self, on: dt.date, known_at: dt.datetime | None) -> bool:
        known = _known(self.ended_at, known_at)
        return bool(known and self.replaced_by and _reached(self.ended_on, on))


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """All that the status of a certificate follows from."""

    number: str
    issued_at: dt.datetime
    valid_from: dt.date
    valid_until: dt.date
    has_conditions: bool = False
    events: tuple[Event, ...] = ()
    scope: tuple[ScopeFact, ...] = ()
    superseded_on: dt.date | None = None
    superseded_at: dt.datetime | None = None
    superseded_by: str = ""
    holder_ended_on: dt.date | None = None
    holder_ended_at: dt.datetime | None = None
    # since when it is known that its signature counts for nothing: the key was in other hands
    distrusted_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class CertificateStatus:
    """The status on a day, since when, and why."""

    status: Status
    since: dt.date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A decision to refuse, and when an appeal set it aside."""

    decided_on: dt.date
    decided_at: dt.datetime
    corridors: frozenset[Corridor]
    set_aside_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Attested:
    """A declaration of the agency's that was taken as whole, and the last day it counts."""

    on: dt.date
    at: dt.datetime
    until: dt.date


@dataclass(frozen=True, slots=True)
class AgencyFacts:
    """All that the standing of an agency follows from."""

    registered_on: dt.date
    recorded_at: dt.datetime
    ended_on: dt.date | None = None
    ended_at: dt.datetime | None = None
    certificates: tuple[CertificateFacts, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    attested: tuple[Attested, ...] = ()


@dataclass(frozen=True, slots=True)
class CorridorStanding:
    """The standing for one corridor, and the certificate it follows from, if one does."""

    corridor: Corridor | None
    word: Word
    certificate: str = ""
    since: dt.date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """The standing of an agency; where its corridors differ, the word is the gravest of them."""

    word: Word
    on: dt.date
    known_at: dt.datetime | None
    corridors: tuple[CorridorStanding, ...] = ()
    varies: bool = False
    certificate: str = ""
    since: dt.date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the table asks about: one corridor of one agency on one day."""

    is_registered: bool
    is_ended: bool
    certificate: Status | None
    has_conditions: bool
    is_refused: bool
    is_attested: bool


# The first row that fits is the standing. A later refusal does not undo a certificate that holds.
_TABLE: tuple[tuple[Word, Callable[[_Seen], bool]], ...] = (
    (Word.NEVER_REGISTERED, lambda seen: not seen.is_registered),
    (Word.ENDED, lambda seen: seen.is_ended),
    (Word.SUSPENDED, lambda seen: seen.certificate is Status.SUSPENDED),
    (Word.WITHDRAWN, lambda seen: seen.certificate is Status.WITHDRAWN),
    (Word.NOT_RELIABLE, lambda seen: seen.certificate is Status.NOT_RELIABLE),
    (
        Word.CERTIFIED_WITH_CONDITIONS,
        lambda seen: seen.certificate is Status.VALID and seen.has_conditions,
    ),
    (Word.CERTIFIED, lambda seen: seen.certificate is Status.VALID),
    (Word.REFUSED, lambda seen: seen.is_refused),
    (Word.EXPIRED, lambda seen: seen.certificate is Status.EXPIRED),
    (Word.SELF_ATTESTED, lambda seen: seen.is_attested),
    (Word.REGISTERED, lambda _: True),
)

GRAVEST_FIRST = (
    Word.SUSPENDED,
    Word.WITHDRAWN,
    Word.NOT_RELIABLE,
    Word.CERTIFIED_WITH_CONDITIONS,
    Word.CERTIFIED,
    Word.REFUSED,
    Word.EXPIRED,
)


def certificate_status(
    facts: CertificateFacts, *, on: dt.date, known_at: dt.datetime | None
) -> CertificateStatus:
    """The status on `on`, as far as was known at `known_at`.

    Withdrawn beats all; a certificate that was replaced or ran out is no longer suspended, and one
    whose signature counts for nothing is never valid.
    """
    if not _known(facts.issued_at, known_at):
        return CertificateStatus(Status.NEVER_ISSUED)
    events = sorted(
        (event for event in facts.events if _known(event.confirmed_at, known_at)),
        key=lambda event: event.confirmed_at,
    )
    for event in events:
        if event.kind == "withdrawal" and event.effective_on <= on:
            return CertificateStatus(Status.WITHDRAWN, event.effective_on, event.reason)
    if _known(facts.holder_ended_at, known_at) and _reached(facts.holder_ended_on, on):
        return CertificateStatus(Status.HOLDER_ENDED, facts.holder_ended_on)
    if _was_replaced(facts, on, known_at):
        return CertificateStatus(Status.SUPERSEDED, facts.superseded_on, facts.superseded_by)
    if on > facts.valid_until:
        return CertificateStatus(Status.EXPIRED, facts.valid_until + dt.timedelta(days=1))
    if on < facts.valid_from:
        return CertificateStatus(Status.NOT_YET_VALID)
    if suspension := _suspension(events, on):
        return CertificateStatus(Status.SUSPENDED, suspension.effective_on, suspension.reason)
    if _known(facts.distrusted_at, known_at):
        return CertificateStatus(Status.NOT_RELIABLE, facts.valid_from)
    return CertificateStatus(Status.VALID, facts.valid_from)


def agency_standing(
    facts: AgencyFacts,
    *,
    on: dt.date,
    known_at: dt.datetime | None = None,
    corridor: Corridor | None = None,
) -> Standing:
    """The standing on `on` for one corridor, or the agency's line over all its corridors."""
    if corridor is not None:
        return _line([_in_corridor(facts, corridor, on, known_at)], on, known_at)
    known = {
        scope.corridor
        for certificate in facts.certificates
        if _known(certificate.issued_at, known_at) and certificate.valid_from <= on
        for scope in certificate.scope
    }
    places: Iterable[Corridor | None] = sorted(known) or [None]
    return _line([_in_corridor(facts, place, on, known_at) for place in places], on, known_at)


def _line(corridors: list[CorridorStanding], on: dt.date, known_at: dt.datetime | None) -> Standing:
    words = {corridor.word for corridor in corridors}
    gravest = next((word for word in GRAVEST_FIRST if word in words), corridors[0].word)
    shown = next(corridor for corridor in corridors if corridor.word is gravest)
    return Standing(
        word=gravest,
        on=on,
        known_at=known_at,
        corridors=tuple(place for place in corridors if place.corridor is not None),
        varies=len(words) > 1,
        certificate=shown.certificate,
        since=shown.since,
        reason=shown.reason,
    )


def _in_corridor(
    facts: AgencyFacts, corridor: Corridor | None, on: dt.date, known_at: dt.datetime | None
) -> CorridorStanding:
    governing = _governing(facts, corridor, on, known_at)
    status = (
        certificate_status(governing, on=on, known_at=known_at)
        if governing
        else CertificateStatus(Status.NEVER_ISSUED)
    )
    refusal = _refusal(facts, corridor, on, known_at)
    seen = _Seen(
        is_registered=_reached(facts.registered_on, on) and _known(facts.recorded_at, known_at),
        is_ended=_known(facts.ended_at, known_at) and _reached(facts.ended_on, on),
        certificate=status.status if governing else None,
        has_conditions=bool(governing and governing.has_conditions),
        is_refused=refusal is not None
        and (governing is None or refusal.decided_at > governing.issued_at),
        is_attested=any(_stands(declared, on, known_at) for declared in facts.attested),
    )
    word = next(word for word, fits in _TABLE if fits(seen))
    since, reason, number = None, "", ""
    if word is Word.REFUSED and refusal is not None:
        since = refusal.decided_on
    elif word is Word.ENDED:
        since = facts.ended_on
    elif word is Word.REGISTERED:
        since = facts.registered_on
    elif word is Word.SELF_ATTESTED:
        since = max(d.on for d in facts.attested if _stands(d, on, known_at))
    elif governing is not None and word is not Word.NEVER_REGISTERED:
        since, reason, number = status.since, status.reason, governing.number
    return CorridorStanding(corridor, word, number, since, reason)


def _governing(
    facts: AgencyFacts, corridor: Corridor | None, on: dt.date, known_at: dt.datetime | None
) -> CertificateFacts | None:
    """The certificate that speaks for the corridor: the last one begun and not replaced."""
    speaking = [
        certificate
        for certificate in facts.certificates
        if _known(certificate.issued_at, known_at)
        and certificate.valid_from <= on
        and any(
            scope.corridor == corridor and not scope.is_replaced(on, known_at)
            for scope in certificate.scope
        )
    ]
    return max(speaking, key=lambda certificate: certificate.issued_at, default=None)


def _refusal(
    facts: AgencyFacts, corridor: Corridor | None, on: dt.date, known_at: dt.datetime | None
) -> Refusal | None:
    standing = [
        refusal
        for refusal in facts.refusals
        if _known(refusal.decided_at, known_at)
        and refusal.decided_on <= on
        and not _known(refusal.set_aside_at, known_at)
        and (corridor is None or corridor in refusal.corridors)
    ]
    return max(standing, key=lambda refusal: refusal.decided_at, default=None)


def _stands(declared: Attested, on: dt.date, known_at: dt.datetime | None) -> bool:
    return declared.on <= on <= declared.until and _known(declared.at, known_at)


def _suspension(events: list[Event], on: dt.date) -> Event | None:
    """The suspension in which the day falls: from its own day until the day before restoration."""
    begun: Event | None = None
    for event in events:
        if event.kind == "suspension":
            begun = event
        elif event.kind == "restoration" and begun is not None:
            if begun.effective_on <= on < event.effective_on:
                return begun
            begun = None
    return begun if begun is not None and begun.effective_on <= on else None


def _was_replaced(facts: CertificateFacts, on: dt.date, known_at: dt.datetime | None) -> bool:
    return (
        _known(facts.superseded_at, known_at)
        and _reached(facts.superseded_on, on)
        and facts.superseded_on is not None
        and facts.superseded_on <= facts.valid_until
    )


def _known(at: dt.datetime | None, known_at: dt.datetime | None) -> bool:
    return at is not None and (known_at is None or at <= known_at)


def _reached(day: dt.date | None, on: dt.date) -> bool:
    return day is not None and day <= on
