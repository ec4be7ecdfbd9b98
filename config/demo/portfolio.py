"""The placements of the demonstration: drawn again alike from a seed, over real corridors.

The corridors and their weights are those of `corridors.csv` (see SOURCES.md); who recruited whom
is invented. Each row is drawn as the agency should have written it, and some are spoiled the way
people spoil rows; the first file holds the spoiled ones and the mended file the right ones.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple, dataclass, fields, replace
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random

CORRIDORS = Path(__file__).with_name("corridors.csv")

OCCUPATIONS = (
    ("2221", 46),
    ("2211", 12),
    ("2212", 9),
    ("3221", 9),
    ("2222", 5),
    ("2262", 4),
    ("2264", 5),
    ("3211", 3),
    ("5321", 4),
    ("5322", 3),
)
ACTIVE = ("AGENCY", "AGENCY", "AGENCY", "EMPLOYER", "ONLINE_AD", "REFERRAL", "G2G")
GENTLE = ("DIRECT", "DIRECT", "DIRECT", "FACILITATED", "FACILITATED", "TELE", "EDU")
REACHABLE = {"GBR": ("England", "England", "England", "Scotland", "Wales")}


@dataclass(frozen=True, slots=True)
class Row:
    """One placement, as its agency should state it: texts as they stand in the file."""

    reference: str
    residence: str
    source: str
    training: str
    nationality: str
    destination: str
    destination_part: str
    months_resident: str
    qualified_as: str
    placed_as: str
    mode: str
    independent_application: str
    recruited_on: str
    started_on: str
    fees: str
    agreement: str
    lower_post_disclosed: str
    employer: str


@dataclass(frozen=True, slots=True)
class Habits:
    """How an agency recruits, as shares from 0 to 1."""

    destinations: tuple[str, ...]
    first: date
    last: date
    active_from_listed: float
    fee_charged: float
    unanswered: float
    spoiled: float
    covered_by: str = ""
    covered_corridor: tuple[str, str] = ("", "")


Listed = Callable[[str, date], bool]


def corridors(destinations: tuple[str, ...]) -> list[tuple[str, str, int]]:
    """(destination, source, weight) of the corridors that end in `destinations`."""
    with CORRIDORS.open(newline="") as file:
        return [
            (line["destination"], line["source"], int(line["foreign_trained_doctors_2018"]))
            for line in csv.DictReader(file)
            if line["destination"] in destinations
        ]


def rows(
    habits: Habits, *, prefix: str, count: int, seed: str, listed: Listed
) -> Iterator[tuple[Row, Row]]:
    """Pairs (as first written, as it should be); equal where nothing was spoiled."""
    draw = Random(seed)  # noqa: S311 -- a draw that repeats, no secret
    ways = corridors(habits.destinations)
    weights = list(accumulate(way[2] for way in ways))
    stretch = (habits.last - habits.first).days
    for number in range(1, count + 1):
        destination, source, _ = draw.choices(ways, cum_weights=weights)[0]
        recruited = habits.first + timedelta(days=draw.randrange(stretch + 1))
        right = _row(draw, habits, f"{prefix}-{number:05d}", source, destination, recruited, listed)
        wrong = _spoil(draw, right) if draw.random() < habits.spoiled else right
        yield wrong, right


def _row(
    draw: Random,
    habits: Habits,
    reference: str,
    source: str,
    destination: str,
    recruited: date,
    listed: Listed,
) -> Row:
    covered = (source, destination) == habits.covered_corridor and recruited >= date(2021, 7, 29)
    if listed(source, recruited) and not covered:
        mode = draw.choice(ACTIVE if draw.random() < habits.active_from_listed else GENTLE)
    else:
        mode = draw.choice(ACTIVE + GENTLE)
    qualified = draw.choices(*zip(*OCCUPATIONS, strict=True))[0]
    lower = qualified == "2221" and draw.random() < 0.02
    moved = draw.random() < 0.05
    return Row(
        reference=reference,
        residence=source,
        source=source,
        training=draw.choice(("PHL", "IND", "ZAF")) if moved else source,
        nationality=source,
        destination=destination,
        destination_part=draw.choice(REACHABLE[destination]) if destination == "GBR" else "",
        months_resident=str(draw.randrange(14, 120)) if moved else "",
        qualified_as=qualified,
        placed_as="5322" if lower else qualified,
        mode=mode,
        independent_application="yes" if mode == "FACILITATED" else "",
        recruited_on=recruited.isoformat(),
        started_on=(recruited + timedelta(days=draw.randrange(60, 300))).isoformat(),
        fees=_fees(draw, habits),
        agreement=habits.covered_by if covered else "",
        lower_post_disclosed="yes" if lower else "",
        employer=f"Invented Hospital {draw.randrange(1, 60)}",
    )


def _fees(draw: Random, habits: Habits) -> str:
    chance = draw.random()
    if chance < habits.fee_charged:
        return f"placement {draw.randrange(4, 40) * 50}"
    if chance < habits.fee_charged + habits.unanswered:
        return ""
    return "none"


def _spoil(draw: Random, right: Row) -> Row:
    """The slips that files really hold: each is refused with its own words, or found missing."""
    day = date.fromisoformat(right.recruited_on)
    slips = (
        {"destination": "Irland"},
        {"residence": "Congo"},
        {"recruited_on": f"{day:%d/%m/%Y}"},
        {"recruited_on": "2021-02-30"},
        {"qualified_as": "nurce"},
        {"mode": "agancy"},
        {"months_resident": "a year"},
        {"fees": ""},
        {"independent_application": "", "mode": "FACILITATED"},
        {"agreement": ""},
    )
    return replace(right, **draw.choice(slips))


def write(path: Path, drawn: Iterable[Row]) -> int:
    """A CSV as an agency would hand it in, there when it is whole; returns the number of rows."""
    count = 0
    unfinished = path.with_name(f"{path.name}.part")
    with unfinished.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow(field.name for field in fields(Row))
        for row in drawn:
            lines.writerow(astuple(row))
            count += 1
    unfinished.replace(path)
    return count
