"""Rules on what the agency held on the day: licence, authorizations, its own certificate."""

from attestations.crosscheck.answers import Licence
from attestations.crosscheck.codes import (
    AUTH_DEST,
    AUTH_SOURCE,
    CERT_PIPELINE,
    CERT_STATUS,
    LIC_INVALID,
    LIC_LAPSED,
    Finding,
)
from attestations.crosscheck.enums import Severity, Truth
from attestations.crosscheck.facts import Facts


def no_licence_covers_the_recruitment_date(facts: Facts) -> Finding | None:
    """Code 8.5: both ends of a licence are inclusive."""
    return LIC_INVALID.open() if facts.licence is Licence.DOES_NOT else None


def the_licence_ended_before_the_start(facts: Facts) -> Finding | None:
    """Code 8.5: it covered the recruitment and none covers the start."""
    return LIC_LAPSED.open() if facts.licence is Licence.LAPSED else None


def the_source_countrys_authorization_was_not_held(facts: Facts) -> Finding | None:
    """Code 8.5: critical where the residence is listed; an agreement does not cure it."""
    if facts.source_authorization is not Truth.NO:
        return None
    listed = facts.residence_listed is Truth.YES
    return AUTH_SOURCE.open(Severity.CRITICAL if listed else Severity.MAJOR)


def the_destinations_authorization_was_not_held(facts: Facts) -> Finding | None:
    """Code 8.5."""
    return AUTH_DEST.open() if facts.destination_authorization is Truth.NO else None


def recruited_while_the_certificate_was_suspended(facts: Facts) -> Finding | None:
    """On or after a suspension or withdrawal and before a restoration (rules.md §6)."""
    return CERT_STATUS.open() if facts.recruited_under_restriction else None


def under_way_when_the_certificate_was_suspended(facts: Facts) -> Finding | None:
    """Recruited before it and not known to have started by that day: somebody must take over."""
    return CERT_PIPELINE.open() if facts.under_way_at_restriction else None
