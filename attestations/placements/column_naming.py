"""Saying what the columns of a file are: the same file is read again, as another import."""

from collections import Counter
from collections.abc import Mapping, Set
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies import journal
from agencies.lib.stored_files import StoredFile
from agencies.lib.transitions import IllegalTransition
from attestations.enums import ImportState
from attestations.placements.column_memory import remember
from attestations.placements.columns import key_of
from attestations.placements.layout import ColumnsRefused, lay_out, read_mapping
from attestations.placements.models import PlacementImport
from attestations.placements.permissions import check_can_import_placements
from attestations.placements.services import queue_import
from attestations.placements.staging import clear_staging
from attestations.placements.workflow import next_state

NAMED_ANEW = "The file was read again with other columns; the newer reading takes this one's place."


def sheets_asked(header: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The sheets of which a person can say what they hold, the one that leads first.

    One that has the same columns as the first is no question of its own.
    """
    keys = set(map(key_of, header["headers"]))
    others = header.get("others", ())
    return [header, *(one for one in others if set(map(key_of, one["headers"])) != keys)]


def check_sheets(
    header: Mapping[str, Any],
    mapping: Mapping[str, str | None],
    of_sheets: Mapping[str, Mapping[str, str | None] | None],
    read_anyway: Set[str],
) -> None:
    """ColumnsRefused where a sheet that is not left aside lacks columns, or all are left aside."""
    asked = sheets_asked(header)
    left_aside = {sheet for sheet, own in of_sheets.items() if own is None}
    if read_anyway | {one["sheet"] for one in asked} <= left_aside:
        raise ColumnsRefused(["Every sheet is left aside: nothing would be read."])
    for one in asked:
        own = of_sheets.get(one["sheet"], mapping if one is header else None)
        if own is not None:
            lay_out(one["headers"], own)


def may_name_columns(record: PlacementImport) -> bool:
    """Whether this reading is one that can be replaced, and its first rows are still there."""
    open_state = record.state == ImportState.FAILED or (
        record.state == ImportState.PREVIEW and record.apply_asked_at is None
    )
    return open_state and bool(record.header)


@transaction.atomic
def name_columns(
    *,
    import_id: int,
    mapping: Mapping[str, str | None],
    sheets: Mapping[str, Mapping[str, str | None] | None] | None = None,
    by,
) -> PlacementImport:
    """Read an import's file by this mapping, and remember it; the import that does so.

    `sheets` says of some by name that they have a mapping of their own, or None: left aside. What
    was said of others before holds on. ColumnsRefused says what a mapping lacks. Whoever comes
    second is given the reading that is there already. A preview is dropped; what was corrected in
    it holds for the new reading too.
    """
    record = PlacementImport.objects.select_for_update(of=("self",)).get(pk=import_id)
    check_can_import_placements(by, record.agency)
    if follower := record.followed_by.first():
        return follower
    if not may_name_columns(record):
        raise IllegalTransition("name the columns", record.state)
    checked = read_mapping(mapping)
    of_sheets = record.sheets | {
        sheet: None if own is None else read_mapping(own) for sheet, own in (sheets or {}).items()
    }
    read_anyway = {one["name"] for one in record.layout.get("sheets", ())}
    check_sheets(record.header, checked, of_sheets, read_anyway)
    now = timezone.now()
    if record.state == ImportState.PREVIEW:
        record.state = next_state("correct", record.state)
        record.message, record.finished_at = NAMED_ANEW, now
        clear_staging(record.pk)
    record.header = {}
    record.save(update_fields=["state", "message", "finished_at", "header"])
    for said in (*filter(None, of_sheets.values()), checked):
        remember(agency=record.agency, mapping=said, by=by, at=now)
    follower = queue_import(
        record.agency,
        StoredFile(record.file_digest, record.file_size),
        record.file_kind,
        name=record.original_name,
        by=by,
        mapping=checked,
        sheets=of_sheets,
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
        sheets_left_aside=sum(own is None for own in of_sheets.values()),
    )
    return follower
