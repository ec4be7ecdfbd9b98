"""Why a matter may want looking at first: pure.

OWN. The weights and the marks are this register's own order of work. They come from no law and no
text of the World Health Organization, and no weight is a finding about an agency.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

HIGH = 40
RAISED = 20
MOST_OF_MAJOR = 30


class Level(StrEnum):
    HIGH = "high"
    RAISED = "raised"
    USUAL = "usual"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is on record about an agency, each a count of live records."""

    critical_findings: int = 0
    major_findings: int = 0
    overdue_corrections: int = 0
    refusals: int = 0
    suspensions: int = 0
    withdrawals: int = 0
    earlier_certificates: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """`code` names the sentence, `count` is its number."""

    code: str
    count: int
    weight: int


@dataclass(frozen=True, slots=True)
class Risk:
    """The weight is the sum of its reasons' weights, at most 100; the heaviest reason is first."""

    weight: int
    reasons: tuple[Reason, ...]

    @property
    def level(self) -> Level:
        if self.weight >= HIGH:
            return Level.HIGH
        return Level.RAISED if self.weight >= RAISED else Level.USUAL


def risk_of(standing: Standing) -> Risk:
    reasons = sorted(_reasons(standing), key=lambda reason: -reason.weight)
    return Risk(min(100, sum(reason.weight for reason in reasons)), tuple(reasons))


def _reasons(standing: Standing) -> Iterator[Reason]:
    if standing.critical_findings:
        yield Reason("critical_findings", standing.critical_findings, 40)
    if standing.withdrawals:
        yield Reason("withdrawals", standing.withdrawals, 30)
    if standing.refusals:
        yield Reason("refusals", standing.refusals, 25)
    if standing.suspensions:
        yield Reason("suspensions", standing.suspensions, 20)
    if standing.overdue_corrections:
        yield Reason("overdue_corrections", standing.overdue_corrections, 20)
    if standing.major_findings:
        weight = min(MOST_OF_MAJOR, 15 * standing.major_findings)
        yield Reason("major_findings", standing.major_findings, weight)
    if not standing.earlier_certificates:
        yield Reason("never_certified", 0, 5)
