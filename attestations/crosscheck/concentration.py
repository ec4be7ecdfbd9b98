"""SIDS-CONC: the one rule that needs many placements at once, as a function over their days."""

from bisect import bisect_left
from collections.abc import Iterable
from datetime import date

from attestations.crosscheck.codes import SIDS_CONC, Finding
from attestations.crosscheck.ruleset import SMALL_ISLAND_MONTHS, SMALL_ISLAND_PLACEMENTS


def most_within_a_year(recruited_on: Iterable[date]) -> int:
    """The greatest number of placements within any twelve months."""
    days = sorted(recruited_on)
    return max(
        (
            bisect_left(days, _months_later(day, SMALL_ISLAND_MONTHS)) - at
            for at, day in enumerate(days)
        ),
        default=0,
    )


def many_of_one_occupation_from_a_small_island_state(
    *,
    is_small_island_state: bool,
    recruited_on: Iterable[date],
    limit: int = SMALL_ISLAND_PLACEMENTS,
) -> Finding | None:
    """A49: more than `limit` of one occupation from one such state within twelve months.

    The caller groups by state of residence and occupation; days not known are not counted.
    """
    if is_small_island_state and most_within_a_year(recruited_on) > limit:
        return SIDS_CONC.open()
    return None


def _months_later(day: date, months: int) -> date:
    """The same day so many months on; the first of the next month where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return date(year, month + 1, day.day)
    except ValueError:
        return date(year + (month == 11), (month + 1) % 12 + 1, 1)
