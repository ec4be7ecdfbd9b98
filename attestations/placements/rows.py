"""One row at a time: its values as they are stored and its verdict, or all that is wrong with it.

What a row says is split in two. Its profile (countries, posts, mode and the like) is read and
judged once for all rows that say the same; its days, its reference and a few texts are its own.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import repeat
from operator import itemgetter
from sys import intern
from typing import Any

from agencies.countries.spellings import CountryRefused, resolve_with_part
from agencies.lib import plain_text
from attestations.crosscheck.engine import REMEMBERED, Judgement, Profile
from attestations.crosscheck.values import DATE_FIELDS, PROFILE_FIELDS
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

DAYS = DATE_FIELDS
# what differs from row to row; the rest is a profile, of which a file holds few
_OWN_FIELDS = (*DAYS, "reference", "employer", "evidence_reference")

LONGEST_VALUE = 300
LONGEST_MESSAGE = 500

# a reference as most are; what holds anything else, or may be the error of a spreadsheet, is read
# with more care
_PLAIN = re.compile(r"(?!#|[Ee][Rr][Rr]:)[!-?A-~]{1,60}")
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
        codes = " or ".join(candidate.typed for candidate in refused.candidates)
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


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot be taken: all that is wrong, and its reference if that can be read."""

    problems: list[Problem]
    reference: str | None
    row: int


@dataclass(frozen=True, slots=True)
class Taken:
    """Rows as they are staged: each the place of its profile among `profiles`, its own values, its
    number in the file, and the number of its verdict."""

    profiles: list[tuple[Any, ...]]
    rows: list[tuple[Any, ...]]


class Quietly(dict[str, Any]):
    """The values of a column by the text of the cell, None where the text is refused.

    A chunk is read column by column, without a step of ours for each cell; the few rows that hold a
    refused text are then read once more, for their problems.
    """

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self._reader = reader

    def __missing__(self, text: str) -> Any:
        try:
            value = self._reader[text]
        except CellRefused:
            return None
        if len(self) < REMEMBERED:
            self[text] = value
        return value


class Profiles(dict[tuple[str, ...], tuple[tuple[Any, ...], Profile] | None]):
    """What the cells of a profile say and come to, by their texts: each is read and judged once."""

    def __init__(self, read: Callable[[Sequence[str]], tuple[tuple[Any, ...], Profile]]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, texts: tuple[str, ...]) -> tuple[tuple[Any, ...], Profile] | None:
        try:
            found = self._read(texts)
        except CellRefused:
            return None
        if len(self) >= REMEMBERED:
            self.clear()
        self[tuple(map(intern, texts))] = found
        return found


class RowReader:
    """Reads and judges the rows of one sheet after the layout of its header.

    `readers` are shared among the sheets of a file. `columns` are those of a profile and then a
    row's own, in the order of `Taken`; a value is a text or a number, and an empty text is not
    answered.
    """

    def __init__(
        self,
        layout: Layout,
        sheet: str,
        readers: dict[str, Reader],
        words: Vocabulary,
        judgement: Judgement,
    ) -> None:
        self.sheet = sheet
        self._judgement = judgement
        self._left_out = {row for name, row in words.corrections.left_out if name == sheet}
        self._corrected = {
            row: texts for (name, row), texts in words.corrections.rows.items() if name == sheet
        }
        self._given = len(layout.headers)
        positions = dict(layout.positions)
        for name in (name for texts in self._corrected.values() for name in texts):
            positions.setdefault(name, self._given + len(positions) - len(layout.positions))
        self._width = self._given + len(positions) - len(layout.positions)
        self._headers = (*layout.headers, *list(positions)[len(layout.positions) :])
        self._positions = positions
        self._names = {at: name for name, at in positions.items()}
        self._reference = positions["reference"]
        self._corrects_references = bool(words.corrections.texts.get("reference"))
        fields = [column.field for column in COLUMNS if column.name in positions]
        self._at = {field: positions[BY_FIELD[field].name] for field in fields}
        for field in fields:
            if field not in readers:
                readers[field] = _reader_of(field, words)
        self._readers = readers
        # the destination first, because its cell may name a part as well
        self._profile_fields = ["destination"] + [
            field for field in fields if field not in (*_OWN_FIELDS, "destination")
        ]
        self._profile_readers = [readers[field] for field in self._profile_fields]
        stored = dict.fromkeys((*self._profile_fields, "destination_part"))
        self._stored = tuple(stored)
        own = [*DAYS, *(one for one in _OWN_FIELDS if one in self._at and one not in DAYS)]
        self._own = [(field, self._at.get(field)) for field in own]
        self._quietly = {field: Quietly(readers[field]) for field in own if field in self._at}
        self._pick_profile = itemgetter(*(self._at[field] for field in self._profile_fields))
        self._profiles = Profiles(self._read_profile)
        self.columns = (*self._stored, *own)

    def read(self, rows: Sequence[tuple[int, list[str]]]) -> tuple[Taken, list[Refused]]:
        """The rows as they are staged, and those that cannot be; blank rows are neither."""
        taken = Taken([], [])
        refused: list[Refused | None] = []
        rows = [(row, cells) for row, cells in rows if self._fits(row, cells, refused)]
        every = [cells for _, cells in rows]
        # all of them are held until the end: what is told apart by identity must live as long
        profiles = list(map(self._profiles.__getitem__, map(self._pick_profile, every)))
        places: dict[int, int] = {}
        own = zip(*(self._column(field, at, every) for field, at in self._own), strict=True)
        for (row, cells), found, values in zip(rows, profiles, own, strict=True):
            if found is None or None in values:
                refused.append(self._refused(row, cells))
                continue
            place = places.get(id(found))
            if place is None:
                place = places[id(found)] = len(places)
                taken.profiles.append(found[0])
            taken.rows.append((place, *values, row, found[1].on(*values[:4]).number))
        return taken, [one for one in refused if one is not None]

    def _fits(self, row: int, cells: list[str], refused: list[Refused | None]) -> bool:
        """Give the row the width of the header and put corrections in, or refuse it whole."""
        if row in self._left_out:
            refused.append(Refused([self._left_out_problem(row)], None, row))
            return False
        # a cell too many is never taken for one of a column that corrections added
        if not len(cells) == self._given == self._width:
            if len(cells) > self._given and any(map(str.strip, cells[self._given :])):
                refused.append(self._too_long(row, cells))
                return False
            del cells[self._given :]
            cells += [""] * (self._width - len(cells))
        if row in self._corrected:
            for name, text in self._corrected[row].items():
                cells[self._positions[name]] = text
        return True

    def _column(self, field: str, at: int | None, every: Sequence[Sequence[str]]) -> Iterable[Any]:
        """What the rows say in a column; a day that the file has no column for is not answered."""
        if at is None:
            return repeat("", len(every))
        texts = map(itemgetter(at), every)
        if field != "reference" or self._corrects_references:
            return map(self._quietly[field].__getitem__, texts)
        # each stands once, so that remembering them helps nobody
        texts = list(texts)
        with_care = self._quietly[field].__missing__
        return [
            text if match else with_care(text)
            for text, match in zip(texts, map(_PLAIN.fullmatch, texts), strict=True)
        ]

    def _read_profile(self, texts: Sequence[str]) -> tuple[tuple[Any, ...], Profile]:
        """The values of a profile as they are stored, and what it comes to."""
        said = [reader[text] for reader, text in zip(self._profile_readers, texts, strict=True)]
        values: dict[str, Any] = dict(zip(self._profile_fields, said, strict=True))
        if values["destination"] is not None:
            values["destination"], part = values["destination"]
            stated = values.get("destination_part")
            if part and stated and stated != part:
                raise CellRefused("two_parts", f"The destination says {part}.")
            values["destination_part"] = part or stated
        find = values.get
        judged = [find(field) for field in PROFILE_FIELDS]
        stored = tuple([_as_stored(find(field)) for field in self._stored])
        return stored, self._judgement.profile(judged)

    def _refused(self, row: int, cells: Sequence[str]) -> Refused | None:
        if not any(map(str.strip, cells)):
            return None
        problems = []
        values = {}
        for field, at in self._at.items():
            try:
                values[field] = self._readers[field][cells[at]]
            except CellRefused as refused:
                problems.append(self._problem(row, at, cells[at], refused))
        stated = values.get("destination_part")
        _, part = values.get("destination") or (None, None)
        if stated and part and part != stated:
            at = self._at["destination_part"]
            refused = CellRefused(
                "two_parts",
                f"The destination says {part}, and this cell says {shown(stated)}.",
                "Say the same in both.",
            )
            problems.append(self._problem(row, at, cells[at], refused))
        return Refused(problems, values.get("reference"), row)

    def _left_out_problem(self, row: int) -> Problem:
        return Problem(
            sheet=self.sheet,
            row=row,
            column="",
            code="left_out",
            value="",
            message="You left this row out.",
            suggestion="Take the correction back if the row shall be taken.",
        )

    def _problem(self, row: int, at: int, cell: str, refused: CellRefused) -> Problem:
        return Problem(
            sheet=self.sheet,
            row=row,
            column=shown(self._headers[at], 120),
            code=refused.code,
            value=shown(cell.strip(), LONGEST_VALUE),
            message=refused.message[:LONGEST_MESSAGE],
            suggestion=refused.suggestion[:LONGEST_VALUE],
            name=self._names[at],
            replacements=refused.replacements,
        )

    def _too_long(self, row: int, cells: Sequence[str]) -> Refused:
        problem = Problem(
            sheet=self.sheet,
            row=row,
            column="",
            code="too_many_cells",
            value=shown(" | ".join(cells[self._given :]), LONGEST_VALUE),
            message=f"This row has {len(cells)} cells; the header has {self._given}.",
            suggestion="Put a text with a delimiter in it into quotation marks.",
        )
        try:
            reference = self._readers["reference"][cells[self._reference]]
        except CellRefused:
            reference = None
        return Refused([problem], reference, row)


def _reader_of(field: str, words: Vocabulary) -> Reader:
    column = BY_FIELD[field]
    read = reader_for(column, words)
    if column.kind is Kind.DAY:
        return Reader(lambda text: _as_text(read(text)))
    return Reader(
        read,
        remembers=column.kind is not Kind.REFERENCE,
        looked_up=column.name if column.kind in LOOKED_UP else "",
    )


def _as_text(day: date | None) -> str:
    return day.isoformat() if day else ""


def _as_stored(value: Any) -> Any:
    """As databases take it quickest: an empty text for nothing, 1 and 0 for yes and no."""
    if value is None:
        return ""
    return int(value) if isinstance(value, bool) else value
