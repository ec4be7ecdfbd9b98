"""Rules on agreements, and on what countries ask for."""

from attestations.crosscheck.codes import (
    BLA_INVALID,
    BLA_NO_MOH,
    CAP_EXCEEDED,
    EMERG_NO_CONSULT,
    REQ_SAFEGUARD,
    Finding,
)
from attestations.crosscheck.cover import Cover
from attestations.crosscheck.enums import ACTIVE, Truth
from attestations.crosscheck.facts import Facts


def the_agreement_cited_does_not_cover(facts: Facts) -> Finding | None:
    """Code 5.2, R-AGR: parties, date, post, the agency's role, quota; whatever else holds."""
    return BLA_INVALID.open() if facts.cover is Cover.DOES_NOT else None


def the_agreement_knows_no_health_ministry(facts: Facts) -> Finding | None:
    """A61(g): asked of an agreement that covers."""
    if facts.cover is Cover.COVERS and not facts.health_ministry_takes_part:
        return BLA_NO_MOH.open()
    return None


def the_agreements_places_are_used_up(facts: Facts) -> Finding | None:
    """Design §10: places go in the order of recruitment date, agency number, reference."""
    return CAP_EXCEEDED.open() if facts.quota_used_up else None


def source_country_has_a_policy_of_its_own(facts: Facts) -> Finding | None:
    """A48, B1.5(c): for a residence off the List; excepted by a covering agreement."""
    if not facts.health or facts.mode not in ACTIVE:
        return None
    if facts.restricting_policy is Truth.NO or facts.residence_listed is Truth.YES:
        return None
    if facts.cover is Cover.COVERS:
        return REQ_SAFEGUARD.excepted_by_agreement(facts.agreement or "")
    if (
        facts.restricting_policy is Truth.UNKNOWN
        or facts.residence_listed is Truth.UNKNOWN
        or facts.cover is Cover.CANNOT_TELL
    ):
        return REQ_SAFEGUARD.indeterminate()
    return REQ_SAFEGUARD.open()


def recruited_in_an_emergency_without_consultation(facts: Facts) -> Finding | None:
    """B1.2: consult the source country first; no record of it is read as none."""
    if not facts.health or facts.mode not in ACTIVE or facts.consulted:
        return None
    if facts.emergency is Truth.YES:
        return EMERG_NO_CONSULT.open()
    if facts.emergency is Truth.UNKNOWN:
        return EMERG_NO_CONSULT.indeterminate()
    return None
