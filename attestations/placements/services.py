"""What people do with files of placements, and with one placement: each a verb."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agencies import journal
from agencies.lib import stored_files
from agencies.lib.transitions import IllegalTransition
from agencies.models import Agency
from attestations.crosscheck.services import settle_quotas
from attestations.enums import ImportState
from attestations.placements import tasks
from attestations.placements.column_memory import remembered_by
from attestations.placements.corrections import added
from attestations.placements.files import FileUnreadable, kind_of
from attestations.placements.layout import read_mapping
from attestations.placements.models import Placement, PlacementImport
from attestations.placements.permissions import (
    check_can_import_placements,
    check_can_withdraw_placement,
)
from attestations.placements.reading import abandoned
from attestations.placements.staging import clear_staging
from attestations.placements.tables import budget
from attestations.placements.workflow import QUEUED, next_state

LONGEST_NAME = 255
READ_AGAIN = "The file was read again with corrections; the newer reading takes this one's place."
SENT_AGAIN_AFTER = timedelta(minutes=1)
MOST_SENT_AGAIN = 100


class PlacementAlreadyWithdrawn(ValueError):
    """It was taken back before; the first reason stays."""


def start_import(*, agency_id, file, name, by, mapping=None, send=True) -> PlacementImport:
    """Keep a file and queue its reading; the bytes are on disk before the row names them.

    `by` None is the command line. FileUnreadable and ColumnsRefused say what is wrong at once.
    """
    agency = Agency.objects.get(pk=agency_id)
    if by is not None:
        check_can_import_placements(by, agency)
    checked = read_mapping(mapping or {})
    try:
        stored = stored_files.store(file, settings.IMPORT_ROOT, limit=settings.IMPORT_MAX_BYTES)
    except stored_files.FileTooLarge as too_large:
        raise FileUnreadable(str(too_large)) from too_large
    path = stored_files.path_of(settings.IMPORT_ROOT, stored.digest)
    try:
        kind = kind_of(path, budget())
    except FileUnreadable:
        if not PlacementImport.objects.filter(file_digest=stored.digest).exists():
            path.unlink(missing_ok=True)
        raise
    return queue_import(agency, stored, kind, name=name, by=by, mapping=checked, send=send)


@transaction.atomic
def queue_import(
    agency, stored, kind, *, name, by, mapping, sheets=None, send=True, corrections=(), follows=None
) -> PlacementImport:
    """A new reading of a stored file, by what the agency has said of its columns until now."""
    record = PlacementImport.objects.create(
        agency=agency,
        file_digest=stored.digest,
        file_size=stored.size,
        file_kind=kind,
        original_name=_name_of(name),
        mapping=mapping,
        sheets=sheets or {},
        remembered=remembered_by(agency),
        corrections=list(corrections),
        follows=follows,
        state=QUEUED,
        created_at=timezone.now(),
        created_by=by,
    )
    journal.record("import.queued", record, by=by, agency=agency, file=stored.digest)
    if send:
        transaction.on_commit(partial(tasks.read_import.delay, import_id=record.pk))
    return record


def _name_of(name: str) -> str:
    """What the sender called the file, without its folders: for showing, never for a path."""
    base = Path(name.replace("\\", "/")).name or "file"
    return "".join(c if c.isprintable() else "�" for c in base)[-LONGEST_NAME:]


@transaction.atomic
def ask_to_apply(*, import_id, by) -> PlacementImport:
    """Say that a preview shall be saved; a worker does it, once."""
    record = PlacementImport.objects.select_for_update(of=("self",)).get(pk=import_id)
    check_can_import_placements(by, record.agency)
    record.state = next_state("ask to apply", record.state)
    record.apply_asked_at, record.apply_asked_by = timezone.now(), by
    record.save(update_fields=["state", "apply_asked_at", "apply_asked_by"])
    journal.record("import.apply_asked", record, by=by, agency=record.agency)
    transaction.on_commit(partial(tasks.apply_import.delay, import_id=record.pk))
    return record


@transaction.atomic
def cancel_import(*, import_id, by) -> PlacementImport:
    """Drop an import that was not saved; whoever is reading it stops at the next chunk."""
    record = PlacementImport.objects.select_for_update(of=("self",)).get(pk=import_id)
    check_can_import_placements(by, record.agency)
    record.state = next_state("cancel", record.state)
    record.finished_at = timezone.now()
    record.save(update_fields=["state", "finished_at"])
    clear_staging(record.pk)
    journal.record("import.cancelled", record, by=by, agency=record.agency)
    return record


@transaction.atomic
def correct_import(
    *, import_id: int, corrections: Sequence[Mapping[str, Any]], by
) -> PlacementImport:
    """Read a preview's file again with these corrections as well; the import that does so.

    The file stays as it came. Whoever comes second is given the reading that is there already;
    CorrectionsRefused says which correction cannot be taken.
    """
    record = PlacementImport.objects.select_for_update(of=("self",)).get(pk=import_id)
    check_can_import_placements(by, record.agency)
    if follower := record.followed_by.first():
        return follower
    together = added(record.corrections, *corrections)
    return _read_again(record, together, about=corrections, verb="import.corrected", by=by)


@transaction.atomic
def take_back_corrections(
    *, import_id: int, corrections: Sequence[Mapping[str, Any]], by
) -> PlacementImport:
    """Read a preview's file again without these corrections; the import that does so."""
    record = PlacementImport.objects.select_for_update(of=("self",)).get(pk=import_id)
    check_can_import_placements(by, record.agency)
    if follower := record.followed_by.first():
        return follower
    left = [one for one in record.corrections if one not in corrections]
    return _read_again(record, left, about=corrections, verb="import.taken_back", by=by)


def _read_again(record, corrections, *, about, verb, by) -> PlacementImport:
    """Drop the preview, and queue the same file with `corrections`, of which `about` are new."""
    if record.apply_asked_at is not None:
        raise IllegalTransition("correct", "being saved")
    record.state = next_state("correct", record.state)
    record.finished_at, record.message = timezone.now(), READ_AGAIN
    record.save(update_fields=["state", "finished_at", "message"])
    clear_staging(record.pk)
    follower = queue_import(
        record.agency,
        stored_files.StoredFile(record.file_digest, record.file_size),
        record.file_kind,
        name=record.original_name,
        by=by,
        mapping=record.mapping,
        sheets=record.sheets,
        corrections=corrections,
        follows=record,
    )
    journal.record(
        verb,
        follower,
        by=by,
        agency=record.agency,
        follows=record.pk,
        file=record.file_digest,
        columns=dict(Counter(one["column"] for one in about if "column" in one)),
        rows_left_out=sum("left_out" in one for one in about),
    )
    return follower


@transaction.atomic
def withdraw_placement(*, placement_id, reason, by) -> Placement:
    """Take a placement back, with the reason; it stays visible, and frees its agreement's place."""
    placement = Placement.objects.select_for_update(of=("self",)).get(pk=placement_id)
    check_can_withdraw_placement(by, placement)
    if placement.withdrawn_at is not None:
        raise PlacementAlreadyWithdrawn("This placement was withdrawn before.")
    placement.withdrawn_at, placement.withdrawn_by = timezone.now(), by
    placement.withdrawn_reason = reason
    placement.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    journal.record("placement.withdrawn", placement, by=by, agency=placement.agency)
    if placement.agreement_cited:
        settle_quotas(references=[placement.agreement_cited], reason="place freed")
    return placement


def send_lost_imports(*, at) -> int:
    """Send again what the broker lost or a dead worker left; the database says what that is."""
    late = at - SENT_AGAIN_AFTER
    waiting = PlacementImport.objects.filter(is_dry_run=False).order_by("created_at")
    unread = waiting.filter(Q(state=ImportState.QUEUED, created_at__lt=late) | abandoned(at=at))
    unsaved = waiting.filter(state=ImportState.PREVIEW, apply_asked_at__lt=late)
    sent = 0
    for task, lost in ((tasks.read_import, unread), (tasks.apply_import, unsaved)):
        for pk in lost.values_list("pk", flat=True)[:MOST_SENT_AGAIN]:
            task.delay(import_id=pk)
            sent += 1
    return sent
