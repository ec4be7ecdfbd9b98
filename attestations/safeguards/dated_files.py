"""Agreements, communications, emergencies and requirements as rows of files in `attestations/data`.

A row is the same for ever: it is known by its key, and a file that says something else of a known
row is refused. What changes is a new row.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import models

from agencies.enums import Side
from attestations.enums import CommunicationKind
from attestations.safeguards.models import (
    Agreement,
    AuthorizationRequirement,
    CountryCommunication,
    Emergency,
)
from attestations.safeguards.reading import (
    FOLDER,
    FileRefused,
    day,
    read_lines,
    unknown_countries,
)


def _words(text: str) -> str:
    if not text:
        raise ValueError("this may not be empty.")
    return text


def _day_or_open(text: str) -> dt.date | None:
    return day(text) if text else None


def _yes_or_no(text: str) -> bool:
    if text not in ("yes", "no"):
        raise ValueError(f"“{text}” is neither yes nor no.")
    return text == "yes"


def _number_or_none(text: str) -> int | None:
    if text and not text.isdecimal():
        raise ValueError(f"“{text}” is no whole number.")
    return int(text) if text else None


def _occupations(text: str) -> list[str]:
    codes = sorted(text.split())
    if wrong := [each for each in codes if not re.fullmatch(r"[0-9]{3,4}", each)]:
        raise ValueError(f"“{wrong[0]}” is no ISCO-08 code.")
    return codes


def _one_of(choices: type[models.TextChoices]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices.values:
            raise ValueError(f"“{text}” is none of {', '.join(choices.values)}.")
        return text

    return read


def _country(text: str) -> str:
    return _words(text)


@dataclass(frozen=True)
class DatedFile:
    """One file: its rows' model, the fields that make a row's key, and how each cell is read.

    `noun` is what the journal calls a row.
    """

    name: str
    noun: str
    model: type[models.Model]
    key: tuple[str, ...]
    columns: Mapping[str, tuple[str, Callable[[str], Any]]]


_DATES = {"valid_from": ("valid_from", day), "valid_until": ("valid_until", _day_or_open)}
_INVENTED = {"is_invented": ("is_invented", _yes_or_no)}

DATED_FILES = (
    DatedFile(
        "agreements.csv",
        "agreement",
        Agreement,
        ("reference",),
        {
            "reference": ("reference", _words),
            "title": ("title", _words),
            "source": ("source_country_id", _country),
            "destination": ("destination_country_id", _country),
            "occupations": ("occupations", _occupations),
            "agencies_may_act": ("agencies_may_act", _yes_or_no),
            "health_ministry_takes_part": ("health_ministry_takes_part", _yes_or_no),
            "quota": ("quota", _number_or_none),
            "document": ("document", _words),
            **_DATES,
            **_INVENTED,
        },
    ),
    DatedFile(
        "communications.csv",
        "communication",
        CountryCommunication,
        ("country_id", "kind", "valid_from"),
        {
            "country": ("country_id", _country),
            "kind": ("kind", _one_of(CommunicationKind)),
            "occupations": ("occupations", _occupations),
            "document": ("document", _words),
            **_DATES,
            **_INVENTED,
        },
    ),
    DatedFile(
        "emergencies.csv",
        "emergency",
        Emergency,
        ("country_id", "title", "valid_from"),
        {
            "country": ("country_id", _country),
            "title": ("title", _words),
            "source": ("source", _words),
            **_DATES,
            **_INVENTED,
        },
    ),
    DatedFile(
        "requirements.csv",
        "requirement",
        AuthorizationRequirement,
        ("country_id", "side", "valid_from"),
        {
            "country": ("country_id", _country),
            "side": ("side", _one_of(Side)),
            "source": ("source", _words),
            **_DATES,
            **_INVENTED,
        },
    ),
)


def read_dated_file(
    file: DatedFile, known: frozenset[str], folder: Path = FOLDER
) -> list[dict[str, Any]]:
    """The fields of each row; everything that is wrong with any cell is named at once."""
    lines = read_lines((folder / file.name).read_bytes(), name=file.name, needs=file.columns)
    rows, problems = [], []
    for line in lines:
        row = {}
        for column, (field, read) in file.columns.items():
            try:
                row[field] = read(line.cells[column])
            except ValueError as wrong:
                problems.append(f"Row {line.number}, {column}: {wrong}")
        countries = [
            row[field] for field, read in file.columns.values() if read is _country and field in row
        ]
        problems += [f"Row {line.number}: {each}" for each in unknown_countries(countries, known)]
        rows.append(row)
    keys = [tuple(row.get(field) for field in file.key) for row in rows]
    problems += [
        f"Row {number}: an earlier row has the same {', '.join(file.key)}."
        for number, key in enumerate(keys, start=2)
        if key in keys[: number - 2]
    ]
    if problems:
        raise FileRefused(file.name, problems)
    return rows
