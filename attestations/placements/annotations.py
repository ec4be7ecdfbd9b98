"""What is said beside the cells of a file on its way back: what is wrong, what was corrected."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from agencies.lib.dates import DateRefused, parse_date
from attestations.placements.columns import BY_NAME, Kind, named_apart, shown
from attestations.placements.corrections import Corrections

WRONG, CORRECTED = "wrong", "corrected"

LEFT_OUT = "You left this row out."


@dataclass(frozen=True, slots=True)
class Fault:
    """A problem of one row, as far as its file is told of it."""

    row: int
    name: str
    message: str
    suggestion: str
    replacements: Sequence[str]

    @property
    def instead(self) -> str:
        """What to write: texts that could stand there, or else words that say it."""
        return " or ".join(self.replacements) or self.suggestion

    @property
    def advice(self) -> str:
        """The same as a sentence."""
        return f"Write: {self.instead}" if self.replacements else self.suggestion


@dataclass(slots=True)
class Mark:
    """One cell of a row, counted from 0, of which something is said.

    `becomes` is the text that takes the place of its own; None leaves it. `name` is our name of
    the column, '' where the whole row is meant.
    """

    at: int
    name: str
    kind: str
    remark: str
    instead: str = ""
    advice: str = ""
    becomes: str | None = None


class SheetMarks:
    """The marks of one sheet, asked for row by row from its header on.

    `columns` say which header was read as which of our columns, `faults` come in the order of rows.
    """

    def __init__(
        self,
        sheet: str,
        columns: Mapping[str, str],
        faults: Iterable[Fault],
        corrections: Corrections,
        today: date,
    ) -> None:
        self._sheet = sheet
        self._columns = columns
        self._faults = iter(faults)
        self._next = next(self._faults, None)
        self._corrections = corrections
        self._today = today
        self._texts: dict[tuple[str, str], str | None] = {}
        self.positions: dict[str, int] = {}
        self.added: list[str] = []
        self._reread: list[str] = []

    def is_header(self, cells: Sequence[str]) -> bool:
        """Whether this is the row by which the columns were found; then it is remembered."""
        headers = [shown(name, 120) for name in named_apart([cell.strip() for cell in cells])]
        if not set(self._columns) <= set(headers):
            return False
        self.positions = {name: headers.index(header) for header, name in self._columns.items()}
        in_rows = [
            said for (sheet, _), said in self._corrections.rows.items() if sheet == self._sheet
        ]
        filled = set(chain.from_iterable(in_rows))
        self.added = [name for name in BY_NAME if name in filled and name not in self.positions]
        width = len(cells)
        self.positions |= {name: width + at for at, name in enumerate(self.added)}
        self._reread = [
            name
            for name in self.positions
            if name in self._corrections.texts or name in self._corrections.day_first
        ]
        return True

    def of_row(self, row: int, cells: Sequence[str]) -> list[Mark]:
        marks = {mark.at: mark for mark in self._corrected(row, cells)}
        if (self._sheet, row) in self._corrections.left_out:
            at = self.positions["reference"]
            marks[at] = Mark(at, "", CORRECTED, LEFT_OUT)
        for fault in self._faults_of(row):
            at = self.positions.get(fault.name, self.positions["reference"])
            before = marks.get(at)
            remark, instead, advice, becomes = fault.message, fault.instead, fault.advice, None
            if before is not None:
                remark, becomes = f"{before.remark} {remark}", before.becomes
                instead = "; ".join(filter(None, (before.instead, instead)))
                advice = " ".join(filter(None, (before.advice, advice)))
            marks[at] = Mark(at, fault.name, WRONG, remark, instead, advice, becomes)
        return [marks[at] for at in sorted(marks)]

    def _faults_of(self, row: int) -> Iterator[Fault]:
        while self._next is not None and self._next.row <= row:
            fault, self._next = self._next, next(self._faults, None)
            if fault.row == row:
                yield fault

    def _corrected(self, row: int, cells: Sequence[str]) -> Iterator[Mark]:
        of_row = self._corrections.rows.get((self._sheet, row), {})
        for name in dict.fromkeys((*self._reread, *of_row)):
            at = self.positions[name]
            sent = cells[at] if at < len(cells) else ""
            text = of_row.get(name, sent)
            becomes = self._read(name, text)
            if becomes is None:
                becomes = text
            if becomes != sent:
                said = f"You sent “{shown(sent.strip())}”." if sent.strip() else "It was empty."
                yield Mark(
                    at, name, CORRECTED, f"{said} You corrected it to “{shown(becomes)}”.",
                    becomes=becomes,
                )  # fmt: skip

    def _read(self, name: str, text: str) -> str | None:
        """The text that is read instead; None where it stays."""
        key = (name, text)
        if key not in self._texts:
            self._texts[key] = self._otherwise(name, text)
        return self._texts[key]

    def _otherwise(self, name: str, text: str) -> str | None:
        said = self._corrections.texts.get(name, {}).get(text.strip())
        day_first = self._corrections.day_first.get(name)
        if day_first is not None:
            try:
                day = parse_date(
                    text if said is None else said, today=self._today, day_first=day_first
                )
            except DateRefused:
                return said
            return day.isoformat() if day.isoformat() != text.strip() else None
        return said


def is_day(mark: Mark) -> bool:
    """Whether what takes the cell's place is a calendar day."""
    if mark.becomes is None or not mark.name or BY_NAME[mark.name].kind is not Kind.DAY:
        return False
    try:
        return date.fromisoformat(mark.becomes).isoformat() == mark.becomes
    except ValueError:
        return False


def remark_of(marks: Sequence[Mark]) -> str:
    """All that is said of a row, each with its column."""
    return " ".join(f"{mark.name}: {mark.remark}" if mark.name else mark.remark for mark in marks)


def instead_of(marks: Sequence[Mark]) -> str:
    """What to write, with the column where several cells are wrong."""
    wrong = [mark for mark in marks if mark.instead]
    if len(wrong) == 1:
        return wrong[0].instead
    return "; ".join(f"{mark.name}: {mark.instead}" for mark in wrong)
