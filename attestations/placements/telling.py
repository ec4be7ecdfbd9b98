"""E-mail to whoever sent a file: once when it has been read, and once when it is saved.

No message holds anything of a file: how many rows, and where to look.
"""

from typing import Any

from django.urls import reverse

from agencies import journal
from agencies.models import JournalEntry
from agencies.services.mailing import mail
from attestations.enums import ImportState
from attestations.placements.models import PlacementImport
from attestations.placements.permissions import can_import_placements

READ, FAILED = "import.read", "import.failed"


def tell_read(*, import_id: int, at) -> None:
    """Say that the reading has ended, well or not; in the transaction in which it ends."""
    record = PlacementImport.objects.select_related("agency", "created_by").get(pk=import_id)
    failed = record.state == ImportState.FAILED
    entry = journal.record(
        FAILED if failed else READ, record, by=None, agency=record.agency, rows=record.rows_total
    )
    if not _may_be_told(record.created_by, record):
        return
    if PlacementImport.objects.filter(pk=record.pk, told_at=None).update(told_at=at):
        template = "email/placements_not_read" if failed else "email/placements_read"
        asks_columns = failed and bool(record.header)
        mail(
            entry,
            template=template,
            recipient=record.created_by,
            asks_columns=asks_columns,
            **_told_of(record),
        )


def tell_saved(entry: JournalEntry, record: PlacementImport) -> None:
    """Say that the rows are saved, to who sent the file and to who asked for it."""
    people = {person.pk: person for person in (record.created_by, record.apply_asked_by) if person}
    for person in people.values():
        if _may_be_told(person, record):
            mail(entry, template="email/placements_saved", recipient=person, **_told_of(record))


def _may_be_told(person, record: PlacementImport) -> bool:
    return person is not None and can_import_placements(person, record.agency)


def _told_of(record: PlacementImport) -> dict[str, Any]:
    taken = (record.rows_new, record.rows_changed, record.rows_unchanged)
    refused = (record.rows_refused, record.rows_duplicate)
    return {
        "agency": str(record.agency),
        "sent": record.created_at.isoformat(),
        "rows_total": record.rows_total,
        "rows_new": record.rows_new,
        "rows_changed": record.rows_changed,
        "rows_unchanged": record.rows_unchanged,
        "rows_taken": sum(many or 0 for many in taken),
        "rows_refused": sum(many or 0 for many in refused),
        "path": reverse(
            "placements:import_detail", args=(record.agency.register_number, record.public_id)
        ),
    }
