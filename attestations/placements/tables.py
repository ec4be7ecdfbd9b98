"""The tables of a file that hold placements, each with its layout; whatever the file is."""

from collections.abc import Iterator, Set
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import Any

from django.conf import settings

from attestations.enums import FileKind
from attestations.placements.column_samples import ROWS_SAMPLED, sampled
from attestations.placements.columns import key_of, shown
from attestations.placements.files import Budget, FileUnreadable, Sheet, Spreadsheet, open_csv
from attestations.placements.layout import ColumnsRefused, Layout, lay_out, recognised
from attestations.placements.models import PlacementImport
from attestations.placements.workbooks import open_workbook

# fewer headers of ours than these are a sheet of something else
_A_TABLE = 2
# how many rows may stand above the header: a title, who made the table, a blank
_ROWS_ABOVE = 20

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

    What was said of one sheet's columns holds for those of the same name on the sheets after it.
    """
    mapping = record.mapping
    mapped = {key_of(name) for name in (*mapping, *record.remembered)}
    refused: list[tuple[int, ColumnsRefused]] = []
    found = False
    for sheet in spreadsheet.sheets:
        if sheet.hidden:
            notes.append(f"The hidden sheet “{shown(sheet.name)}” was left out.")
            continue
        at, header, rows = _from_header(iter(sheet.rows), mapped)
        if not header:
            continue
        keys = {key_of(cell) for cell in header}
        ours = _ours(header, mapped)
        if found:
            mapping = {name: to for name, to in record.mapping.items() if key_of(name) in keys}
        first = list(islice(rows, ROWS_SAMPLED))
        sample = sampled(sheet.name, at, header, first)
        try:
            layout = lay_out(header, mapping, record.remembered)
        except ColumnsRefused as reasons:
            if reasons.personal and (ours >= _A_TABLE or not found):
                raise
            reasons.sample = sample
            refused.append((ours, reasons))
            notes.append(f"The sheet “{shown(sheet.name)}” was left out: it lacks columns of ours.")
            continue
        found = True
        yield sheet, layout, chain(first, rows), sample
    if not found:
        if not refused:
            raise FileUnreadable("The file has no rows: not even a header.")
        raise max(refused, key=lambda one: one[0])[1]


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
