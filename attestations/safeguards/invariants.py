"""What must never be among the changes that two people make; `manage.py fsck` asks all of it."""

from dataclasses import replace

from django.db.models import F, Q

from agencies.invariants import invariant
from attestations.safeguards.models import NationalGrade, Revision
from attestations.safeguards.revisions.contents import (
    MODELS,
    begins_of,
    digest_of,
    ending_day,
    ends_of,
    grade_text,
    is_ending,
    is_national,
    rows_of,
)


@invariant("A revision still says what was recorded")
def revisions_unchanged():
    for revision in Revision.objects.order_by("pk").iterator(chunk_size=500):
        if digest_of(revision.kind, revision.act, revision.content) != revision.digest:
            yield f"Revision {revision.public_id} no longer has its digest."


@invariant("Nobody confirms what they recorded")
def two_people_on_a_revision():
    for revision in Revision.objects.filter(recorded_by=F("confirmed_by")).order_by("pk"):
        yield f"Revision {revision.public_id} was recorded and confirmed by the same person."


@invariant("A confirmed revision stands among the lists, and no other does")
def confirmed_revisions_have_their_rows():
    for revision in Revision.objects.order_by("pk").iterator(chunk_size=500):
        expected = _meant_by(revision) if revision.stands else []
        if sorted(expected, key=str) != sorted(_stored_by(revision), key=str):
            yield f"Revision {revision.public_id} does not stand among the lists as it says."


@invariant("What is in force was confirmed by a revision, by two people, or came with the files")
def rows_lead_to_who_confirmed_them():
    """Before there were revisions, two people signed the row itself."""
    from_files = Q(recorded_by=None, confirmed_by=None)
    by_two = Q(recorded_by__isnull=False, confirmed_by__isnull=False)
    for model in MODELS.values():
        unled = model.objects.confirmed().filter(revision=None).exclude(from_files | by_two)
        for row in unled.order_by("pk"):
            yield f"{model._meta.verbose_name.capitalize()} {row}: nobody says who confirmed it."


def _meant_by(revision):
    if is_national(revision):
        ended = [(row.country, row.valid_from, row.valid_to_exclusive) for row in ends_of(revision)]
        return [*begins_of(revision), *ended]
    if is_ending(revision):
        return [(revision.content["row"], ending_day(revision))]
    return [_said(row, revision) for row in _rows_confirmed_by(revision)]


def _stored_by(revision):
    if is_national(revision):
        begun = NationalGrade.objects.filter(revision=revision)
        ended = NationalGrade.objects.filter(ending=revision)
        return [
            *(_as_it_began(row) for row in begun),
            *ended.values_list("country", "valid_from", "valid_to_exclusive"),
        ]
    stored = MODELS[revision.kind].objects
    if is_ending(revision):
        return list(stored.filter(ending=revision).values_list("pk", "ended_on"))
    return [_said(row, revision) for row in stored.filter(revision=revision)]


def _rows_confirmed_by(revision):
    for row in rows_of(revision):
        row.recorded_by_id, row.confirmed_by_id = revision.recorded_by_id, revision.confirmed_by_id
        yield row


def _said(row, revision):
    """What the revision says of a row, and who answers for it; an end is a revision of its own."""
    names = sorted({name for said in revision.content["rows"] for name in said})
    return [getattr(row, name) for name in (*names, "recorded_by_id", "confirmed_by_id")]


def _as_it_began(row):
    began = grade_text(row)
    return replace(began, valid_to_exclusive=None) if row.ending_id else began
