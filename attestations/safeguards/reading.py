"""Lists as they stand in files, read strictly: all that is wrong is named, nothing is guessed."""

import csv
import datetime as dt
import hashlib
import io
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from attestations.enums import Grade
from attestations.safeguards.editions import EditionText, ListedCountry

FOLDER = Path(__file__).resolve().parent.parent / "data" / "safeguards"
LARGEST_FILE = 1024 * 1024
MOST_ROWS = 1000


class FileRefused(ValueError):
    """What is wrong with a file, one sentence each; nothing of it was kept."""

    def __init__(self, name: str, problems: Iterable[str]) -> None:
        self.name, self.problems = name, list(problems)
        super().__init__(f"{name}: " + " ".join(self.problems))


@dataclass(frozen=True, slots=True)
class Line:
    """A row with its number as a person sees it in a spreadsheet (the header is row 1)."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class GradeText:
    country: str
    grade: str
    earliest_possible: dt.date
    valid_from: dt.date
    valid_to_exclusive: dt.date | None
    precision: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalListText:
    code: str
    title: str
    country: str
    part: str
    basis: str
    source: str
    grades: tuple[GradeText, ...]
    left_out: int


def read_lines(content: bytes, *, name: str, needs: Iterable[str]) -> list[Line]:
    """The rows of a CSV file in UTF-8 whose header holds at least the columns in `needs`."""
    if len(content) > LARGEST_FILE:
        raise FileRefused(name, ["The file is larger than 1 MB: a list has some 60 short rows."])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused(
            name, ["This is not a CSV file in UTF-8. Save the sheet as “CSV UTF-8”."]
        ) from None
    if "\0" in text:
        raise FileRefused(name, ["The file holds NUL characters: it is not a CSV file."])
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    lines = []
    try:
        header = [(column or "").strip().lower() for column in reader.fieldnames or []]
        reader.fieldnames = header
        if missing := [column for column in needs if column not in header]:
            raise FileRefused(name, [f"The column “{column}” is missing." for column in missing])
        if twice := [column for column, times in Counter(header).items() if column and times > 1]:
            raise FileRefused(
                name, [f"The column “{column}” stands there twice." for column in twice]
            )
        for row in reader:
            number = len(lines) + 2
            if None in row or None in row.values():
                raise FileRefused(
                    name, [f"Row {number} has another number of cells than the header."]
                )
            lines.append(Line(number, {key: value.strip() for key, value in row.items()}))
            if len(lines) > MOST_ROWS:
                raise FileRefused(name, [f"The file has more than {MOST_ROWS} rows."])
    except csv.Error as wrong:
        raise FileRefused(name, [f"The file cannot be read as CSV: {wrong}."]) from None
    return lines


def read_reference_editions(known: frozenset[str], folder: Path = FOLDER) -> list[EditionText]:
    """The editions of the project's own files, oldest first; `known`: the countries there are."""
    _check_digests(folder)
    name = "safeguards_list_editions.csv"
    editions = _read(folder, name, ("edition", "title", "published_on", "valid_from", "entries"))
    entries = _read(folder, "safeguards_list_entries.csv", ("edition", "iso3", "who_name"))
    problems, texts = [], []
    for line in editions:
        label = line.cells["edition"]
        countries = tuple(
            sorted(
                ListedCountry(entry.cells["iso3"], entry.cells["who_name"])
                for entry in entries
                if entry.cells["edition"] == label
            )
        )
        found = unknown_countries((each.iso3 for each in countries), known)
        found += repeated(each.iso3 for each in countries)
        found += wrong_count(len(countries), int(line.cells["entries"]))
        problems += [f"Edition {label}: {problem}" for problem in found]
        texts.append(
            EditionText(
                label=label,
                title=line.cells["title"],
                published_on=day(line.cells["published_on"]),
                valid_from=day(line.cells["valid_from"]),
                certainty=line.cells["certainty"],
                source=line.cells["source"],
                countries=countries,
            )
        )
    labels = {text.label for text in texts}
    astray = {entry.cells["edition"] for entry in entries} - labels
    problems += [
        f"Countries are given for the edition {label}, which is not there." for label in astray
    ]
    if problems:
        raise FileRefused(name, problems)
    return sorted(texts, key=lambda text: text.valid_from)


def read_national_lists(known: frozenset[str], folder: Path = FOLDER) -> list[NationalListText]:
    """England's and Germany's lists with their days and how certain each is."""
    _check_digests(folder)
    texts = []
    for entry in catalogue(folder)["national_lists"]:
        lines = _read(folder, entry["file"], ("iso3", "valid_from", "valid_to_exclusive"))
        ungraded = [line for line in lines if line.cells.get("grade") == entry.get("ungraded", "-")]
        graded = [line for line in lines if line not in ungraded]
        grades = tuple(grade_row(line) for line in graded)
        problems = unknown_countries((each.country for each in grades), known)
        problems += wrong_count(len(grades), entry["rows"])
        problems += wrong_count(len(ungraded), entry.get("ungraded_rows", 0))
        problems += repeated(f"{each.country} from {each.valid_from}" for each in grades)
        problems += [
            f"Row {line.number}: “{grade.grade}” is no grade."
            for line, grade in zip(graded, grades, strict=True)
            if grade.grade not in Grade.values
        ]
        if problems:
            raise FileRefused(entry["file"], problems)
        texts.append(
            NationalListText(
                code=entry["code"],
                title=entry["title"],
                country=entry["country"],
                part=entry["part"],
                basis=entry["basis"],
                source=entry["source"].strip(),
                grades=grades,
                left_out=len(ungraded),
            )
        )
    return texts


def catalogue(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "lists.toml").read_text(encoding="utf-8"))


def _check_digests(folder: Path) -> None:
    """Refuses a file that is not the one that was taken over."""
    altered = [
        f"{entry['name']} is not the file that was taken over: its SHA-256 differs."
        for entry in catalogue(folder)["files"]
        if hashlib.sha256((folder / entry["name"]).read_bytes()).hexdigest() != entry["sha256"]
    ]
    if altered:
        raise FileRefused("lists.toml", altered)


def _read(folder: Path, name: str, needs: Iterable[str]) -> list[Line]:
    return read_lines((folder / name).read_bytes(), name=name, needs=needs)


def grade_row(line: Line) -> GradeText:
    cells = line.cells
    valid_from, ends = day(cells["valid_from"]), cells["valid_to_exclusive"]
    return GradeText(
        country=cells["iso3"],
        grade=cells.get("grade", Grade.ANNEX.value),
        earliest_possible=day(cells["earliest_possible"])
        if "earliest_possible" in cells
        else valid_from,
        valid_from=valid_from,
        valid_to_exclusive=day(ends) if ends else None,
        precision=cells.get("precision") or cells.get("note", ""),
        source=cells["source"],
    )


def day(text: str) -> dt.date:
    """A day as the files write it: YYYY-MM-DD."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text}” is no day: write it as YYYY-MM-DD.") from None


def unknown_countries(codes: Iterable[str], known: frozenset[str]) -> list[str]:
    return [f"{iso3} is no country that is known here." for iso3 in codes if iso3 not in known]


def repeated(keys: Iterable[str]) -> list[str]:
    return [f"{key} is there {times} times." for key, times in Counter(keys).items() if times > 1]


def wrong_count(found: int, expected: int | None) -> list[str]:
    if expected is None or found == expected:
        return []
    return [f"{found} rows are there, and {expected} should be."]
