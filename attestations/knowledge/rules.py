"""How the knowledge check goes: pure.

Fifteen questions, thirteen right to pass, three attempts and then a wait, after the test of the
Ethical Recruiters List of NHS Employers in England. The length of the wait, and how long a pass
counts, are this register's own choice and settings.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

ASKED = 15
TO_PASS = 13
ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Tried:
    """An attempt as it stands: when it began and ended, and how many answers were right."""

    began: datetime
    ended: datetime | None
    right: int | None

    @property
    def passed(self) -> bool:
        return self.right is not None and self.right >= TO_PASS


@dataclass(frozen=True, slots=True)
class MayBegin:
    """Whether a new attempt may begin, how many are left, and from when if not now."""

    now: bool
    left: int
    not_before: datetime | None = None


def may_begin(tried: Sequence[Tried], at: datetime, wait: timedelta) -> MayBegin:
    """`tried` in the order of time. A pass begins the count anew, and so does the end of a wait.

    An attempt that was begun counts, whether it was finished or not.
    """
    used: list[Tried] = []
    for attempt in tried:
        if len(used) == ATTEMPTS and attempt.began >= _last(used) + wait:
            used = []
        used = [] if attempt.passed else [*used, attempt]
    if len(used) < ATTEMPTS:
        return MayBegin(True, ATTEMPTS - len(used))
    again = _last(used) + wait
    return MayBegin(True, ATTEMPTS) if at >= again else MayBegin(False, 0, again)


def _last(used: Sequence[Tried]) -> datetime:
    return used[-1].ended or used[-1].began


def draw(ids: Iterable[str], seed: str, *, before: Iterable[str] = ()) -> list[str]:
    """The questions of an attempt in their order, the same from the same seed.

    Those of the attempt before come last: only as many return as the bank is short of.
    """
    chance = random.Random(seed)  # noqa: S311 -- a seed that is kept, not a secret
    last = set(before)
    drawn = sorted(ids)
    chance.shuffle(drawn)
    drawn = sorted(drawn, key=lambda each: each in last)[:ASKED]
    chance.shuffle(drawn)
    return drawn


def order_of_answers(seed: str, question: str, count: int) -> list[int]:
    """In which order the answers of a question are shown, as places in the bank's file."""
    places = list(range(count))
    random.Random(f"{seed} {question}").shuffle(places)  # noqa: S311
    return places


def count_right(answers: Iterable[int | None]) -> int:
    """How many are the first of the file, which is the right one."""
    return sum(answer == 0 for answer in answers)
