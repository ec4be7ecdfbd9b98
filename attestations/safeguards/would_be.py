"""What placements would be judged by other lists than those of now: in memory, and not kept.

One loop for editions and revisions, on their pages and in a worker: so many placements at a time,
each distinct combination judged once, and counted against the verdict that is stored.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from agencies.models import Agency
from attestations.crosscheck.cover import Cover
from attestations.crosscheck.engine import REMEMBERED, Judgement, Reached, agency_record
from attestations.crosscheck.enums import Outcome
from attestations.crosscheck.lists import Lists
from attestations.crosscheck.models import Verdict
from attestations.crosscheck.places import place_in_line
from attestations.crosscheck.ruleset import VERSION
from attestations.crosscheck.services import SAID_COLUMNS
from attestations.crosscheck.values import AGREEMENT_AT
from attestations.placements.models import Placement
from attestations.placements.queries import DAY

# more than these are counted for a page and judged by a worker (`reckoning`): where hardly two say
# the same, so many take two seconds
MOST_JUDGED = 10_000
CHUNK = 10_000

ADDED_LATER = "SSL-ADDED-LATER"

_BATCH = 500
_OWN = ("pk", "agency_id", "verdict_id", "agency__register_number", "reference")


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
class Judged:
    """What judging by the lists as they would be showed; all of it is counted, nothing kept.

    The last three matter for an edition alone. `earlier_otherwise`: placements recruited before its
    day in which something else than the note SSL-ADDED-LATER would change; the rules promise that
    there is none.
    """

    other_findings: int = 0
    outcomes: tuple[OutcomeChange, ...] = ()
    added_later: int = 0
    earlier_otherwise: int = 0
    without_a_day: int = 0

    @property
    def other_outcome(self):
        return sum(change.placements for change in self.outcomes)


class Stored(NamedTuple):
    """The verdict that a placement has now; all empty where it has none."""

    facts_digest: str = ""
    ruleset: str = ""
    outcome: str = ""
    findings: Any = ()


class Row(NamedTuple):
    """A placement as the loop knows it: `day` is the one that governs it, if any."""

    pk: int
    agency: int
    verdict: int | None
    number: str
    reference: str
    day: date | None
    said: tuple[Any, ...]


@dataclass(slots=True)
class Tally:
    """What was counted so far. `since` is the day of an edition; a revision has none."""

    since: date | None = None
    counts: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, row: Row, stored: Stored, reached: Reached) -> None:
        """Compare; the same facts under the same rules change nothing."""
        if (stored.facts_digest, stored.ruleset) == (reached.facts_digest, VERSION):
            return
        before = list(stored.findings)
        after = [finding.as_data() for finding in reached.verdict.findings]
        if self.since is not None and row.day is None:
            self.counts["without_a_day"] += 1
        elif self.since is not None and row.day is not None and row.day < self.since:
            self.counts["added_later"] += _noted(before) != _noted(after)
            self.counts["earlier_otherwise"] += _but_the_note(before) != _but_the_note(after)
        else:
            self.counts["other_findings"] += before != after
            self.outcomes[stored.outcome, reached.verdict.outcome.value] += 1

    def judged(self) -> Judged:
        return Judged(
            outcomes=tuple(
                OutcomeChange(before, after, many)
                for (before, after), many in sorted(self.outcomes.items())
                if before != after
            ),
            **self.counts,
        )

    def as_data(self) -> dict[str, Any]:
        """As JSON holds it; `from_data` reads it again."""
        outcomes = [[*pair, many] for pair, many in sorted(self.outcomes.items())]
        return {"counts": dict(self.counts), "outcomes": outcomes}

    @classmethod
    def from_data(cls, said: dict[str, Any], since: date | None) -> "Tally":
        outcomes = {(before, after): many for before, after, many in said.get("outcomes", ())}
        return cls(since, Counter(said.get("counts", {})), Counter(outcomes))


@dataclass(slots=True)
class WouldBe:
    """Judges placements by `lists`; remembers agencies, verdicts and the places of agreements."""

    lists: Lists
    _judgements: dict[int, Judgement] = field(default_factory=dict)
    _stored: dict[int | None, Stored] = field(default_factory=lambda: {None: Stored()})
    _beyond: dict[str, frozenset[int]] = field(default_factory=dict)

    def tallied(
        self, placements: Any, tally: Tally, *, after: int = 0
    ) -> Iterator[tuple[int, int]]:
        """Adds to the tally so many at a time; yields the last key and how many were added.

        Goes by keys, behind `after`, so that it can be gone on with.
        """
        for rows in self._known(placements, after):
            for row in rows:
                tally.add(row, self._stored[row.verdict], self._judged(row))
            yield rows[-1].pk, len(rows)

    def _known(self, placements: Any, after: int = 0) -> Iterator[list[Row]]:
        while rows := list(_rows(placements.filter(pk__gt=after).order_by("pk")[:CHUNK])):
            self._know(rows)
            yield rows
            after = rows[-1].pk

    def _know(self, rows: Iterable[Row]) -> None:
        """Read agencies and verdicts that were not met before, in a few queries."""
        if sum(judgement.remembers for judgement in self._judgements.values()) > REMEMBERED:
            self._judgements.clear()
        if len(self._stored) > REMEMBERED:
            self._stored = {None: Stored()}
        new = {row.agency for row in rows} - self._judgements.keys()
        agencies = Agency.objects.filter(pk__in=new).prefetch_related(
            "authorizations", "scheme_memberships", "restrictions"
        )
        for agency in agencies if new else ():
            self._judgements[agency.pk] = Judgement(self.lists, agency_record(agency))
        keys = sorted({row.verdict for row in rows if row.verdict} - self._stored.keys())
        for at in range(0, len(keys), _BATCH):
            verdicts = Verdict.objects.filter(pk__in=keys[at : at + _BATCH])
            for pk, *said in verdicts.values_list(
                "pk", "facts_digest", "ruleset_version", "outcome", "findings"
            ):
                self._stored[pk] = Stored(*said)

    def _judged(self, row: Row) -> Reached:
        cited = row.said[AGREEMENT_AT]
        exceeded = bool(cited) and row.pk in self._without_a_place(cited)
        return self._judgements[row.agency].of(row.said, exceeded)

    def _without_a_place(self, reference: str) -> frozenset[int]:
        """Who cites the agreement and comes after its last place, asked about or not."""
        found = self._beyond.get(reference)
        if found is None:
            quota = next(
                (each.quota for each in self.lists.agreements if each.reference == reference), None
            )
            found = frozenset() if quota is None else self._after(reference, quota)
            self._beyond[reference] = found
        return found

    def _after(self, reference: str, quota: int) -> frozenset[int]:
        citing = Placement.objects.standing().filter(agreement_cited=reference)
        covered = []
        # of its own memory: what it meets must not push out what the rows of a chunk need
        others = WouldBe(self.lists)
        for rows in others._known(citing):
            covered += [
                (place_in_line(row.said, row.number, row.reference), row.pk)
                for row in rows
                if others._judgements[row.agency].of(row.said).facts.cover is Cover.COVERS
            ]
        return frozenset(pk for _, pk in sorted(covered)[quota:])


@dataclass(frozen=True, slots=True)
class Question:
    """Which placements might be judged otherwise, and by which lists.

    `since` is the first day of an edition; a revision has none.
    """

    placements: Any
    lists: Lists
    since: date | None = None


def answer_at_once(question: Question) -> Judged | None:
    """For a page: None where there are too many, and a worker has to judge them."""
    if question.placements.count() > MOST_JUDGED:
        return None
    tally = Tally(question.since)
    for _ in WouldBe(question.lists).tallied(question.placements, tally):
        pass
    return tally.judged()


def _rows(placements: Any) -> Iterator[Row]:
    own = len(_OWN) + 1
    for row in placements.annotate(day=DAY).values_list(*_OWN, "day", *SAID_COLUMNS):
        yield Row(*row[:own], said=row[own:])


def _noted(findings):
    return any(one["code"] == ADDED_LATER for one in findings)


def _but_the_note(findings):
    return [one for one in findings if one["code"] != ADDED_LATER]
