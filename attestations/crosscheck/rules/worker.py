"""Rules on what the worker is asked to pay, told and bound by; any mode, any country."""

from attestations.crosscheck.answers import Fees, Scope
from attestations.crosscheck.codes import (
    FEE_UNKNOWN,
    FEE_WORKER,
    OBLIG_42,
    OUT_OF_SCOPE,
    REPAY_UNFAIR,
    SCOPE_DESKILL,
    Finding,
)
from attestations.crosscheck.enums import Severity
from attestations.crosscheck.facts import Facts


def the_worker_was_charged(facts: Facts) -> Finding | None:
    """Dhaka 1, IRIS 1, ILO 2019: no fee and no related cost, whatever its amount."""
    return FEE_WORKER.open() if facts.fees is Fees.CHARGED else None


def it_is_unknown_whether_the_worker_was_charged(facts: Facts) -> Finding | None:
    """R-DATA: no answer is not "no fee"."""
    return FEE_UNKNOWN.open() if facts.fees is Fees.UNKNOWN else None


def the_repayment_clause_is_unfair(facts: Facts) -> Finding | None:
    """REQ-23: takes the agency's fee or the skills charge, is hidden, or does not taper."""
    return REPAY_UNFAIR.open() if facts.repayment_unfair else None


def a_health_professional_is_placed_as_a_care_worker(facts: Facts) -> Finding | None:
    """B2.1, Code 4.3: graver where it was not told in writing, and since 29 May 2026."""
    if not facts.placed_below_qualification:
        return None
    if not facts.disclosed:
        return SCOPE_DESKILL.open(Severity.MAJOR)
    return SCOPE_DESKILL.open(Severity.MINOR if facts.scope_extended else Severity.OBSERVATION)


def a_legal_duty_at_home_is_outstanding(facts: Facts) -> Finding | None:
    """Code 4.2."""
    return OBLIG_42.open() if facts.obligation else None


def neither_a_health_nor_a_care_occupation(facts: Facts) -> Finding | None:
    """R-SCOPE: recorded, not judged; a missing occupation is not read as another one."""
    return OUT_OF_SCOPE.open() if facts.scope is Scope.OUTSIDE else None
