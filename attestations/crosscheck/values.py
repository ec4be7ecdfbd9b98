"""A stored placement as the values that a rule may see, and as the record that they stand for."""

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from attestations.crosscheck.answers import Fees, charged_by, stay_of
from attestations.crosscheck.enums import Mode
from attestations.crosscheck.record import Place, PlacementRecord, RepaymentTerms, Unresolved

PROFILE_FIELDS = (
    "residence",
    "training",
    "source",
    "destination",
    "destination_part",
    "qualified",
    "placed",
    "other_occupations",
    "mode",
    "independent_application",
    "agreement_cited",
    "by_federal_agency",
    "lower_post_disclosed",
    "obligation_outstanding",
    "consultation_recorded",
    "repayment",
    "unresolved",
    "months_resident",
    "fees",
)
DATE_FIELDS = ("recruited_on", "offered_on", "contracted_on", "started_on")
# a placement's profile, and behind it its dates: see `keys`
JUDGED_FIELDS = (*PROFILE_FIELDS, *DATE_FIELDS)
JSON_FIELDS = frozenset({"fees", "repayment", "unresolved"})

DATES_AT = len(PROFILE_FIELDS)
AMOUNTS_AT = PROFILE_FIELDS.index("months_resident")
AGREEMENT_AT = JUDGED_FIELDS.index("agreement_cited")

_MODES = {mode.value: mode for mode in Mode}

Values = Sequence[Any]
"""What a placement says, in the order of JUDGED_FIELDS: JSON as its text, days as dates or as ISO
texts, yes and no as truths or as 1 and 0."""


def values_of(placement: Any) -> tuple[Any, ...]:
    """What a stored placement, staged or not, says, in the order of JUDGED_FIELDS."""
    return tuple(
        _text_of(getattr(placement, field)) if field in JSON_FIELDS else getattr(placement, field)
        for field in JUDGED_FIELDS
    )


def as_seen(values: Values) -> tuple[Any, ...]:
    """A profile with its amounts (months and fees) reduced to what a rule sees of them."""
    months, fees = values[AMOUNTS_AT:DATES_AT]
    return (*values[:AMOUNTS_AT], stay_of(months), _charged(fees))


@lru_cache(10_000)
def _charged(fees: str | None) -> Fees:
    return charged_by(_fees(fees))


def _text_of(value: Any) -> str | None:
    return None if value is None else json.dumps(value)


def record_of(placement: Any) -> PlacementRecord:
    """A stored placement as the rules know it."""
    return record_from(values_of(placement))


def record_from(values: Values) -> PlacementRecord:
    """The record that these values stand for; what is NULL or empty was not answered."""
    (
        residence,
        training,
        source,
        destination,
        destination_part,
        qualified,
        placed,
        other_occupations,
        mode,
        independent_application,
        agreement_cited,
        by_federal_agency,
        lower_post_disclosed,
        obligation_outstanding,
        consultation_recorded,
        repayment,
        unresolved,
        months_resident,
        fees,
        recruited_on,
        offered_on,
        contracted_on,
        started_on,
    ) = values
    places: dict[str, Place] = {
        "residence": residence,
        "training": training,
        "source": source,
        "destination": destination,
    }
    if unresolved:
        for field, found in json.loads(unresolved).items():
            places[field] = Unresolved(found["text"], tuple(found.get("candidates", ())))
    return PlacementRecord(
        residence=places["residence"],
        training=places["training"],
        source=places["source"],
        dest=places["destination"],
        destination_part=destination_part or None,
        months=months_resident,
        qualified=qualified,
        placed=placed,
        other_occ=tuple(other_occupations.split()) if other_occupations else (),
        mode=_MODES[mode] if mode else None,
        evidence=_truth_of(independent_application),
        recruited_on=date_of(recruited_on),
        offered_on=date_of(offered_on),
        contracted_on=date_of(contracted_on),
        started_on=date_of(started_on),
        fees=_fees(fees),
        repayment=_repayment(repayment),
        agreement_cited=agreement_cited or None,
        by_ba=_truth_of(by_federal_agency),
        disclosed=_truth_of(lower_post_disclosed),
        obligation=_truth_of(obligation_outstanding),
        consulted=_truth_of(consultation_recorded),
    )


def _truth_of(said: bool | int | None) -> bool | None:
    return None if said is None else bool(said)


def date_of(said: date | str | None) -> date | None:
    if isinstance(said, str):
        return date.fromisoformat(said) if said else None
    return said


def text_of_day(said: date | str | None) -> str | None:
    return said.isoformat() if isinstance(said, date) else said


@lru_cache(10_000)
def _fees(text: str | None) -> tuple[tuple[str, Decimal | None], ...] | None:
    if text is None:
        return None
    return tuple(
        (what, None if amount is None else Decimal(str(amount)))
        for what, amount in json.loads(text)
    )


@lru_cache(10_000)
def _repayment(text: str | None) -> RepaymentTerms | None:
    if text is None:
        return None
    terms = json.loads(text)
    return RepaymentTerms(tuple(terms["reclaimed"]), terms.get("disclosed"), terms.get("tapers"))
