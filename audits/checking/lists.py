"""Other people's lists of agencies: pasted or as a CSV file, read whole or refused with a reason.

The lines keep their order and their other columns, so that whoever asked finds them again.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

MOST_LINES = 2_000
MOST_COLUMNS = 60
LONGEST_CELL = 2_000
LARGEST = 2 * 1024 * 1024
# by what a column of agencies is called, in lower case
NAMED = (
    "agency", "agency name", "name", "number", "register number", "organisation",
    "organisation name", "organization", "company", "recruiter", "supplier",
)  # fmt: skip


class ListRefused(ValueError):
    """The list cannot be taken; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Table:
    """The head (empty where the list has none), the lines, and in which column the agencies are."""

    head: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    column: int

    def asked(self) -> list[str]:
        return [line[self.column] if self.column < len(line) else "" for line in self.lines]


def from_text(text: str) -> Table:
    """One agency a line, or cells as they come out of a spreadsheet (tabs between them)."""
    rows = [line.split("\t") for line in text.splitlines() if line.strip()]
    return _table(rows)


def from_file(content: bytes) -> Table:
    """A CSV file in UTF-8 or Windows-1252, with commas, semicolons or tabs."""
    if len(content) > LARGEST:
        raise ListRefused(gettext("The file is larger than 2 MB. Split it into several."))
    if content.startswith((b"PK", b"%PDF", b"\xd0\xcf")) or b"\x00" in content:
        raise ListRefused(
            gettext("This is not a CSV file. In your spreadsheet choose “Save as”, then CSV UTF-8.")
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        # a vertical tab or a line separator inside a cell begins no line
        kept = io.StringIO(text, newline="")
        rows = list(csv.reader(kept, delimiter=delimiter, strict=True))
    except csv.Error as unreadable:
        raise ListRefused(
            gettext("The file cannot be read as CSV: a quote never closes. Save it again as CSV.")
        ) from unreadable
    return _table([row for row in rows if any(cell.strip() for cell in row)])


def _table(rows: Sequence[Sequence[str]]) -> Table:
    if not rows:
        raise ListRefused(gettext("The list is empty. Put one agency on each line."))
    head = [cell.strip().lower() for cell in rows[0]]
    found = [at for at, cell in enumerate(head) if cell in NAMED]
    lines = rows[1:] if found else rows
    if not lines:
        raise ListRefused(gettext("There is a heading and no line under it."))
    if len(lines) > MOST_LINES:
        raise ListRefused(
            gettext("The list has %(lines)s lines; at most %(most)s are checked at once. Split it.")
            % {"lines": f"{len(lines):,}", "most": f"{MOST_LINES:,}"}
        )
    for number, line in enumerate(rows, 1):
        if len(line) > MOST_COLUMNS or any(len(cell) > LONGEST_CELL for cell in line):
            raise ListRefused(
                gettext("Line %(line)d has too many columns or too long a cell.") % {"line": number}
            )
    return Table(tuple(rows[0]) if found else (), _tuples(lines), found[0] if found else 0)


def _tuples(rows: Iterable[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(row) for row in rows)
