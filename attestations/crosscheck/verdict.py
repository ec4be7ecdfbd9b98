"""What the rules say of one combination of facts, and the outcome that follows (rules.md §3)."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from attestations.crosscheck.codes import Finding
from attestations.crosscheck.enums import Disposition, Outcome, Severity
from attestations.crosscheck.facts import Facts
from attestations.crosscheck.lists import canonical
from attestations.crosscheck.rules import RULES
from attestations.crosscheck.ruleset import VERSION

_DISPOSITIONS_IN_ORDER = (
    Disposition.OPEN,
    Disposition.INDETERMINATE,
    Disposition.EXCEPTED_BY_AGREEMENT,
    Disposition.EXCEPTED_BY_WAIVER,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Immutable and shared by every placement with the same facts."""

    outcome: Outcome
    findings: tuple[Finding, ...]
    edition: str | None = None
    ruleset: str = VERSION


def judge(facts: Facts) -> Verdict:
    """Asks every rule once; nothing is left out and nothing is asked of the outside."""
    found: list[Finding] = []
    for rule in RULES:
        answer = rule(facts)
        if isinstance(answer, tuple):
            found.extend(answer)
        elif answer is not None:
            found.append(answer)
    findings = in_order(found)
    return Verdict(outcome_of(findings), findings, facts.edition)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Open, then indeterminate, then excepted, gravest first, then by code."""
    return tuple(
        sorted(
            findings,
            key=lambda found: (
                _DISPOSITIONS_IN_ORDER.index(found.disposition),
                found.severity.rank,
                found.code,
            ),
        )
    )


def outcome_of(findings: Iterable[Finding]) -> Outcome:
    """Excepted findings never count but always show (rules.md §3)."""
    findings = tuple(findings)
    standing = [found for found in findings if found.disposition is Disposition.OPEN]
    graves = {found.severity for found in standing if not found.is_missing_data}
    if Severity.CRITICAL in graves:
        return Outcome.NON_COMPLIANT
    if any(found.disposition is Disposition.INDETERMINATE for found in findings):
        return Outcome.REFER_TO_AUDITOR
    if Severity.MAJOR in graves:
        return Outcome.ACTION_REQUIRED
    if any(found.is_missing_data for found in standing):
        return Outcome.INCOMPLETE
    if Severity.MINOR in graves:
        return Outcome.MINOR_ACTION
    return Outcome.CLEAR_WITH_NOTES if findings else Outcome.CLEAR


def verdict_digest(of_facts: str, lists_digest: str) -> str:
    """The identity of a stored verdict: facts, set of rules and lists (design §3)."""
    parts = (of_facts, VERSION, lists_digest)
    return hashlib.sha256(canonical(parts).encode()).hexdigest()
