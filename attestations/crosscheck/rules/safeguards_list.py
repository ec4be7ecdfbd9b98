"""Rules on the Safeguards List. All are of the WHO Code, whose scope is health personnel."""

from attestations.crosscheck.answers import Scope, Stay
from attestations.crosscheck.codes import (
    NO_EDITION,
    SSL_ACTIVE,
    SSL_ADDED_LATER,
    SSL_EDU,
    SSL_FACILITATED,
    SSL_PASSIVE,
    SSL_TELE,
    SSL_TRAINED,
    SSL_TRANSIT,
    Code,
    Finding,
)
from attestations.crosscheck.cover import Cover
from attestations.crosscheck.enums import ACTIVE, Mode, Severity, Truth
from attestations.crosscheck.facts import Facts


def active_recruitment_from_a_listed_country(facts: Facts) -> Finding | None:
    """Code 5.1; B1.5(c). Agreement, then willingness, then the mode is asked (rules.md §6)."""
    if not facts.health or facts.residence_listed is Truth.NO:
        return None
    if facts.mode is not None and facts.mode not in ACTIVE:
        return None
    if facts.cover is Cover.COVERS:
        return SSL_ACTIVE.excepted_by_agreement(facts.agreement or "")
    if facts.willing is Truth.YES:
        return SSL_ACTIVE.excepted_by_waiver(facts.willingness or "")
    if (
        facts.mode is None
        or facts.residence_listed is Truth.UNKNOWN
        or facts.cover is Cover.CANNOT_TELL
        or facts.willing is Truth.UNKNOWN
    ):
        return SSL_ACTIVE.indeterminate()
    return SSL_ACTIVE.open()


def a_listed_residents_own_application(facts: Facts) -> Finding | None:
    """Code 3.4, 8.7: observed for monitoring, never held against anybody."""
    return _listed_by(facts, Mode.DIRECT, SSL_PASSIVE)


def help_after_a_listed_residents_own_application(facts: Facts) -> Finding | None:
    """A35, A36: an observation where the independent application is proved, major where not."""
    severity = Severity.OBSERVATION if facts.evidence else Severity.MAJOR
    return _listed_by(facts, Mode.FACILITATED, SSL_FACILITATED, severity)


def education_pathway_from_a_listed_country(facts: Facts) -> Finding | None:
    """Code 5.1, A61(c): excepted by an agreement only."""
    found = _listed_by(facts, Mode.EDU, SSL_EDU)
    if found is None or facts.cover in (Cover.NONE_CITED, Cover.DOES_NOT):
        return found
    if facts.cover is Cover.COVERS:
        return SSL_EDU.excepted_by_agreement(facts.agreement or "")
    return SSL_EDU.indeterminate()


def remote_service_from_a_listed_country(facts: Facts) -> Finding | None:
    """B1.9(h): observed."""
    return _listed_by(facts, Mode.TELE, SSL_TELE)


def trained_in_a_listed_country_and_passing_through_another(facts: Facts) -> Finding | None:
    """A17: a short stay reads as transit; a stay that is not answered leaves it open."""
    if not _trained_in_listed_country(facts) or facts.stay is Stay.LONG:
        return None
    if facts.stay is Stay.UNKNOWN or facts.trained_in_listed is Truth.UNKNOWN:
        return SSL_TRANSIT.indeterminate()
    return SSL_TRANSIT.open()


def trained_in_a_listed_country_and_settled_in_another(facts: Facts) -> Finding | None:
    """A17: observed."""
    if not _trained_in_listed_country(facts) or facts.stay is not Stay.LONG:
        return None
    if facts.trained_in_listed is Truth.UNKNOWN:
        return SSL_TRAINED.indeterminate()
    return SSL_TRAINED.open()


def country_listed_between_recruitment_and_start(facts: Facts) -> Finding | None:
    """R-EDITION: what was known when recruiting governs; the later edition is only noted."""
    if facts.health and facts.mode in ACTIVE and facts.added_before_start:
        return SSL_ADDED_LATER.open()
    return None


def recruited_before_any_edition(facts: Facts) -> Finding | None:
    """WHA63.16: nothing counts before 21 May 2010. An unknown day is never read as early."""
    if facts.day_known and facts.edition is None and facts.scope is not Scope.OUTSIDE:
        return NO_EDITION.open()
    return None


def _trained_in_listed_country(facts: Facts) -> bool:
    return facts.health and facts.mode in ACTIVE and facts.trained_in_listed is not Truth.NO


def _listed_by(
    facts: Facts, mode: Mode, code: Code, severity: Severity | None = None
) -> Finding | None:
    """A residence that is on the List for one edition or another only is left open."""
    if not facts.health or facts.mode is not mode or facts.residence_listed is Truth.NO:
        return None
    if facts.residence_listed is Truth.UNKNOWN:
        return code.indeterminate(severity)
    return code.open(severity)
