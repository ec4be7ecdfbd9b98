"""Saying what the columns of a file are: the same file is read again, as another import."""

from collections import Counter
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from agencies import journal
from agencies.lib.stored_files import StoredFile
from agencies.lib.transitions import IllegalTransition
from attestations.enums import ImportState
from attestations.placements.column_memory import remember
from attestations.placements.layout import lay_out, read_mapping
from attestations.placements.models import PlacementImport
from attestations.placements.permissions import check_can_import_placements
from attestations.placements.services import queue_import
from attestations.placements.staging import clear_staging
from attestations.placements.workflow import next_state

NAMED_ANEW = "The file was read again with other columns; the newer reading takes this one's place."


def may_name_columns(record: PlacementImport) -> bool:
    """Whether this reading is one that can be replaced, and its first rows are still there."""
    open_state = record.state == ImportState.FAILED or (
        record.state == ImportState.PREVIEW and record.apply_asked_at is None
    )
    return open_state and bool(record.header)


@transaction.atomic
def name_columns(*, import_id: int, mapping: Mapping[str, str | None], by) -> PlacementImport:
    """Read an import's file by this mapping, and remember it; the import that does so.

    ColumnsRefused says what the mapping lacks. Whoever comes second is given the reading that is
    there already. A preview is dropped; what was corrected in it holds for the new reading too.
    """
    record = PlacementImport.objects.select_for_update(of=("self",)).get(pk=import_id)
    check_can_import_placements(by, record.agency)
    if follower := record.followed_by.first():
        return follower
    if not may_name_columns(record):
        raise IllegalTransition("name the columns", record.state)
    checked = read_mapping(mapping)
    lay_out(record.header["headers"], checked)
    now = timezone.now()
    if record.state == ImportState.PREVIEW:
        record.state = next_state("correct", record.state)
        record.message, record.finished_at = NAMED_ANEW, now
        clear_staging(record.pk)
    record.header = {}
    record.save(update_fields=["state", "message", "finished_at", "header"])
    remember(agency=record.agency, mapping=checked, by=by, at=now)
    follower = queue_import(
        record.agency,
        StoredFile(record.file_digest, record.file_size),
        record.file_kind,
        name=record.original_name,
        by=by,
        mapping=checked,
        corrections=record.corrections,
        follows=record,
    )
    journal.record(
        "import.columns_named",
        follower,
        by=by,
        agency=record.agency,
        follows=record.pk,
        columns=dict(Counter(name or "left aside" for name in checked.values())),
    )
    return follower
