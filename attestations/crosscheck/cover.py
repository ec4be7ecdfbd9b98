"""Whether an agreement or a country's willingness covers a placement (R-AGR, R-WAIVER).

Only a cited agreement excepts; a communication of the country applies without citation. A test
that cannot be made for want of an answer leaves the cover open: neither excepted nor refused.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from attestations.crosscheck.enums import NotAsked, Truth
from attestations.crosscheck.lists import AgreementTerms, Lists
from attestations.crosscheck.record import Place, PlacementRecord, Unresolved


class Cover(StrEnum):
    NONE_CITED = "none_cited"
    COVERS = "covers"
    DOES_NOT = "does_not"
    CANNOT_TELL = "cannot_tell"


class Shortfall(StrEnum):
    """Why a cited agreement does not cover, for the explanation."""

    NO_SUCH_AGREEMENT = "no_such_agreement"
    OTHER_SOURCE = "other_source"
    OTHER_DESTINATION = "other_destination"
    OUTSIDE_ITS_DATES = "outside_its_dates"
    POST_NOT_LISTED = "post_not_listed"
    AGENCIES_MAY_NOT_ACT = "agencies_may_not_act"
    QUOTA_USED_UP = "quota_used_up"


@dataclass(frozen=True, slots=True)
class CoverAnswer:
    cover: Cover
    shortfalls: tuple[Shortfall, ...] = ()
    health_ministry_takes_part: bool = True
    quota_used_up: bool = False


_NONE_CITED = CoverAnswer(Cover.NONE_CITED)
_NO_SUCH_AGREEMENT = CoverAnswer(Cover.DOES_NOT, (Shortfall.NO_SUCH_AGREEMENT,))
_BEST_FIRST = (Cover.COVERS, Cover.CANNOT_TELL, Cover.DOES_NOT)


def cover_of(
    record: PlacementRecord, day: date | None, lists: Lists, *, quota_exceeded: bool = False
) -> CoverAnswer:
    """What the cited agreement does for this placement, judged on the recruitment date.

    The agency's role: where agencies may not act, no placement of an agency is covered, whatever
    the mode. The quota counts only where all else is covered.
    """
    if record.agreement_cited is None:
        return _NONE_CITED
    answers = [
        terms_cover(record, day, terms) for terms in lists.agreements_cited(record.agreement_cited)
    ]
    if not answers:
        return _NO_SUCH_AGREEMENT
    best = min(answers, key=lambda answer: _BEST_FIRST.index(answer.cover))
    if quota_exceeded and best.cover is Cover.COVERS:
        return CoverAnswer(Cover.DOES_NOT, (Shortfall.QUOTA_USED_UP,), quota_used_up=True)
    return best


def terms_cover(record: PlacementRecord, day: date | None, terms: AgreementTerms) -> CoverAnswer:
    """The same test for any agreement, cited or not: what would cover is named to the reader."""
    tests = (
        (Shortfall.OTHER_SOURCE, _same_place(record.residence, terms.source)),
        (Shortfall.OTHER_DESTINATION, _same_place(record.dest, terms.dest)),
        (Shortfall.OUTSIDE_ITS_DATES, terms.covers(day)),
        (Shortfall.POST_NOT_LISTED, _post_listed(record.placed, terms.occupations)),
        (Shortfall.AGENCIES_MAY_NOT_ACT, _truth(terms.agencies_may_act)),
    )
    failed = tuple(shortfall for shortfall, answer in tests if answer is Truth.NO)
    if failed:
        return CoverAnswer(Cover.DOES_NOT, failed)
    if any(answer is Truth.UNKNOWN for _, answer in tests):
        return CoverAnswer(Cover.CANNOT_TELL)
    return CoverAnswer(
        Cover.COVERS, health_ministry_takes_part=terms.health_ministry_takes_part is True
    )


def willingness_for(
    record: PlacementRecord, day: date | None, lists: Lists
) -> tuple[Truth, str | None]:
    """Whether the country of residence has told of its willingness, and by which document."""
    if not isinstance(record.residence, str):
        return Truth.NO, None
    unknown = False
    for row in lists.willingness_of(record.residence):
        answer = _all((row.covers(day), _post_listed(record.placed, row.occupations)))
        if answer is Truth.YES:
            return Truth.YES, row.reference
        unknown = unknown or answer is Truth.UNKNOWN
    return (Truth.UNKNOWN if unknown else Truth.NO), None


def _same_place(place: Place, country: str) -> Truth:
    if place is None or isinstance(place, Unresolved):
        return Truth.UNKNOWN
    return Truth.YES if isinstance(place, NotAsked) or place == country else Truth.NO


def _post_listed(post: str | NotAsked | None, listed: frozenset[str] | None) -> Truth:
    """A listed ISCO group covers the occupations below it."""
    if listed is None or isinstance(post, NotAsked):
        return Truth.YES
    if post is None:
        return Truth.UNKNOWN if listed else Truth.NO
    return Truth.YES if any(post.startswith(code) for code in listed) else Truth.NO


def _truth(answer: bool | None) -> Truth:
    if answer is None:
        return Truth.UNKNOWN
    return Truth.YES if answer else Truth.NO


def _all(answers: Iterable[Truth]) -> Truth:
    found = set(answers)
    if Truth.NO in found:
        return Truth.NO
    return Truth.UNKNOWN if Truth.UNKNOWN in found else Truth.YES
