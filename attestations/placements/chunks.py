"""A file as chunks of rows that are read and judged, ready to be stored; nothing is stored here.

What comes out is plain data, so that a process beside the one that writes can make it (`beside`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import dropwhile, islice
from pathlib import Path
from typing import Any

from attestations.crosscheck.engine import Judgement, Reached
from attestations.placements.cells import Reader, Vocabulary
from attestations.placements.columns import shown
from attestations.placements.files import Sheet
from attestations.placements.layout import Layout
from attestations.placements.models import PlacementImport
from attestations.placements.rows import Problem, RowReader
from attestations.placements.tables import opened, tables

CHUNK = 10_000


@dataclass(slots=True)
class Chunk:
    """Some rows of one sheet, as little of them as has to pass from process to process.

    A row of `rows` is the place of its profile among `profiles`, its own values, its number in the
    file, and the number of its verdict: the place among all that were reached since the file was
    begun, of which `reached` are those that are new. `row` is the last one read, `expected` how
    many the file seems to hold.
    """

    sheet: int
    row: int
    expected: int
    columns: tuple[str, ...]
    profiles: list[tuple[Any, ...]]
    rows: list[tuple[Any, ...]]
    told: tuple[str, int]
    reached: list[Reached]
    refused: int
    # a row that is wrong elsewhere still makes its reference stand twice
    references_refused: list[list[Any]]
    problems: list[Problem]

    def filled(self, verdicts: Sequence[int | None]) -> Iterator[list[Any]]:
        """The rows with the values of `columns`; `verdicts` are the keys of all reached so far."""
        profiles, told = self.profiles, self.told
        for profile, *own, verdict in self.rows:
            yield [*profiles[profile], *own, *told, verdicts[verdict]]


@dataclass(slots=True)
class About:
    """What was noticed on the way through a file; complete when the last chunk has come."""

    notes: list[str] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    layouts: list[dict[str, str]] = field(default_factory=list)
    aside: dict[str, None] = field(default_factory=dict)
    remembered: dict[str, None] = field(default_factory=dict)
    sample: dict[str, Any] = field(default_factory=dict)

    def as_stored(self) -> dict[str, Any]:
        """The layout of an import: which header of which sheet fills which of our columns."""
        return {
            "sheets": [
                {"name": shown(name, 120), "columns": columns}
                for name, columns in zip(self.sheets, self.layouts, strict=True)
            ],
            "aside": list(self.aside),
            "remembered": list(self.remembered),
        }

    def note(self, sheet: Sheet, layout: Layout, sample: dict[str, Any]) -> None:
        self.sample = self.sample or sample
        self.sheets.append(sheet.name)
        self.layouts.append({shown(layout.header_of(name), 120): name for name in layout.positions})
        self.aside |= dict.fromkeys(shown(header, 120) for header in layout.aside)
        self.remembered |= dict.fromkeys(shown(header, 120) for header in layout.remembered)
        if layout.aside:
            where = f" of “{shown(sheet.name)}”" if sheet.name else ""
            aside = ", ".join(shown(header) for header in layout.aside)
            self.notes.append(f"Columns{where} that we do not know were left aside: {aside}.")
        self.notes += sheet.notes


def chunks_of(
    record: PlacementImport,
    path: Path,
    words: Vocabulary,
    judgement: Judgement,
    *,
    behind: tuple[int, int],
) -> Iterator[Chunk | About]:
    """The chunks behind a sheet's row (both counted from 1; (0, 0) is the beginning), then what was
    noticed. FileUnreadable and ColumnsRefused say why the file cannot be taken."""
    about = About()
    readers: dict[str, Reader] = {}
    expected = 0
    with opened(path, record.file_kind) as spreadsheet:
        about.notes += spreadsheet.notes
        for sheet, layout, rows, sample in tables(spreadsheet, record, about.notes):
            about.note(sheet, layout, sample)
            expected += sheet.expected
            at = len(about.sheets)
            if at < behind[0]:
                for _ in rows:
                    pass
                continue
            if at == behind[0]:
                rows = dropwhile(lambda one: one[0] <= behind[1], rows)
            reader = RowReader(layout, sheet.name, readers, words, judgement)
            columns = (*reader.columns, "row", "sheet", "placement_import_id", "verdict_id")
            while chunk := list(islice(rows, CHUNK)):
                taken, refused = reader.read(chunk)
                yield Chunk(
                    sheet=at,
                    row=chunk[-1][0],
                    expected=expected,
                    columns=columns,
                    profiles=taken.profiles,
                    rows=taken.rows,
                    told=(sheet.name, record.pk),
                    reached=judgement.reached_since(),
                    refused=len(refused),
                    references_refused=[
                        [one.reference, sheet.name, one.row, 1, record.pk]
                        for one in refused
                        if one.reference is not None
                    ],
                    problems=[problem for one in refused for problem in one.problems],
                )
    yield about
