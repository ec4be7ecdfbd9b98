"""What a file that was read would do, before anything of it is saved: by tab, outcome and finding.

A staged row is new, changed or unchanged by how it stands to the placement of the same reference
(`saving`). Pages are read along the index of (import, sheet, row), never by counting off rows.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db import connection
from django.db.models import Max, Q, TextChoices

from agencies.models import JournalEntry
from attestations.crosscheck.codes import code_of
from attestations.crosscheck.enums import Disposition, Outcome, Severity
from attestations.crosscheck.models import Verdict
from attestations.placements.bulk import columns_of, differ, quoted, read, table_of
from attestations.placements.models import (
    ImportProblem,
    Placement,
    PlacementImport,
    StagedPlacement,
)
from attestations.placements.saving import STATED

PAGE = 50
KEPT_FOR_SECONDS = 3_600

_DIFFERS = f"({differ(STATED, 'p', 's')})"
_STAGED_BESIDE_STORED = (
    f"{table_of(StagedPlacement)} s LEFT JOIN {table_of(Placement)} p"
    " ON p.agency_id = %s AND p.reference = s.reference"
    " WHERE s.placement_import_id = %s AND s.verdict_id IS NOT NULL"
)
_POSITION = columns_of(("sheet", "row"), "s")


class Tab(TextChoices):
    ALL = "all", "All"
    NEW = "new", "New"
    CHANGED = "changed", "Changed"
    UNCHANGED = "unchanged", "Unchanged"
    REFUSED = "refused", "Refused"


_STANDING = (
    f"CASE WHEN p.id IS NULL THEN '{Tab.NEW}' WHEN {_DIFFERS} THEN '{Tab.CHANGED}'"
    f" ELSE '{Tab.UNCHANGED}' END"
)
_IN_TAB = {
    Tab.ALL: "",
    Tab.NEW: " AND p.id IS NULL",
    Tab.CHANGED: f" AND p.id IS NOT NULL AND {_DIFFERS}",
    Tab.UNCHANGED: f" AND p.id IS NOT NULL AND NOT {_DIFFERS}",
}


class Place(NamedTuple):
    """Where a row stands in the file: the pages go by it."""

    sheet: str
    row: int


BEGINNING = Place("", 0)


class FindingCounted(NamedTuple):
    code: str
    severity: str
    disposition: str

    @property
    def title(self) -> str:
        return code_of(self.code).title

    @property
    def disposition_in_words(self) -> str:
        return Disposition(self.disposition).label


@dataclass(slots=True)
class Counted:
    """How many rows each tab has, how they would come out, and which verdicts those are."""

    rows: Counter[str] = field(default_factory=Counter)
    outcomes: dict[str, Counter[str]] = field(default_factory=dict)
    findings: dict[str, Counter[FindingCounted]] = field(default_factory=dict)
    verdicts_by_outcome: dict[str, list[int]] = field(default_factory=dict)
    verdicts_by_code: dict[str, list[int]] = field(default_factory=dict)

    def outcomes_of(self, tab: Tab) -> list[tuple[str, int]]:
        """Worst first."""
        found = self.outcomes.get(tab, Counter())
        return [(outcome, found[outcome]) for outcome in Outcome if found[outcome]]

    def findings_of(self, tab: Tab) -> list[tuple[FindingCounted, int]]:
        """Gravest first."""
        found = self.findings.get(tab, Counter())
        return sorted(found.items(), key=lambda one: (Severity(one[0].severity).rank, one[0]))


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row of the file: staged beside what is stored, or refused with its problems."""

    place: Place
    tab: Tab
    staged: StagedPlacement | None = None
    stored: Placement | None = None
    problems: tuple[ImportProblem, ...] = ()


def counted(record: PlacementImport) -> Counted:
    """The counts of a preview; worked out once, as long as nothing happens at the agency.

    The join that they need takes seconds for a million rows, so they are remembered beside the
    place in the journal at which they were true.
    """
    entries = JournalEntry.objects.filter(agency_number=record.agency.register_number)
    position = entries.aggregate(last=Max("position"))["last"]
    key = f"placements.preview:{record.public_id}:{position}"
    found = cache.get(key)
    if found is None:
        found = _count(record)
        cache.set(key, found, KEPT_FOR_SECONDS)
    return found


def _count(record: PlacementImport) -> Counted:
    sharing = read(
        f"SELECT {_STANDING} AS standing, s.verdict_id, COUNT(*)"  # noqa: S608 -- our own columns
        f" FROM {_STAGED_BESIDE_STORED} GROUP BY 1, 2",
        [record.agency_id, record.pk],
    )
    said = _said_by({verdict for _, verdict, _ in sharing})
    found = Counted()
    for tab in Tab:
        found.outcomes[tab] = Counter()
        found.findings[tab] = Counter()
    for standing, verdict, many in sharing:
        outcome, findings = said[verdict]
        for tab in (Tab(standing), Tab.ALL):
            found.rows[tab] += many
            found.outcomes[tab][outcome] += many
            for one in findings:
                found.findings[tab][one] += many
    found.rows[Tab.REFUSED] = (record.rows_refused or 0) + (record.rows_duplicate or 0)
    found.rows[Tab.ALL] += found.rows[Tab.REFUSED]
    for verdict, (outcome, findings) in said.items():
        found.verdicts_by_outcome.setdefault(outcome, []).append(verdict)
        for code in {one.code for one in findings}:
            found.verdicts_by_code.setdefault(code, []).append(verdict)
    return found


def _said_by(verdicts: Iterable[int]) -> dict[int, tuple[str, tuple[FindingCounted, ...]]]:
    rows = read(
        "SELECT v.id, v.outcome, CAST(v.findings AS text)"  # noqa: S608 -- our own columns
        f" FROM {table_of(Verdict)} v WHERE {_among('v.id')}",
        [_listed(verdicts)],
    )
    return {
        pk: (
            outcome,
            tuple(
                FindingCounted(one["code"], one["severity"], one["disposition"])
                for one in json.loads(findings)
            ),
        )
        for pk, outcome, findings in rows
    }


def _among(column: str) -> str:
    """SQL that is true for the keys of one parameter (`_listed`), however many they are."""
    if connection.vendor == "postgresql":
        # of the column's own type: only then are they hashed, and not gone through for each row
        return f"{column} = ANY(CAST(%s AS bigint[]))"
    return f"{column} IN (SELECT value FROM json_each(%s))"  # noqa: S608 -- our own columns


def _listed(keys: Iterable[int]) -> Any:
    return list(keys) if connection.vendor == "postgresql" else json.dumps(list(keys))


def page_of(
    record: PlacementImport,
    tab: Tab,
    counts: Counted,
    *,
    outcome: str = "",
    code: str = "",
    after: Place = BEGINNING,
) -> list[PreviewRow]:
    """The next rows of a tab by sheet and row, one more than a page where there are more."""
    narrowed = bool(outcome or code)
    rows: list[PreviewRow] = []
    if tab is not Tab.REFUSED and counts.rows[tab]:
        rows += _staged_rows(record, tab, _verdicts(counts, outcome, code), after)
    if tab in (Tab.REFUSED, Tab.ALL) and not narrowed:
        rows += _refused_rows(record, after)
    return sorted(rows, key=lambda row: row.place)[: PAGE + 1]


def row_at(record: PlacementImport, place: Place) -> PreviewRow | None:
    """The row of a preview at this place, if it can be taken."""
    found = read(
        f"SELECT s.id, {_STANDING} FROM {_STAGED_BESIDE_STORED}"  # noqa: S608 -- our own columns
        f" AND s.sheet = %s AND s.{quoted('row')} = %s",
        [record.agency_id, record.pk, *place],
    )
    rows = _with_records(record, found)
    return rows[0] if rows else None


def _verdicts(counts: Counted, outcome: str, code: str) -> set[int] | None:
    """The verdicts that a filter lets through; None lets all through."""
    if not outcome and not code:
        return None
    by_outcome = set(counts.verdicts_by_outcome.get(outcome, ()))
    by_code = set(counts.verdicts_by_code.get(code, ()))
    if outcome and code:
        return by_outcome & by_code
    return by_outcome if outcome else by_code


def _staged_rows(record, tab: Tab, verdicts: set[int] | None, after: Place) -> list[PreviewRow]:
    statement = (
        f"SELECT s.id, {_STANDING} FROM {_STAGED_BESIDE_STORED}"  # noqa: S608 -- our own columns
        f" AND ({_POSITION}) > (%s, %s){_IN_TAB[tab]}"
    )
    parameters = [record.agency_id, record.pk, *after]
    if verdicts is not None:
        statement += f" AND {_among('s.verdict_id')}"
        parameters.append(_listed(verdicts))
    return _with_records(
        record, read(f"{statement} ORDER BY {_POSITION} LIMIT {PAGE + 1}", parameters)
    )


def _with_records(record, found: list[tuple[int, str]]) -> list[PreviewRow]:
    staged = StagedPlacement.objects.select_related("verdict").in_bulk([pk for pk, _ in found])
    stored = {
        placement.reference: placement
        for placement in Placement.objects.filter(
            agency=record.agency_id, reference__in=[one.reference for one in staged.values()]
        )
    }
    return [
        PreviewRow(
            place=Place(staged[pk].sheet, staged[pk].row),
            tab=Tab(standing),
            staged=staged[pk],
            stored=stored.get(staged[pk].reference),
        )
        for pk, standing in found
    ]


def _refused_rows(record: PlacementImport, after: Place) -> list[PreviewRow]:
    problems = ImportProblem.objects.filter(placement_import=record)
    beyond = Q(sheet__gt=after.sheet) | Q(sheet=after.sheet, row__gt=after.row)
    places = [
        Place(*place)
        for place in problems.filter(beyond)
        .order_by("sheet", "row")
        .values_list("sheet", "row")
        .distinct()[: PAGE + 1]
    ]
    told: Mapping[Place, list[ImportProblem]] = {place: [] for place in places}
    for problem in problems.filter(row__in={place.row for place in places}).order_by("pk"):
        place = Place(problem.sheet, problem.row)
        if place in told:
            told[place].append(problem)
    return [
        PreviewRow(place=place, tab=Tab.REFUSED, problems=tuple(told[place])) for place in places
    ]
