"""A cheap key for each placement, so that each distinct combination is looked up once.

Two reductions, and nothing is guessed by either. Dates become the number of the stretch they fall
into, between the days on which an answer for this corridor, citation and agency can change
(design §4). Countries and occupations of which no list, and nothing that the agency holds, says
anything different are alike: put one in the place of the other, and every fact stays as it was.
Equal keys give equal facts.
"""

from bisect import bisect_right
from collections.abc import Hashable, Iterable
from dataclasses import fields
from typing import Any

from attestations.crosscheck.answers import (
    country_of,
    destination_of,
    differ,
    fees_of,
    is_health,
    stay_of,
    unfair_terms,
)
from attestations.crosscheck.enums import NOT_ASKED, Side
from attestations.crosscheck.facts import Facts, facts_of
from attestations.crosscheck.lists import AgencyRecord, Lists
from attestations.crosscheck.record import Place, PlacementRecord, RepaymentTerms, Unresolved
from attestations.crosscheck.ruleset import CARE_CODES

DateKey = tuple[int, int, bool, int]

_NO_DAY = -1
_MISSING = -2
_NOT_ASKED = -3


class Stretches:
    """The change days of one corridor, and where dates fall among them.

    Days are dates, or their ISO texts: whatever the change days are, so must be the days asked
    about. None and the empty text are not answered.
    """

    __slots__ = ("days",)

    def __init__(self, days: tuple[Any, ...]) -> None:
        self.days = days

    def in_text(self) -> "Stretches":
        """The same stretches for days as ISO texts, which sort as the days do."""
        return Stretches(tuple(day.isoformat() for day in self.days))

    def key(
        self, recruited_on: Any, offered_on: Any, contracted_on: Any, started_on: Any
    ) -> DateKey:
        """Stretch of the governing day, stretch of the start, whether the start comes first, and
        how the recruitment date was answered."""
        days = self.days
        start = started_on if started_on and started_on is not NOT_ASKED else None
        if recruited_on and recruited_on is not NOT_ASKED:
            day = recruited_on
            answered = 0
        else:
            answered = _NOT_ASKED if recruited_on is NOT_ASKED else _MISSING
            if offered_on and offered_on is not NOT_ASKED:
                day = offered_on
            elif contracted_on and contracted_on is not NOT_ASKED:
                day = contracted_on
            else:
                day = start
        at_day = _NO_DAY if day is None else bisect_right(days, day)
        if start is None:
            return (at_day, _NOT_ASKED if started_on is NOT_ASKED else _MISSING, False, answered)
        return (at_day, bisect_right(days, start), day is not None and start < day, answered)


class Likeness:
    """What the lists and the agency's papers tell apart, as a number for each kind.

    A country's kind is everything that is recorded of it, without its name; an occupation's kind is
    whether it is health or care work, and which documents list it.
    """

    def __init__(self, lists: Lists, agency: AgencyRecord) -> None:
        self._lists = lists
        self._agency = agency
        posts = [terms.occupations for terms in lists.agreements]
        posts += [told.occupations for told in lists.willingness]
        self._listed_posts = tuple(listed for listed in posts if listed is not None)
        self._numbers: dict[Hashable, int] = {}
        self._countries: dict[str, int] = {}
        self._occupations: dict[str, int] = {}

    def of_country(self, code: str) -> int:
        number = self._countries.get(code)
        if number is None:
            number = self._countries[code] = self._number(("country", *self._recorded_of(code)))
        return number

    def of_occupation(self, code: str) -> int:
        number = self._occupations.get(code)
        if number is None:
            listed = tuple(
                any(code.startswith(one) for one in posts) for posts in self._listed_posts
            )
            kind = ("occupation", is_health(code), code in CARE_CODES, listed)
            number = self._occupations[code] = self._number(kind)
        return number

    def _number(self, kind: Hashable) -> int:
        return self._numbers.setdefault(kind, len(self._numbers))

    def _recorded_of(self, code: str) -> tuple[Hashable, ...]:
        lists = self._lists
        return (
            destination_of(PlacementRecord(dest=code, destination_part="England")),
            tuple(code in edition.countries for edition in lists.all_editions()),
            _without_country(lists.england_rows(code)),
            _without_country(lists.germany_rows(code)),
            tuple(code == terms.source for terms in lists.agreements),
            tuple(code == terms.dest for terms in lists.agreements),
            _without_country(lists.willingness_of(code)),
            _without_country(lists.policies_of(code)),
            _without_country(lists.emergencies_of(code)),
            _without_country(lists.requirements_of(code, Side.SOURCE)),
            _without_country(lists.requirements_of(code, Side.DESTINATION)),
            _without_country(row for row in self._agency.authorizations if row.country == code),
        )


def _without_country(rows: Iterable[Any]) -> tuple[Hashable, ...]:
    return tuple(
        tuple(getattr(row, one.name) for one in fields(row) if one.name != "country")
        for row in rows
    )


class FactsCache:
    """Facts by key, for the placements of one agency over one state of the lists.

    Not for sharing between agencies: what the agency holds is part of the facts, not of the key.
    """

    def __init__(self, lists: Lists, agency: AgencyRecord) -> None:
        self.lists = lists
        self.agency = agency
        self.likeness = Likeness(lists, agency)
        self._agency_days = agency.change_days()
        self._stretches: dict[Hashable, Stretches] = {}
        self._facts: dict[Hashable, Facts] = {}

    def stretches(self, record: PlacementRecord) -> Stretches:
        """The stretches of a placement's corridor and citation."""
        residence, dest = country_of(record.residence), country_of(record.dest)
        corridor = (self._kind(residence), self._kind(dest), record.agreement_cited)
        found = self._stretches.get(corridor)
        if found is None:
            days = self._agency_days.union(
                self.lists.change_days(residence, dest, record.agreement_cited)
            )
            found = self._stretches[corridor] = Stretches(tuple(sorted(days)))
        return found

    def profile(self, record: PlacementRecord, quota_exceeded: bool = False) -> Hashable:
        """Everything that a rule may see of a placement but its dates."""
        residence, training = record.residence, record.training
        repayment = record.repayment
        return (
            self._kind(residence),
            self._kind(training),
            training == residence,
            differ(record.source, residence),
            self._kind(record.source) if not isinstance(record.source, str) else None,
            self._kind(record.dest),
            destination_of(record),
            stay_of(record.months),
            self._post(record.qualified),
            self._post(record.placed),
            frozenset(map(self.likeness.of_occupation, record.other_occ)),
            record.mode,
            record.evidence is True,
            fees_of(record),
            isinstance(repayment, RepaymentTerms) and bool(unfair_terms(repayment)),
            record.agreement_cited,
            record.by_ba is True,
            record.disclosed is True,
            record.obligation is True,
            record.consulted is True,
            quota_exceeded,
        )

    def key(self, record: PlacementRecord, quota_exceeded: bool = False) -> Hashable:
        """The profile, with the dates as stretches. Equal keys give equal facts."""
        dates = self.stretches(record).key(
            record.recruited_on, record.offered_on, record.contracted_on, record.started_on
        )
        return (self.profile(record, quota_exceeded), dates)

    def facts(self, record: PlacementRecord, quota_exceeded: bool = False) -> Facts:
        """`facts_of` this record, built only for the first record of each key."""
        key = self.key(record, quota_exceeded)
        found = self._facts.get(key)
        if found is None:
            found = self._facts[key] = facts_of(record, self.lists, self.agency, quota_exceeded)
        return found

    def __len__(self) -> int:
        return len(self._facts)

    def _kind(self, place: Place) -> Hashable:
        """A country by its kind; what is no country by what it is instead."""
        if isinstance(place, str):
            return self.likeness.of_country(place)
        return "unresolved" if isinstance(place, Unresolved) else place

    def _post(self, occupation: Any) -> Hashable:
        if isinstance(occupation, str):
            return self.likeness.of_occupation(occupation)
        return occupation
