"""Questions about many placements at once: counted in the database, explained in memory."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.db.models.functions import Coalesce, Left

from agencies.models import Country
from attestations import occupations
from attestations.crosscheck.codes import code_of
from attestations.crosscheck.concentration import (
    many_of_one_occupation_from_a_small_island_state,
    most_within_a_year,
)
from attestations.crosscheck.enums import Disposition, Outcome
from attestations.crosscheck.models import Verdict
from attestations.placements.models import Placement

NOT_JUDGED = ""

# the day that governs (R-DATE), and the post, or the qualification where the post is not said
DAY = Coalesce("recruited_on", "offered_on", "contracted_on", "started_on")
GROUP = Left(Coalesce("placed", "qualified"), 3)


@dataclass(frozen=True, slots=True)
class Corridor:
    """Placements from one country to another in one occupation group, and how they came out."""

    source: str
    destination: str
    occupation_group: str
    placements: int
    outcomes: dict[str, int]


def population(agency, frm, until, scopes=None):
    """The agency's placements of a period (both days included) that were not withdrawn.

    `scopes` are (source, destination, occupation group of three digits); None is every corridor.
    Placements without any date are in no period.
    """
    placements = Placement.objects.filter(agency=agency, withdrawn_at=None)
    placements = placements.annotate(governing_day=DAY, occupation_group=GROUP)
    if frm is not None:
        placements = placements.filter(governing_day__gte=frm)
    if until is not None:
        placements = placements.filter(governing_day__lte=until)
    if scopes is not None:
        wanted = Q(pk__in=())
        for source, destination, group in scopes:
            wanted |= Q(residence=source, destination=destination, occupation_group=str(group)[:3])
        placements = placements.filter(wanted)
    return placements.order_by("pk")


def corridors(placements) -> list[Corridor]:
    """The corridors of these placements, in order; where a country or post is missing, none."""
    counted = (
        placements.order_by()
        .annotate(_group=GROUP)
        .exclude(Q(residence=None) | Q(destination=None) | Q(_group=None))
        .values_list("residence", "destination", "_group", "verdict__outcome")
        .annotate(many=Count("pk"))
    )
    found: dict[tuple[str, str, str], Counter[str]] = {}
    for source, destination, group, outcome, many in counted:
        found.setdefault((source, destination, group), Counter())[outcome or NOT_JUDGED] += many
    return [
        Corridor(*key, placements=outcomes.total(), outcomes=dict(outcomes))
        for key, outcomes in sorted(found.items())
    ]


def outcomes(placements) -> dict[str, int]:
    """How many placements came to each outcome, worst first; what is not judged is counted too."""
    counted = dict(placements.order_by().values_list("verdict__outcome").annotate(many=Count("pk")))
    known = {outcome.value: counted.get(outcome.value, 0) for outcome in Outcome}
    return known | ({NOT_JUDGED: counted[None]} if None in counted else {})


def outcomes_by_rule(placements) -> list[dict]:
    """Each finding that was made, gravest first, and in how many of these placements.

    Findings that an agreement or a country's word excepts are counted apart; they always show.
    """
    sharing = dict(
        placements.order_by()
        .exclude(verdict=None)
        .values_list("verdict_id")
        .annotate(many=Count("pk"))
    )
    counted: Counter[tuple[str, str, str, str]] = Counter()
    keys = list(sharing)
    for at in range(0, len(keys), 500):
        batch = Verdict.objects.filter(pk__in=keys[at : at + 500]).values_list("pk", "findings")
        for pk, findings in batch:
            for one in findings:
                key = (one["code"], one["severity"], one["basis"], one["disposition"])
                counted[key] += sharing[pk]
    ranked = sorted(counted.items(), key=lambda item: (_RANKS[item[0][1]], item[0]))
    return [
        {
            "code": code,
            "title": code_of(code).title,
            "severity": severity,
            "basis": basis,
            "disposition": disposition,
            "disposition_in_words": Disposition(disposition).label,
            "placements": many,
        }
        for (code, severity, basis, disposition), many in ranked
    ]


_RANKS = {"critical": 0, "major": 1, "minor": 2, "observation": 3}


def concentrations(agency) -> list[str]:
    """SIDS-CONC (A49): many placements of one occupation from a small island state in a year."""
    small_islands = dict(
        Country.objects.filter(is_small_island_developing_state=True).values_list("iso3", "name")
    )
    days: dict[tuple[str, str], list[date]] = {}
    rows = Placement.objects.filter(
        agency=agency,
        withdrawn_at=None,
        residence__in=small_islands,
        placed__isnull=False,
        recruited_on__isnull=False,
    )
    for residence, placed, day in rows.values_list("residence", "placed", "recruited_on"):
        days.setdefault((residence, placed), []).append(day)
    return [
        f"{most_within_a_year(recruited)} placements within twelve months from "
        f"{small_islands[residence]}, a small island state, as {occupations.title(placed)} "
        f"({placed})"
        for (residence, placed), recruited in sorted(days.items())
        if many_of_one_occupation_from_a_small_island_state(
            is_small_island_state=True, recruited_on=recruited
        )
    ]
