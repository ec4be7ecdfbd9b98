"""Reads the documents of a case: the agreement cited, communications of countries; and the
small values that they share with the rest (rules.md §6)."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from attestations.crosscheck.lists import AgreementTerms, RestrictingPolicy, Willingness

Resolve = Callable[[str], str]

# how the documents of a case are named where a finding is excepted by one
CITED = "case agreement"
COMMUNICATED = "case communication"
ASKED_FOR = "case policy"

_AGREEMENT_KEYS = frozenset({"source", "dest", "frm", "to", "occ", "agency_ok", "moh"})


class CaseError(ValueError):
    """The inputs of a case cannot be read; the message names the key and what is wrong."""


def country_in(written: Any, key: str, resolve: Resolve) -> str:
    """A party to a document; one that cannot be resolved matches no placement."""
    if not isinstance(written, str):
        raise CaseError(f"{key}: {written!r} is not the name of a country.")
    try:
        return resolve(written)
    except (ValueError, LookupError):
        return written


def occupation_code(code: Any, key: str) -> str:
    text = str(code).strip() if isinstance(code, str | int) else ""
    if not (text.isascii() and text.isdigit() and 1 <= len(text) <= 4):
        raise CaseError(f"{key}: {code!r} is not an ISCO-08 code.")
    return text


def occupation_codes(codes: Any, key: str) -> tuple[str, ...]:
    if not isinstance(codes, list | tuple):
        raise CaseError(f"{key}: {codes!r} is not a list of ISCO-08 codes.")
    return tuple(occupation_code(code, key) for code in codes)


def date_in(written: Any, key: str) -> date | None:
    if written is None:
        return None
    try:
        return date.fromisoformat(written)
    except (TypeError, ValueError):
        raise CaseError(f"{key}: {written!r} is not an ISO date.") from None


def agreement_in(terms: Any, resolve: Resolve) -> AgreementTerms | None:
    if terms is None:
        return None
    if not isinstance(terms, Mapping) or not {"source", "dest"} <= set(terms):
        raise CaseError(f"bla: {terms!r} is not an agreement.")
    unknown = sorted(set(terms) - _AGREEMENT_KEYS)
    if unknown:
        raise CaseError(f"bla: unknown keys {', '.join(unknown)}.")
    return AgreementTerms(
        reference=CITED,
        source=country_in(terms["source"], "bla.source", resolve),
        dest=country_in(terms["dest"], "bla.dest", resolve),
        valid_from=date_in(terms.get("frm"), "bla.frm"),
        valid_until=date_in(terms.get("to"), "bla.to"),
        occupations=_posts(terms, "bla.occ"),
        agencies_may_act=_bool(terms, "agency_ok"),
        health_ministry_takes_part=_bool(terms, "moh"),
    )


def _posts(terms: Mapping[str, Any], key: str) -> frozenset[str] | None:
    occupations = terms.get("occ")
    return None if occupations is None else frozenset(occupation_codes(occupations, key))


def _bool(terms: Mapping[str, Any], key: str) -> bool | None:
    answer = terms.get(key, True)
    if answer is None or isinstance(answer, bool):
        return answer
    raise CaseError(f"bla.{key}: {answer!r} is neither true, false nor null.")


def willingness_in(terms: Any, resolve: Resolve) -> tuple[Willingness, ...]:
    if terms is None:
        return ()
    country, valid_from, valid_until = _communication(terms, "waiver", resolve)
    return (
        Willingness(
            country=country,
            reference=COMMUNICATED,
            valid_from=valid_from,
            valid_until=valid_until,
            occupations=_posts(terms, "waiver.occ"),
        ),
    )


def policies_in(terms: Any, resolve: Resolve) -> tuple[RestrictingPolicy, ...]:
    if terms is None:
        return ()
    country, valid_from, valid_until = _communication(terms, "policy", resolve)
    return (
        RestrictingPolicy(
            country=country,
            reference=ASKED_FOR,
            valid_from=valid_from,
            valid_until=valid_until,
        ),
    )


def _communication(terms: Any, key: str, resolve: Resolve) -> tuple[str, date | None, date | None]:
    if not isinstance(terms, Mapping) or "country" not in terms:
        raise CaseError(f"{key}: {terms!r} names no country.")
    return (
        country_in(terms["country"], f"{key}.country", resolve),
        date_in(terms.get("frm"), f"{key}.frm"),
        date_in(terms.get("to"), f"{key}.to"),
    )
