"""What is wrong with a file in groups that one click can mend, and what is mended already."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Min

from agencies.lib.dates import DateRefused, parse_date
from attestations import occupations
from attestations.placements.columns import BY_NAME, COLUMNS, Kind
from attestations.placements.models import PlacementImport
from attestations.placements.rows import LONGEST_VALUE

GROUPS_SHOWN = 50
MOST_OFFERED = 4
MOST_LEFT_OUT = 1_000
IN_FORCE_SHOWN = 100

NOT_A_DATE = "not_a_date"
# what is wrong because of another cell: another text here would be wrong in another row
_BETWEEN_CELLS = frozenset({"two_parts"})
_DAYS = [column.name for column in COLUMNS if column.kind is Kind.DAY]
_BETWEEN_ITEMS = ";|,"
_MOST_TEXTS_TRIED = 2_000
_ROWS_NAMED = 5


@dataclass(frozen=True, slots=True)
class Offer:
    """A text that could stand in every cell of a group, and how it is said to a person."""

    becomes: str
    words: str


@dataclass(frozen=True, slots=True)
class Group:
    """The same text with the same fault in one column; `first` stands for all its problems."""

    first: int
    sheet: str
    first_row: int
    name: str
    column: str
    value: str
    message: str
    suggestion: str
    rows: int
    offers: tuple[Offer, ...]
    can_be_written: bool
    can_be_left_out: bool


@dataclass(frozen=True, slots=True)
class DayOrder:
    """One order in which all days of a column could be read, and what that would mend."""

    name: str
    column: str
    day_first: bool
    rows: int
    text: str
    day: date


@dataclass(frozen=True, slots=True)
class InForce:
    """Corrections that are taken back together: their places in the list, and their words' parts.

    `value` None: not about a text; `day_first` None: not about days; `rows` are those left out.
    """

    positions: str
    column: str = ""
    value: str | None = None
    becomes: str = ""
    day_first: bool | None = None
    sheet: str = ""
    row: int | None = None
    rows: str = ""
    rows_left_out: int = 0


def groups_of(record: PlacementImport) -> list[Group]:
    """The groups that hold most rows, one more than GROUPS_SHOWN where there are more."""
    counted = (
        record.problems.order_by()
        .values("name", "code", "value", "message", "suggestion", "replacements")
        .annotate(rows=Count("pk"), first=Min("pk"), column=Max("column"))
        .order_by("-rows", "first")[: GROUPS_SHOWN + 1]
    )
    found = list(counted)
    places = {
        pk: (sheet, row)
        for pk, sheet, row in record.problems.filter(
            pk__in=[one["first"] for one in found]
        ).values_list("pk", "sheet", "row")
    }
    return [_group(one, *places[one["first"]]) for one in found if one["first"] in places]


def _group(one: Mapping[str, Any], sheet: str, row: int) -> Group:
    writable = _can_be_written(one["name"], one["code"], one["value"])
    return Group(
        first=one["first"],
        sheet=sheet,
        first_row=row,
        name=one["name"],
        column=one["column"],
        value=one["value"],
        message=one["message"],
        suggestion=one["suggestion"],
        rows=one["rows"],
        offers=_offers(one["name"], one["value"], one["replacements"]) if writable else (),
        can_be_written=writable,
        can_be_left_out=one["rows"] <= MOST_LEFT_OUT,
    )


def _can_be_written(name: str, code: str, value: str) -> bool:
    """Whether the text is known whole, and another text in its place would be right everywhere."""
    if name not in BY_NAME or BY_NAME[name].kind is Kind.REFERENCE or code in _BETWEEN_CELLS:
        return False
    was_cut = len(value) >= LONGEST_VALUE and value.endswith("…")
    return bool(value) and not was_cut and "�" not in value


def _offers(name: str, value: str, replacements: list[str]) -> tuple[Offer, ...]:
    kind = BY_NAME[name].kind
    if kind is Kind.OCCUPATIONS and any(mark in value for mark in _BETWEEN_ITEMS):
        return ()  # each would replace one item, and the cell holds several
    if kind is Kind.YES_NO and not replacements:
        replacements = ["yes", "no", "unknown"]
    return tuple(Offer(text, _words_of(kind, text)) for text in replacements[:MOST_OFFERED])


def _words_of(kind: Kind, text: str) -> str:
    if kind in (Kind.OCCUPATION, Kind.OCCUPATIONS):
        return f"{text} ({occupations.title(text)})"
    if kind is Kind.DAY:
        day = date.fromisoformat(text)
        return f"{day.day} {day:%B %Y}"
    return text


def rows_with_the_same_problem(record: PlacementImport, first: int) -> list[tuple[str, int]]:
    """The rows of the group to which a problem belongs, one more than may be left out at most."""
    of_group = record.problems.filter(pk=first).values("name", "code", "value", "message").first()
    if of_group is None:
        return []
    rows = record.problems.filter(**of_group).order_by("pk").values_list("sheet", "row")
    return list(rows[: MOST_LEFT_OUT + 1])


def day_orders(record: PlacementImport, *, today: date) -> list[DayOrder]:
    """Each order of days that would mend something, by column; the first text is its example."""
    texts = (
        record.problems.filter(code=NOT_A_DATE, name__in=_DAYS)
        .order_by()
        .values("name", "value")
        .annotate(rows=Count("pk"), first=Min("pk"), column=Max("column"))
        .order_by("-rows", "first")[:_MOST_TEXTS_TRIED]
    )
    mended: Counter[tuple[str, bool]] = Counter()
    examples: dict[tuple[str, bool], tuple[str, str, date]] = {}
    for one in texts:
        for day_first in (True, False):
            day = _read(one["value"], today, day_first=day_first)
            if day is not None:
                key = (one["name"], day_first)
                mended[key] += one["rows"]
                examples.setdefault(key, (one["column"], one["value"], day))
    return [
        DayOrder(name, column, day_first, mended[name, day_first], text, day)
        for (name, day_first), (column, text, day) in sorted(
            examples.items(), key=lambda item: (_DAYS.index(item[0][0]), not item[0][1])
        )
    ]


def _read(text: str, today: date, *, day_first: bool) -> date | None:
    try:
        return parse_date(text, today=today, day_first=day_first)
    except DateRefused:
        return None


def in_force(record: PlacementImport) -> Iterator[InForce]:
    """The corrections of an import as they are told, at most IN_FORCE_SHOWN of them."""
    left_out: dict[str, list[tuple[int, int]]] = {}
    told = 0
    for at, one in enumerate(record.corrections):
        if "left_out" in one:
            left_out.setdefault(one["sheet"], []).append((one["row"], at))
        elif told < IN_FORCE_SHOWN:
            told += 1
            known = {name: said for name, said in one.items() if name in InForce.__slots__}
            yield InForce(positions=str(at), **known)
    for sheet, rows in left_out.items():
        rows.sort()
        named = ", ".join(str(row) for row, _ in rows[:_ROWS_NAMED])
        yield InForce(
            positions=",".join(str(at) for _, at in rows),
            sheet=sheet,
            rows=f"{named} …" if len(rows) > _ROWS_NAMED else named,
            rows_left_out=len(rows),
        )
