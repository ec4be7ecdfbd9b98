"""Placements drawn by a seed round every day on which an answer may change, over the loaded lists.

A turn is such a day with the corridors that it concerns; each turn is met on its own day, the day
before and the day after, as the day that governs and as the day of the start.
"""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Any

from attestations.crosscheck.enums import Mode, Side
from attestations.crosscheck.lists import AgencyRecord, Lists
from attestations.crosscheck.values import (
    DATE_FIELDS,
    JSON_FIELDS,
    JUDGED_FIELDS,
    PROFILE_FIELDS,
)
from tests.factories import agencies, attestations

# an open end and a licence that covers no day are no turns that a placement could be near
LAST_TURN = date(2035, 1, 1)
SHIFTS = (-1, 0, 1)
COUNTRIES = ("GHA", "ZWE", "NPL", "KEN", "PHL", "IND", "LKA", "FRA", "CAN", "NGA", "TUV", "GBR")
DESTINATIONS = ("GBR", "GBR", "DEU", "IRL", "NOR", "SAU", "CAN", "PHL")
USUAL = (("2221", "AGENCY"), ("2221", "DIRECT"), ("5322", "EMPLOYER"))
POSTS = ("2221", "2221", "2211", "3221", "2262", "5321", "5322", "2411", "3411")
AGREEMENTS = ("EX-COUNTED", "EX-OPEN", "EX-GROUP", "EX-NO-AGENCY", "EX-NOWHERE")
FEES = (None, [], [["visa", "120"]], [["visa", "80.50"]], [["medical", None]], [["visa", "0"]])
REPAYMENTS = (
    None,
    {"reclaimed": [], "disclosed": None, "tapers": None},
    {"reclaimed": ["flight"], "disclosed": True, "tapers": True},
    {"reclaimed": ["flight"], "disclosed": True, "tapers": False},
    {"reclaimed": ["agency fee"], "disclosed": False},
)


@dataclass(frozen=True, slots=True)
class Turn:
    """A day on which answers change, and what a placement says where they do."""

    day: date
    corridors: tuple[dict[str, Any], ...]

    @property
    def days(self) -> list[date]:
        """The day itself, the day before and the day after."""
        return [self.day + timedelta(days=shift) for shift in SHIFTS]


def invented_documents() -> None:
    """The loaded lists, and beside them documents of every kind, each with days of its own."""
    attestations.reference()
    attestations.agreement(
        "EX-COUNTED", source="GHA", destination="IRL", quota=1, valid_from=date(2022, 2, 2)
    )
    attestations.agreement(
        "EX-OPEN",
        source="NPL",
        destination="GBR",
        occupations=("2221", "5322"),
        valid_from=date(2021, 7, 29),
        valid_until=date(2024, 4, 30),
    )
    attestations.agreement(
        "EX-GROUP",
        source="NGA",
        destination="DEU",
        occupations=("22",),
        health_ministry_takes_part=False,
        valid_until=date(2025, 6, 15),
    )
    attestations.agreement("EX-NO-AGENCY", source="ZWE", destination="IRL", agencies_may_act=False)
    attestations.communication("ZWE", valid_from=date(2023, 1, 9), valid_until=date(2023, 11, 30))
    attestations.communication("GHA", valid_from=date(2024, 2, 1), occupations=("2211",))
    attestations.communication("PHL", kind="restricting", valid_from=date(2020, 4, 10))
    attestations.communication(
        "FRA", kind="restricting", valid_from=date(2022, 1, 1), valid_until=date(2022, 12, 31)
    )
    attestations.emergency("LKA", valid_from=date(2022, 4, 1), valid_until=date(2023, 9, 30))
    attestations.emergency("DEU", valid_from=date(2021, 7, 14), valid_until=date(2021, 12, 31))
    attestations.authorization_requirement("PHL", side="source", valid_from=date(2015, 1, 1))
    attestations.authorization_requirement(
        "IND", side="source", valid_from=date(2019, 3, 1), valid_until=date(2024, 8, 31)
    )
    attestations.authorization_requirement("SAU", side="destination", valid_from=date(2018, 6, 1))


def agency_with_papers():
    """Licences with a gap, authorizations, a restriction lifted and one that stands."""
    agency = agencies.agency()
    agencies.authorization(agency, valid_from=date(2012, 1, 1), valid_until=date(2022, 12, 31))
    agencies.authorization(agency, valid_from=date(2023, 5, 1), valid_until=date(2026, 3, 31))
    agencies.authorization(
        agency,
        side="source",
        country="PHL",
        valid_from=date(2016, 2, 1),
        valid_until=date(2024, 1, 31),
    )
    agencies.authorization(
        agency, side="source", country="IND", held=False, valid_from=date(2020, 5, 5)
    )
    agencies.authorization(agency, side="destination", country="SAU", valid_from=date(2021, 9, 1))
    agencies.scheme_membership(agency, valid_from=date(2021, 10, 4), valid_until=date(2024, 10, 3))
    agencies.restriction(agency, effective_on=date(2023, 6, 1), restored_on=date(2023, 9, 1))
    agencies.restriction(
        agency, kind="withdrawal", certificate_number="CE000020W", effective_on=date(2026, 1, 15)
    )
    return agency


def turns(lists: Lists, agency: AgencyRecord) -> list[Turn]:
    """Every day on which an answer may change, each with the corridors of which that is so."""
    found: dict[date, list[dict[str, Any]]] = defaultdict(list)
    for day in (*lists.change_days(None, None), *agency.change_days()):
        found[day] += [{}, {"destination": "NOR"}, {"destination": "IRL"}]
    for row in agency.authorizations:
        place = "residence" if row.side is Side.SOURCE else "destination"
        _note(found, row, {place: row.country})
    for earlier, later in pairwise(lists.all_editions()):
        found[later.valid_from] += [
            {"residence": code} for code in sorted(earlier.countries ^ later.countries)
        ]
    england = {"destination": "GBR", "destination_part": "England"}
    for rows, destination in ((lists.england, england), (lists.germany, {"destination": "DEU"})):
        for row in rows:
            _note(found, row, {"residence": row.country, **destination})
    for terms in lists.agreements:
        said = {"residence": terms.source, "destination": terms.dest}
        _note(found, terms, {**said, "agreement_cited": terms.reference})
    for row in (*lists.willingness, *lists.policies):
        _note(found, row, {"residence": row.country})
    for row in lists.emergencies:
        _note(found, row, {"residence": row.country}, {"destination": row.country})
    for row in lists.requirements:
        place = "residence" if row.side is Side.SOURCE else "destination"
        _note(found, row, {place: row.country})
    return [Turn(day, tuple(found[day])) for day in sorted(found) if day < LAST_TURN]


def _note(found: dict[date, list[dict[str, Any]]], row: Any, *corridors: dict[str, Any]) -> None:
    for day in row.change_days():
        found[day] += corridors


def placements(draw: Random, around: list[Turn], count: int) -> list[dict[str, Any]]:
    """So many placements in any order, each as what a stored one would hold.

    Whoever is drawn at a turn is placed on each of its days with all else equal, so that the engine
    answers from memory where the turn does not concern them, and must not where it does.
    """
    made: list[dict[str, Any]] = []
    while len(made) < count:
        for turn in around:
            whoever = draw.random()
            made += [_placement(Random(whoever), around, turn, day) for day in turn.days]
    del made[count:]
    draw.shuffle(made)
    return made


def _placement(draw: Random, around: list[Turn], turn: Turn, day: date) -> dict[str, Any]:
    """One of a few usual people mostly, so that much is equal and the engine answers from memory;
    sometimes anybody."""
    usual = draw.random() < 0.85
    said = _usual_person(draw) if usual else _anybody(draw)
    if draw.random() < 0.8:
        said |= draw.choice(turn.corridors)
    if usual:
        said["training"] = said["source"] = said["residence"]
    elif draw.random() < 0.3:
        place = draw.choice(("residence", "training", "source", "destination"))
        said[place] = None
        said["unresolved"] = {place: {"text": "Congo", "candidates": ["COD", "COG"]}}
    return said | _days(draw, around, turn, day)


def _usual_person(draw: Random) -> dict[str, Any]:
    post, mode = draw.choice(USUAL)
    return dict.fromkeys(PROFILE_FIELDS) | {
        "residence": draw.choice(COUNTRIES),
        "destination": draw.choice(DESTINATIONS),
        "destination_part": "",
        "qualified": post,
        "placed": post,
        "mode": mode,
        "agreement_cited": "",
        "fees": [],
    }


def _anybody(draw: Random) -> dict[str, Any]:
    said = {field: draw.choice((True, False, None)) for field in PROFILE_FIELDS}
    return said | {
        "residence": draw.choice((*COUNTRIES, None)),
        "training": draw.choice((*COUNTRIES, None)),
        "source": draw.choice((*COUNTRIES, None)),
        "destination": draw.choice((*DESTINATIONS, None)),
        "destination_part": draw.choice(("", "", "England", "Scotland")),
        "qualified": draw.choice((*POSTS, None)),
        "placed": draw.choice((*POSTS, None)),
        "other_occupations": draw.choice((None, None, "", "2212", "2411 3221")),
        "mode": draw.choice((*(mode.value for mode in Mode), None)),
        "agreement_cited": draw.choice(("", *AGREEMENTS)),
        "unresolved": None,
        "repayment": draw.choice(REPAYMENTS),
        "fees": draw.choice(FEES),
        "months_resident": draw.choice((None, 0, 3, 11, 12, 13, 40)),
    }


def _days(draw: Random, around: list[Turn], turn: Turn, day: date) -> dict[str, date | None]:
    """The day as the one that governs, or as the start of what another day governs."""
    at = draw.randrange(6)
    others = {field: _another_day(draw, around, turn.day) for field in DATE_FIELDS}
    if at == 0:
        return others | {"started_on": day}
    governs = ("recruited_on", "recruited_on", "offered_on", "contracted_on", "started_on")[at - 1]
    before = DATE_FIELDS[: DATE_FIELDS.index(governs)]
    return others | dict.fromkeys(before) | {governs: day}


def _another_day(draw: Random, around: list[Turn], day: date) -> date | None:
    how = draw.randrange(5)
    if how < 2:
        return None
    if how == 2:
        return day + timedelta(days=draw.choice((-2, -1, 0, 1, 2)))
    if how == 3:
        return draw.choice(draw.choice(around).days)
    return day + timedelta(days=draw.randrange(400))


def values(draw: Random, said: dict[str, Any]) -> tuple[Any, ...]:
    """The placement as a database might hand it over: what is equal is spelled variously."""
    return tuple(_spelled(draw, field, said[field]) for field in JUDGED_FIELDS)


def _spelled(draw: Random, field: str, value: Any) -> Any:
    if value is None:
        return "" if field in DATE_FIELDS and draw.random() < 0.3 else None
    if field in JSON_FIELDS:
        return json.dumps(value)
    if isinstance(value, bool):
        return draw.choice((value, int(value)))
    if isinstance(value, date):
        return draw.choice((value, value.isoformat()))
    return value
