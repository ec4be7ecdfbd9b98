"""What placements would be judged by other lists than those of now: judged in memory, not kept."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.db.models import F, TextField
from django.db.models.functions import Cast

from agencies.models import Agency
from attestations.crosscheck.cover import Cover
from attestations.crosscheck.engine import Judgement, agency_record
from attestations.crosscheck.enums import Outcome
from attestations.crosscheck.record import day_of_recruitment
from attestations.crosscheck.values import AGREEMENT_AT, JSON_FIELDS, JUDGED_FIELDS, record_from
from attestations.placements.models import Placement

MOST_JUDGED = 50_000

_COLUMNS = [
    Cast(field, TextField()) if field in JSON_FIELDS else F(field) for field in JUDGED_FIELDS
]
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
    quotas = {each.reference: each.quota for each in lists_then.agreements if each.quota}
    judgements = _Judgements(lists_then)
    changes: Counter[tuple[str, str]] = Counter()
    waiting = defaultdict(dict)
    judged = 0
    for row in islice(_rows(placements), MOST_JUDGED):
        judged += 1
        cited = row[len(_OWN) :][AGREEMENT_AT]
        if cited in quotas:
            waiting[cited][row[0]] = row
        else:
            changes[row[4], judgements.of(row).verdict.outcome.value] += 1
    for reference, of_them in waiting.items():
        exceeded = _without_a_place(reference, quotas[reference], judgements)
        for pk, row in of_them.items():
            reached = judgements.of(row, quota_exceeded=pk in exceeded)
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
    covered = [row for row in _rows(citing) if judgements.of(row).facts.cover is Cover.COVERS]
    covered.sort(key=_place_in_line)
    return {row[0] for row in covered[quota:]}


def _place_in_line(row):
    """Places go by (day of recruitment, agency number, reference)."""
    day, _ = day_of_recruitment(record_from(row[len(_OWN) :]))
    return day or date.max, row[2], row[3]


def _rows(placements):
    ordered = placements.order_by("agency", "pk").values_list(*_OWN, *_COLUMNS)
    return ordered.iterator(chunk_size=5_000)


class _Judgements:
    """A judgement an agency, made when its first placement comes."""

    def __init__(self, lists):
        self.lists = lists
        self.of_agency = {}

    def of(self, row, *, quota_exceeded=False):
        if row[1] not in self.of_agency:
            record = agency_record(Agency.objects.get(pk=row[1]))
            self.of_agency[row[1]] = Judgement(self.lists, record)
        return self.of_agency[row[1]].of(row[len(_OWN) :], quota_exceeded=quota_exceeded)
