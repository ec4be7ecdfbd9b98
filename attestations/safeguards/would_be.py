"""What placements would be judged by other lists than those of now: judged in memory, not kept."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import islice

from attestations.crosscheck.cover import Cover
from attestations.crosscheck.enums import Outcome
from attestations.crosscheck.places import place_in_line
from attestations.crosscheck.services import SAID_COLUMNS, Judgements
from attestations.crosscheck.values import AGREEMENT_AT
from attestations.placements.models import Placement

MOST_JUDGED = 50_000

_OWN = ("pk", "agency_id", "agency__register_number", "reference", "verdict__outcome")


@dataclass(frozen=True, slots=True)
class OutcomeChange:
    before: str
    after: str
    placements: int

    @property
    def before_in_words(self):
        return Outcome(self.before).label if self.before else ""

    @property
    def after_in_words(self):
        return Outcome(self.after).label


@dataclass(frozen=True, slots=True)
class Impact:
    """`judged` says how many of the placements were judged for it; the others were only counted."""

    placements: int
    agencies: int
    judged: int
    changes: tuple[OutcomeChange, ...]

    @property
    def is_partial(self):
        return self.judged < self.placements

    @property
    def changed(self):
        return sum(change.placements for change in self.changes)


def touched(placements, lists_then) -> Impact:
    """How many of these placements, of how many agencies, would get another outcome.

    Each distinct combination is judged once. `placements` may be more than differ: those that stay
    as they are count as touched and change nothing.
    """
    quotas = {
        each.reference: each.quota for each in lists_then.agreements if each.quota is not None
    }
    judgements = Judgements(lists_then)
    changes: Counter[tuple[str, str]] = Counter()
    waiting = defaultdict(dict)
    judged = 0
    for row in islice(_rows(placements), MOST_JUDGED):
        judged += 1
        cited = row[len(_OWN) :][AGREEMENT_AT]
        if cited in quotas:
            waiting[cited][row[0]] = row
        else:
            changes[row[4], _judged(judgements, row).verdict.outcome.value] += 1
    for reference, of_them in waiting.items():
        exceeded = _without_a_place(reference, quotas[reference], judgements)
        for pk, row in of_them.items():
            reached = _judged(judgements, row, quota_exceeded=pk in exceeded)
            changes[row[4], reached.verdict.outcome.value] += 1
    return Impact(
        placements=placements.count(),
        agencies=placements.order_by().values("agency").distinct().count(),
        judged=judged,
        changes=tuple(
            OutcomeChange(before or "", after, count)
            for (before, after), count in sorted(changes.items(), key=str)
            if before != after
        ),
    )


def _without_a_place(reference, quota, judgements):
    """Who cites the agreement after its last place is taken, asked about or not."""
    citing = Placement.objects.filter(agreement_cited=reference, withdrawn_at=None)
    covered = [row for row in _rows(citing) if _judged(judgements, row).facts.cover is Cover.COVERS]
    covered.sort(key=lambda row: place_in_line(row[len(_OWN) :], row[2], row[3]))
    return {row[0] for row in covered[quota:]}


def _judged(judgements, row, *, quota_exceeded=False):
    return judgements.of_agency(row[1]).of(row[len(_OWN) :], quota_exceeded)


def _rows(placements):
    ordered = placements.order_by("agency", "pk").values_list(*_OWN, *SAID_COLUMNS)
    return ordered.iterator(chunk_size=5_000)
