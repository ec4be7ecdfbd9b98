"""The lists as they stand in the reference files, without a database."""

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path

from attestations.crosscheck.lists import ANNEX, Edition, Lists, NationalRow


def read_lists(folder: Path) -> Lists:
    """Editions, England's list and Germany's annex; agreements and communications are not here."""
    return Lists(
        editions=_editions(folder),
        england=_national(folder / "national_list_england.csv"),
        germany=_national(folder / "national_list_germany.csv"),
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _editions(folder: Path) -> tuple[Edition, ...]:
    countries: defaultdict[str, set[str]] = defaultdict(set)
    for row in _rows(folder / "safeguards_list_entries.csv"):
        countries[row["edition"]].add(row["iso3"])
    return tuple(
        Edition(
            label=row["edition"],
            valid_from=date.fromisoformat(row["valid_from"]),
            countries=frozenset(countries[row["edition"]]),
        )
        for row in _rows(folder / "safeguards_list_editions.csv")
    )


def _national(path: Path) -> tuple[NationalRow, ...]:
    """England's file names grades and knows each first day; Germany's is the annex alone."""
    return tuple(
        NationalRow(
            country=row["iso3"],
            grade=row.get("grade") or ANNEX,
            earliest_possible=date.fromisoformat(row.get("earliest_possible") or row["valid_from"]),
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to_exclusive=(
                date.fromisoformat(row["valid_to_exclusive"]) if row["valid_to_exclusive"] else None
            ),
        )
        for row in _rows(path)
    )
