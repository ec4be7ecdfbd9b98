"""What is known of a placement, put into words: shared by the sentences and the answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from attestations.crosscheck.answers import Scope
from attestations.crosscheck.cover import Cover, terms_cover
from attestations.crosscheck.enums import Mode, NotAsked, Side, Truth
from attestations.crosscheck.facts import Facts
from attestations.crosscheck.lists import AgencyRecord, AgreementTerms, Lists, Stretch
from attestations.crosscheck.record import (
    Place,
    PlacementRecord,
    Unresolved,
    day_of_recruitment,
)

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

_DAY_KINDS = {
    "recruited_on": "the recruitment date",
    "offered_on": "the day of the offer, as the recruitment date is not known",
    "contracted_on": "the day of the contract, as no earlier date is known",
    "started_on": "the day of the start, as no earlier date is known",
}

_SCOPES = {
    Scope.HEALTH: "a health occupation",
    Scope.CARE: "a care occupation",
    Scope.OUTSIDE: "neither a health nor a care occupation",
    Scope.UNKNOWN: "not known, as an occupation is missing",
}

NOT_ANSWERED = "not answered"
WAS_NOT_ASKED = "not asked"

# which facts stand beside each finding; the words are keys of `Told.value_of`
FACTS_BY_CODE: Mapping[str, tuple[str, ...]] = {
    "SSL-ACTIVE": ("residence", "day", "edition", "mode", "scope", "agreement"),
    "SSL-PASSIVE": ("residence", "day", "edition", "mode", "scope"),
    "SSL-FACILITATED": ("residence", "day", "edition", "mode", "scope", "evidence"),
    "SSL-EDU": ("residence", "day", "edition", "mode", "scope", "agreement"),
    "SSL-TELE": ("residence", "day", "edition", "mode", "scope"),
    "SSL-TRANSIT": ("training", "residence", "months", "day", "edition", "mode"),
    "SSL-TRAINED": ("training", "residence", "months", "day", "edition", "mode"),
    "SSL-ADDED-LATER": ("residence", "day", "start", "edition", "mode"),
    "NO-EDITION": ("day",),
    "BLA-INVALID": ("agreement", "residence", "destination", "day", "post"),
    "BLA-NO-MOH": ("agreement",),
    "CAP-EXCEEDED": ("agreement", "day"),
    "REQ-SAFEGUARD": ("residence", "day", "mode", "agreement"),
    "UK-RED": ("residence", "destination", "day", "mode", "scope", "evidence", "agreement"),
    "UK-AMBER": ("residence", "destination", "day", "mode", "scope", "evidence", "agreement"),
    "UK-ERL": ("destination", "day", "mode"),
    "UK-NATION": ("destination",),
    "DE-38": ("residence", "destination", "day", "mode", "scope", "federal agency"),
    "NO-UNMET": ("residence", "destination", "day", "mode"),
    "IE-ALIGN": ("residence", "destination", "day", "agreement"),
    "FEE-WORKER": ("fees",),
    "FEE-UNKNOWN": ("fees",),
    "REPAY-UNFAIR": ("repayment clause",),
    "LIC-INVALID": ("licences", "day"),
    "LIC-LAPSED": ("licences", "day", "start"),
    "CERT-STATUS": ("restrictions", "day"),
    "CERT-PIPELINE": ("restrictions", "day", "start"),
    "AUTH-SOURCE": ("residence", "day", "edition"),
    "AUTH-DEST": ("destination", "day"),
    "SCOPE-DESKILL": ("qualification", "post", "disclosed", "day"),
    "OBLIG-4.2": ("obligation",),
    "EMERG-NO-CONSULT": ("residence", "destination", "day", "mode", "consultation"),
    "SRC-MISMATCH": ("source", "residence"),
    "CTRY-UNKNOWN": ("residence", "training", "source", "destination"),
    "DATE-ORDER": ("day", "start"),
    "OUT-OF-SCOPE": ("qualification", "post"),
}


def in_words(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def listed_in_words(parts: tuple[str, ...]) -> str:
    """One, two or more phrases as a sentence lists them."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def stretch_in_words(stretch: Stretch) -> str:
    first = in_words(stretch.valid_from) if stretch.valid_from else "an open beginning"
    last = in_words(stretch.valid_until) if stretch.valid_until else "an open end"
    return f"{first} to {last}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A placement with its facts, ready to be spoken of."""

    record: PlacementRecord
    facts: Facts
    lists: Lists
    agency: AgencyRecord
    name: Callable[[str], str]

    @property
    def day(self) -> date | None:
        return day_of_recruitment(self.record)[0]

    @property
    def on(self) -> str:
        return in_words(self.day) if self.day else "a day that is not known"

    @property
    def residence(self) -> str:
        return self.place(self.record.residence)

    @property
    def destination(self) -> str:
        country = self.place(self.record.dest)
        part = self.record.destination_part
        return f"{part} ({country})" if part else country

    @property
    def start(self) -> str:
        return self._answer(self.record.started_on)

    @property
    def mode(self) -> str:
        mode = self.record.mode
        return mode.label if isinstance(mode, Mode) else self._answer(mode)

    @property
    def edition(self) -> str:
        return self.facts.edition or "none"

    def place(self, place: Place) -> str:
        if isinstance(place, Unresolved):
            return f"“{place.text}”"
        return self.name(place) if isinstance(place, str) else self._answer(place)

    def value_of(self, fact: str) -> str:
        """A fact by its label, in words; what was not answered or not asked says so."""
        return _VALUES[fact](self)

    def _answer(self, value: object) -> str:
        if value is None:
            return NOT_ANSWERED
        if isinstance(value, NotAsked):
            return WAS_NOT_ASKED
        if isinstance(value, bool):
            return "yes" if value else "no"
        return in_words(value) if isinstance(value, date) else str(value)

    def agreements_that_would_cover(self) -> tuple[AgreementTerms, ...]:
        """On file and covering, though not cited: only a citation excepts (design §10)."""
        return tuple(
            terms
            for terms in self.lists.agreements
            if terms.reference != self.record.agreement_cited
            and terms_cover(self.record, self.day, terms).cover is Cover.COVERS
        )


def unrecorded_requirements(record: PlacementRecord, lists: Lists) -> tuple[Side, ...]:
    """The sides on which no dated requirement of an authorization is recorded for that day."""
    day, _ = day_of_recruitment(record)
    sides = ((Side.SOURCE, record.residence), (Side.DESTINATION, record.dest))
    return tuple(
        side
        for side, place in sides
        if isinstance(place, str)
        and not any(row.covers(day) is Truth.YES for row in lists.requirements_of(place, side))
    )


def _day(told: Told) -> str:
    day, kind = day_of_recruitment(told.record)
    return f"{in_words(day)} ({_DAY_KINDS[kind]})" if day else NOT_ANSWERED


def _edition(told: Told) -> str:
    if told.facts.edition is None:
        return "none in force" if told.facts.day_known else "not known without a date"
    edition = told.lists.edition_on(told.day) if told.day else None
    since = f", in force since {in_words(edition.valid_from)}" if edition else ""
    return f"{told.facts.edition}{since}"


def _months(told: Told) -> str:
    months = told.record.months
    return f"{months} months" if isinstance(months, int) else told._answer(months)


def _fees(told: Told) -> str:
    fees = told.record.fees
    if not isinstance(fees, tuple):
        return told._answer(fees)
    return (
        "; ".join(
            what if amount is None else f"{what}: {amount.normalize():f}" for what, amount in fees
        )
        or "none"
    )


def _repayment(told: Told) -> str:
    clause = told.record.repayment
    if clause is None or isinstance(clause, NotAsked):
        return told._answer(clause)
    return (
        f"reclaims {listed_in_words(clause.reclaimed) or 'nothing named'}; "
        f"disclosed: {told._answer(clause.disclosed)}; tapers: {told._answer(clause.tapers)}"
    )


def _licences(told: Told) -> str:
    licences = told.agency.licences
    if isinstance(licences, NotAsked):
        return WAS_NOT_ASKED
    return "; ".join(stretch_in_words(licence) for licence in licences) or "none recorded"


def _restrictions(told: Told) -> str:
    return (
        "; ".join(
            f"{row.kind.value} from {in_words(row.valid_from)}"
            + (f", restored on {in_words(row.restored_on)}" if row.restored_on else "")
            for row in told.agency.restrictions
        )
        or "none"
    )


_VALUES: Mapping[str, Callable[[Told], str]] = {
    "residence": lambda told: told.residence,
    "training": lambda told: told.place(told.record.training),
    "source": lambda told: told.place(told.record.source),
    "destination": lambda told: told.destination,
    "day": _day,
    "start": lambda told: told.start,
    "edition": _edition,
    "mode": lambda told: told.mode,
    "scope": lambda told: _SCOPES[told.facts.scope],
    "months": _months,
    "qualification": lambda told: told._answer(told.record.qualified),
    "post": lambda told: told._answer(told.record.placed),
    "evidence": lambda told: told._answer(told.record.evidence),
    "disclosed": lambda told: told._answer(told.record.disclosed),
    "obligation": lambda told: told._answer(told.record.obligation),
    "consultation": lambda told: told._answer(told.record.consulted),
    "federal agency": lambda told: told._answer(told.record.by_ba),
    "agreement": lambda told: told.record.agreement_cited or "none cited",
    "fees": _fees,
    "repayment clause": _repayment,
    "licences": _licences,
    "restrictions": _restrictions,
}
