"""Changing what placements are judged by: one records, another confirms, and only whom it touches
is judged again. What is not in force yet can go (`rolling_back`); what is in force can only end."""

import datetime as dt
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from agencies import journal
from attestations.crosscheck.services import judge
from attestations.enums import RevisionAct, RevisionKind
from attestations.safeguards import reckoning
from attestations.safeguards.loading import digest_of_national_list
from attestations.safeguards.models import NationalGrade, NationalList, Revision
from attestations.safeguards.permissions import check_can_confirm, check_can_load
from attestations.safeguards.revisions.contents import (
    MODELS,
    begins_of,
    digest_of,
    ending_day,
    ends_of,
    grade_from,
    grade_text,
    is_ending,
    is_national,
    national_content,
    row_from,
    rows_of,
    subject_of,
)
from attestations.safeguards.revisions.effects import placements_touched
from attestations.safeguards.revisions.files import read_rows
from attestations.safeguards.revisions.national import read_version
from attestations.safeguards.tasks import judge_revision as send_judge_revision


@transaction.atomic
def record_rows(*, kind, rows, by, at=None, file_name="") -> Revision:
    """New rows of one kind, waiting for a second person; nothing is judged by them."""
    check_can_load(by)
    made = [row_from(MODELS[kind], said) for said in rows]
    _check_new(made)
    return _record(
        by,
        at,
        kind=kind,
        act=RevisionAct.RECORD,
        subject=subject_of(made[0]) if len(made) == 1 else f"{len(made)} rows of {file_name}",
        content={"rows": rows},
        effective_on=min(row.valid_from for row in made),
        file_name=file_name,
    )


def record_file(*, kind, content, name, by, at=None) -> Revision:
    """The same from a person's file; FileRefused names everything that is wrong."""
    check_can_load(by)
    return record_rows(
        kind=kind, rows=read_rows(kind, content, name=name), by=by, at=at, file_name=name
    )


@transaction.atomic
def record_ending(
    *, kind, row_id, ends_on, document, by, on, document_dated_on=None, at=None
) -> Revision:
    """The early end of what was confirmed. Its day is not before today, or, where a document of an
    earlier day ends it, not before that day; nothing ends in the past without one."""
    check_can_load(by)
    row = MODELS[kind].objects.confirmed().get(pk=row_id)
    if document_dated_on and document_dated_on > on:
        raise ValidationError({"document_dated_on": "This day has not come yet."})
    if ends_on < (document_dated_on or on):
        raise ValidationError(
            {"ends_on": "It cannot end before today, nor before the day of the document."}
        )
    _check_can_end(row, ends_on)
    return _record(
        by,
        at,
        kind=kind,
        act=RevisionAct.END,
        subject=subject_of(row),
        content={
            "row": row.pk,
            "held_until": str(row.valid_until) if row.valid_until else None,
            "ends_on": ends_on.isoformat(),
            "document": document,
            "document_dated_on": str(document_dated_on) if document_dated_on else None,
        },
        effective_on=ends_on + dt.timedelta(days=1),
    )


@transaction.atomic
def record_version(*, code, content, name, by, at=None) -> Revision:
    """A new version of a destination's list from its file, waiting for a second person."""
    check_can_load(by)
    kept_list = NationalList.objects.select_for_update().get(pk=code)
    kept = [grade_text(row) for row in kept_list.grades.order_by("pk")]
    version = read_version(content, code=code, name=name, kept=kept)
    return _record(
        by,
        at,
        kind=RevisionKind.NATIONAL_LIST,
        act=RevisionAct.RECORD,
        subject=kept_list.title,
        content=national_content(code, version),
        effective_on=version.effective_on,
        file_name=name,
        digest_before=kept_list.digest,
    )


@transaction.atomic
def confirm_revision(*, revision_id, by, at=None) -> Revision:
    """By a second person: it stands among the lists, and whom it touches is judged again."""
    revision = Revision.objects.select_for_update(of=("self",)).get(pk=revision_id)
    check_can_confirm(by, revision)
    if not revision.waits:
        raise ValidationError("This waits no longer: it was confirmed or discarded already.")
    revision.confirmed_at, revision.confirmed_by = at or timezone.now(), by
    revision.save(update_fields=["confirmed_at", "confirmed_by"])
    if is_national(revision):
        _apply_version(revision)
    elif is_ending(revision):
        _apply_ending(revision)
    else:
        _apply_rows(revision)
    journal.record("revision.confirmed", revision, by=by, **told_of(revision))
    transaction.on_commit(partial(send_judge_revision.delay, revision_id=revision.pk), robust=True)
    return revision


@transaction.atomic
def discard_revision(*, revision_id, by, at=None) -> Revision:
    """What waits goes before anything was judged by it; one person is enough."""
    revision = Revision.objects.select_for_update(of=("self",)).get(pk=revision_id)
    check_can_load(by)
    if revision.undone_at:
        raise ValidationError("This was discarded or rolled back already.")
    if revision.confirmed_at:
        raise ValidationError("This is confirmed: two people can roll it back before its day.")
    revision.undone_at, revision.undone_by = at or timezone.now(), by
    revision.save(update_fields=["undone_at", "undone_by"])
    reckoning.drop(revision)
    journal.record("revision.discarded", revision, by=by, **told_of(revision))
    return revision


def judge_revision(*, revision_id) -> int:
    """Judge again whom a revision touches, once; how many verdicts changed.

    Begun anew after a crash, it comes to the same. One that was rolled back meanwhile is judged
    once more by the lists without it.
    """
    revision = Revision.objects.unjudged().filter(pk=revision_id).first()
    if revision is None:
        return 0
    changed = judge(placements_touched(revision), reason=f"revision {revision.public_id}")
    Revision.objects.filter(pk=revision.pk, judged_at=None, undone_at=revision.undone_at).update(
        judged_at=timezone.now()
    )
    return changed


def send_waiting_revisions() -> None:
    """Send again what a broker lost: what was decided on, and not everybody was judged."""
    for pk in Revision.objects.unjudged().order_by("pk").values_list("pk", flat=True):
        send_judge_revision.delay(revision_id=pk)


def _record(by, at, *, kind, act, content, **said):
    revision = Revision.objects.create(
        kind=kind,
        act=act,
        content=content,
        digest=digest_of(kind, act, content),
        recorded_at=at or timezone.now(),
        recorded_by=by,
        **said | {"subject": said["subject"][:200]},
    )
    journal.record("revision.recorded", revision, by=by, **told_of(revision))
    reckoning.reckon_if_many(revision, at=revision.recorded_at)
    return revision


def told_of(revision):
    """What the journal keeps of it: never a text that somebody wrote."""
    return {
        "kind": revision.kind,
        "act": revision.act,
        "digest": revision.digest,
        "effective_on": revision.effective_on.isoformat(),
    }


def _check_new(rows):
    """Each can be stored as it is, and none is known already under its name and day."""
    problems, seen = [], set()
    for row in rows:
        try:
            row.full_clean(exclude=["recorded_at"])
        except ValidationError as refused:
            problems += [f"{row}: {' '.join(refused.messages)}"]
        if str(row) in seen:
            problems.append(f"{row}: this is there twice.")
        seen.add(str(row))
    if problems:
        raise ValidationError(problems)


def _check_can_end(row, ends_on):
    if row.ending_id:
        raise ValidationError("Its end is recorded already.")
    if ends_on < row.valid_from:
        raise ValidationError(
            {"ends_on": "It cannot end before it begins: roll it back while it is not in force."}
        )
    if row.valid_until and ends_on >= row.valid_until:
        raise ValidationError({"ends_on": f"It ends on {row.valid_until} as it is."})


def _apply_rows(revision):
    rows = rows_of(revision)
    _check_new(rows)
    for row in rows:
        row.revision = revision
        row.recorded_at, row.recorded_by = revision.recorded_at, revision.recorded_by
        row.confirmed_at, row.confirmed_by = revision.confirmed_at, revision.confirmed_by
        row.save(force_insert=True)


def _apply_ending(revision):
    model = MODELS[revision.kind]
    row = model.objects.select_for_update(of=("self",)).filter(pk=revision.content["row"]).first()
    if row is None:
        raise ValidationError("What this ends was rolled back. Discard the ending.")
    _check_can_end(row, ending_day(revision))
    row.ended_on, row.ending = ending_day(revision), revision
    row.save(update_fields=["ended_on", "ending"])


def _apply_version(revision):
    kept = NationalList.objects.select_for_update().get(pk=revision.content["list"])
    if kept.digest != revision.digest_before:
        raise ValidationError(
            "The list has changed since this version was recorded. Discard it, and record the "
            "file again."
        )
    for row in ends_of(revision):
        kept.grades.filter(
            country=row.country, valid_from=row.valid_from, valid_to_exclusive=None
        ).update(valid_to_exclusive=row.valid_to_exclusive, ending=revision)
    NationalGrade.objects.bulk_create(
        grade_from(row, national_list=kept, revision=revision) for row in begins_of(revision)
    )
    keep_digest(kept)


def keep_digest(kept):
    kept.digest = digest_of_national_list(kept)
    kept.save(update_fields=["digest"])
