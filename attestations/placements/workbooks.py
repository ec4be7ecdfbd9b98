"""Workbooks (.xlsx), read by a child process under limits; see `workbook_child`.

The child's memory grows with what the workbook unpacks to and ends at the budget, so that a small
file cannot take much, whatever it holds.
"""

import json
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attestations.placements import workbook_child
from attestations.placements.columns import letters
from attestations.placements.files import (
    LONGEST_FIELD,
    MOST_COLUMNS,
    Budget,
    FileUnreadable,
    Sheet,
    Spreadsheet,
    too_wide,
)

# what the reader needs for any workbook, and for each byte of its XML: a table of short numbers
# takes seven, a table of texts two
MEMORY_AT_LEAST = 128 * 1024**2
MEMORY_A_BYTE = 10

_LONGEST_LINE = 64 * 1024 * 1024
_MOST_PLACES = 5

_DAMAGED = (
    "This workbook is damaged or not a plain .xlsx. Open it, save it again as .xlsx and send that."
)
_TOO_MUCH_MEMORY = (
    "This workbook takes more memory to read than is given to a file of its size. Often one cell "
    "far below or beside the table is the cause: delete all rows and columns around the table. Or "
    "save the table as CSV (UTF-8) and send that."
)
_TOO_MUCH_TIME = (
    "This workbook takes more time to read than is given to one file. Save the table as CSV "
    "(UTF-8), or split it."
)
_REFUSED = {
    "PasswordError": "This workbook has a password. Save it without one.",
    "memory": _TOO_MUCH_MEMORY,
    "TooManyMarked": (
        f"More than {workbook_child.MOST_MARKED:,} cells of this workbook hold errors, or formulas "
        "whose results were not saved. Open it, let it calculate, save it again and send that."
    ),
    "PlaceUnknown": (
        "Cells of this workbook hold errors, or formulas whose results were not saved, and do not "
        "say where they stand. Open it, let it calculate, save it again and send that."
    ),
}
_KILLED_BY = {
    signal.SIGXCPU: _TOO_MUCH_TIME,
    # the reader ends itself where memory is refused to it
    signal.SIGABRT: _TOO_MUCH_MEMORY,
    signal.SIGSEGV: _TOO_MUCH_MEMORY,
    signal.SIGKILL: _TOO_MUCH_MEMORY,
}


def memory_for(path: Path, budget: Budget) -> int:
    """The bytes that the child may take for this workbook."""
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(entry.file_size for entry in archive.infolist())
    return min(budget.memory_bytes, MEMORY_AT_LEAST + MEMORY_A_BYTE * unpacked)


@contextmanager
def open_workbook(path: Path, budget: Budget) -> Iterator[Spreadsheet]:
    """The sheets of a workbook, one after the other, each to be read before the next."""
    limits = (budget.cpu_seconds, memory_for(path, budget), MOST_COLUMNS, LONGEST_FIELD)
    child = subprocess.Popen(  # noqa: S603 -- our own interpreter, our own script
        [sys.executable, "-I", workbook_child.__file__, str(path), *map(str, limits)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert child.stdout is not None  # noqa: S101 -- asked for above
    try:
        yield Spreadsheet(sheets=_sheets(_Lines(child)))
    finally:
        child.kill()
        child.stdout.close()
        child.wait()


class _Lines:
    """What the child says, one line ahead, so that the end of a sheet is seen."""

    def __init__(self, child: subprocess.Popen[bytes]) -> None:
        self._child = child
        self.held: Any = None

    def next(self) -> Any:
        if self.held is not None:
            line, self.held = self.held, None
            return line
        assert self._child.stdout is not None  # noqa: S101 -- a pipe, by open_workbook
        written = self._child.stdout.readline(_LONGEST_LINE)
        if not written.endswith(b"\n"):
            raise FileUnreadable(_why_ended(self._child, whole=not written))
        line = json.loads(written)
        if isinstance(line, dict) and "error" in line:
            raise FileUnreadable(_why_refused(line))
        return line


def _why_ended(child: subprocess.Popen[bytes], *, whole: bool) -> str:
    """The child is gone, or tells more in one line than it should."""
    if not whole and child.poll() is None:
        return _TOO_MUCH_MEMORY
    ended = child.wait()
    return _KILLED_BY.get(signal.Signals(-ended), _DAMAGED) if ended < 0 else _DAMAGED


def _why_refused(line: dict[str, Any]) -> str:
    if line["error"] == "columns":
        return too_wide(line["columns"], line["row"])
    if line["error"] == "cell":
        return (
            f"Row {line['row']} holds a cell of more than {LONGEST_FIELD:,} characters. Shorten it."
        )
    return _REFUSED.get(line["error"], _DAMAGED)


def _sheets(lines: _Lines) -> Iterator[Sheet]:
    while True:
        line = lines.next()
        while isinstance(line, list):  # rows of a sheet that nobody wanted
            line = lines.next()
        if "end" in line:
            return
        yield Sheet(
            name=line["sheet"][:120],
            rows=_rows(lines),
            expected=max(line["rows"] - 1, 0),
            hidden=line["hidden"],
            notes=_notes(line),
        )


def _rows(lines: _Lines) -> Iterator[tuple[int, list[str]]]:
    row = 0
    while True:
        line = lines.next()
        if not isinstance(line, list):
            lines.held = line
            return
        yield from enumerate(line, start=row + 1)
        row += len(line)


def _notes(line: dict[str, Any]) -> list[str]:
    """What a person sees otherwise than we read it."""
    notes = []
    if line["hidden_rows"]:
        rows = "1 row is" if line["hidden_rows"] == 1 else f"{line['hidden_rows']} rows are"
        notes.append(
            f"In the sheet “{line['sheet'][:120]}” {rows} hidden, perhaps by a filter. They are "
            "read like the others: delete what shall not be taken."
        )
    if line["merged"]:
        places = ", ".join(_place(*corners) for corners in line["merged"][:_MOST_PLACES])
        more = " and others" if len(line["merged"]) > _MOST_PLACES else ""
        notes.append(
            f"In the sheet “{line['sheet'][:120]}” cells are merged: {places}{more}. What they say "
            "is read for the first of them only, and the others count as empty: unmerge them and "
            "fill in each."
        )
    return notes


def _place(first: list[int], last: list[int]) -> str:
    return f"{letters(first[1])}{first[0] + 1}:{letters(last[1])}{last[0] + 1}"
