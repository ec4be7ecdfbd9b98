"""Rules on the record itself; no scope silences them."""

from attestations.crosscheck.answers import Stay
from attestations.crosscheck.codes import (
    CTRY_UNKNOWN,
    DATA_MISSING,
    DATE_ORDER,
    SRC_MISMATCH,
    Finding,
)
from attestations.crosscheck.enums import ACTIVE, Truth
from attestations.crosscheck.facts import Facts


def an_answer_is_missing(facts: Facts) -> tuple[Finding, ...]:
    """R-DATA: missing is missing. Months are asked only where transit hangs on them."""
    missing = facts.missing
    if (
        facts.stay is Stay.UNKNOWN
        and facts.health
        and facts.mode in ACTIVE
        and facts.trained_in_listed is not Truth.NO
    ):
        missing = (*missing, "months")
    return tuple(DATA_MISSING.open(about=key) for key in missing)


def a_country_is_not_clear(facts: Facts) -> Finding | None:
    """R-NAME: two Congos, never a guess. Nationality is not read."""
    return CTRY_UNKNOWN.open() if facts.unresolved else None


def the_start_lies_before_the_recruitment(facts: Facts) -> Finding | None:
    """R-DATE."""
    return DATE_ORDER.open() if facts.starts_before_recruitment else None


def the_declared_source_is_not_the_residence(facts: Facts) -> Finding | None:
    """R-COUNTRY: residence at recruitment is what the List is tested on."""
    return SRC_MISMATCH.open() if facts.source_differs else None
