"""A workbook on its way back: read once for its marks, then copied with them by a child process.

The child stands under the limits of the one that reads (`workbooks`); see `annotate_child`.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from attestations.placements import annotate_child
from attestations.placements.added_columns import NOTES_SHEET
from attestations.placements.annotations import Mark, SheetMarks, is_day
from attestations.placements.files import Budget, FileUnreadable, Sheet
from attestations.placements.workbooks import memory_for, open_workbook

# what writing takes besides reading
_MEMORY_TO_WRITE = 512 * 1024**2

_CANNOT = (
    "This workbook takes more time or memory to copy than is given to one file. Take the list of "
    "problems (CSV), or send the table as CSV: that comes back marked too."
)


def annotate_workbook(
    path: Path,
    target: Path,
    marks_of: Callable[[str], SheetMarks | None],
    notes: Sequence[str],
    budget: Budget,
) -> None:
    """Write the workbook at `path` with its marks to `target`; `marks_of` knows a sheet by name."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=target.parent) as lines:
        _say(lines, {"name": NOTES_SHEET, "notes": notes})
        with open_workbook(path, budget) as spreadsheet:
            for sheet in spreadsheet.sheets:
                _tell_sheet(lines, sheet, marks_of(sheet.name))
        lines.flush()
        limits = (
            budget.cpu_seconds,
            memory_for(path, budget) + _MEMORY_TO_WRITE,
            budget.unpacked_bytes * 2,
        )
        ended = subprocess.run(  # noqa: S603 -- our own interpreter, our own script
            [
                sys.executable,
                "-I",
                annotate_child.__file__,
                *map(str, (path, lines.name, target, *limits)),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    if ended.returncode:
        target.unlink(missing_ok=True)
        raise FileUnreadable(_CANNOT)


def _tell_sheet(lines: IO[str], sheet: Sheet, marks: SheetMarks | None) -> None:
    """One line about the sheet, then one for each row of which something is said."""
    if sheet.hidden or marks is None:
        _say(lines, {})
        return
    rows = iter(sheet.rows)
    for row, cells in rows:
        if marks.is_header(cells):
            _say(lines, {"header": row, "width": len(cells), "added": marks.added})
            break
    else:
        _say(lines, {})
    for row, cells in rows:
        if of_row := marks.of_row(row, cells):
            _say(lines, [row, [_told(mark) for mark in of_row]])


def _told(mark: Mark) -> list[object]:
    remark = "\n".join(filter(None, (mark.remark, mark.advice)))
    return [mark.at, mark.kind, mark.becomes, is_day(mark), remark]


def _say(lines: IO[str], said: object) -> None:
    lines.write(json.dumps(said) + "\n")
