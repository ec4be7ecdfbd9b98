"""Tables for other people's spreadsheets, in which no cell can become a formula.

A text that begins with = + - @ (or a look-alike, or behind something invisible) is run as a formula
by the program that opens a CSV file. An apostrophe in front stops it, and `restore` takes exactly
that apostrophe away again. In CSV the same is done behind every delimiter and quote inside a cell,
because a program that splits at another delimiter makes cells of its own. In XLSX every cell is
written as a text and marked as one, so the text itself stays as it is.
"""

import csv
import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Protocol, TypeAlias

import xlsxwriter

Cell: TypeAlias = str | int | Decimal | dt.date | dt.datetime | None
Row: TypeAlias = Sequence[Cell]

LONGEST_XLSX_CELL = 32_767

# = + - @ and everything that compatibility normalisation or a reader's eye turns into them.
_STARTERS = "=+\\-@＝﹦⁼₌＋﹢⁺₊－﹣⁻₋−＠﹫"
# What programs drop or skip at the beginning of a cell (not the blanks that end a cell or a line).
_SKIPPED = r"\x00-\x08\x0b\x0c\x0e-\x20\x7f-\xa0\xad\u061c\u115f\u1160\u1680\u180e\u2000-\u200f"
_SKIPPED += r"\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"

_AT_START = re.compile(rf"^('*)(?=[{_SKIPPED}]*[{_STARTERS}\t\r\n])")
_AFTER_DELIMITER = re.compile(rf"([,;|\t\r\n\"])('*)(?=[{_SKIPPED}]*[{_STARTERS}])")
_ADDED_AT_START = re.compile(rf"^'('*)(?=[{_SKIPPED}]*[{_STARTERS}\t\r\n])")
_ADDED_AFTER = re.compile(rf"([,;|\t\r\n\"])'('*)(?=[{_SKIPPED}]*[{_STARTERS}])")
_CANNOT_BE_WRITTEN = re.compile(r"[\ud800-\udfff]")


class TextWriter(Protocol):
    """An open text file, or the response that is being streamed."""

    def write(self, text: str, /) -> object: ...


def neutralise(text: str) -> str:
    """The text with an apostrophe wherever a spreadsheet would begin a formula."""
    return _AFTER_DELIMITER.sub(r"\1'\2", _AT_START.sub(r"'\1", text))


def restore(cell: str) -> str:
    """The text that `neutralise` was given."""
    return _ADDED_AFTER.sub(r"\1\2", _ADDED_AT_START.sub(r"\1", cell))


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet might run the cell, or a piece of it, as a formula."""
    return bool(
        re.match(rf"[{_SKIPPED}]*[{_STARTERS}\t\r\n]", cell)
        or re.search(rf"[,;|\t\r\n\"][{_SKIPPED}]*[{_STARTERS}]", cell)
    )


def write_csv(rows: Iterable[Row], stream: TextWriter) -> int:
    """Write the rows as CSV (RFC 4180, every text quoted); the number of rows written.

    Open the stream with `newline=""`, in UTF-8; with a byte order mark if Excel is to read it.
    """
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    written = 0
    for row in rows:
        writer.writerow([_csv_cell(cell) for cell in row])
        written += 1
    return written


def write_xlsx(
    sheets: Mapping[str, Iterable[Row]], path: Path, *, made_at: dt.datetime | None = None
) -> None:
    """Write one sheet a name; every cell is a text, and none a formula, a link or a number.

    `made_at` is the moment the file says it was made; the same rows and moment give the same file.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        if made_at is not None:
            book.set_properties({"created": made_at})
        as_text = book.add_format({"num_format": "@", "quote_prefix": True})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if text := _xlsx_cell(cell):
                        sheet.write_string(at, column, text, as_text)


def _csv_cell(cell: Cell) -> str:
    text = _as_text(cell)
    return neutralise(text) if isinstance(cell, str) else text


def _xlsx_cell(cell: Cell) -> str:
    text = _as_text(cell)
    if len(text) <= LONGEST_XLSX_CELL:
        return text
    return f"{text[: LONGEST_XLSX_CELL - 6]} [cut]"


def _as_text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return _CANNOT_BE_WRITTEN.sub("\ufffd", cell).replace("\x00", "\ufffd")
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return str(cell)
