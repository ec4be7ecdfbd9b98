"""One placement as the register or a question states it, with its real dates and amounts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from attestations.crosscheck.enums import NOT_ASKED, Mode, NotAsked


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A country as somebody wrote it, which names no single country (R-NAME)."""

    text: str
    candidates: tuple[str, ...] = ()


# ISO 3166-1 alpha-3, or missing, or a spelling that names no single country, or not in question
Place = str | Unresolved | NotAsked | None
Said = bool | NotAsked | None
Day = date | NotAsked | None
Fee = tuple[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class RepaymentTerms:
    """A repayment clause: what it reclaims, whether it was disclosed, whether it tapers."""

    reclaimed: tuple[str, ...]
    disclosed: bool | None = None
    tapers: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementRecord:
    """What is said of one placement. `None` is missing; `NOT_ASKED` is not in question.

    Nationality is kept because people state it; no rule reads it (Code 3.4, 3.5).
    """

    residence: Place = NOT_ASKED
    training: Place = NOT_ASKED
    source: Place = NOT_ASKED
    nationality: Place = NOT_ASKED
    dest: Place = NOT_ASKED
    # a part of the destination; None is England for GBR (rules.md §6), else the whole country
    destination_part: str | None = None
    months: int | NotAsked | None = NOT_ASKED
    qualified: str | NotAsked | None = NOT_ASKED
    placed: str | NotAsked | None = NOT_ASKED
    other_occ: tuple[str, ...] = ()
    mode: Mode | NotAsked | None = NOT_ASKED
    evidence: Said = NOT_ASKED
    recruited_on: Day = NOT_ASKED
    offered_on: Day = NOT_ASKED
    contracted_on: Day = NOT_ASKED
    started_on: Day = NOT_ASKED
    # None: not answered; (): none charged; an amount of None: charged, but how much is not said
    fees: tuple[Fee, ...] | NotAsked | None = NOT_ASKED
    repayment: RepaymentTerms | NotAsked | None = NOT_ASKED
    agreement_cited: str | None = None
    by_ba: Said = NOT_ASKED
    disclosed: Said = NOT_ASKED
    obligation: Said = NOT_ASKED
    consulted: Said = NOT_ASKED


def day_of_recruitment(record: PlacementRecord) -> tuple[date | None, str]:
    """The day that governs and which one it is: recruitment, else offer, contract, start (R-DATE).

    The start never governs while an earlier kind of date is known.
    """
    for name in DATES_IN_ORDER:
        day = getattr(record, name)
        if isinstance(day, date):
            return day, name
    return None, ""


DATES_IN_ORDER = ("recruited_on", "offered_on", "contracted_on", "started_on")

# the keys of rules.md §6 by the names of this record, for DATA-MISSING:key and for forms
KEYS: Mapping[str, str] = {
    "recruited_on": "recruited",
    "started_on": "start",
    "mode": "mode",
    "residence": "residence",
    "training": "training",
    "dest": "dest",
    "qualified": "qualified",
    "placed": "placed",
}
