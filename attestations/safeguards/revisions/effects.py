"""Whom a revision touches, and what the lists would say with it: nothing is stored for it."""

from dataclasses import replace

from django.db.models import Q

from attestations.crosscheck import stored_lists
from attestations.crosscheck.lists import Lists, NationalRow
from attestations.enums import CommunicationKind, RevisionKind
from attestations.placements.models import Placement
from attestations.safeguards.models import NationalList
from attestations.safeguards.revisions.contents import (
    begins_of,
    ended,
    ending_day,
    ends_of,
    is_ending,
    is_national,
    rows_of,
    target_of,
)

NOBODY = Q(pk__in=())


def placements_touched(revision):
    """Live placements whose answer may hang on it, and no others."""
    return Placement.objects.filter(_touched(revision), withdrawn_at=None)


def lists_with(revision, lists: Lists) -> Lists:
    """These lists as they would be with the revision."""
    if is_national(revision):
        return _with_version(revision, lists)
    if is_ending(revision):
        row = target_of(revision)
        if row is None:
            return lists
        name, before = _terms(row)
        _, after = _terms(ended(row, ending_day(revision)))
        others = tuple(each for each in getattr(lists, name) if each != before)
        return replace(lists, **{name: (*others, after)})
    for row in rows_of(revision):
        name, terms = _terms(row)
        lists = replace(lists, **{name: (*getattr(lists, name), terms)})
    return lists


def _terms(row):
    """Where among the lists such a row stands, and as what."""
    kind = getattr(row, "kind", row._meta.model_name)
    name, convert = {
        "agreement": ("agreements", stored_lists.agreement_terms),
        CommunicationKind.WILLING: ("willingness", stored_lists.willingness),
        CommunicationKind.RESTRICTING: ("policies", stored_lists.policy),
        "emergency": ("emergencies", stored_lists.emergency_flag),
        "authorizationrequirement": ("requirements", stored_lists.requirement),
    }[kind]
    return name, convert(row)


def _with_version(revision, lists):
    code = revision.content["list"]
    rows = set(getattr(lists, code))
    for row in ends_of(revision):
        rows.discard(_national_row(row, open_end=True))
        rows.add(_national_row(row))
    rows |= {_national_row(row) for row in begins_of(revision)}
    return replace(
        lists, **{code: tuple(sorted(rows, key=lambda row: (row.country, row.valid_from)))}
    )


def _national_row(row, *, open_end=False):
    return NationalRow(
        row.country,
        row.grade,
        row.earliest_possible,
        row.valid_from,
        None if open_end else row.valid_to_exclusive,
    )


def _touched(revision):
    if is_national(revision):
        destination = NationalList.objects.get(pk=revision.content["list"]).country_id
        countries = {row.country for row in (*begins_of(revision), *ends_of(revision))}
        return Q(destination=destination, residence__in=countries) & _not_all_before(
            revision.effective_on
        )
    if is_ending(revision):
        row = target_of(revision)
        if row is None:
            return NOBODY
        touched = _corridor(revision.kind, row)
        if revision.kind == RevisionKind.AGREEMENT:
            return touched
        return touched & _not_all_before(revision.effective_on)
    touched = NOBODY
    for row in rows_of(revision):
        touched |= _corridor(revision.kind, row) & _within(row)
    return touched


def _corridor(kind, row):
    if kind == RevisionKind.AGREEMENT:
        return Q(agreement_cited=row.reference)
    if kind == RevisionKind.COMMUNICATION:
        return Q(residence=row.country_id)
    if kind == RevisionKind.EMERGENCY:
        return Q(residence=row.country_id) | Q(destination=row.country_id)
    return Q(**{"residence" if row.side == "source" else "destination": row.country_id})


def _within(row):
    """Whoever cites an agreement is told what it is worth, on whatever day; elsewhere the days of
    the row bound whom it touches."""
    if hasattr(row, "reference"):
        return Q()
    within = _not_all_before(row.valid_from)
    if row.valid_until:
        within &= ~(
            Q(recruited_on__isnull=False, recruited_on__gt=row.valid_until)
            & Q(started_on__isnull=False, started_on__gt=row.valid_until)
        )
    return within


def _not_all_before(day):
    """Not those of whom both days are known and lie before it: other days stand in for a missing
    one only."""
    return ~(
        Q(recruited_on__isnull=False, recruited_on__lt=day)
        & Q(started_on__isnull=False, started_on__lt=day)
    )
