"""The tables of a file that hold placements, each with its layout; whatever the file is."""

from collections.abc import Iterator, Set
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import Any

from django.conf import settings

from attestations.enums import FileKind
from attestations.placements.added_columns import NOTES_SHEET
from attestations.placements.column_samples import LONGEST_NAME, ROWS_SAMPLED, sampled
from attestations.placements.columns import key_of, named_apart, shown
from attestations.placements.files import Budget, FileUnreadable, Sheet, Spreadsheet, open_csv
from attestations.placements.layout import ColumnsRefused, Layout, lay_out, recognised
from attestations.placements.models import PlacementImport
from attestations.placements.workbooks import open_workbook

# fewer headers of ours than these are a sheet of something else
_A_TABLE = 2
# how many rows may stand above the header: a title, who made the table, a blank
_ROWS_ABOVE = 20
# of how many sheets that are not read a person is asked what they hold
MOST_OTHERS = 20

Rows = Iterator[tuple[int, list[str]]]


def budget() -> Budget:
    return Budget(
        file_bytes=settings.IMPORT_MAX_BYTES,
        unpacked_bytes=settings.IMPORT_MAX_UNPACKED_BYTES,
        unpack_ratio=settings.IMPORT_MAX_UNPACK_RATIO,
        rows=settings.IMPORT_MAX_ROWS,
        cpu_seconds=settings.IMPORT_WORKBOOK_CPU_SECONDS,
        memory_bytes=settings.IMPORT_WORKBOOK_MAX_BYTES,
    )


@contextmanager
def opened(path: Path, kind: str) -> Iterator[Spreadsheet]:
    opened = open_workbook(path, budget()) if kind == FileKind.XLSX else open_csv(path)
    with opened as spreadsheet:
        yield spreadsheet


def tables(
    spreadsheet: Spreadsheet, record: PlacementImport, notes: list[str]
) -> Iterator[tuple[Sheet, Layout, Rows, dict[str, Any]]]:
    """The sheets that hold placements, with their layout; refuses a file without any.

    What was said of the file's columns holds for those of the same name on every sheet of which
    nothing else was said. A sample's `others` are the sheets that hold rows and are not read,
    because they lack columns of ours; they are complete when the last sheet has been read.
    """
    mapped = {key_of(name) for name in (*record.mapping, *record.remembered)}
    refused: list[tuple[int, ColumnsRefused]] = []
    others: list[dict[str, Any]] = []
    found = False
    for sheet in spreadsheet.sheets:
        if sheet.hidden:
            notes.append(f"The hidden sheet “{shown(sheet.name)}” was left out.")
            continue
        name = shown(sheet.name, LONGEST_NAME)
        if name == NOTES_SHEET:
            continue
        own = record.sheets.get(name, {})
        if own is None:
            notes.append(
                f"The sheet “{shown(sheet.name)}” was left aside, as you said. To have it read, "
                "send the file again."
            )
            continue
        at, header, rows = _from_header(iter(sheet.rows), mapped | set(map(key_of, own)))
        if not header:
            continue
        mapping = own or record.mapping
        if found and not own:
            keys = {key_of(cell) for cell in named_apart(header)}
            mapping = {name: to for name, to in record.mapping.items() if key_of(name) in keys}
        ours = _ours(header, mapped)
        first = list(islice(rows, ROWS_SAMPLED))
        sample = sampled(sheet.name, at, header, first)
        try:
            layout = lay_out(header, mapping, record.remembered)
        except ColumnsRefused as reasons:
            if reasons.personal and (ours >= _A_TABLE or not found):
                raise
            notes.append(_left_out(sheet.name, reasons))
            if not reasons.personal:
                reasons.sample = sample
                refused.append((ours, reasons))
                if any(map(any, sample["rows"])) and len(others) < MOST_OTHERS:
                    others.append(sample)
            continue
        found = True
        yield sheet, layout, chain(first, rows), sample | {"others": others}
    if not found:
        if not refused:
            raise FileUnreadable("The file has no rows: not even a header.")
        best = max(refused, key=lambda one: one[0])[1]
        best.sample["others"] = [one for one in others if one is not best.sample]
        raise best


def _left_out(name: str, reasons: ColumnsRefused) -> str:
    if reasons.personal:
        return (
            f"The sheet “{shown(name)}” was left out: it looks as if it held personal details of "
            "workers."
        )
    return f"The sheet “{shown(name)}” was left out: it lacks columns of ours."


def _from_header(rows: Rows, mapped: Set[str]) -> tuple[int, list[str], Rows]:
    """The header's row number and cells, and the rows below it: [] where there is no row at all.

    The header is the first row that names columns of ours, or else the first that says anything.
    """
    first = list(islice(rows, _ROWS_ABOVE))
    said = [at for at, (_, cells) in enumerate(first) if any(map(str.strip, cells))]
    if not said:
        at, header = next((one for one in rows if any(map(str.strip, one[1]))), (0, []))
        return at, header, rows
    named = (at for at in said if _ours(first[at][1], mapped) >= _A_TABLE)
    begin = next(named, said[0])
    row, header = first[begin]
    return row, header, chain(first[begin + 1 :], rows)


def _ours(header: list[str], mapped: Set[str]) -> int:
    return recognised(header) + sum(key_of(cell) in mapped for cell in header)
