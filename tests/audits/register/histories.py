"""Random histories of agencies as the services allow them, and the facts that rows would hold."""

import random
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

from audits.register.rules import (
    AgencyFacts,
    Attested,
    CertificateFacts,
    Corridor,
    Event,
    Refusal,
    ScopeFact,
)

CORRIDORS = tuple(Corridor(source, "IRL", "222") for source in ("PHL", "IND", "KEN"))
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
BEGINNING = datetime(2024, 1, 10, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Act:
    """One act: when it was recorded, from which day it counts, and what it is about."""

    at: datetime
    kind: str
    day: date
    last: date | None = None
    number: str = ""
    corridors: frozenset = frozenset()
    conditions: bool = False


class History:
    """Acts drawn one after the other; each is one that the services would let happen."""

    def __init__(self, chance):
        self.chance, self.at, self.acts = chance, BEGINNING, []
        self.open, self.state = {}, {}  # corridor → number; number → how it stands
        self.days = {}  # number → first, last, and the day of its last change
        self.refusals, self.ended = {}, False
        self._add("registered", self._around(self.today))

    @property
    def today(self):
        return timezone.localdate(self.at)

    def extend(self):
        """One more act, at a moment and from a day near which other answers turn."""
        self.at = self._later()
        acts = [self._issue, self._issue, self._change, self._change, self._change, self._change]
        acts += [self._refuse, self._set_aside, self._accept, self._distrust]
        if not self.ended and len(self.acts) > 10:
            acts.append(self._end)
        while not self.chance.choice(acts)():
            pass

    def _later(self):
        """Mostly by days, at times by a second, and often to the very edge of a day."""
        step = self.chance.choice([SECOND, timedelta(hours=7), 3 * DAY, 20 * DAY, 60 * DAY])
        later = self.at + step
        if self.chance.random() < 0.4:
            midnight = timezone.make_aware(
                datetime.combine(timezone.localdate(later), datetime.min.time())
            )
            later = max(later, midnight + self.chance.choice([DAY - SECOND, DAY, DAY + SECOND]))
        return later

    def _around(self, day, least=None, most=None):
        drawn = day + self.chance.choice([-40, -8, -1, 0, 0, 0, 1, 9]) * DAY
        return min(max(drawn, least or drawn), most or max(drawn, least or drawn))

    def _add(self, kind, day, **stated):
        self.acts.append(Act(self.at, kind, day, **stated))
        return True

    def _issue(self):
        corridors = frozenset(self.chance.sample(CORRIDORS, self.chance.choice([1, 1, 2, 3])))
        if self.ended or any(
            self.state.get(self.open.get(corridor)) == "suspended" for corridor in corridors
        ):
            return False
        number = f"CE{len(self.state):06}"
        first = self._around(self.today)
        last = max(first + self.chance.choice([0, 20, 90, 400]) * DAY, self.today)
        self.state[number], self.days[number] = "in force", [first, last, first]
        self.open |= dict.fromkeys(corridors, number)
        for other in self.state:
            if self.state[other] == "in force" and other not in self.open.values():
                self.state[other] = "superseded"
        conditions = self.chance.random() < 0.3
        return self._add(
            "issued", first, last=last, number=number, corridors=corridors, conditions=conditions
        )

    def _change(self):
        live = [n for n, state in self.state.items() if state in ("in force", "suspended")]
        if not live:
            return False
        number = self.chance.choice(live)
        first, last, changed = self.days[number]
        if self.chance.random() < 0.2:
            self.state[number] = "withdrawn"
            self.open = {c: other for c, other in self.open.items() if other != number}
            day = self._around(self.today, first, last)
            return self._add("withdrawn", day, number=number)
        # on the very day from which the last one counts: as if that had never been
        day = changed if self.chance.random() < 0.3 else self._around(self.today, changed, last)
        self.days[number][2] = day
        suspended = self.state[number] == "suspended"
        self.state[number] = "in force" if suspended else "suspended"
        return self._add("restored" if suspended else "suspended", day, number=number)

    def _refuse(self):
        number = f"refusal {len(self.acts)}"
        corridors = frozenset(self.chance.sample(CORRIDORS, 2))
        self.refusals[number] = corridors
        return self._add("refused", self.today, number=number, corridors=corridors)

    def _set_aside(self):
        if not self.refusals:
            return False
        number, _ = self.refusals.popitem()
        return self._add("set aside", self.today, number=number)

    def _accept(self):
        last = self.today + self.chance.choice([30, 365]) * DAY
        return self._add("accepted", self.today, last=last)

    def _distrust(self):
        if not self.state or self.chance.random() < 0.7:
            return False
        return self._add("distrusted", self.today, number=self.chance.choice(list(self.state)))

    def _end(self):
        if self.chance.random() < 0.8:
            return False
        self.ended = True
        return self._add("ended", self._around(self.today, least=self.acts[0].day))


def histories(seed, *, acts, each=25):
    """Histories of so many acts together."""
    chance = random.Random(seed)
    for _ in range(acts // each):
        history = History(chance)
        while len(history.acts) < each:
            history.extend()
        yield tuple(history.acts)


def facts_of(acts):
    """What the rows hold after these acts, as the services write them."""
    agency = AgencyFacts(registered_on=acts[0].day, recorded_at=acts[0].at)
    certificates, refusals = {}, {}
    for act in acts:
        if act.kind == "issued":
            since = max(timezone.localdate(act.at), act.day)
            for number, older in certificates.items():
                certificates[number] = _without(older, act, since)
            certificates[act.number] = CertificateFacts(
                number=act.number,
                issued_at=act.at,
                valid_from=act.day,
                valid_until=act.last,
                has_conditions=act.conditions,
                scope=tuple(ScopeFact(corridor) for corridor in sorted(act.corridors)),
            )
        elif act.kind in ("suspended", "restored", "withdrawn"):
            kind = {"suspended": "suspension", "restored": "restoration"}.get(
                act.kind, "withdrawal"
            )
            changed = certificates[act.number]
            event = Event(kind, act.day, act.at, "a_reason")
            changed = replace(changed, events=(event, *changed.events))
            if kind == "withdrawal":
                closed = (
                    row if row.ended_at else replace(row, ended_on=act.day, ended_at=act.at)
                    for row in changed.scope
                )
                changed = replace(changed, scope=tuple(closed))
            certificates[act.number] = changed
        elif act.kind == "distrusted":
            known = certificates[act.number].distrusted_at or act.at
            certificates[act.number] = replace(certificates[act.number], distrusted_at=known)
        elif act.kind == "refused":
            refusals[act.number] = Refusal(act.day, act.at, act.corridors)
        elif act.kind == "set aside":
            refusals[act.number] = replace(refusals[act.number], set_aside_at=act.at)
        elif act.kind == "accepted":
            attested = Attested(act.day, act.at, act.last)
            agency = replace(agency, attested=(*agency.attested, attested))
        elif act.kind == "ended":
            agency = replace(agency, ended_on=act.day, ended_at=act.at)
    ended = {"holder_ended_on": agency.ended_on, "holder_ended_at": agency.ended_at}
    return replace(
        agency,
        certificates=tuple(replace(one, **ended) for one in certificates.values()),
        refusals=tuple(refusals.values()),
    )


def _without(older, act, since):
    taken = {
        row.corridor for row in older.scope if row.corridor in act.corridors and not row.ended_at
    }
    if not taken:
        return older
    scope = tuple(
        replace(row, ended_on=since, ended_at=act.at, replaced_by=act.number)
        if row.corridor in taken
        else row
        for row in older.scope
    )
    older = replace(older, scope=scope)
    if all(row.ended_at for row in scope):
        last = max(row.ended_on for row in scope)
        older = replace(older, superseded_on=last, superseded_at=act.at, superseded_by=act.number)
    return older
