"""One stored placement with its verdict in words: what was found, on what, and what would help."""

from dataclasses import dataclass

from agencies.countries.spellings import default_resolver
from attestations import occupations
from attestations.crosscheck.codes import Finding
from attestations.crosscheck.engine import Judgement, agency_record, load_lists
from attestations.crosscheck.enums import Basis, Disposition, Mode, Severity
from attestations.crosscheck.explain import Explanation, explain
from attestations.crosscheck.models import Verdict
from attestations.crosscheck.values import record_of
from attestations.placements.columns import COLUMNS, Kind
from attestations.placements.models import Placement

NOT_ANSWERED = "not answered"


@dataclass(frozen=True, slots=True)
class Explained:
    """`is_current` is false where what the verdict rests on has changed since it was reached."""

    explanations: tuple[Explanation, ...]
    is_current: bool


def findings_of(verdict: Verdict) -> tuple[Finding, ...]:
    """The findings of a stored verdict as the rules made them."""
    return tuple(
        Finding(
            one["code"],
            Severity(one["severity"]),
            Basis(one["basis"]),
            Disposition(one["disposition"]),
            one.get("document"),
        )
        for one in verdict.findings
    )


def explained(placement: Placement) -> Explained:
    """Every finding of the current verdict in a sentence, with basis, source and edition."""
    if placement.verdict is None:
        return Explained((), is_current=False)
    lists, agency, record = load_lists(), agency_record(placement.agency), record_of(placement)
    used_up = any(one["code"] == "CAP-EXCEEDED" for one in placement.verdict.findings)
    reached = Judgement(lists, agency).of_record(record, used_up)
    return Explained(
        tuple(
            explain(finding, record, reached.facts, lists, agency, default_resolver().name)
            for finding in findings_of(placement.verdict)
        ),
        is_current=reached.facts_digest == placement.verdict.facts_digest,
    )


def country_in_words(code: str | None) -> str:
    return f"{default_resolver().name(code)} ({code})" if code else NOT_ANSWERED


def occupation_in_words(code: str | None) -> str:
    return f"{occupations.title(code)} ({code})" if code else NOT_ANSWERED


def stated_in_words(values: dict) -> list[dict[str, str]]:
    """What a placement says, column by column, as rows of a summary list."""
    return [
        {"key": column.words, "value": _in_words(column.kind, values.get(column.field))}
        for column in COLUMNS
        if column.field != "reference"
    ]


def values_of(placement: Placement) -> dict:
    return {column.field: getattr(placement, column.field) for column in COLUMNS}


def _in_words(kind: Kind, value) -> str:
    if value is None or value == "":
        return NOT_ANSWERED
    match kind:
        case Kind.COUNTRY | Kind.DESTINATION:
            return country_in_words(value)
        case Kind.OCCUPATION:
            return occupation_in_words(value)
        case Kind.OCCUPATIONS:
            return "; ".join(occupation_in_words(code) for code in value.split())
        case Kind.MODE:
            return Mode(value).label
        case Kind.YES_NO:
            return "yes" if value else "no"
        case Kind.FEES:
            return _fees_in_words(value)
        case Kind.REPAYMENT:
            return _repayment_in_words(value)
    return str(value)


def _fees_in_words(fees: list) -> str:
    if not fees:
        return "none"
    return "; ".join(f"{what} {amount or '(amount not said)'}" for what, amount in fees)


def _repayment_in_words(terms: dict) -> str:
    if not terms["reclaimed"]:
        return "nothing is reclaimed"
    said = {True: "yes", False: "no", None: NOT_ANSWERED}
    return (
        f"reclaims {', '.join(terms['reclaimed'])}; disclosed: {said[terms.get('disclosed')]}; "
        f"tapers: {said[terms.get('tapers')]}"
    )
