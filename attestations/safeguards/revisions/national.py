"""A new version of a destination's list, beside the one that is kept: by country and day."""

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

from agencies.countries.spellings import CountryRefused, resolve
from attestations.enums import Grade
from attestations.safeguards.reading import FOLDER as OWN_FILES
from attestations.safeguards.reading import (
    FileRefused,
    GradeText,
    catalogue,
    grade_row,
    read_lines,
    repeated,
)

NEEDED = ("iso3", "valid_from", "valid_to_exclusive", "source")
OPTIONAL = ("iso2", "country", "grade", "legal_basis", "earliest_possible", "precision", "note")


@dataclass(frozen=True, slots=True)
class Version:
    """What a new version adds to the rows that are kept, and which of those it ends."""

    begins: tuple[GradeText, ...]
    ends: tuple[GradeText, ...]

    @property
    def effective_on(self) -> dt.date:
        """The first day on which an answer changes."""
        return min(
            [row.earliest_possible for row in self.begins]
            + [row.valid_to_exclusive for row in self.ends]
        )


@dataclass(frozen=True, slots=True)
class GradeChange:
    """What becomes of a country's grade on a day; "" is no grade."""

    country: str
    day: dt.date
    earliest_possible: dt.date
    before: str
    after: str
    until: dt.date | None


def changes_by_day(begins, ends) -> tuple[GradeChange, ...]:
    """An end and a beginning on the same day are one change of grade."""
    ended = {(row.country, row.valid_to_exclusive): row.grade for row in ends}
    # a beginning that follows another one of the same version
    ended |= {(row.country, row.valid_to_exclusive): row.grade for row in begins}
    changes = [
        GradeChange(
            row.country,
            row.valid_from,
            row.earliest_possible,
            ended.pop((row.country, row.valid_from), ""),
            row.grade,
            row.valid_to_exclusive,
        )
        for row in sorted(begins, key=_by_day)
    ]
    changes += [
        GradeChange(
            row.country, row.valid_to_exclusive, row.valid_to_exclusive, row.grade, "", None
        )
        for row in ends
        if (row.country, row.valid_to_exclusive) in ended
    ]
    return tuple(sorted(changes, key=lambda change: (change.day, change.country)))


def read_version(content, *, code, name, kept) -> Version:
    """The file holds the whole list: every row that is kept, as it is or now with its end, and new
    ones. FileRefused names all that is wrong."""
    given = _read(content, code=code, name=name)
    kept_rows = {_key(row): row for row in kept}
    problems = repeated(f"{row.country} from {row.valid_from}" for row in given)
    begins, ends = [], []
    for row in given:
        before = kept_rows.pop(_key(row), None)
        if before is None:
            begins.append(row)
        elif _published(before, row):
            problems.append(
                f"{row.country} from {row.valid_from} is kept as {_in_words(before)}, and the file "
                f"says {_in_words(row)}. What was published stays: only an open end can be set."
            )
        elif before.valid_to_exclusive is None and row.valid_to_exclusive is not None:
            ends.append(row)
    problems += [
        f"{row.country} from {row.valid_from} is kept and is missing from the file: what was "
        "published stays, with its end if it has ended."
        for row in kept_rows.values()
    ]
    changed = {row.country for row in (*begins, *ends)}
    problems += _overlaps([row for row in given if row.country in changed])
    if not problems and not begins and not ends:
        problems.append("The file says nothing that is not kept already.")
    if problems:
        raise FileRefused(name, problems)
    return Version(tuple(sorted(begins, key=_by_day)), tuple(sorted(ends, key=_by_day)))


def _read(content, *, code, name):
    ungraded = next(
        (
            each.get("ungraded")
            for each in catalogue(OWN_FILES)["national_lists"]
            if each["code"] == code
        ),
        None,
    )
    rows, problems = [], []
    for line in read_lines(content, name=name, needs=NEEDED):
        if not any(line.cells.values()) or line.cells.get("grade", "-") == ungraded:
            continue
        problems += [
            f"Row {line.number}: “{column}” is nothing that such a row says."
            for column in line.cells
            if column and column not in (*NEEDED, *OPTIONAL)
        ]
        try:
            row = grade_row(line)
            if resolve(row.country) != row.country:
                problems.append(f"Row {line.number}: “{row.country}” is no three-letter code.")
        except (CountryRefused, ValueError) as refused:
            problems.append(f"Row {line.number}: {refused}")
            continue
        if row.grade not in Grade.values:
            problems.append(f"Row {line.number}: “{row.grade}” is no grade.")
        if row.earliest_possible > row.valid_from:
            problems.append(f"Row {line.number}: it cannot begin before it is possible.")
        if row.valid_to_exclusive and row.valid_to_exclusive < row.valid_from:
            problems.append(f"Row {line.number}: it ends before it begins.")
        rows.append(row)
    if problems:
        raise FileRefused(name, problems)
    return rows


def _overlaps(rows):
    by_country = {}
    for row in sorted(rows, key=_by_day):
        by_country.setdefault(row.country, []).append(row)
    return [
        f"{country} would have two grades from {later.valid_from} on: {_in_words(earlier)} has to "
        "end first."
        for country, of_country in by_country.items()
        for earlier, later in pairwise(of_country)
        if earlier.valid_to_exclusive is None or earlier.valid_to_exclusive > later.valid_from
    ]


def _key(row):
    return row.country, row.valid_from


def _by_day(row):
    return row.country, row.valid_from


def _published(before, row):
    """Whether the file says otherwise what is kept already; only an open end can be set."""
    end = before.valid_to_exclusive
    return (before.grade, before.earliest_possible) != (row.grade, row.earliest_possible) or (
        end is not None and end != row.valid_to_exclusive
    )


def _in_words(row):
    ends = f" until {row.valid_to_exclusive}" if row.valid_to_exclusive else ""
    return f"{row.grade} (possible from {row.earliest_possible}){ends}"
