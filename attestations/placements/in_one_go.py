"""A file read and saved, or only tried, from the command line: the same steps without a worker."""

from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.lib.stored_files import FileUnavailable
from attestations.enums import ImportState
from attestations.placements import queries, services
from attestations.placements.applying import apply_import
from attestations.placements.column_memory import remembered_by
from attestations.placements.files import FileUnreadable, kind_of
from attestations.placements.layout import read_mapping
from attestations.placements.models import Placement, PlacementImport
from attestations.placements.reading import read_import
from attestations.placements.staging import stage
from attestations.placements.tables import budget
from attestations.placements.workflow import QUEUED, next_state

_NO_DIGEST = "0" * 64


def import_file(*, path: Path, agency, mapping=None, dry_run=False) -> dict[str, Any]:
    """Import `path` for `agency` and tell what came of each row.

    FileUnreadable and ColumnsRefused say why nothing was read. A dry run goes the same way inside a
    transaction that is rolled back, and keeps no file.
    """
    if dry_run:
        with transaction.atomic():
            result = _told(_tried(path, agency, mapping), dry_run=True)
            transaction.set_rollback(True)
        return result
    try:
        with path.open("rb") as file:
            record = services.start_import(
                agency_id=agency.pk,
                file=file,
                name=path.name,
                by=None,
                mapping=mapping,
                send=False,
            )
    except OSError as missing:
        raise FileUnreadable(f"{path} cannot be opened: {missing.strerror}.") from missing
    except FileUnavailable as damaged:
        raise FileUnreadable(str(damaged)) from damaged
    read_import(import_id=record.pk)
    record.refresh_from_db()
    if record.state == ImportState.FAILED:
        raise FileUnreadable(record.message)
    apply_import(import_id=record.pk)
    record.refresh_from_db()
    return _told(record, dry_run=False)


def _tried(path: Path, agency, mapping) -> PlacementImport:
    """The import of a dry run, in a transaction that will not stay."""
    checked = read_mapping(mapping or {})
    try:
        kind = kind_of(path, budget())
    except OSError as missing:
        raise FileUnreadable(f"{path} cannot be opened: {missing.strerror}.") from missing
    now = timezone.now()
    record = PlacementImport.objects.create(
        agency=agency,
        file_digest=_NO_DIGEST,
        file_size=path.stat().st_size,
        file_kind=kind,
        original_name=path.name[-services.LONGEST_NAME :],
        mapping=checked,
        remembered=remembered_by(agency),
        state=next_state("claim", QUEUED),
        created_at=now,
        claimed_at=now,
    )
    stage(record, path)
    apply_import(import_id=record.pk)
    record.refresh_from_db()
    return record


def _told(record: PlacementImport, *, dry_run: bool) -> dict[str, Any]:
    """Accepted is new, changed and unchanged; duplicate and rejected are told apart."""
    saved = Placement.objects.filter(agency=record.agency_id, placement_import=record.pk)
    fields = ("sheet", "row", "column", "code", "value", "message", "suggestion")
    return {
        "agency": record.agency.register_number,
        "file": record.original_name,
        # a dry run ends where a person would look at it
        "state": str(ImportState.PREVIEW if dry_run else record.state),
        "dry_run": dry_run,
        "rows": record.rows_total,
        "accepted": record.rows_new + record.rows_changed + record.rows_unchanged,
        "rejected": record.rows_refused,
        "duplicate": record.rows_duplicate,
        "new": record.rows_new,
        "changed": record.rows_changed,
        "unchanged": record.rows_unchanged,
        "columns": record.layout.get("sheets", []),
        "notes": record.notes,
        "errors": list(record.problems.order_by("row", "pk").values(*fields)),
        "outcomes": queries.outcomes(saved),
        "findings": queries.outcomes_by_rule(saved),
    }
