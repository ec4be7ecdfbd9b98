"""What the look-ups answer, each one fact: the pieces that `Facts` is made of."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from attestations.crosscheck.enums import NOT_ASKED, NotAsked, Side, Truth
from attestations.crosscheck.lists import AgencyRecord, Lists, NationalRow, Stretch
from attestations.crosscheck.record import KEYS, Fee, Place, PlacementRecord, RepaymentTerms
from attestations.crosscheck.ruleset import (
    CARE_CODES,
    HEALTH_PREFIXES,
    NEVER_RECLAIMED,
    TRANSIT_MONTHS,
)


class Scope(StrEnum):
    """Whose rules may speak of this occupation (R-SCOPE); the strictest governs."""

    HEALTH = "health"
    CARE = "care"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"


class Destination(StrEnum):
    """The destinations whose own rules are loaded."""

    ENGLAND = "england"
    OTHER_UK_NATION = "other_uk_nation"
    GERMANY = "germany"
    NORWAY = "norway"
    IRELAND = "ireland"
    ELSEWHERE = "elsewhere"
    UNKNOWN = "unknown"


class Stay(StrEnum):
    """How long the worker has lived in the country of residence."""

    SHORT = "short"
    LONG = "long"
    UNKNOWN = "unknown"


class Fees(StrEnum):
    NONE = "none"
    CHARGED = "charged"
    UNKNOWN = "unknown"
    NOT_ASKED = "not_asked"


class Licence(StrEnum):
    COVERS = "covers"
    DOES_NOT = "does_not"
    LAPSED = "lapsed"
    NOT_TESTED = "not_tested"


def country_of(place: Place) -> str | None:
    return place if isinstance(place, str) else None


def is_health(occupation: str) -> bool:
    return occupation.startswith(HEALTH_PREFIXES)


def scope_of(record: PlacementRecord) -> Scope:
    """Health among qualification, post or any other occupation governs, then care (R-SCOPE).

    With a qualification or post missing and nothing found in the rest, it is not known.
    """
    stated = [code for code in (record.qualified, record.placed) if isinstance(code, str)]
    occupations = (*stated, *record.other_occ)
    if any(is_health(code) for code in occupations):
        return Scope.HEALTH
    if any(code in CARE_CODES for code in occupations):
        return Scope.CARE
    if not occupations or record.qualified is None or record.placed is None:
        return Scope.UNKNOWN
    return Scope.OUTSIDE


_DESTINATIONS = {
    "DEU": Destination.GERMANY,
    "NOR": Destination.NORWAY,
    "IRL": Destination.IRELAND,
}


def destination_of(record: PlacementRecord) -> Destination:
    """England's list stands for all of GBR unless another part of it is said (rules.md §6)."""
    country = country_of(record.dest)
    if country is None:
        return Destination.UNKNOWN
    if country == "GBR":
        part = (record.destination_part or "England").strip().casefold()
        return Destination.ENGLAND if part == "england" else Destination.OTHER_UK_NATION
    return _DESTINATIONS.get(country, Destination.ELSEWHERE)


def unfair_terms(terms: RepaymentTerms) -> tuple[str, ...]:
    """What of a repayment clause falls short (REQ-23), in words; () is nothing.

    Not said to be disclosed, or to taper, is taken as not so (rules.md §6).
    """
    short = [
        f"it reclaims {what}"
        for what, words in NEVER_RECLAIMED.items()
        if any(_mentions(item, word) for item in terms.reclaimed for word in words)
    ]
    if terms.disclosed is not True:
        short.append("it was not disclosed")
    if terms.tapers is not True:
        short.append("it does not taper with time worked")
    return tuple(short)


def _mentions(item: str, words: str) -> bool:
    plain = "".join(letter if letter.isalnum() else " " for letter in item.casefold())
    return f" {words} " in f" {' '.join(plain.split())} "


def missing_answers(
    record: PlacementRecord,
    agency: AgencyRecord,
    source_authorization: Truth | NotAsked,
    destination_authorization: Truth | NotAsked,
) -> tuple[str, ...]:
    missing = [key for name, key in KEYS.items() if getattr(record, name) is None]
    if agency.licences == ():
        missing.append("lic")
    if source_authorization is Truth.UNKNOWN:
        missing.append("src_auth")
    if destination_authorization is Truth.UNKNOWN:
        missing.append("dst_auth")
    if agency.ethical_list is None:
        missing.append("erl")
    return tuple(missing)


def differ(source: Place, residence: Place) -> bool:
    return isinstance(source, str) and isinstance(residence, str) and source != residence


def listed(country: str | None, day: date | None, lists: Lists) -> Truth:
    if country is None:
        return Truth.NO
    if day is None:
        ever = any(country in edition.countries for edition in lists.all_editions())
        return Truth.UNKNOWN if ever else Truth.NO
    edition = lists.edition_on(day)
    return Truth.YES if edition and country in edition.countries else Truth.NO


def added_before_start(
    residence: str | None, day: date | None, start: date | None, lists: Lists
) -> bool:
    """Off the edition at recruitment and on the one at the start; both editions must exist."""
    if residence is None or day is None or start is None or start <= day:
        return False
    before, after = lists.edition_on(day), lists.edition_on(start)
    if before is None or after is None:
        return False
    return residence not in before.countries and residence in after.countries


def trained_in_listed(
    training: str | None, residence: str | None, day: date | None, lists: Lists
) -> Truth:
    """Trained in a listed country and living in another one that is not listed."""
    if training is None or residence is None or training == residence:
        return Truth.NO
    if day is None:
        ever = any(
            training in edition.countries and residence not in edition.countries
            for edition in lists.all_editions()
        )
        return Truth.UNKNOWN if ever else Truth.NO
    edition = lists.edition_on(day)
    if edition is None:
        return Truth.NO
    listed = training in edition.countries and residence not in edition.countries
    return Truth.YES if listed else Truth.NO


def stay_of(months: int | NotAsked | None) -> Stay:
    if months is None:
        return Stay.UNKNOWN
    return Stay.SHORT if isinstance(months, int) and months < TRANSIT_MONTHS else Stay.LONG


def any_covers(stretches: Iterable[Stretch], day: date | None) -> Truth:
    answers = {stretch.covers(day) for stretch in stretches}
    if Truth.YES in answers:
        return Truth.YES
    return Truth.UNKNOWN if Truth.UNKNOWN in answers else Truth.NO


def graded(
    residence: str | None,
    grade: str,
    day: date | None,
    lists: Lists,
    destination: Destination,
) -> Truth:
    if residence is None or destination is not Destination.ENGLAND:
        return Truth.NO
    rows = [row for row in lists.england_rows(residence) if row.grade == grade]
    return _on_national_list(rows, day)


def in_annex(
    residence: str | None, day: date | None, lists: Lists, destination: Destination
) -> Truth:
    if residence is None or destination is not Destination.GERMANY:
        return Truth.NO
    return _on_national_list(lists.germany_rows(residence), day)


def _on_national_list(rows: Iterable[NationalRow], day: date | None) -> Truth:
    """Between the earliest possible and the certain day it is open, unless an earlier certain row
    covers that day (rules.md §6)."""
    if day is None:
        return Truth.UNKNOWN if any(True for _ in rows) else Truth.NO
    if any(row.holds_on(day) for row in rows):
        return Truth.YES
    return Truth.UNKNOWN if any(row.may_hold_on(day) for row in rows) else Truth.NO


def on_ethical_list(
    agency: AgencyRecord, destination: Destination, day: date | None
) -> Truth | NotAsked:
    if destination is not Destination.ENGLAND or not isinstance(agency.ethical_list, tuple):
        return NOT_ASKED
    return any_covers(agency.ethical_list, day)


def fees_of(record: PlacementRecord) -> Fees:
    return charged_by(record.fees)


def charged_by(fees: tuple[Fee, ...] | NotAsked | None) -> Fees:
    """What is named was charged (rules.md §6), also where how much is not said; zero was not."""
    if fees is None:
        return Fees.UNKNOWN
    if fees is NOT_ASKED:
        return Fees.NOT_ASKED
    charged = any(amount is None or amount > 0 for _, amount in fees)
    return Fees.CHARGED if charged else Fees.NONE


def licence_of(agency: AgencyRecord, day: date | None, start: date | None) -> Licence:
    if not isinstance(agency.licences, tuple) or not agency.licences or day is None:
        return Licence.NOT_TESTED
    covering = [row for row in agency.licences if row.covers(day) is Truth.YES]
    if not covering:
        return Licence.DOES_NOT
    if start is None or start <= day or any_covers(agency.licences, start) is Truth.YES:
        return Licence.COVERS
    return Licence.LAPSED


def authorization_of(
    stated: bool | NotAsked | None,
    country: str | None,
    side: Side,
    day: date | None,
    lists: Lists,
    agency: AgencyRecord,
) -> Truth | NotAsked:
    """YES held, NO not held, UNKNOWN missing, NOT_ASKED where no requirement is recorded."""
    if stated is None:
        return Truth.UNKNOWN
    if isinstance(stated, bool):
        return Truth.YES if stated else Truth.NO
    if country is None:
        return NOT_ASKED
    if any_covers(lists.requirements_of(country, side), day) is not Truth.YES:
        return NOT_ASKED
    recorded = [row for row in agency.authorizations if row.country == country and row.side is side]
    if not recorded:
        return Truth.UNKNOWN
    held = any_covers([row for row in recorded if row.held], day)
    return NOT_ASKED if held is Truth.UNKNOWN else held
