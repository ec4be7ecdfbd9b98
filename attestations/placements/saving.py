"""From staging to what everybody sees, set by set: versions kept, rows changed, rows added.

Each statement joins the staged rows of one import to its agency's placements; nothing loops. A row
counts as changed where any of its columns differs from what is stored.
"""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from django.db import connection

from attestations.crosscheck.values import JSON_FIELDS
from attestations.placements.bulk import (
    columns_of,
    differ,
    moment,
    number,
    quoted,
    read,
    run,
    table_of,
)
from attestations.placements.models import (
    ImportProblem,
    Placement,
    PlacementColumns,
    PlacementImport,
    PlacementVersion,
    StagedPlacement,
    VerdictChange,
)

STATED = tuple(field.column for field in PlacementColumns._meta.get_fields())
BOOLEANS = frozenset(
    field.column
    for field in PlacementColumns._meta.get_fields()
    if field.get_internal_type() == "BooleanField"
)

_DIFFERS = f"({differ(STATED, 'p', 's')})"
_JOIN = "p.agency_id = %s AND s.placement_import_id = %s AND p.reference = s.reference"
_STAGED = f"{table_of(StagedPlacement)} s"
_PLACED = f"{table_of(Placement)} p"


class Standing(NamedTuple):
    """How the staged rows of an import stand to what is stored."""

    new: int
    changed: int
    unchanged: int


class Repeated(NamedTuple):
    """Rows whose reference stands more than once in the file; how many were refused anyway."""

    rows: int
    refused: int


MANY = 10_000


def look_over(model: type[StagedPlacement | Placement]) -> None:
    """Tell PostgreSQL how much was just put there, before it plans what follows by a guess."""
    if connection.vendor == "postgresql":
        run(f"ANALYZE {table_of(model)}")


_REPEATED = (
    "SELECT reference, COUNT(*) AS rows_there,"
    " COUNT(CASE WHEN refused THEN 1 END) AS refused_there"
    f" FROM {table_of(StagedPlacement)} WHERE placement_import_id = %s"
    " GROUP BY reference HAVING COUNT(*) > 1"
)
MOST_TOLD = 100_000


def repeated_references(
    record: PlacementImport,
) -> Iterator[tuple[str, list[tuple[str, int]]]]:
    """Each reference that stands more than once, with its places (sheet, row) in their order."""
    rows = read(
        f"SELECT s.reference, s.sheet, s.{quoted('row')} FROM {_STAGED}"
        f" JOIN ({_REPEATED}) r ON r.reference = s.reference"
        f" WHERE s.placement_import_id = %s ORDER BY s.reference, s.id LIMIT {MOST_TOLD}",
        [record.pk, record.pk],
    )
    for reference, places in groupby(rows, key=itemgetter(0)):
        yield reference, [(sheet, row) for _, sheet, row in places]


def count_repeated(record: PlacementImport) -> Repeated:
    counted = f"SELECT SUM(rows_there), SUM(refused_there) FROM ({_REPEATED}) r"
    rows, refused = read(counted, [record.pk])[0]
    return Repeated(int(rows or 0), int(refused or 0))


def drop_refused(record: PlacementImport, repeated: Repeated) -> None:
    """What is left in staging afterwards are the rows that are taken."""
    if repeated.rows:
        run(
            f"DELETE FROM {table_of(StagedPlacement)} WHERE placement_import_id = %s"
            f" AND reference IN (SELECT reference FROM ({_REPEATED}) r)",
            [record.pk, record.pk],
        )
    run(
        f"DELETE FROM {table_of(StagedPlacement)} WHERE placement_import_id = %s AND refused",
        [record.pk],
    )


def _first_of_agency(record: PlacementImport) -> bool:
    """Whether the agency has no placement yet, so that nothing has to be compared."""
    return not Placement.objects.filter(agency=record.agency_id).exists()


def standing_of_staged(record: PlacementImport) -> Standing:
    if _first_of_agency(record):
        waiting = StagedPlacement.objects.filter(placement_import=record.pk)
        return Standing(new=waiting.count(), changed=0, unchanged=0)
    total, known, changed = read(
        f"SELECT COUNT(*), COUNT(p.id), COUNT(CASE WHEN p.id IS NOT NULL AND {_DIFFERS} THEN 1 END)"
        f" FROM {_STAGED} LEFT JOIN {_PLACED} ON p.agency_id = %s AND p.reference = s.reference"
        " WHERE s.placement_import_id = %s",
        [record.agency_id, record.pk],
    )[0]
    return Standing(new=total - known, changed=changed, unchanged=known - changed)


def refuse_withdrawn(record: PlacementImport) -> int:
    """A placement that was withdrawn stays as it was: a row that says otherwise is refused."""
    if not Placement.objects.filter(agency=record.agency_id).exclude(withdrawn_at=None).exists():
        return 0
    changes_withdrawn = f"{_JOIN} AND p.withdrawn_at IS NOT NULL AND {_DIFFERS}"
    key = [record.agency_id, record.pk]
    columns = (
        "placement_import_id",
        "sheet",
        "row",
        "column",
        "name",
        "replacements",
        "code",
        "value",
        "message",
        "suggestion",
    )
    refused = run(
        f"INSERT INTO {table_of(ImportProblem)} ({columns_of(columns)})"
        f" SELECT s.placement_import_id, s.sheet, s.{quoted('row')}, 'reference',"
        " 'reference', '[]', 'withdrawn',"
        " s.reference, %s, %s"
        f" FROM {_STAGED} JOIN {_PLACED} ON {changes_withdrawn}",
        [
            "This placement was withdrawn; it cannot be changed by a file.",
            "Give the placement a new reference.",
            *key,
        ],
    )
    if refused:
        run(
            f"DELETE FROM {table_of(StagedPlacement)} WHERE id IN"
            f" (SELECT s.id FROM {_STAGED} JOIN {_PLACED} ON {changes_withdrawn})",
            key,
        )
    return refused


def agreements_touched(record: PlacementImport) -> set[str]:
    """The agreements that the rows about to be saved cite, or cited until now."""
    key = [record.agency_id, record.pk]
    rows = read(
        "SELECT DISTINCT s.agreement_cited"
        f" FROM {_STAGED} WHERE s.placement_import_id = %s AND s.agreement_cited <> ''",
        key[1:],
    )
    rows += read(
        f"SELECT DISTINCT p.agreement_cited FROM {_STAGED} JOIN {_PLACED} ON {_JOIN}"
        f" WHERE p.agreement_cited <> '' AND {_DIFFERS}",
        key,
    )
    return {reference for (reference,) in rows}


def save_staged(record: PlacementImport, standing: Standing, *, at, by_id) -> None:
    """Make the staged rows of an import visible, inside the caller's transaction.

    `standing` is how they stand now: what there is none of is not looked for.
    """
    at = connection.ops.adapt_datetimefield_value(at)
    if standing.changed:
        _keep_and_change(record, at, by_id)
    if standing.new:
        _add(record, at, beside_others=bool(standing.changed or standing.unchanged))
    if standing.new >= MANY:
        look_over(Placement)


_TAKEN = (*STATED, "verdict_id", "placement_import_id", "sheet", "row")


def _keep_and_change(record: PlacementImport, at, by_id) -> None:
    """Keep what changed rows said before, and let them say what the file says."""
    key = [record.agency_id, record.pk]
    versions = (
        "placement_id",
        "version",
        "values",
        "placement_import_id",
        "sheet",
        "row",
        "replaced_at",
        "replaced_by_id",
    )
    kept = ("p.id", "p.version", _values_as_json(), "p.placement_import_id", "p.sheet")
    run(
        f"INSERT INTO {table_of(PlacementVersion)} ({columns_of(versions)})"
        f" SELECT {', '.join(kept)}, p.{quoted('row')}, {moment()}, {number()}"
        f" FROM {_STAGED} JOIN {_PLACED} ON {_JOIN} WHERE {_DIFFERS}",
        [at, by_id, *key],
    )
    run(
        f"INSERT INTO {table_of(VerdictChange)}"
        " (placement_id, was_id, became_id, reason, changed_at)"
        f" SELECT p.id, p.verdict_id, s.verdict_id, 'import', {moment()}"
        f" FROM {_STAGED} JOIN {_PLACED} ON {_JOIN}"
        f" WHERE {_DIFFERS} AND p.verdict_id <> s.verdict_id",
        [at, *key],
    )
    sets = ", ".join(f"{quoted(name)} = s.{quoted(name)}" for name in _TAKEN)
    run(
        f"UPDATE {table_of(Placement)} AS p SET {sets}, version = p.version + 1, recorded_at = %s"
        f" FROM {_STAGED} WHERE {_JOIN} AND {_DIFFERS}",
        [at, *key],
    )


def _add(record: PlacementImport, at, *, beside_others: bool) -> None:
    """Add the rows whose reference the agency does not have yet."""
    added = (*_TAKEN, "reference")
    statement = (
        f"INSERT INTO {table_of(Placement)} ({columns_of(added)}, agency_id, version,"
        " withdrawn_reason, recorded_at)"
        f" SELECT {columns_of(added, 's')}, {number()}, 1, '', {moment()} FROM {_STAGED}"
    )
    if beside_others:
        run(
            f"{statement} LEFT JOIN {_PLACED} ON p.agency_id = %s AND p.reference = s.reference"
            " WHERE s.placement_import_id = %s AND p.id IS NULL",
            [record.agency_id, at, record.agency_id, record.pk],
        )
        return
    run(f"{statement} WHERE s.placement_import_id = %s", [record.agency_id, at, record.pk])


def _values_as_json() -> str:
    """SQL for what a placement says, as JSON with real true and false, on either database."""
    if connection.vendor == "postgresql":
        pairs = ", ".join(f"'{name}', p.{quoted(name)}" for name in STATED)
        return f"jsonb_build_object({pairs})"

    def value(name: str) -> str:
        if name in BOOLEANS:
            return (
                f"json(CASE p.{quoted(name)} WHEN 1 THEN 'true' WHEN 0 THEN 'false'"
                " ELSE 'null' END)"
            )
        return f"json(p.{quoted(name)})" if name in JSON_FIELDS else f"p.{quoted(name)}"

    pairs = ", ".join(f"'{name}', {value(name)}" for name in STATED)
    return f"json_object({pairs})"
