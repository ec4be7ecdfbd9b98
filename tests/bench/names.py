"""How well the search of the register finds an organisation by a name with a slip.

`draw_slips` makes the slips, the same from the same seed: a letter left out, doubled, replaced or
swapped with its neighbour, a company form left out, two words swapped, an accent put on a letter.
A slip that spells another name of the list is left out, because nobody could say who was meant.
"""

import csv
import gzip
import random
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from string import ascii_lowercase
from typing import Any

from django.db import connection
from django.utils import timezone

from agencies.enums import NameKind
from agencies.lib.check_characters import with_check
from agencies.lib.plain_text import LEGAL_FORMS, name_key
from agencies.models import Agency, AgencyName, Regulator
from agencies.names import name_keys
from agencies.numbering import AGENCY
from audits.models import NameTrigram
from audits.register import search

LOOKED_AT = 5
ACCENTS = dict(zip("aeiouncy", "áéíóúñçý", strict=True))


@dataclass(frozen=True, slots=True)
class Slip:
    """What somebody types, of which kind it is, and the key of the name that was meant."""

    kind: str
    typed: str
    meant: str


def organisations(path: Path) -> list[str]:
    """The names of a list of sponsors; several rows are one organisation."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        names = {row["Organisation Name"].strip() for row in csv.DictReader(lines)}
    first: dict[str, str] = {}
    for name in sorted(names):
        if key := name_key(name):
            first.setdefault(key, name)
    return list(first.values())


def draw_slips(names: list[str], count: int, seed: str) -> list[Slip]:
    chance = random.Random(seed)
    keys = {name_key(trading_as) for name in names for trading_as in all_names_of(name)}
    slips: list[Slip] = []
    while len(slips) < count:
        name, (kind, mistype) = chance.choice(names), chance.choice(list(MISTYPES.items()))
        typed = mistype(name, chance)
        if typed and typed != name and (kind in SAME_NAME or name_key(typed) not in keys):
            slips.append(Slip(kind, typed, name_key(name)))
    return slips


def all_names_of(name: str) -> list[str]:
    """A name, and both of its halves where it says "trading as"."""
    for mark in (" t/a ", " trading as ", " T/A ", " Trading as ", " trading As "):
        if mark in name:
            return [name, *(half.strip() for half in name.split(mark, 1))]
    return [name]


def _letters(name: str) -> list[int]:
    """Where a letter of the name stands, company form and all but the first set aside."""
    end = len(name)
    while (words := name[:end].split()) and words[-1].lower().strip(".") in LEGAL_FORMS:
        end = name[:end].rstrip().rfind(" ")
    return [at for at in range(1, max(end, 0)) if name[at].isalpha()]


def _at_a_letter(change: Callable[[str, int, random.Random], str]):
    def mistype(name: str, chance: random.Random) -> str:
        places = _letters(name)
        return change(name, chance.choice(places), chance) if len(places) > 3 else ""

    return mistype


def _leave_out(name: str, at: int, chance: random.Random) -> str:
    return name[:at] + name[at + 1 :]


def _put_in(name: str, at: int, chance: random.Random) -> str:
    return name[:at] + chance.choice(ascii_lowercase) + name[at:]


def _replace(name: str, at: int, chance: random.Random) -> str:
    return name[:at] + chance.choice(ascii_lowercase) + name[at + 1 :]


def _swap(name: str, at: int, chance: random.Random) -> str:
    if not name[at - 1].isalpha() or name[at - 1] == name[at]:
        return ""
    return name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :]


def _accent(name: str, at: int, chance: random.Random) -> str:
    return name[:at] + ACCENTS.get(name[at].lower(), name[at]) + name[at + 1 :]


def _without_form(name: str, chance: random.Random) -> str:
    first, _, last = name.rpartition(" ")
    return first if last.lower().strip(".") in LEGAL_FORMS else ""


def _words_swapped(name: str, chance: random.Random) -> str:
    words = name.split()
    if len(words) < 3:
        return ""
    at = chance.randrange(len(words) - 1)
    words[at], words[at + 1] = words[at + 1], words[at]
    return " ".join(words)


def _trading_as(name: str, chance: random.Random) -> str:
    return chance.choice(all_names_of(name)[1:]) if len(all_names_of(name)) > 1 else ""


MISTYPES: dict[str, Callable[[str, random.Random], str]] = {
    "a letter left out": _at_a_letter(_leave_out),
    "a letter too many": _at_a_letter(_put_in),
    "another letter": _at_a_letter(_replace),
    "two letters swapped": _at_a_letter(_swap),
    "an accent": _at_a_letter(_accent),
    "no company form": _without_form,
    "words swapped": _words_swapped,
    "trading as": _trading_as,
}
# these are the name itself in another dress, which the list may hold of another organisation
SAME_NAME = ("an accent", "no company form", "trading as")


def load(names: Iterable[str], *, regulator: Regulator, first: int = 0) -> int:
    """The names as agencies of one regulator, with the index that the search asks."""
    now, today = timezone.now(), timezone.localdate()
    agencies = Agency.objects.bulk_create(
        Agency(
            register_number=with_check(f"{AGENCY}{number:06d}"),
            legal_name=name[:200],
            **name_keys(name),
            home_country=regulator.country,
            regulator=regulator,
            registered_on=today,
            recorded_at=now,
        )
        for number, name in enumerate(names, first + 1)
    )
    AgencyName.objects.bulk_create(
        AgencyName(
            agency=agency, kind=NameKind.TRADING, name=half, **name_keys(half), recorded_at=now
        )
        for agency in agencies
        for half in all_names_of(agency.legal_name)[1:]
        if name_key(half)
    )
    NameTrigram.objects.bulk_create(
        (
            NameTrigram(trigram=piece, agency=agency)
            for agency in agencies
            for piece in sorted(search._pieces_of(agency.legal_name))
        ),
        batch_size=10_000,
    )
    return len(agencies)


def measured(slips: Iterable[Slip]) -> Iterator[tuple[Slip, bool, float]]:
    """Each slip, whether it leads to what was meant among the first, and the seconds it took."""
    for slip in slips:
        begin = time.perf_counter()
        hits = search.search(slip.typed, limit=LOOKED_AT)
        took = time.perf_counter() - begin
        yield slip, slip.meant in {hit.agency.name_key for hit in hits}, took


def report(results: list[tuple[Slip, bool, float]], *, rows: int) -> dict[str, Any]:
    times = sorted(took for _, _, took in results)
    found = sum(is_found for _, is_found, _ in results)
    of_kind = {
        kind: f"{sum(ok for slip, ok, _ in results if slip.kind == kind)}"
        f"/{sum(slip.kind == kind for slip, _, _ in results)}"
        for kind in MISTYPES
    }
    return {
        "name": "search",
        "rows": rows,
        "seconds": round(statistics.median(times), 4),
        "p95_seconds": round(times[int(len(times) * 0.95)], 4),
        "found_share": round(found / len(results), 4),
        "found_of_kind": of_kind,
        "peak_mb": None,
        "ratios": {},
    }


def sought(path: Path, rows: int) -> Iterator[dict[str, Any]]:
    """The measure: all names of the list loaded, and `rows` slips sought."""
    names = organisations(path)
    regulator = Regulator.objects.create(name="Bench", country_id="GBR", recorded_at=timezone.now())
    load(names, regulator=regulator)
    analyse()
    yield report(list(measured(draw_slips(names, rows, "slips"))), rows=len(names))


def analyse() -> None:
    """What autovacuum does in an hour: see how values are spread, and which pages are all visible.

    Without the second PostgreSQL reads the table behind the index for every piece of a name.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
