"""Run as a script in a process of its own: copies a workbook and marks cells of it.

What was said in `workbook_child` holds here too: a workbook is a stranger's, so the limits are set
first and nothing of Django is loaded. Values keep their kinds: texts stay texts and never become
formulas, numbers numbers, days days. How the cells looked is kept as far as `workbook_looks` knows
it; what is lost is said in the sheet that is added last.
"""

import datetime as dt
import json
import resource
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any
from zipfile import ZipFile

MOST_REMARKS = 10_000
LONGEST_TEXT = 32_767
LONGEST_NAME = 31

_DAY, _MOMENT, _TIME, _SPAN = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "hh:mm:ss", "[h]:mm:ss"
_COLOURS: dict[str, dict[str, Any]] = {
    "wrong": {"bg_color": "#FFC7CE", "font_color": "#7A0010"},
    "corrected": {"bg_color": "#CFE3F5"},
    "header": {"bold": True},
}
KEPT = (
    "Values are kept, formulas as their results, with the widths of columns, number formats, "
    "fonts, fills and alignment. Merged cells, borders, theme colours, filters, drop-down lists, "
    "comments and pictures are not."
)
_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_WIDEST, _ROWS_MEASURED = 40, 200
# what the calendar of a workbook counts without doubt
_FIRST_DAY = dt.date(1901, 1, 1)


class Copy:
    """A workbook that is being written, cell by cell."""

    def __init__(self, book: Any, styles: Sequence[dict[str, Any]] = ()) -> None:
        self._book = book
        self._styles = styles
        self._formats: dict[tuple[str, str, int], Any] = {}
        self._names: set[str] = set()
        self.remarks = 0
        self.visible: Any = None

    def add_sheet(self, name: str, visible: str) -> Any:
        sheet = self._book.add_worksheet(self._free_name(name))
        if visible == "Hidden":
            sheet.hide()
        elif visible == "VeryHidden":
            sheet.very_hidden()
        elif self.visible is None:
            self.visible = sheet
            sheet.activate()
            sheet.set_first_sheet()
        return sheet

    def _free_name(self, name: str) -> str:
        """The name, or one like it where no spreadsheet program would take it."""
        plain = name.translate(_NOT_IN_NAMES).strip("' ")[:LONGEST_NAME] or "Sheet"
        free, number = plain, 1
        while free.casefold() in self._names or free.casefold() == "history":
            number += 1
            free = f"{plain[: LONGEST_NAME - 6]} ({number})"
        self._names.add(free.casefold())
        return free

    def look(self, kind: str, number: str = "", style: int = 0) -> Any:
        """How a cell is shown: as it was, with the colour of its mark; `number` where a value has
        to be shown so, and nothing was said of it."""
        key = (kind, number, style)
        if key not in self._formats:
            was = self._styles[style] if style < len(self._styles) else {}
            properties = ({"num_format": number} if number else {}) | was | _COLOURS.get(kind, {})
            self._formats[key] = self._book.add_format(properties) if properties else None
        return self._formats[key]

    def write(
        self, sheet: Any, row: int, column: int, value: Any, kind: str = "", style: int = 0
    ) -> None:
        """A value by its own kind; what a workbook cannot hold as such, as its text."""
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value, self.look(kind, "", style))
        elif isinstance(value, int | float) and abs(value) < float("inf"):
            sheet.write_number(row, column, value, self.look(kind, "", style))
        elif isinstance(value, dt.date) and _countable(value):
            has_time = isinstance(value, dt.datetime) and value.time() != dt.time()
            shown = self.look(kind, _MOMENT if has_time else _DAY, style)
            sheet.write_datetime(row, column, value, shown)
        elif isinstance(value, dt.time):
            sheet.write_datetime(row, column, value, self.look(kind, _TIME, style))
        elif isinstance(value, dt.timedelta) and value >= dt.timedelta():
            sheet.write_datetime(row, column, value, self.look(kind, _SPAN, style))
        elif value != "":
            self._write_text(sheet, row, column, str(value)[:LONGEST_TEXT], kind, style)
        elif kind:
            sheet.write_blank(row, column, None, self.look(kind, "", style))

    def _write_text(
        self, sheet: Any, row: int, column: int, text: str, kind: str, style: int
    ) -> None:
        if text.startswith("<r>") and text.endswith("</r>"):
            # the writer would take it for XML of its own; in two pieces it is a text
            plain = self.look(kind, "", style) or self.look("", "General")
            sheet.write_rich_string(row, column, text[:1], plain, text[1:], plain)
        else:
            sheet.write_string(row, column, text, self.look(kind, "", style))

    def remark(self, sheet: Any, row: int, column: int, text: str) -> None:
        self.remarks += 1
        if self.remarks <= MOST_REMARKS:
            lines = 2 + len(text) // 40
            sheet.write_comment(
                row, column, text, {"author": "Register", "width": 260, "height": 18 * lines}
            )


def _countable(value: dt.date) -> bool:
    return (value.date() if isinstance(value, dt.datetime) else value) >= _FIRST_DAY


class Marks:
    """The marks of each sheet from a file of JSON lines, one line ahead."""

    def __init__(self, lines: IO[str]) -> None:
        self._lines = lines
        self._ahead = self._next()

    def _next(self) -> Any:
        line = self._lines.readline()
        return json.loads(line) if line else None

    def sheet(self) -> dict[str, Any]:
        """What is said about the next sheet; marks of the sheet before that are left are lost."""
        while isinstance(self._ahead, list):
            self._ahead = self._next()
        said, self._ahead = self._ahead, self._next()
        return said or {}

    def row(self, row: int) -> list[list[Any]]:
        """[column, kind, value or null, whether that is a day, remark] of each marked cell."""
        if isinstance(self._ahead, list) and self._ahead[0] == row:
            (_, marks), self._ahead = self._ahead, self._next()
            return marks
        return []


def _values(sheet: Any, marked: dict[int, dict[int, str]]) -> Iterator[list[Any]]:
    """Every row from the first on, from the first column on, with what the reader leaves out."""
    first, at = (sheet.start or (0, 0))[1], -1
    for at, cells in enumerate(sheet.iter_rows()):
        row = [""] * first + list(cells)
        yield _completed(row, marked[at]) if at in marked else row
    for last in range(at + 1, max(marked, default=-1) + 1):
        yield _completed([], marked.get(last, {}))


def _completed(row: list[Any], texts: dict[int, str]) -> list[Any]:
    row = row + [""] * (max(texts, default=-1) + 1 - len(row))
    for column, text in texts.items():
        row[column] = text
    return row


def _copy_sheet(
    copy: Copy, sheet: Any, rows: Iterator[list[Any]], marks: Marks, looks: Any
) -> None:
    said = marks.sheet()
    header = said.get("header")
    measured: dict[int, int] = {}
    at = -1
    for at, cells in enumerate(rows):
        of_row = {mark[0]: mark[1:] for mark in marks.row(at + 1)}
        styles = looks.of_row(at)
        if at + 1 == header:
            cells = [*cells[: said["width"]], *said["added"]]
        kind_of_row = "header" if at + 1 == header else ""
        for column in range(max(len(cells), max(of_row, default=-1) + 1)):
            value = cells[column] if column < len(cells) else ""
            style = styles.get(column, 0)
            kind, becomes, is_day, remark = of_row.get(column, (kind_of_row, None, False, ""))
            if becomes is not None:
                if is_day != isinstance(value, dt.date):
                    style = 0  # a day is not shown as what stood there before, nor a text as a day
                value = dt.date.fromisoformat(becomes) if is_day else becomes
            copy.write(sheet, at, column, value, kind, style)
            if remark:
                copy.remark(sheet, at, column, remark)
            if value != "" and at < _ROWS_MEASURED:
                measured[column] = max(measured.get(column, 0), len(str(value)))
    for column, wide in measured.items():
        sheet.set_column(column, column, min(wide + 2, _WIDEST))
    for first, last, width, hidden in looks.widths:
        sheet.set_column(first, last, width, None, {"hidden": hidden})
    if looks.frozen:
        sheet.freeze_panes(*looks.frozen)


def annotate(source: str, marks_at: str, target: str) -> None:
    import python_calamine  # noqa: PLC0415 -- after the limits are set
    import xlsxwriter  # noqa: PLC0415 -- after the limits are set

    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from attestations.placements import workbook_child, workbook_looks  # noqa: PLC0415 -- as above

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "tmpdir": str(Path(target).parent),
    }
    workbook = python_calamine.CalamineWorkbook.from_path(source)
    with (
        open(marks_at, encoding="utf-8") as lines,
        ZipFile(source) as archive,
        xlsxwriter.Workbook(target, options) as book,
    ):
        marks = Marks(lines)
        about = marks.sheet()
        copy = Copy(book, workbook_looks.styles_of(archive))
        parts = workbook_child.parts_of_sheets(archive)
        left_out = []
        for found in workbook.sheets_metadata:
            if found.typ != python_calamine.SheetTypeEnum.WorkSheet:
                left_out.append(found.name)
                continue
            with archive.open(parts[found.name]) as xml:
                texts = workbook_child.Marks(xml).texts
            if found.name == about["name"]:
                marks.sheet()
                continue
            read = workbook.get_sheet_by_name(found.name)
            sheet = copy.add_sheet(found.name, str(found.visible).rpartition(".")[2])
            with archive.open(parts[found.name]) as xml:
                looks = workbook_looks.SheetLooks(xml)
                _copy_sheet(copy, sheet, _values(read, texts), marks, looks)
            del read, texts
        _write_notes(copy, about, left_out)


def _write_notes(copy: Copy, about: dict[str, Any], left_out: list[str]) -> None:
    sheet = copy.add_sheet(about["name"], "Visible")
    sheet.set_column(0, 0, 100)
    lines: list[tuple[str, str]] = [(about["name"], "header")]
    lines += [(line, "") for line in about["notes"]]
    lines += [
        ("Cells of this colour are wrong. Their note says why, and what to write.", "wrong"),
        ("Cells of this colour were corrected. Their note says what you sent.", "corrected"),
    ]
    if copy.remarks > MOST_REMARKS:
        lines.append((f"Notes stand at the first {MOST_REMARKS} of {copy.remarks} cells.", ""))
    lines += [(f"“{name}” is no table and was not copied.", "") for name in left_out]
    lines.append((KEPT, ""))
    for at, (text, kind) in enumerate(lines):
        copy.write(sheet, at, 0, text, kind)


def main(source: str, marks: str, target: str, *limits: str) -> int:
    kinds = (resource.RLIMIT_CPU, resource.RLIMIT_AS, resource.RLIMIT_FSIZE)
    for kind, limit in zip(kinds, map(int, limits), strict=True):
        resource.setrlimit(kind, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    annotate(source, marks, target)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
