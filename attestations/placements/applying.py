"""Saves what a preview showed: one short transaction in which all of it becomes visible, judged."""

from functools import partial

from django.db import transaction
from django.utils import timezone

from agencies import journal
from agencies.models import Agency
from attestations.crosscheck.engine import agency_record, digest_of, load_lists
from attestations.crosscheck.services import judge, settle_quotas
from attestations.enums import ImportState
from attestations.placements import saving, tasks
from attestations.placements.models import Placement, PlacementImport
from attestations.placements.staging import clear_staging, drop_staged
from attestations.placements.telling import tell_saved
from attestations.placements.workflow import next_state

JUDGED_BY_IMPORT = "import"


@transaction.atomic
def apply_import(*, import_id: int, by=None) -> bool:
    """Make the rows of a preview visible; False where there is nothing left to do.

    Called again, or by two at once, it has one effect. What was judged at the preview is judged
    again if rules, lists or agency have changed since; quotas are settled last, over everybody.
    """
    record = PlacementImport.objects.select_for_update(of=("self",)).get(pk=import_id)
    if record.state != ImportState.PREVIEW:
        return False
    agency = Agency.objects.select_for_update(of=("self",)).get(pk=record.agency_id)
    by = by or record.apply_asked_by
    at = timezone.now()
    refused = saving.refuse_withdrawn(record)
    standing = saving.standing_of_staged(record)
    if sum(standing) + refused != record.rows_new + record.rows_changed + record.rows_unchanged:
        return _read_again(record)
    agreements = saving.agreements_touched(record)
    saving.save_staged(record, standing, at=at, by_id=by.pk if by else None)
    drop_staged(record.pk)
    if record.judged_with != digest_of(load_lists(), agency_record(agency)):
        judge(_of_import(record), reason=JUDGED_BY_IMPORT)
    settle_quotas(references=agreements, reason=JUDGED_BY_IMPORT)
    record.state = next_state("apply", record.state)
    record.rows_new, record.rows_changed, record.rows_unchanged = standing
    record.rows_refused += refused
    record.applied_at, record.applied_by = at, by
    record.save(
        update_fields=[
            "state",
            "rows_new",
            "rows_changed",
            "rows_unchanged",
            "rows_refused",
            "applied_at",
            "applied_by",
        ]
    )
    entry = journal.record(
        "placements.imported",
        record,
        by=by,
        agency=agency,
        file=record.file_digest,
        new=record.rows_new,
        changed=record.rows_changed,
        unchanged=record.rows_unchanged,
        duplicate=record.rows_duplicate,
        refused=record.rows_refused,
    )
    tell_saved(entry, record)
    return True


def _read_again(record: PlacementImport) -> bool:
    """What waited is not all there: the database's server broke down, and keeps no log of it."""
    clear_staging(record.pk)
    record.state = next_state("read again", record.state)
    record.apply_asked_at = record.apply_asked_by = None
    record.save(update_fields=["state", "apply_asked_at", "apply_asked_by"])
    journal.record("import.read_again", record, by=None, agency=record.agency)
    transaction.on_commit(partial(tasks.read_import.delay, import_id=record.pk), robust=True)
    return False


def _of_import(record: PlacementImport):
    return Placement.objects.filter(agency=record.agency_id, placement_import=record.pk)
