"""By when a matter is due, and what stops the clock: pure.

We have so many days from the day on which a matter begins. While it waits for the other side our
clock stands still, and what is due meanwhile is due from them. It goes on with what was left of
it, and with a few days at least, because what came back has to be read.
"""

from dataclasses import dataclass
from datetime import date, timedelta

LEAST_AGAIN = 7


@dataclass(frozen=True, slots=True)
class Clock:
    """`due_on` is the day of whoever it waits for; `days_left` are ours while our clock stands."""

    due_on: date | None = None
    days_left: int | None = None


def started(on: date, days: int) -> Clock:
    return Clock(due_on=on + timedelta(days=days))


def stopped(clock: Clock, on: date, *, until: date | None) -> Clock:
    """The other side has until `until`, where a day was said."""
    left = (clock.due_on - on).days if clock.due_on else None
    return Clock(due_on=until, days_left=left)


def gone_on(clock: Clock, on: date, *, days: int) -> Clock:
    """Ours again; a clock that was never started begins with all `days`."""
    left = days if clock.days_left is None else max(clock.days_left, LEAST_AGAIN)
    return started(on, left)
