"""Run as a script in a process of its own: reads a workbook and writes its rows as JSON lines.

A workbook is a ZIP of XML from a stranger: a crafted one takes all memory or all time, and kills
the process that reads it. So the limits are set here first, and nothing of Django is loaded.

For each sheet one line about it, then lines of many rows each, from the sheet's first row and
first column on. The reader knows nothing of cells that hold an error (#REF!) or a formula whose
result was not saved, and would leave them empty; what stands there is looked up in the sheet's XML
and written as its text, so that it is reported and not taken for an answer that is missing.
"""

import datetime as dt
import json
import re
import resource
import sys
import zipfile
from collections.abc import Callable, Iterator
from html import unescape
from posixpath import join, normpath
from typing import IO, Any
from xml.etree import ElementTree

ROWS_A_LINE = 100
CHARACTERS_A_LINE = 1 << 20
MOST_MARKED = 100_000
MOST_MERGED = 1_000
LONGEST_FORMULA = 200
LAST_ROW = 1_048_576

_CHUNK = 1 << 20
_LONGEST_TAIL = 4 << 20
_EXACT = 2**53
_HALF_A_SECOND = dt.timedelta(microseconds=500_000)
_ERROR_SIGNS = (b't="e"', b"t='e'")
_SIGNS = (*_ERROR_SIGNS, b"hidden=")
_PREFIX = re.compile(rb"<(\w+:)?worksheet")
_PLACE = re.compile(rb"\sr=[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")


class TooManyMarked(Exception):
    """More cells hold errors or formulas without result than anybody would mend one by one."""


class PlaceUnknown(Exception):
    """A cell that must be told does not say where it stands."""


def _number(cell: float) -> str:
    return str(int(cell)) if cell.is_integer() and abs(cell) <= _EXACT else repr(cell)


def _instant(cell: dt.datetime) -> str:
    """To the second, as it is shown: days are stored as fractions that miss it a little."""
    cell = (cell + _HALF_A_SECOND).replace(microsecond=0)
    return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")


_TEXTS: dict[type, Callable[[Any], str]] = {
    str: str,
    bool: lambda cell: "yes" if cell else "no",
    float: _number,
    int: str,
    dt.date: dt.date.isoformat,
    dt.datetime: _instant,
}


def text_of(cell: object) -> str:
    """A cell as a person would type it; days as YYYY-MM-DD."""
    return _TEXTS.get(type(cell), str)(cell)


def parsed(archive: zipfile.ZipFile, entry: str) -> ElementTree.Element:
    return ElementTree.fromstring(archive.read(entry))  # noqa: S314 -- limits are set, see above


def parts_of_sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """Which entry of the archive holds which sheet, by the sheet's name."""
    entries = {name.casefold(): name for name in archive.namelist()}
    targets = {}
    for link in parsed(archive, "xl/_rels/workbook.xml.rels"):
        target = link.get("Target", "").replace("\\", "/")
        targets[link.get("Id")] = normpath(join("/xl", target)).lstrip("/")
    found = {}
    for element in parsed(archive, "xl/workbook.xml").iter():
        if element.tag.rpartition("}")[2] != "sheet":
            continue
        linked = [value for key, value in element.items() if key.endswith("}id")]
        entry = entries.get(targets.get(linked[0], "").casefold()) if linked else None
        if entry is not None:
            found[element.get("name", "")] = entry
    return found


def column_at(letters: str) -> int:
    """A is 0."""
    at = 0
    for letter in letters:
        at = at * 26 + ord(letter) - 64
    return at - 1


class Marks:
    """What a sheet's XML says and the reader does not tell: texts by row and column, from 0."""

    def __init__(self, sheet: IO[bytes]) -> None:
        self.texts: dict[int, dict[int, str]] = {}
        self.hidden_rows = 0
        self._told = 0
        for piece in self._pieces(sheet):
            self._look_through(piece)

    def _pieces(self, sheet: IO[bytes]) -> Iterator[bytes]:
        """The XML in pieces that each end with a cell; without those that hold nothing to tell."""
        tail = b""
        self._prefix: bytes | None = None
        while chunk := sheet.read(_CHUNK):
            piece = tail + chunk
            if self._prefix is None:
                root = _PREFIX.search(piece)
                self._use((root and root[1]) or b"")
            end = max(piece.rfind(self._cell_end), piece.rfind(self._row_end))
            if end < 0:
                tail = piece[-_LONGEST_TAIL:]
                continue
            tail = piece[end:]
            if any(sign in piece for sign in _SIGNS) or self._any_formula.search(piece):
                yield piece[:end] + self._cell_end
        if tail:
            yield tail

    def _use(self, prefix: bytes) -> None:
        self._prefix = prefix
        self._cell, self._row = b"<" + prefix + b"c", b"<" + prefix + b"row"
        self._cell_end, self._row_end = b"</" + prefix + b"c>", b"</" + prefix + b"row>"
        p = re.escape(prefix)
        self._any_formula = re.compile(b"<" + p + rb"f[\s>/]")
        self._value = re.compile(b"<" + p + rb"v(?:\s[^>]*)?>([^<]*)<")
        self._formula = re.compile(
            b"<" + p + rb"f(?:\s[^>]*)?(?:/>|>([^<]*)</" + p + rb"f>)\s*(?:</" + p + b"c>|<"
            + p + rb"v\s*/>|<" + p + b"v>\\s*</" + p + b"v>)"
        )  # fmt: skip

    def _look_through(self, piece: bytes) -> None:
        for sign in _ERROR_SIGNS:
            at = piece.find(sign)
            while at >= 0:
                start, inside = self._tag_around(piece, at, self._cell)
                if inside:
                    end = piece.find(self._cell_end, at)
                    value = self._value.search(piece, at, end if end >= 0 else len(piece))
                    self._tell(piece, start, (value[1] if value else b"") or b"#ERROR!")
                at = piece.find(sign, at + 1)
        for match in self._formula.finditer(piece):
            start = piece.rfind(self._cell, 0, match.start())
            self._tell(piece, start, b"=" + (match[1] or b""))
        at = piece.find(b"hidden=")
        while at >= 0:
            _, inside = self._tag_around(piece, at, self._row)
            if inside and piece[at + 8 : at + 9] in (b"1", b"t"):
                self.hidden_rows += 1
            at = piece.find(b"hidden=", at + 1)

    def _tag_around(self, piece: bytes, at: int, tag: bytes) -> tuple[int, bool]:
        start = piece.rfind(b"<", 0, at)
        return start, start >= 0 and piece.startswith(tag, start) and b">" not in piece[start:at]

    def _tell(self, piece: bytes, start: int, said: bytes) -> None:
        place = _PLACE.search(piece, start, piece.find(b">", start)) if start >= 0 else None
        if place is None or int(place[2]) not in range(1, LAST_ROW + 1):
            raise PlaceUnknown
        self._told += 1
        if self._told > MOST_MARKED:
            raise TooManyMarked
        text = unescape(said.decode("utf-8", "replace"))[:LONGEST_FORMULA]
        self.texts.setdefault(int(place[2]) - 1, {})[column_at(place[1].decode())] = text


def rows_of(
    sheet: Any, marked: dict[int, dict[int, str]], most_columns: int
) -> Iterator[list[str]]:
    """All rows from the first to the last that says something, with what was marked in them."""
    first, at = (sheet.start or (0, 0))[1], -1
    before = [""] * min(first, most_columns + 1)
    wide = first + sheet.width > most_columns
    texts = _TEXTS.get
    for at, cells in enumerate(sheet.iter_rows()):
        row = before + [
            cell if cell.__class__ is str else texts(cell.__class__, str)(cell) for cell in cells
        ]
        if wide:
            while row and not row[-1]:
                row.pop()
        yield marked_in(row, marked[at]) if at in marked else row
    for last in sorted(place for place in marked if place > at):
        while at < last - 1:
            at += 1
            yield []
        at = last
        yield marked_in([], marked[last])


def marked_in(row: list[str], texts: dict[int, str]) -> list[str]:
    row = row + [""] * (max(texts) + 1 - len(row))
    for column, text in texts.items():
        row[column] = text
    return row


def write_sheets(
    path: str, most_columns: int, longest_cell: int, tell: Callable[..., None]
) -> None:
    import python_calamine  # noqa: PLC0415 -- after the limits are set

    workbook = python_calamine.CalamineWorkbook.from_path(path)
    with zipfile.ZipFile(path) as archive:
        parts = parts_of_sheets(archive)
        for about in workbook.sheets_metadata:
            if about.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            if about.visible != python_calamine.SheetVisibleEnum.Visible:
                tell(sheet=about.name, hidden=True, rows=0, hidden_rows=0, merged=[])
                continue
            with archive.open(parts[about.name]) as xml:
                marks = Marks(xml)
            sheet = workbook.get_sheet_by_name(about.name)
            tell(
                sheet=about.name,
                hidden=False,
                rows=max([sheet.total_height, *marks.texts]) + 1 if sheet.end else 0,
                hidden_rows=marks.hidden_rows,
                merged=(sheet.merged_cell_ranges or [])[:MOST_MERGED],
            )
            batch: list[list[str]] = []
            characters = 0
            for at, row in enumerate(rows_of(sheet, marks.texts, most_columns), start=1):
                if len(row) > most_columns:
                    tell(error="columns", row=at, columns=len(row))
                    return
                length = sum(map(len, row))
                if length > longest_cell and max(map(len, row)) > longest_cell:
                    tell(error="cell", row=at)
                    return
                batch.append(row)
                characters += length
                if len(batch) == ROWS_A_LINE or characters > CHARACTERS_A_LINE:
                    tell(batch)
                    batch, characters = [], 0
            if batch:
                tell(batch)
            del sheet, marks
    tell(end=True)


def main(path: str, cpu_seconds: int, memory_bytes: int, most_columns: int, longest: int) -> int:
    # the signal at the first says that it was the time; at the second nothing would be said
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    def tell(batch: list[list[str]] | None = None, /, **said: Any) -> None:
        sys.stdout.write(json.dumps(said if batch is None else batch) + "\n")

    try:
        write_sheets(path, most_columns, longest, tell)
    except MemoryError:
        tell(error="memory")
    except Exception as wrong:  # whatever a crafted file provokes is one answer
        tell(error=type(wrong).__name__)
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(int, sys.argv[2:])))
