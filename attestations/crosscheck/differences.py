"""Placements whose verdict is another one now: gathered as numbers, kept by a few statements."""

from array import array
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from attestations.crosscheck.engine import Reached
from attestations.crosscheck.models import Verdict
from attestations.placements.bulk import copy_in, moment, run, table_of
from attestations.placements.models import Placement, VerdictChange

_JUDGED = "attestations_judged_anew"
_BATCH = 20_000
_AT_ONCE = 100_000
_NONE = -1


class Differences:
    """What was judged and came out otherwise than before, for a million placements in 24 MB."""

    def __init__(self) -> None:
        self._identities: dict[int | None, tuple[str, str]] = {}
        self._placements = array("q")
        self._were = array("q")
        self._became = array("l")
        self._reached: list[Reached] = []
        self._numbers: dict[int, int] = {}

    def know(self, verdicts: Iterable[int | None]) -> None:
        """Look up what these verdicts rest on, before `add` compares with them."""
        new = [pk for pk in set(verdicts) - self._identities.keys() if pk is not None]
        for at in range(0, len(new), 500):
            rows = Verdict.objects.filter(pk__in=new[at : at + 500])
            for pk, facts, rules in rows.values_list("pk", "facts_digest", "ruleset_version"):
                self._identities[pk] = (facts, rules)

    def add(self, placement: int, was: int | None, reached: Reached) -> None:
        """A placement, the verdict it has, and the one that was reached for it now."""
        if self._identities.get(was) == reached.identity:
            return
        number = self._numbers.get(id(reached))
        if number is None:
            number = self._numbers[id(reached)] = len(self._reached)
            self._reached.append(reached)
        self._placements.append(placement)
        self._were.append(_NONE if was is None else was)
        self._became.append(number)

    # for a savepoint SQLite would keep in memory every page as it was
    @transaction.atomic(savepoint=False)
    def keep(self, reason: str) -> int:
        """Point the placements to what was reached, and keep what they pointed to; how many.

        Every verdict that was reached must be stored. A placement whose verdict somebody changed
        meanwhile keeps theirs: it was judged by the lists of then, and by what it said then.
        """
        if not self._placements:
            return 0
        run(
            f"CREATE TEMPORARY TABLE IF NOT EXISTS {_JUDGED}"
            " (placement_id bigint, was_id bigint, became_id bigint)"
        )
        return sum(self._keep(at, reason) for at in range(0, len(self._placements), _AT_ONCE))

    def _keep(self, begin: int, reason: str) -> int:
        """So many at once that a database need not hold all of them in its memory."""
        run(f"DELETE FROM {_JUDGED}")
        for at in range(begin, min(begin + _AT_ONCE, len(self._placements)), _BATCH):
            copy_in(
                _JUDGED,
                ("placement_id", "was_id", "became_id"),
                self._rows(at),
                nullable=(False, True, False),
            )
        if connection.vendor == "postgresql":
            # nobody else counts the rows of a temporary table before it is joined
            run(f"ANALYZE {_JUDGED}")
        same = "IS NOT DISTINCT FROM" if connection.vendor == "postgresql" else "IS"
        changed = run(
            f"UPDATE {table_of(Placement)} AS p SET verdict_id = j.became_id FROM {_JUDGED} j"
            f" WHERE p.id = j.placement_id AND p.verdict_id {same} j.was_id"
        )
        run(
            f"INSERT INTO {table_of(VerdictChange)}"
            " (placement_id, was_id, became_id, reason, changed_at)"
            f" SELECT j.placement_id, j.was_id, j.became_id, %s, {moment()}"
            f" FROM {_JUDGED} j JOIN {table_of(Placement)} p"
            " ON p.id = j.placement_id AND p.verdict_id = j.became_id WHERE j.was_id IS NOT NULL",
            [reason, connection.ops.adapt_datetimefield_value(timezone.now())],
        )
        run(f"DELETE FROM {_JUDGED}")
        return changed

    def _rows(self, at: int) -> Sequence[tuple[Any, ...]]:
        until = at + _BATCH
        return [
            (placement, "" if was == _NONE else was, self._reached[number].pk)
            for placement, was, number in zip(
                self._placements[at:until],
                self._were[at:until],
                self._became[at:until],
                strict=True,
            )
        ]
