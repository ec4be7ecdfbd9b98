"""Workbooks (.xlsx), read by a child process under limits; see `workbook_child`."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from attestations.placements import workbook_child
from attestations.placements.files import (
    Budget,
    FileUnreadable,
    Sheet,
    Spreadsheet,
    check_width,
)

_LONGEST_LINE = 16 * 1024 * 1024

_TOO_MUCH = (
    "This workbook takes more time or memory to read than is given to one file, or it is damaged. "
    "Save the table as CSV (UTF-8) and send that."
)


@contextmanager
def open_workbook(path: Path, budget: Budget) -> Iterator[Spreadsheet]:
    """The sheets of a workbook, one after the other, each to be read before the next."""
    child = subprocess.Popen(  # noqa: S603 -- our own interpreter, our own script
        [
            sys.executable,
            "-I",
            workbook_child.__file__,
            str(path),
            str(budget.cpu_seconds),
            str(budget.memory_bytes),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert child.stdout is not None  # noqa: S101 -- asked for above
    try:
        yield Spreadsheet(sheets=_sheets(_Lines(child.stdout)))
    finally:
        child.kill()
        child.stdout.close()
        child.wait()


class _Lines:
    """What the child says, one line ahead, so that the end of a sheet is seen."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.held: Any = None

    def next(self) -> Any:
        if self.held is not None:
            line, self.held = self.held, None
            return line
        written = self._stream.readline(_LONGEST_LINE)
        if not written.endswith(b"\n"):
            raise FileUnreadable(_TOO_MUCH)
        line = json.loads(written)
        if isinstance(line, dict) and "error" in line:
            if line["error"] == "password":
                raise FileUnreadable("This workbook has a password. Save it without one.")
            raise FileUnreadable(
                "This workbook is damaged or not a plain .xlsx. Open it, save it again as .xlsx "
                "and send that."
            )
        return line


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
        )


def _rows(lines: _Lines) -> Iterator[tuple[int, list[str]]]:
    row = 0
    while True:
        line = lines.next()
        if not isinstance(line, list):
            lines.held = line
            return
        row += 1
        check_width(line, row)
        yield row, line
