"""Rules of destinations: England's code, Germany's statute, the words of Norway and Ireland."""

from attestations.crosscheck.answers import Destination, Scope
from attestations.crosscheck.codes import (
    DE_38,
    IE_ALIGN,
    NO_UNMET,
    UK_AMBER,
    UK_ERL,
    UK_NATION,
    UK_RED,
    Code,
    Finding,
)
from attestations.crosscheck.cover import Cover
from attestations.crosscheck.enums import ACTIVE, Mode, Truth
from attestations.crosscheck.facts import Facts


def england_recruits_from_its_red_list(facts: Facts) -> Finding | None:
    """England's code: excepted by a covering agreement only; a waiver does not touch it."""
    return _graded_for_england(facts, facts.red, UK_RED)


def england_recruits_from_its_amber_list(facts: Facts) -> Finding | None:
    """England's code: only on the terms of an agreement between the governments."""
    return _graded_for_england(facts, facts.amber, UK_AMBER)


def agency_is_not_on_the_ethical_recruiters_list(facts: Facts) -> Finding | None:
    """England's code: employers use agencies on the list; on the recruitment date."""
    if facts.destination is not Destination.ENGLAND or facts.scope is Scope.OUTSIDE:
        return None
    if facts.mode not in ACTIVE and facts.mode is not Mode.FACILITATED:
        return None
    if facts.on_ethical_list is Truth.NO:
        return UK_ERL.open()
    if facts.on_ethical_list is Truth.UNKNOWN:
        return UK_ERL.indeterminate()
    return None


def another_uk_nation_has_its_own_code(facts: Facts) -> Finding | None:
    """rules.md §6: England's list is not read for Scotland, Wales or Northern Ireland."""
    if facts.destination is Destination.OTHER_UK_NATION and facts.scope is not Scope.OUTSIDE:
        return UK_NATION.open()
    return None


def german_statute_reserves_the_recruitment(facts: Facts) -> Finding | None:
    """BeschV s.38 and annex: nothing excepts it but the Federal Employment Agency itself.

    Open to question: help after an own application, an unknown mode, the days between the
    earliest possible and the certain first day of a row.
    """
    if facts.destination is not Destination.GERMANY or not facts.health_or_care:
        return None
    if facts.annex is Truth.NO or facts.by_federal_agency:
        return None
    if facts.mode is None or facts.mode is Mode.FACILITATED:
        return DE_38.indeterminate()
    if facts.mode in ACTIVE or facts.mode is Mode.EDU:
        return DE_38.open() if facts.annex is Truth.YES else DE_38.indeterminate()
    return None


def norway_speaks_of_unmet_need(facts: Facts) -> Finding | None:
    """A30: no list of such countries is published, so a listed source is noted and no more."""
    if (
        facts.norwegian_plan
        and facts.health
        and facts.mode in ACTIVE
        and facts.residence_listed is Truth.YES
    ):
        return NO_UNMET.open()
    return None


def ireland_aligns_its_agreements(facts: Facts) -> Finding | None:
    """A30: the commitment concerns agreements, so it is noted where one is relied on."""
    if facts.irish_commitment and facts.health and facts.cover is not Cover.NONE_CITED:
        return IE_ALIGN.open()
    return None


def _graded_for_england(facts: Facts, graded: Truth, code: Code) -> Finding | None:
    """Active modes, and help without proof that the application came first."""
    if graded is Truth.NO or not facts.health_or_care:
        return None
    unproved_help = facts.mode is Mode.FACILITATED and not facts.evidence
    if facts.mode is not None and facts.mode not in ACTIVE and not unproved_help:
        return None
    if facts.cover is Cover.COVERS:
        return code.excepted_by_agreement(facts.agreement or "")
    if facts.mode is None or graded is Truth.UNKNOWN or facts.cover is Cover.CANNOT_TELL:
        return code.indeterminate()
    return code.open()
