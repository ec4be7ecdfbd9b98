"""Each line of a list held against the register: found, similar, not found, or not looked for."""

from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.lib.check_characters import NumberUnreadable, normalise
from agencies.lib.plain_text import name_key
from agencies.models import Agency, AgencyName, Officer
from agencies.names import LONGEST
from audits.models import Certificate
from audits.register.agency_answers import list_answer
from audits.register.doubt import refuse_if_in_doubt
from audits.register.search import search

# a name in another spelling takes a twentieth of a second to look for
MOST_SOUGHT = 100
SHOWN_AS_SIMILAR = 3


class Result(StrEnum):
    FOUND = "found"
    SEVERAL = "several"
    SIMILAR = "similar"
    NOT_FOUND = "not_found"
    NOT_SOUGHT = "not_sought"
    EMPTY = "empty"


WORDS = {
    Result.FOUND: _("Found"),
    Result.SEVERAL: _("Several have this name"),
    Result.SIMILAR: _("Only similar names"),
    Result.NOT_FOUND: _("Not found"),
    Result.NOT_SOUGHT: _("Could not check"),
    Result.EMPTY: _("Nothing to look for"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """What was asked in a line, and the agencies it may mean as the register lists them."""

    number: int
    asked: str
    result: Result
    agencies: list[dict[str, Any]]

    @property
    def word(self) -> str:
        return str(WORDS[self.result])


def check_lines(asked, *, on, at) -> list[Line]:
    """A line for each of `asked`, in order. CouldNotCheck where the register cannot answer.

    Numbers and whole names cost a handful of queries for all lines together; other spellings are
    looked for in the first `MOST_SOUGHT` lines that need it, and the rest says "could not check".
    """
    refuse_if_in_doubt(at)
    asked = [text.strip() for text in asked]
    exact = _exactly(asked)
    near: dict[str, list[Agency]] = {}
    unknown = dict.fromkeys(text for text in asked if text and not exact[text])
    for text in list(unknown)[:MOST_SOUGHT]:
        near[text] = [hit.agency for hit in search(text, limit=SHOWN_AS_SIMILAR)]
    agencies = {
        agency.pk: agency for found in (*exact.values(), *near.values()) for agency in found
    }
    answer = list_answer(list(agencies.values()), on=on, at=at)
    listed = dict(zip(agencies, answer["results"], strict=True))
    return [
        Line(number, text, result, [listed[agency.pk] for agency in found])
        for number, (text, (result, found)) in enumerate(
            ((text, _result(text, exact, near)) for text in asked), 1
        )
    ]


def _result(text, exact, near):
    if not text:
        return Result.EMPTY, []
    if found := exact[text]:
        return (Result.FOUND if len(found) == 1 else Result.SEVERAL), found
    if text not in near:
        return Result.NOT_SOUGHT, []
    return (Result.SIMILAR if near[text] else Result.NOT_FOUND), near[text]


def _exactly(asked) -> dict[str, list[Agency]]:
    """By number, by the number of a certificate, or by a whole name in any dress."""
    numbers, keys = {}, {}
    for text in asked:
        keys[text] = name_key(text)[:LONGEST]
        with suppress(NumberUnreadable):
            numbers[text] = normalise(text)
    agencies = {
        agency.register_number: agency
        for agency in Agency.objects.filter(register_number__in=set(numbers.values()))
    }
    holders = dict(
        Certificate.objects.issued()
        .filter(number__in=set(numbers.values()) - set(agencies))
        .values_list("number", "agency__register_number")
    )
    named = _named(set(keys.values()) - {""})
    wanted = set(agencies) | set(holders.values()) | {n for found in named.values() for n in found}
    every = {
        agency.register_number: agency
        for agency in Agency.objects.filter(register_number__in=wanted).select_related(
            "home_country"
        )
    }
    found = {}
    for text in asked:
        number = holders.get(numbers.get(text), numbers.get(text))
        meant = {number} if number in every else named.get(keys[text], ())
        found[text] = [every[each] for each in sorted(meant)]
    return found


def _named(keys) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    rows = [
        *Agency.objects.filter(name_key__in=keys).values_list("name_key", "register_number"),
        *AgencyName.objects.filter(name_key__in=keys).values_list(
            "name_key", "agency__register_number"
        ),
    ]
    for key, number in rows:
        found.setdefault(key, set()).add(number)
    return found


class May(StrEnum):
    """Whether somebody may act for an agency: what the register can say of it, and no more."""

    YES = "yes"
    NO = "no"
    ASK = "ask"


def may_act(agency, name, *, on) -> May:
    """Whether an officer of record bears exactly this name on the day; nobody is ever listed.

    Case, marks and punctuation do not matter. Where nobody is on record the register knows
    nothing, and its regulator has to be asked; the same where more than one person bears it.
    """
    in_post = Officer.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=on), agency=agency, valid_from__lte=on
    )
    names = [name_key(officer) for officer in in_post.values_list("name", flat=True)]
    if not names:
        return May.ASK
    count = names.count(name_key(name))
    if count > 1:
        return May.ASK
    return May.YES if count else May.NO
