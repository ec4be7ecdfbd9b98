"""How a workbook looks, as far as it is kept on its way back; run in the child that copies it.

The reader tells values and nothing of how they are shown. So the widths of columns, the frozen
rows, and of each cell its number format, font, fill and alignment are read from the XML: without a
tree of it, row by row beside the values, and nothing but what is plainly written. What cannot be
read so is left at the spreadsheet's own default.
"""

import re
import zipfile
from collections.abc import Iterator
from typing import IO, Any
from xml.etree import ElementTree

MOST_STYLES = 2_000
MOST_COLUMNS = 1_000
LARGEST_STYLES = 4 << 20
LONGEST_FORMAT = 255
LONGEST_FONT = 64
WIDEST = 255.0

_CHUNK = 1 << 20
_LONGEST_TAG = 512
# what a stored width has more than the one that is asked for
_PADDING = 0.7109375
_HEAD = re.compile(rb"<(?:\w+:)?sheetData\b")
_COLUMN = re.compile(rb"<(?:\w+:)?col\s([^>]*)>")
_PANE = re.compile(rb"<(?:\w+:)?pane\s([^>]*)>")
_ATTRIBUTE = re.compile(rb"(\w+)=[\"']([^\"']*)[\"']")
_STYLED = re.compile(
    rb"<(?:\w+:)?c\s+r=[\"']([A-Z]{1,3})([0-9]{1,7})[\"']\s+s=[\"']([0-9]{1,5})[\"']"
)
_COLOUR = re.compile(r"(?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})")
_HORIZONTAL = frozenset({"left", "center", "right", "justify"})
_VERTICAL = {"top": "top", "center": "vcenter"}

Style = dict[str, Any]
"""Properties of a format, as the writer names them."""


def styles_of(archive: zipfile.ZipFile) -> list[Style]:
    """The formats of a workbook by their number; empty where they cannot be read."""
    names = {name.casefold(): name for name in archive.namelist()}
    entry = names.get("xl/styles.xml")
    if entry is None or archive.getinfo(entry).file_size > LARGEST_STYLES:
        return []
    try:
        root = ElementTree.fromstring(archive.read(entry))  # noqa: S314 -- limits are set
    except ElementTree.ParseError:
        return []
    parts = {_tag(element): list(element) for element in root}
    numbers = {
        one.get("numFmtId"): one.get("formatCode", "")[:LONGEST_FORMAT]
        for one in parts.get("numFmts", ())
    }
    fonts = [_font(one) for one in parts.get("fonts", ())]
    fills = [_fill(one) for one in parts.get("fills", ())]
    # the first font is the one of the whole workbook: a cell that has it needs no format for it
    plain = fonts[0] if fonts else {}
    return [
        _number(one.get("numFmtId", "0"), numbers)
        | {k: v for k, v in _at(fonts, one.get("fontId")).items() if plain.get(k) != v}
        | _at(fills, one.get("fillId"))
        | _alignment(one)
        for one in parts.get("cellXfs", ())[:MOST_STYLES]
    ]


def _number(key: str, numbers: dict[str | None, str]) -> Style:
    """A format of its own by its text, and one that every spreadsheet knows by its number."""
    if key in numbers:
        return {"num_format": numbers[key]} if numbers[key] else {}
    return {"num_format": int(key)} if key.isdecimal() and 0 < int(key) < 50 else {}


def _font(element: ElementTree.Element) -> Style:
    found: Style = {}
    for one in element:
        tag, value = _tag(one), one.get("val", "")
        if tag in ("b", "i") and value not in ("0", "false"):
            found["bold" if tag == "b" else "italic"] = True
        elif tag == "name" and value:
            found["font_name"] = value[:LONGEST_FONT]
        elif tag == "sz":
            found |= _size(value)
        elif tag == "color":
            found |= _colour(one, "font_color")
    return found


def _size(text: str) -> Style:
    try:
        size = float(text)
    except ValueError:
        return {}
    return {"font_size": size} if 1 <= size <= 409 else {}


def _fill(element: ElementTree.Element) -> Style:
    pattern = next(iter(element), None)
    if pattern is None or pattern.get("patternType") != "solid":
        return {}
    return next((_colour(one, "bg_color") for one in pattern if _tag(one) == "fgColor"), {})


def _colour(element: ElementTree.Element, name: str) -> Style:
    """A colour said in full; one of a theme or a palette is not known here."""
    match = _COLOUR.fullmatch(element.get("rgb", ""))
    return {name: f"#{match[1]}"} if match else {}


def _alignment(element: ElementTree.Element) -> Style:
    found: Style = {}
    for one in element:
        if _tag(one) == "alignment":
            if one.get("horizontal") in _HORIZONTAL:
                found["align"] = one.get("horizontal")
            if one.get("vertical") in _VERTICAL:
                found["valign"] = _VERTICAL[one.get("vertical", "")]
            if one.get("wrapText") in ("1", "true"):
                found["text_wrap"] = True
    return found


def _at(known: list[Style], place: str | None) -> Style:
    at = int(place) if place is not None and place.isdecimal() else -1
    return known[at] if 0 <= at < len(known) else {}


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


class SheetLooks:
    """What stands before the rows of a sheet, and of each row which cell has which style.

    `widths` are (first column, last column, width, hidden) from 0; `frozen` is (rows, columns).
    """

    def __init__(self, sheet: IO[bytes]) -> None:
        self._sheet = sheet
        head = sheet.read(_CHUNK)
        begin = _HEAD.search(head)
        before = head[: begin.start()] if begin else b""
        self.widths = list(_widths(before))
        self.frozen = _frozen(before)
        self._rows = _styled_rows(head[begin.end() :] if begin else b"", sheet)
        self._ahead = next(self._rows, None)

    def of_row(self, row: int) -> dict[int, int]:
        """Styles by column, both from 0; rows are asked for in their order."""
        while self._ahead is not None and self._ahead[0] < row:
            self._ahead = next(self._rows, None)
        if self._ahead is None or self._ahead[0] != row:
            return {}
        return self._ahead[1]


def _styled_rows(begin: bytes, sheet: IO[bytes]) -> Iterator[tuple[int, dict[int, int]]]:
    columns: dict[bytes, int] = {}
    at, found = -1, dict[int, int]()
    piece, is_last = begin, False
    while not is_last:
        chunk = sheet.read(_CHUNK)
        is_last = not chunk
        # a tag that goes on in the next piece is looked at with that
        cut = len(piece) if is_last else piece.rfind(b"<")
        cut = cut if len(piece) - cut <= _LONGEST_TAG else len(piece)
        for letters, row, style in _STYLED.findall(piece[:cut]):
            if int(row) - 1 != at:
                if found:
                    yield at, found
                at, found = int(row) - 1, {}
            column = columns.get(letters)
            if column is None:
                column = columns[letters] = _column_at(letters)
            found[column] = int(style)
        piece = piece[cut:] + chunk
    if found:
        yield at, found


def _column_at(letters: bytes) -> int:
    at = 0
    for letter in letters:
        at = at * 26 + letter - 64
    return at - 1


def _widths(head: bytes) -> Iterator[tuple[int, int, float, bool]]:
    for match in _COLUMN.findall(head)[:MOST_COLUMNS]:
        said = dict(_ATTRIBUTE.findall(match))
        try:
            first, last = int(said[b"min"]) - 1, int(said[b"max"]) - 1
            width = min(float(said.get(b"width", b"9")), WIDEST) - _PADDING
        except (KeyError, ValueError):
            continue
        if 0 <= first <= last < 16_384 and width >= 0:
            yield first, last, width, said.get(b"hidden") in (b"1", b"true")


def _frozen(head: bytes) -> tuple[int, int] | None:
    for match in _PANE.findall(head)[:1]:
        said = dict(_ATTRIBUTE.findall(match))
        split = said.get(b"ySplit", b"0"), said.get(b"xSplit", b"0")
        if said.get(b"state", b"").startswith(b"frozen") and all(map(bytes.isdigit, split)):
            rows, columns = map(int, split)
            return (rows, columns) if rows <= 100 and columns <= 100 else None
    return None
