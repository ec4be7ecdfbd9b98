"""A CSV file on its way back: its own lines, and what was found in three columns at the right.

A line of which nothing is said stays byte for byte as it came, only in UTF-8 with a byte order
mark, whatever the file was written in: so names of employers are read again as they were read
before, and spreadsheets open it without asking. The person's own cells are never altered, not even
one that begins with “=”: it is their file, and an apostrophe before it would come back as a change.
What we add cannot become a formula.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from agencies.lib.safe_cells import neutralise
from attestations.placements import files
from attestations.placements.added_columns import ADDED_COLUMNS, ADDED_KEYS
from attestations.placements.annotations import (
    SheetMarks,
    instead_of,
    remark_of,
)
from attestations.placements.columns import key_of

_LINE_ENDS = "\r\n"


def annotate_csv(path: Path, target: Path, marks: SheetMarks) -> None:
    """Write the file at `path` with its marks to `target`."""
    encoding, _, _ = files._encoding_of(path)
    with (
        path.open(encoding=encoding, newline="", errors="strict") as source,
        target.open("w", encoding="utf-8-sig", newline="") as out,
    ):
        head = source.read(files._SAMPLE)
        source.seek(0)
        separator = files._SEPARATOR_LINE.match(head)
        if separator:
            out.write(source.readline())
        delimiter = separator[1] if separator else files._delimiter_of(head)
        _write(source, out, delimiter, marks)


def _write(source: IO[str], out: IO[str], delimiter: str, marks: SheetMarks) -> None:
    csv.field_size_limit(files.LONGEST_FIELD)
    taken = _Taken(source)
    table: _Table | None = None
    for row, cells in enumerate(csv.reader(taken, delimiter=delimiter, strict=True), start=1):
        line = taken.all()
        if table is not None:
            out.write(table.line_of(row, cells, line))
        elif marks.is_header(cells):
            table = _Table(cells, delimiter, marks)
            out.write(table.header(cells, line))
        else:
            out.write(line)


class _Taken:
    """Lines on their way to the reader, kept until its record is whole."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._kept: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self._kept.append(line)
        return line

    def all(self) -> str:
        kept = "".join(self._kept)
        self._kept.clear()
        return kept


class _Table:
    """Where the cells of a file are, and where those come that are added."""

    def __init__(self, header: Sequence[str], delimiter: str, marks: SheetMarks) -> None:
        self._delimiter = delimiter
        self._marks = marks
        self._width = len(header)
        there = {key_of(cell): at for at, cell in enumerate(header) if key_of(cell) in ADDED_KEYS}
        new = self._width + len(marks.added)
        # a file that was on its way back before has the columns already
        self._ours = [there.get(key_of(name), new + at) for at, name in enumerate(ADDED_COLUMNS)]
        self._old = sorted(there.values())

    def header(self, cells: list[str], line: str) -> str:
        named = {self._width + at: name for at, name in enumerate(self._marks.added)}
        return self._with(cells, named | dict(zip(self._ours, ADDED_COLUMNS, strict=True)), line)

    def line_of(self, row: int, cells: list[str], line: str) -> str:
        marks = self._marks.of_row(row, cells)
        cells_set = {at: "" for at in self._old if at < len(cells) and cells[at]}
        if marks:
            cells_set |= {mark.at: mark.becomes for mark in marks if mark.becomes is not None}
            said = (remark_of(marks), instead_of(marks), str(row))
            cells_set |= {at: neutralise(text) for at, text in zip(self._ours, said, strict=True)}
        return self._with(cells, cells_set, line) if cells_set else line

    def _with(self, cells: list[str], cells_set: Mapping[int, str], line: str) -> str:
        """The line with some cells set; nothing else of it changes where they stand behind it."""
        body = line.rstrip(_LINE_ENDS)
        line_end = line[len(body) :]
        beyond = 0
        if len(cells) > self._width:
            if any(map(str.strip, cells[self._width :])):
                # a row that is too long stays so until it is mended, and what is added moves along
                beyond = len(cells) - self._width
            else:
                cells = cells[: self._width]
                body = self._joined(cells)
        placed = {at + beyond if at >= self._width else at: text for at, text in cells_set.items()}
        wide = max(placed) + 1
        if min(placed) >= len(cells):
            behind = [placed.get(at, "") for at in range(len(cells), wide)]
            return f"{body}{self._delimiter}{self._joined(behind)}{line_end}"
        whole = [*cells, *[""] * (wide - len(cells))]
        for at, text in placed.items():
            whole[at] = text
        return self._joined(whole) + line_end

    def _joined(self, cells: Sequence[str]) -> str:
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=self._delimiter, lineterminator=_LINE_ENDS).writerow(cells)
        return text.getvalue().removesuffix(_LINE_ENDS)
