"""One row at a time: its values in the order in which they are stored, or all that is wrong."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any

from agencies.countries.spellings import CountryRefused, resolve_with_part
from agencies.lib import plain_text
from attestations.crosscheck.values import JUDGED_FIELDS
from attestations.occupations import OccupationRefused, resolve_occupation
from attestations.placements.cells import (
    LOOKED_UP,
    CellRefused,
    Reader,
    Vocabulary,
    reader_for,
)
from attestations.placements.columns import BY_FIELD, COLUMNS, Kind, shown
from attestations.placements.corrections import Corrections
from attestations.placements.layout import Layout

OTHER_FIELDS = ("nationality", "employer", "evidence_reference", "reference")
FIELDS = (*JUDGED_FIELDS, *OTHER_FIELDS)
# where nothing said is an empty text, and not NULL
TEXT_FIELDS = ("destination_part", "agreement_cited", "employer", "evidence_reference")
REFERENCE_AT = FIELDS.index("reference")

LONGEST_VALUE = 300
LONGEST_MESSAGE = 500

# what no spreadsheet shows and no database keeps, or what turns the text around it
_NOT_TEXT = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell, or with a row (`column` is then empty)."""

    sheet: str
    row: int
    column: str
    code: str
    value: str
    message: str
    suggestion: str = ""
    name: str = ""
    replacements: tuple[str, ...] = ()


def vocabulary(today: date, corrections: Corrections | None = None) -> Vocabulary:
    """The words of the register: countries, occupations and the calendar as of `today`.

    `corrections` are what one import reads instead of what its file says.
    """
    return Vocabulary(
        today=today,
        country=_country,
        destination=_destination,
        occupation=_occupation,
        check_text=_check_text,
        corrections=corrections or Corrections(),
    )


def _country(text: str) -> str:
    return _destination(text)[0]


def _destination(text: str) -> tuple[str, str]:
    try:
        place = resolve_with_part(plain_text.clean(text))
    except CountryRefused as refused:
        codes = " or ".join(candidate.iso3 for candidate in refused.candidates)
        names = [candidate.name for candidate in refused.candidates]
        raise CellRefused(
            "unknown_country", str(refused), f"Type {codes}." if codes else "", names
        ) from refused
    return place.iso3, place.part or ""


def _occupation(text: str) -> str:
    try:
        return resolve_occupation(plain_text.clean(text))
    except OccupationRefused as refused:
        codes = [candidate.code for candidate in refused.candidates]
        suggestion = f"Type {' or '.join(codes)}." if codes else ""
        raise CellRefused("unknown_occupation", str(refused), suggestion, codes) from refused


def _check_text(text: str) -> None:
    found = _NOT_TEXT.search(text)
    if found:
        raise CellRefused(
            "characters",
            f"This cell holds a character that cannot be kept (U+{ord(found[0]):04X}, number "
            f"{found.start() + 1} in the cell).",
            "Delete the cell and type its text again.",
        )


class RowReader:
    """Reads the rows of one sheet after the layout of its header; share `readers` among sheets."""

    def __init__(
        self, layout: Layout, sheet: str, readers: dict[str, Reader], words: Vocabulary
    ) -> None:
        self.sheet = sheet
        self._layout = layout
        self._width = len(layout.headers)
        self._check_text = words.check_text
        # the destination first, because its cell may name a part as well
        fields = ["destination"] + [
            column.field
            for column in COLUMNS
            if column.name in layout.positions and column.field != "destination"
        ]
        self._fields = fields
        self._positions = [layout.positions[BY_FIELD[field].name] for field in fields]
        self._names = {at: name for name, at in layout.positions.items()}
        self._reference = layout.positions["reference"]
        for field in fields:
            if field not in readers:
                column = BY_FIELD[field]
                readers[field] = Reader(
                    reader_for(column, words),
                    remembers=column.kind is not Kind.REFERENCE,
                    looked_up=column.name if column.kind in LOOKED_UP else "",
                )
        self._readers = [readers[field] for field in fields]
        self._references = readers["reference"]
        self._pick = itemgetter(*self._positions)
        self._part = fields.index("destination_part") if "destination_part" in fields else None
        absent = [field for field in FIELDS if field not in fields]
        self._absent = ["" if field in TEXT_FIELDS else None for field in absent]
        stored = [*fields, *absent]
        self._arrange = itemgetter(*(stored.index(field) for field in FIELDS))
        self._part_at = stored.index("destination_part")

    def read(self, row: int, cells: Sequence[str]) -> tuple[Any, ...] | list[Problem] | None:
        """The values in the order of FIELDS, or every problem of the row; None for a blank row."""
        if len(cells) != self._width:
            if len(cells) > self._width and any(map(str.strip, cells[self._width :])):
                return self._too_long(row, cells)
            cells = [*cells[: self._width], *[""] * (self._width - len(cells))]
        if not cells[self._reference].strip() and not any(map(str.strip, cells)):
            return None
        try:
            values = [
                reader[text] for reader, text in zip(self._readers, self._pick(cells), strict=True)
            ]
        except CellRefused:
            return self._problems(row, cells)
        values += self._absent
        if values[0] is not None:
            country, part = values[0]
            values[0] = country
            if part:
                stated = values[self._part_at]
                if stated and stated != part:
                    return self._problems(row, cells)
                values[self._part_at] = part
        return self._arrange(values)

    def reference(self, cells: Sequence[str]) -> str | None:
        """The reference of a row that may be wrong elsewhere."""
        try:
            return self._references[cells[self._reference]]
        except (CellRefused, IndexError):
            return None

    def _problems(self, row: int, cells: Sequence[str]) -> list[Problem]:
        """All that is wrong with a row of which something is."""
        problems = []
        values: list[Any] = []
        for reader, at in zip(self._readers, self._positions, strict=True):
            try:
                values.append(reader[cells[at]])
            except CellRefused as refused:
                values.append(None)
                problems.append(self._problem(row, at, cells[at], refused))
        if self._part is not None and values[0] and values[self._part]:
            part = values[0][1]
            if part and part != values[self._part]:
                at = self._positions[self._part]
                refused = CellRefused(
                    "two_parts",
                    f"The destination says {part}, and this cell says {shown(values[self._part])}.",
                    "Say the same in both.",
                )
                problems.append(self._problem(row, at, cells[at], refused))
        return problems

    def _problem(self, row: int, at: int, cell: str, refused: CellRefused) -> Problem:
        return Problem(
            sheet=self.sheet,
            row=row,
            column=shown(self._layout.headers[at], 120),
            code=refused.code,
            value=shown(cell.strip(), LONGEST_VALUE),
            message=refused.message[:LONGEST_MESSAGE],
            suggestion=refused.suggestion[:LONGEST_VALUE],
            name=self._names[at],
            replacements=refused.replacements,
        )

    def _too_long(self, row: int, cells: Sequence[str]) -> list[Problem]:
        return [
            Problem(
                sheet=self.sheet,
                row=row,
                column="",
                code="too_many_cells",
                value=shown(" | ".join(cells[self._width :]), LONGEST_VALUE),
                message=f"This row has {len(cells)} cells; the header has {self._width}.",
                suggestion="Put a text with a delimiter in it into quotation marks.",
            )
        ]
