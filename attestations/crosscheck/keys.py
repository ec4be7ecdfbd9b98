"""A cheap key for each placement, so that each distinct combination is looked up once.

Dates become the number of the stretch they fall into, between the days on which an answer for
this corridor, citation and agency can change (design §4). Equal keys give equal facts; an engine
that holds columns rather than records keys the columns itself and asks `stretches` for the dates.
"""

from bisect import bisect_right
from collections.abc import Hashable
from datetime import date
from decimal import Decimal

from attestations.crosscheck.answers import country_of
from attestations.crosscheck.facts import Facts, facts_of
from attestations.crosscheck.lists import AgencyRecord, Lists
from attestations.crosscheck.record import Day, PlacementRecord
from attestations.crosscheck.ruleset import TRANSIT_MONTHS

DateKey = tuple[int, int, bool, int]

_NO_DAY = -1
_MISSING = -2
_NOT_ASKED = -3


class Stretches:
    """The change days of one corridor, and where dates fall among them."""

    __slots__ = ("days",)

    def __init__(self, days: tuple[date, ...]) -> None:
        self.days = days

    def key(
        self,
        recruited_on: Day,
        offered_on: Day,
        contracted_on: Day,
        started_on: Day,
    ) -> DateKey:
        """Stretch of the governing day, stretch of the start, whether the start comes first, and
        how the recruitment date was answered."""
        days = self.days
        start = started_on if isinstance(started_on, date) else None
        if isinstance(recruited_on, date):
            day: date | None = recruited_on
            answered = 0
        else:
            answered = _MISSING if recruited_on is None else _NOT_ASKED
            if isinstance(offered_on, date):
                day = offered_on
            elif isinstance(contracted_on, date):
                day = contracted_on
            else:
                day = start
        at_day = _NO_DAY if day is None else bisect_right(days, day)
        if start is None:
            at_start = _MISSING if started_on is None else _NOT_ASKED
            return (at_day, at_start, False, answered)
        return (at_day, bisect_right(days, start), day is not None and start < day, answered)


class FactsCache:
    """Facts by key, for the placements of one agency over one state of the lists.

    Not for sharing between agencies: what the agency holds is part of the facts, not of the key.
    """

    def __init__(self, lists: Lists, agency: AgencyRecord) -> None:
        self.lists = lists
        self.agency = agency
        self._agency_days = agency.change_days()
        self._stretches: dict[tuple[str | None, str | None, str | None], Stretches] = {}
        self._facts: dict[Hashable, Facts] = {}

    def stretches(
        self, residence: str | None, dest: str | None, agreement_cited: str | None
    ) -> Stretches:
        """The stretches of a corridor (codes, None where it is not a country) and citation."""
        corridor = (residence, dest, agreement_cited)
        found = self._stretches.get(corridor)
        if found is None:
            days = self._agency_days.union(self.lists.change_days(*corridor))
            found = self._stretches[corridor] = Stretches(tuple(sorted(days)))
        return found

    def key(self, record: PlacementRecord, quota_exceeded: bool = False) -> Hashable:
        """All but nationality, with dates as stretches and amounts as charged or not."""
        stretches = self.stretches(
            country_of(record.residence), country_of(record.dest), record.agreement_cited
        )
        fees: Hashable = record.fees
        if isinstance(record.fees, tuple):
            fees = frozenset(_size(amount) for _, amount in record.fees)
        return (
            stretches.key(
                record.recruited_on, record.offered_on, record.contracted_on, record.started_on
            ),
            record.residence,
            record.training,
            record.source,
            record.dest,
            record.destination_part,
            record.months < TRANSIT_MONTHS if isinstance(record.months, int) else record.months,
            record.qualified,
            record.placed,
            record.other_occ,
            record.mode,
            record.evidence,
            fees,
            record.repayment,
            record.agreement_cited,
            record.by_ba,
            record.disclosed,
            record.obligation,
            record.consulted,
            quota_exceeded,
        )

    def facts(self, record: PlacementRecord, quota_exceeded: bool = False) -> Facts:
        """`facts_of` this record, built only for the first record of each key."""
        key = self.key(record, quota_exceeded)
        found = self._facts.get(key)
        if found is None:
            found = self._facts[key] = facts_of(record, self.lists, self.agency, quota_exceeded)
        return found

    def __len__(self) -> int:
        return len(self._facts)


def _size(amount: Decimal | None) -> int | None:
    """Whether something was charged; how much decides nothing."""
    if amount is None:
        return None
    return 1 if amount > 0 else 0
