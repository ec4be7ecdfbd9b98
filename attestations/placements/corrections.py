"""What a person corrects in a file without touching the file: texts read as other texts.

The file stays as it came, and an import says beside it what is to be read instead: for every row
that says the same in a column, for all days of a column, or for one row. The corrections are kept
with the import, so that each stored value can be traced to the cell and to who read it otherwise.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from attestations.placements.columns import BY_NAME, Kind

MOST_CORRECTIONS = 1_000
LONGEST_BECOMES = 2_000

# what a correction says of its cells; the rest tells which cells they are
_SAYS = ("becomes", "day_first")

Place = tuple[str, int]
"""A row: the name of its sheet ('' in a CSV file) and its number there."""


class CorrectionsRefused(ValueError):
    """What is given is no list of corrections; the message says which one and why."""


@dataclass(slots=True)
class Corrections:
    """All corrections of one import, by what they apply to. Columns go by our names."""

    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    day_first: dict[str, bool] = field(default_factory=dict)
    rows: dict[Place, dict[str, str]] = field(default_factory=dict)
    left_out: set[Place] = field(default_factory=set)


def of_every_row(*, column: str, value: str, becomes: str) -> dict[str, Any]:
    """Wherever `column` says `value` (without spaces around it), `becomes` is read instead."""
    return {"column": column, "value": value.strip(), "becomes": becomes}


def of_days(*, column: str, day_first: bool) -> dict[str, Any]:
    """A day of the column written in three numbers that can be read in two ways is read so."""
    return {"column": column, "day_first": day_first}


def of_one_row(*, sheet: str, row: int, column: str, becomes: str) -> dict[str, Any]:
    """One cell, by its place; a column that the file does not have may be filled as well."""
    return {"sheet": sheet, "row": row, "column": column, "becomes": becomes}


def of_a_row_left_out(*, sheet: str, row: int) -> dict[str, Any]:
    """The row is not taken; it counts among those refused."""
    return {"sheet": sheet, "row": row, "left_out": True}


def read_corrections(given: Iterable[Mapping[str, Any]]) -> Corrections:
    """Corrections as they are stored; a later one about the same cell takes its place."""
    given = list(given)
    if len(given) > MOST_CORRECTIONS:
        raise CorrectionsRefused(
            f"These are {len(given)} corrections; {MOST_CORRECTIONS} are taken for one file. "
            "Mend the file itself and send it again."
        )
    found = Corrections()
    for one in given:
        match one:
            case {"sheet": str(sheet), "row": int(row), "left_out": True}:
                found.left_out.add((sheet, row))
            case {"sheet": str(sheet), "row": int(row), "column": str(column), "becomes": str(new)}:
                found.rows.setdefault((sheet, row), {})[_column(column)] = _text(new)
            case {"column": str(column), "day_first": bool(day_first)}:
                if BY_NAME[_column(column)].kind is not Kind.DAY:
                    raise CorrectionsRefused(f"The column {column} holds no days.")
                found.day_first[column] = day_first
            case {"column": str(column), "value": str(value), "becomes": str(new)}:
                found.texts.setdefault(_column(column), {})[value.strip()] = _text(new)
            case _:
                raise CorrectionsRefused(f"This is no correction: {one!r}")
    return found


def added(before: Sequence[Mapping[str, Any]], *new: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The corrections of an import with more, each in the place of one of the same cells.

    CorrectionsRefused where one cannot be taken.
    """
    together: dict[str, dict[str, Any]] = {}
    for one in (*before, *new):
        said_of = {name: said for name, said in one.items() if name not in _SAYS}
        cells = json.dumps(said_of, sort_keys=True)
        together.pop(cells, None)
        together[cells] = dict(one)
    read_corrections(together.values())
    return list(together.values())


def _column(name: str) -> str:
    if name not in BY_NAME:
        raise CorrectionsRefused(f"There is no column “{name}”.")
    return name


def _text(text: str) -> str:
    if len(text) > LONGEST_BECOMES:
        raise CorrectionsRefused(f"A correction takes up to {LONGEST_BECOMES} characters.")
    return text
