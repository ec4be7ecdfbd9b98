"""One placement with its verdict in words and as data: what was found, on what, what would help.

The same words go to the agency, to its regulator and to whoever asks before recruiting: all come
from `crosscheck.explain`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agencies.countries.spellings import default_resolver
from attestations import occupations
from attestations.crosscheck.codes import Finding
from attestations.crosscheck.engine import agency_record, load_lists
from attestations.crosscheck.enums import Basis, Disposition, Mode, Outcome, Severity
from attestations.crosscheck.explain import Explanation, explain
from attestations.crosscheck.facts import facts_digest, facts_of
from attestations.crosscheck.models import Verdict
from attestations.crosscheck.remedies import Remedy, remedies_for
from attestations.crosscheck.values import record_of
from attestations.crosscheck.wording import Told
from attestations.placements.columns import COLUMNS, Kind
from attestations.placements.models import Placement
from attestations.safeguards.models import ListEdition

NOT_ANSWERED = "not answered"


@dataclass(frozen=True, slots=True)
class Explained:
    """`is_current` is false where what the verdict rests on has changed since it was reached."""

    explanations: tuple[Explanation, ...]
    is_current: bool
    could_cover: tuple[str, ...] = ()
    remedies: tuple[Remedy, ...] = ()


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


class Explainer:
    """Explains the placements of one agency, stored or staged; reads lists and agency once."""

    def __init__(self, agency) -> None:
        self._lists = load_lists()
        self._agency = agency_record(agency)
        self._name = default_resolver().name

    def of(self, stated: Any, verdict: Verdict | None) -> Explained:
        """Every finding of the verdict in a sentence, with basis, source and edition."""
        if verdict is None:
            return Explained((), is_current=False)
        record = record_of(stated)
        findings = findings_of(verdict)
        used_up = any(found.code == "CAP-EXCEEDED" for found in findings)
        facts = facts_of(record, self._lists, self._agency, used_up)
        told = Told(
            record=record, facts=facts, lists=self._lists, agency=self._agency, name=self._name
        )
        return Explained(
            tuple(
                explain(finding, record, facts, self._lists, self._agency, self._name)
                for finding in findings
            ),
            is_current=facts_digest(facts) == verdict.facts_digest,
            could_cover=tuple(terms.reference for terms in told.agreements_that_would_cover()),
            remedies=remedies_for(findings),
        )


def explained(placement: Placement) -> Explained:
    return Explainer(placement.agency).of(placement, placement.verdict)


def edition_in_data(label: str | None) -> dict[str, str] | None:
    """The edition that was in force, with the digest by which anybody can check its text."""
    edition = ListEdition.objects.filter(label=label).first() if label else None
    if edition is None:
        return None
    return {
        "label": edition.label,
        "valid_from": edition.valid_from.isoformat(),
        "digest": edition.digest,
    }


def verdict_in_data(verdict: Verdict | None, answer: Explained) -> dict[str, Any]:
    """A verdict as data, under the same names as the answer to a question."""
    if verdict is None:
        return {"outcome": None}
    changes = dict.fromkeys(
        change for explanation in answer.explanations for change in explanation.would_change
    )
    return {
        "outcome": verdict.outcome,
        "outcome_in_words": Outcome(verdict.outcome).label,
        "edition": verdict.edition_label or None,
        "edition_in_force": edition_in_data(verdict.edition_label),
        "ruleset": verdict.ruleset_version,
        "verdict_digest": verdict.digest,
        "facts_digest": verdict.facts_digest,
        "lists_digest": verdict.lists_digest,
        "is_current": answer.is_current,
        "findings": [explanation.as_data() for explanation in answer.explanations],
        "would_change": list(changes),
        "agreements_that_could_cover": list(answer.could_cover),
    }


def stated_in_data(stated: Any) -> dict[str, dict[str, Any]]:
    """What a placement says, column by column: as it is stored, and in words."""
    values = values_of(stated)
    return {
        column.name: {
            "value": values[column.field],
            "in_words": value_in_words(column.kind, values[column.field]),
        }
        for column in COLUMNS
    }


_REASONS = {
    "import": "a file of the agency was saved",
    "agency changed": "what the register holds of the agency changed",
    "lists changed": "lists or agreements changed",
    "place freed": "a place of the agreement became free",
}


def reason_in_words(reason: str) -> str:
    """Why a verdict changed; what was done to a certificate is a change of the agency."""
    if reason.startswith("certificate."):
        return _REASONS["agency changed"]
    return _REASONS.get(reason, reason)


def country_in_words(code: str | None) -> str:
    return f"{default_resolver().name(code)} ({code})" if code else NOT_ANSWERED


def occupation_in_words(code: str | None) -> str:
    return f"{occupations.title(code)} ({code})" if code else NOT_ANSWERED


def stated_in_words(values: Mapping[str, Any]) -> list[dict[str, str]]:
    """What a placement says, column by column, as rows of a summary list."""
    return [
        {"key": column.words, "value": value_in_words(column.kind, values.get(column.field))}
        for column in COLUMNS
        if column.field != "reference"
    ]


def changes_in_words(was: Mapping[str, Any], became: Mapping[str, Any]) -> list[dict[str, str]]:
    """The columns in which two statements differ, and what each of them says there."""
    return [
        {
            "key": column.words,
            "was": value_in_words(column.kind, was.get(column.field)),
            "became": value_in_words(column.kind, became.get(column.field)),
        }
        for column in COLUMNS
        if column.field != "reference"
        and _plain(was.get(column.field)) != _plain(became.get(column.field))
    ]


def values_of(stated: Any) -> dict[str, Any]:
    return {column.field: getattr(stated, column.field) for column in COLUMNS}


def _plain(value: Any) -> Any:
    """A value as a kept version holds it: days are texts there."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def value_in_words(kind: Kind, value: Any) -> str:
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
