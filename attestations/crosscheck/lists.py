"""What the safeguards room and the register answer, frozen in memory for the rules.

Stretches are inclusive at both ends, `None` being open; editions hold until the next one; a
national row ends before `valid_to_exclusive` (design §3).
"""

import hashlib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from typing import Any

from attestations.crosscheck.enums import NOT_ASKED, NotAsked, RestrictionKind, Side, Truth
from attestations.crosscheck.ruleset import (
    CODE_ADOPTED_ON,
    IRISH_COMMITMENT_FROM,
    NORWEGIAN_PLAN_FROM,
    NORWEGIAN_PLAN_UNTIL,
    SCOPE_EXTENDED_ON,
)

RED = "red"
AMBER = "amber"
ANNEX = "annex"


def day_after(day: date) -> date:
    return day if day == date.max else day + timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """From a day to a day, both included; an end of None is open."""

    valid_from: date | None = None
    valid_until: date | None = None

    def covers(self, day: date | None) -> Truth:
        """An unknown day is covered for certain only where both ends are open."""
        if day is None:
            open_ended = self.valid_from is None and self.valid_until is None
            return Truth.YES if open_ended else Truth.UNKNOWN
        if self.valid_from is not None and day < self.valid_from:
            return Truth.NO
        if self.valid_until is not None and day > self.valid_until:
            return Truth.NO
        return Truth.YES

    def change_days(self) -> Iterable[date]:
        """The first day of each new answer."""
        if self.valid_from is not None:
            yield self.valid_from
        if self.valid_until is not None:
            yield day_after(self.valid_until)


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition of the List; `valid_from` is the day of its publication (R-EDITION)."""

    label: str
    valid_from: date
    countries: frozenset[str]


@dataclass(frozen=True, slots=True)
class NationalRow:
    """A country's grade on a national list; open from `earliest_possible` to `valid_from`."""

    country: str
    grade: str
    earliest_possible: date
    valid_from: date
    valid_to_exclusive: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (
            self.valid_to_exclusive is None or day < self.valid_to_exclusive
        )

    def may_hold_on(self, day: date) -> bool:
        return self.earliest_possible <= day < self.valid_from

    def change_days(self) -> Iterable[date]:
        yield self.earliest_possible
        yield self.valid_from
        if self.valid_to_exclusive is not None:
            yield self.valid_to_exclusive


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementTerms(Stretch):
    """What a government-to-government agreement covers; `occupations` None is every post."""

    reference: str
    source: str
    dest: str
    occupations: frozenset[str] | None = None
    agencies_may_act: bool | None = True
    health_ministry_takes_part: bool | None = True
    quota: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Willingness(Stretch):
    """A source country's communicated willingness (B1.5(c)); the country stays on the List."""

    country: str
    reference: str = ""
    occupations: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictingPolicy(Stretch):
    """What a country off the List asks of those who recruit from it (A48)."""

    country: str
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyFlag(Stretch):
    """An emergency at source or destination (B1.2)."""

    country: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationRequirement(Stretch):
    """That a country requires recruiters to be authorized; not recorded is not known."""

    country: str
    side: Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorization(Stretch):
    """What the register holds of an agency's authorization in a country."""

    country: str
    side: Side
    held: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyRestriction:
    """A suspension or withdrawal of the agency's certificate, until a restoration (exclusive)."""

    kind: RestrictionKind
    valid_from: date
    restored_on: date | None = None

    def change_days(self) -> Iterable[date]:
        yield self.valid_from
        yield day_after(self.valid_from)
        if self.restored_on is not None:
            yield self.restored_on


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyRecord:
    """What is known of the agency around a placement.

    `licences`: () is none recorded, which is missing. `source_authorization` and
    `destination_authorization` are what a case or a question states outright; left NOT_ASKED, the
    answer is looked up in `authorizations` where a dated requirement is recorded.
    `ethical_list`: () is not on England's list, None is not answered.
    """

    licences: tuple[Stretch, ...] | NotAsked = NOT_ASKED
    authorizations: tuple[Authorization, ...] = ()
    source_authorization: bool | NotAsked | None = NOT_ASKED
    destination_authorization: bool | NotAsked | None = NOT_ASKED
    ethical_list: tuple[Stretch, ...] | NotAsked | None = NOT_ASKED
    restrictions: tuple[AgencyRestriction, ...] = ()

    def change_days(self) -> frozenset[date]:
        dated: list[Stretch | AgencyRestriction] = [*self.authorizations, *self.restrictions]
        for stretches in (self.licences, self.ethical_list):
            if isinstance(stretches, tuple):
                dated.extend(stretches)
        return frozenset(day for row in dated for day in row.change_days())


NOTHING_ASKED_OF_THE_AGENCY = AgencyRecord()


@dataclass(frozen=True, eq=False)
class Lists:
    """Everything dated that a rule may lean on, indexed once. Compare by `digest`."""

    editions: tuple[Edition, ...] = ()
    england: tuple[NationalRow, ...] = ()
    germany: tuple[NationalRow, ...] = ()
    agreements: tuple[AgreementTerms, ...] = ()
    willingness: tuple[Willingness, ...] = ()
    policies: tuple[RestrictingPolicy, ...] = ()
    emergencies: tuple[EmergencyFlag, ...] = ()
    requirements: tuple[AuthorizationRequirement, ...] = ()
    _editions: tuple[Edition, ...] = field(init=False, repr=False)
    _edition_days: tuple[date, ...] = field(init=False, repr=False)
    _england: Mapping[str, tuple[NationalRow, ...]] = field(init=False, repr=False)
    _germany: Mapping[str, tuple[NationalRow, ...]] = field(init=False, repr=False)
    _agreements: Mapping[str, tuple[AgreementTerms, ...]] = field(init=False, repr=False)
    _willingness: Mapping[str, tuple[Willingness, ...]] = field(init=False, repr=False)
    _policies: Mapping[str, tuple[RestrictingPolicy, ...]] = field(init=False, repr=False)
    _emergencies: Mapping[str, tuple[EmergencyFlag, ...]] = field(init=False, repr=False)
    _requirements: Mapping[tuple[str, Side], tuple[AuthorizationRequirement, ...]] = field(
        init=False, repr=False
    )

    def __post_init__(self) -> None:
        in_order = tuple(sorted(self.editions, key=lambda edition: edition.valid_from))
        index = {
            "_editions": in_order,
            "_edition_days": tuple(edition.valid_from for edition in in_order),
            "_england": _grouped(self.england, "country"),
            "_germany": _grouped(self.germany, "country"),
            "_agreements": _grouped(self.agreements, "reference"),
            "_willingness": _grouped(self.willingness, "country"),
            "_policies": _grouped(self.policies, "country"),
            "_emergencies": _grouped(self.emergencies, "country"),
            "_requirements": _grouped(self.requirements, "country", "side"),
        }
        for name, value in index.items():
            object.__setattr__(self, name, value)

    def edition_on(self, day: date) -> Edition | None:
        """The newest edition on or before the day; none before the Code (21 May 2010)."""
        if day < CODE_ADOPTED_ON:
            return None
        at = bisect_right(self._edition_days, day)
        return self._editions[at - 1] if at else None

    def all_editions(self) -> tuple[Edition, ...]:
        return self._editions

    def england_rows(self, country: str) -> tuple[NationalRow, ...]:
        return self._england.get(country, ())

    def germany_rows(self, country: str) -> tuple[NationalRow, ...]:
        return self._germany.get(country, ())

    def agreements_cited(self, reference: str) -> tuple[AgreementTerms, ...]:
        """What a citation resolves to; () is a citation that resolves to none."""
        return self._agreements.get(reference, ())

    def willingness_of(self, country: str) -> tuple[Willingness, ...]:
        return self._willingness.get(country, ())

    def policies_of(self, country: str) -> tuple[RestrictingPolicy, ...]:
        return self._policies.get(country, ())

    def emergencies_of(self, country: str) -> tuple[EmergencyFlag, ...]:
        return self._emergencies.get(country, ())

    def requirements_of(self, country: str, side: Side) -> tuple[AuthorizationRequirement, ...]:
        return self._requirements.get((country, side), ())

    def change_days(
        self, residence: str | None, dest: str | None, agreement: str | None = None
    ) -> tuple[date, ...]:
        """Every day on which an answer for this corridor and citation may change, in order.

        Between two of them all dates give the same answers: that is a stretch (design §4).
        """
        days: set[date] = {
            CODE_ADOPTED_ON,
            SCOPE_EXTENDED_ON,
            *self._edition_days,
        }
        # what only one destination reads cuts no stretch for the others
        if dest in (None, "NOR"):
            days |= {NORWEGIAN_PLAN_FROM, day_after(NORWEGIAN_PLAN_UNTIL)}
        if dest in (None, "IRL"):
            days.add(IRISH_COMMITMENT_FROM)
        dated: list[NationalRow | Stretch] = []
        if residence is not None:
            if dest in (None, "GBR"):
                dated += self.england_rows(residence)
            if dest in (None, "DEU"):
                dated += self.germany_rows(residence)
            dated += self.willingness_of(residence)
            dated += self.policies_of(residence)
            dated += self.emergencies_of(residence)
            dated += self.requirements_of(residence, Side.SOURCE)
        if dest is not None:
            dated += self.emergencies_of(dest)
            dated += self.requirements_of(dest, Side.DESTINATION)
        if agreement is not None:
            dated += self.agreements_cited(agreement)
        for row in dated:
            days.update(row.change_days())
        return tuple(sorted(days))

    @cached_property
    def digest(self) -> str:
        """The same lists give the same digest, in whatever order they were loaded."""
        parts = [
            f"{name}:{line}"
            for name in (
                "editions",
                "england",
                "germany",
                "agreements",
                "willingness",
                "policies",
                "emergencies",
                "requirements",
            )
            for line in sorted(canonical(row) for row in getattr(self, name))
        ]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def canonical(value: Any) -> str:
    """One text for one value, the same in every process: what digests are made of."""
    kind: Any = type(value)
    names = _fields_of(kind)
    if names is not None:
        inner = ",".join([f"{name}={canonical(getattr(value, name))}" for name in names])
        return f"{kind.__name__}({inner})"
    if isinstance(value, (frozenset, set)):
        return "{" + ",".join(sorted(canonical(item) for item in value)) + "}"
    if isinstance(value, tuple):
        return "[" + ",".join(canonical(item) for item in value) + "]"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return repr(str(value))
    return repr(value)


@cache
def _fields_of(kind: type) -> tuple[str, ...] | None:
    """The names of a dataclass' fields, looked up once for each class; None for any other."""
    return tuple(one.name for one in fields(kind)) if is_dataclass(kind) else None


def _grouped(rows: Iterable[Any], *by: str) -> dict[Any, tuple[Any, ...]]:
    groups: defaultdict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        key = tuple(getattr(row, name) for name in by)
        groups[key if len(by) > 1 else key[0]].append(row)
    return {key: tuple(group) for key, group in groups.items()}
