"""One cell at a time: what a text in a column says, or why it cannot be taken.

Each distinct text of a column is read once (`Reader`), because a file of a million rows holds few
different ones. Nothing is guessed: what is doubtful is refused, with what it could have meant.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from agencies.lib import plain_text
from agencies.lib.dates import DateRefused, parse_date
from agencies.lib.slips import Slips
from attestations.placements.columns import Column, Kind, shown
from attestations.placements.corrections import Corrections
from attestations.placements.files import FileUnreadable
from attestations.placements.modes import MODES_OFFERED, mode_called, modes_alike

# beyond this many distinct texts a column is no longer remembered text by text
REMEMBERED = 200_000
MOST_LOOKED_UP_IN_VAIN = 1_000

MOST_OTHER_OCCUPATIONS = 12
MOST_ITEMS = 20
LONGEST_ITEM = 60
MOST_MONTHS = 1200
LONGEST_CELL = 2000

NOT_ANSWERED = frozenset(
    {"unknown", "not known", "not answered", "?", "??", "n/k", "-", "–", "n/a", "na"}
)
_YES = frozenset({"yes", "y", "true", "1", "oui", "si", "sí", "ja"})
_NO = frozenset({"no", "n", "false", "0", "non", "nein"})
_NONE = frozenset({"none", "no", "nil", "nothing", "no fee", "no fees", "0", "0.00"})

# what spreadsheets write where a formula has no result, in the languages that they speak, and
# where a column is too narrow for its numbers
_SPREADSHEET_ERROR = re.compile(
    r"#[¡¿]?[^\W\d_][\w/.]*[!?]|#(?:N/[ABD]|NV|YOK|SAKNAS!?|GETTING_DATA)|Err:[0-9]{3}",
    re.IGNORECASE,
)
_TOO_NARROW = re.compile(r"#{3,}")

_NUMBER = re.compile(r"[0-9]{1,4}")
_OCCUPATION_CODE = re.compile(r"[0-9]{1,4}")
_CURRENCY = r"(?<![A-Za-z])[A-Z]{3}|[€£$]"
_FEE = re.compile(
    rf"(?P<what>.*?)[\s:=]*(?:(?P<before>{_CURRENCY})\s*)?"
    rf"(?P<amount>[0-9]+(?:\.[0-9]{{1,2}})?)(?:\s*(?P<after>{_CURRENCY}))?",
    re.DOTALL,
)
_TERM = re.compile(r"(?P<term>disclosed|tapers|tapering)\s*[:=]?\s*(?P<said>.*)", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_LINE_ENDS = re.compile(r"[\r\n]+")

_PARTS = ("england", "northern ireland", "scotland", "wales")
_NEAR_A_PART = Slips(_PARTS)


Told = tuple[str, str, str, tuple[str, ...]]


class CellRefused(ValueError):
    """What a cell says cannot be taken: a code for grouping, a message, what to type instead.

    `replacements` are texts of which each could stand in the cell; the likeliest comes first.
    """

    def __init__(
        self, code: str, message: str, suggestion: str = "", replacements: Sequence[str] = ()
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.suggestion = suggestion
        self.replacements = tuple(replacements)

    @property
    def told(self) -> Told:
        return (self.code, self.message, self.suggestion, self.replacements)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The outside words that cells are read by; each raises CellRefused where it cannot say."""

    today: date
    country: Callable[[str], str]
    destination: Callable[[str], tuple[str, str]]
    occupation: Callable[[str], str]
    check_text: Callable[[str], None]
    corrections: Corrections = field(default_factory=Corrections)


class Reader(dict[str, Any]):
    """The values of one column by the text of the cell: `reader[text]`, read once each.

    A text that is refused raises CellRefused, each time. `looked_up` is a column whose texts are
    looked up among names: a wrong one costs the search for what resembles it, so that a column of
    very many different wrong ones ends the file.
    """

    def __init__(
        self,
        read: Callable[[str], Any],
        *,
        remembers: bool = True,
        looked_up: str = "",
    ) -> None:
        super().__init__()
        self._read = read
        self._room = REMEMBERED if remembers else 0
        self._looked_up = looked_up
        # as told, and never the exception itself: it would keep alive all that its frames hold
        self._refused: dict[str, Told] = {}

    def __missing__(self, text: str) -> Any:
        known = self._refused.get(text)
        if known is not None:
            raise CellRefused(*known)
        try:
            value = self._read(text)
        except CellRefused as refused:
            if self._looked_up and len(self._refused) >= MOST_LOOKED_UP_IN_VAIN:
                raise FileUnreadable(
                    f"The column {self._looked_up} holds more than {MOST_LOOKED_UP_IN_VAIN} "
                    "different texts that are not known here. Is it the right column?"
                ) from refused
            if len(self._refused) < self._room:
                self._refused[text] = refused.told
            raise
        if len(self) < self._room:
            self[text] = value
        return value


def reader_for(column: Column, words: Vocabulary) -> Callable[[str], Any]:
    """How a cell of this column is read; empty is None (not answered), or '' for texts."""

    corrected = words.corrections.texts.get(column.name, {})

    def read(text: str) -> Any:
        if corrected:
            text = corrected.get(text.strip(), text)
        if not text.isascii() or not text.isprintable():
            words.check_text(text)
        if len(text) > LONGEST_CELL:
            raise CellRefused("too_long", f"This cell holds {len(text)} characters.")
        text = text.strip()
        if not text:
            return _empty(column)
        _check_not_an_error(text)
        if text.casefold() in NOT_ANSWERED and not _is_said_by(text, column):
            return _empty(column)
        if column.kind is Kind.TEXT and text.casefold() == "none":
            return ""
        return _READERS[column.kind](text, column, words)

    return read


def _check_not_an_error(text: str) -> None:
    if _TOO_NARROW.fullmatch(text):
        raise CellRefused(
            "spreadsheet_error",
            "The column was too narrow in the spreadsheet, which saved these signs instead of what "
            "the cell says.",
            "Widen the column and save the file again.",
        )
    if _SPREADSHEET_ERROR.fullmatch(text):
        raise CellRefused(
            "spreadsheet_error",
            f"“{shown(text)}” is an error of the spreadsheet and says nothing about the placement.",
            "Type what the cell should say, or leave it empty.",
        )


def _is_said_by(text: str, column: Column) -> bool:
    """Whether what elsewhere means no answer is one here: NA is the ISO code of Namibia."""
    if column.kind in (Kind.COUNTRY, Kind.DESTINATION):
        return text.casefold() == "na"
    return column.kind is Kind.REFERENCE


def _empty(column: Column) -> Any:
    if column.kind is Kind.REFERENCE:
        raise CellRefused(
            "missing_reference",
            "Every placement needs a reference of its own, so that it can be found again.",
            "Give each row its own reference.",
        )
    return "" if column.kind in (Kind.TEXT, Kind.PART) else None


def _reference(text: str, column: Column, words: Vocabulary) -> str:
    if _EMAIL.fullmatch(text):
        raise CellRefused(
            "personal",
            "A reference must not be somebody's e-mail address: the register holds no names.",
            "Use a number or code of your own.",
        )
    return _text(text, column, words)


def _text(text: str, column: Column, words: Vocabulary) -> str:
    text = plain_text.clean(text)
    if len(text) > column.longest:
        raise CellRefused(
            "too_long",
            f"This is {len(text)} characters long; {column.name} takes {column.longest}.",
        )
    return text


def _part(text: str, column: Column, words: Vocabulary) -> str:
    key = " ".join(text.casefold().split())
    if key in _PARTS:
        return key.title()
    if near := _NEAR_A_PART.near(key):
        parts = [part.title() for part in near]
        raise CellRefused(
            "unknown_part",
            f"“{shown(text)}” is no part that is known here. Did you mean {' or '.join(parts)}?",
            f"Type {' or '.join(parts)}.",
            parts,
        )
    return _text(text, column, words)


def _country(text: str, column: Column, words: Vocabulary) -> str:
    return words.country(text)


def _destination(text: str, column: Column, words: Vocabulary) -> tuple[str, str]:
    return words.destination(text)


def _months(text: str, column: Column, words: Vocabulary) -> int:
    if not _NUMBER.fullmatch(text) or int(text) > MOST_MONTHS:
        raise CellRefused(
            "not_a_number",
            f"This is not a number of whole months between 0 and {MOST_MONTHS}.",
            "Write whole months in figures: 18.",
        )
    return int(text)


def _occupation(text: str, column: Column, words: Vocabulary) -> str:
    return words.occupation(text)


def _occupations(text: str, column: Column, words: Vocabulary) -> str | None:
    stated = [item.strip() for item in re.split(r"[;|]", text) if item.strip()]
    if text.casefold() == "none":
        return None
    by_comma = [item.strip() for item in text.split(",")]
    if all(_OCCUPATION_CODE.fullmatch(item) for item in by_comma):
        stated = by_comma
    codes = sorted({words.occupation(item) for item in stated})
    if len(codes) > MOST_OTHER_OCCUPATIONS:
        raise CellRefused(
            "too_many", f"These are {len(codes)} occupations; {MOST_OTHER_OCCUPATIONS} are taken."
        )
    return " ".join(codes)


def _mode(text: str, column: Column, words: Vocabulary) -> str:
    mode = mode_called(text)
    if mode is not None:
        return mode.value
    message = f"“{shown(text)}” is none of the ways of recruitment."
    if alike := modes_alike(text):
        offered = " or ".join(alike)
        raise CellRefused(
            "unknown_mode", f"{message} Did you mean {offered}?", f"Write {offered}.", alike
        )
    raise CellRefused("unknown_mode", message, f"Write one of: {', '.join(MODES_OFFERED)}.")


def _yes_no(text: str, column: Column, words: Vocabulary) -> bool:
    plain = text.casefold()
    if plain in _YES:
        return True
    if plain in _NO:
        return False
    raise CellRefused(
        "not_yes_or_no", f"“{shown(text)}” is neither yes nor no.", "Write yes, no or unknown."
    )


def _day(text: str, column: Column, words: Vocabulary) -> date:
    try:
        day_first = words.corrections.day_first.get(column.name)
        return parse_date(text, today=words.today, day_first=day_first)
    except DateRefused as refused:
        days = [day.isoformat() for day in refused.readings]
        suggestion = f"Type {' or '.join(days)}." if days else "Type it as YYYY-MM-DD."
        raise CellRefused("not_a_date", str(refused), suggestion, days) from refused


def _fees(text: str, column: Column, words: Vocabulary) -> str:
    """JSON text: a list of [what, amount as text or null]; [] is none charged."""
    if text.casefold() in _NONE:
        return "[]"
    if text.casefold() in _YES - {"1"}:
        return json.dumps([["not said what for", None]])
    return json.dumps([fee for item in _items(text) if (fee := _fee(item))])


def _fee(item: str) -> list[str | None] | None:
    match = _FEE.fullmatch(item)
    if match is None:
        if any(character.isdigit() for character in item):
            raise CellRefused(
                "not_an_amount",
                f"“{shown(item)}” is not a fee and its amount.",
                "Write what and how much, with a full stop before the cents: visa 1200.50",
            )
        return [_short(item), None]
    what = match["what"].strip(" :=") or "not said what for"
    if any(character.isdigit() for character in what):
        raise CellRefused(
            "not_an_amount",
            f"“{shown(item)}” can be read as more than one amount.",
            "Put a semicolon between fees, and no comma or space inside an amount: visa 1200.50; "
            "medical 80",
        )
    if Decimal(match["amount"]) == 0:
        return None
    currency = match["before"] or match["after"]
    return [_short(f"{what} ({currency})" if currency else what), match["amount"]]


def _repayment(text: str, column: Column, words: Vocabulary) -> str:
    """JSON text: what is reclaimed, and whether that is disclosed and tapers; none reclaims []."""
    terms: dict[str, Any] = {"reclaimed": [], "disclosed": None, "tapers": None}
    if text.casefold() in _NONE:
        return json.dumps(terms | {"disclosed": True, "tapers": True})
    for item in _items(text):
        match = _TERM.fullmatch(item)
        if match is None:
            terms["reclaimed"].append(_short(item))
            continue
        said = match["said"].strip().casefold()
        if said and said not in _YES | _NO | NOT_ANSWERED:
            raise CellRefused(
                "not_yes_or_no",
                f"“{shown(item)}” is neither yes nor no.",
                "Write: flight; visa; disclosed yes; tapers no",
            )
        name = "disclosed" if match["term"].casefold() == "disclosed" else "tapers"
        terms[name] = None if said in NOT_ANSWERED else said in _YES or not said
    return json.dumps(terms)


def _items(text: str) -> list[str]:
    items = [item.strip() for item in _LINE_ENDS.sub(";", text).split(";") if item.strip()]
    if len(items) > MOST_ITEMS:
        raise CellRefused("too_many", f"These are {len(items)} items; {MOST_ITEMS} are taken.")
    return items


def _short(item: str) -> str:
    if len(item) > LONGEST_ITEM:
        raise CellRefused(
            "too_long",
            f"“{shown(item, 40)}” is {len(item)} characters long; {LONGEST_ITEM} are taken.",
        )
    return item


# read by looking a text up among names
LOOKED_UP = frozenset({Kind.COUNTRY, Kind.DESTINATION, Kind.OCCUPATION, Kind.OCCUPATIONS})

_READERS: Mapping[Kind, Callable[[str, Column, Vocabulary], Any]] = {
    Kind.REFERENCE: _reference,
    Kind.COUNTRY: _country,
    Kind.DESTINATION: _destination,
    Kind.PART: _part,
    Kind.MONTHS: _months,
    Kind.OCCUPATION: _occupation,
    Kind.OCCUPATIONS: _occupations,
    Kind.MODE: _mode,
    Kind.YES_NO: _yes_no,
    Kind.DAY: _day,
    Kind.FEES: _fees,
    Kind.REPAYMENT: _repayment,
    Kind.TEXT: _text,
}
