"""Stretches of days, with both their ends: licences, agreements, certificates, suspensions.

An end that is not known to exist is None: open at that side. All of it is arithmetic on dates.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Interval:
    """The days from `first` to `last`, both included."""

    first: dt.date | None = None
    last: dt.date | None = None

    def __post_init__(self) -> None:
        if self.first and self.last and self.last < self.first:
            raise ValueError(f"{self.last} comes before {self.first}.")

    def covers(self, on: dt.date) -> bool:
        """Whether the day `on` is one of these days; the first and the last are."""
        return (self.first is None or self.first <= on) and (self.last is None or on <= self.last)

    def overlaps(self, other: "Interval") -> bool:
        """Whether at least one day is in both."""
        return _first(self) <= _last(other) and _first(other) <= _last(self)

    def contains(self, other: "Interval") -> bool:
        """Whether every day of `other` is one of these."""
        return _first(self) <= _first(other) and _last(other) <= _last(self)


def covered(intervals: Iterable[Interval], on: dt.date) -> bool:
    """Whether any of them covers the day."""
    return any(interval.covers(on) for interval in intervals)


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """The same days as few stretches as can be, in order; what touches is joined."""
    joined: list[Interval] = []
    for interval in sorted(intervals, key=_first):
        if joined and _follows(joined[-1], interval):
            longer = max(joined[-1], interval, key=_last)
            joined[-1] = Interval(joined[-1].first, longer.last)
        else:
            joined.append(interval)
    return joined


def gaps(intervals: Iterable[Interval], within: Interval) -> list[Interval]:
    """The stretches of `within` that no interval covers, in order."""
    free: list[Interval] = []
    start = _first(within)
    for interval in merged(intervals):
        if _last(interval) < start:
            continue
        if _first(interval) > _last(within):
            break
        if start < _first(interval):
            free.append(_stretch(start, _first(interval) - _DAY))
        if _last(interval) >= _last(within):
            return free
        start = _last(interval) + _DAY
    return [*free, _stretch(start, _last(within))]


def overlapping_pairs(intervals: Iterable[Interval]) -> list[tuple[Interval, Interval]]:
    """Every two of them that share a day; a register without any of them is in order."""
    ordered = sorted(intervals, key=_first)
    return [
        (earlier, later)
        for at, earlier in enumerate(ordered)
        for later in ordered[at + 1 :]
        if earlier.overlaps(later)
    ]


def _first(interval: Interval) -> dt.date:
    return interval.first or dt.date.min


def _last(interval: Interval) -> dt.date:
    return interval.last or dt.date.max


def _follows(earlier: Interval, later: Interval) -> bool:
    return _last(earlier) == dt.date.max or _first(later) <= _last(earlier) + _DAY


def _stretch(first: dt.date, last: dt.date) -> Interval:
    return Interval(None if first == dt.date.min else first, None if last == dt.date.max else last)
