"""The person's own file back, with what was found in it: made when asked for, and not kept long.

A small file is made in the request. A large one is made by a worker and lies in the store beside
the uploads, under the import's public number, until it is old; it can be made again at any time.
"""

import os
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from agencies.lib import stored_files
from attestations.enums import FileKind, ImportState
from attestations.placements import tasks
from attestations.placements.annotated_csv import annotate_csv
from attestations.placements.annotated_workbook import annotate_workbook
from attestations.placements.annotations import Fault, SheetMarks
from attestations.placements.columns import shown
from attestations.placements.corrections import read_corrections
from attestations.placements.files import FileUnreadable
from attestations.placements.models import PlacementImport
from attestations.placements.permissions import check_can_import_placements
from attestations.placements.staging import MOST_PROBLEMS
from attestations.placements.tables import budget

MOST_ROWS_AT_ONCE = 20_000
KEPT_FOR = timedelta(days=1)
GIVEN_UP_AFTER = timedelta(minutes=15)
FOLDER = "annotated"

_ENDINGS = {FileKind.CSV: ".csv", FileKind.XLSX: ".xlsx"}
_MADE_OF = (ImportState.PREVIEW, ImportState.APPLIED)


class Standing(StrEnum):
    """How far the file on its way back is."""

    NONE = "none"  # nothing was read, or nothing is to be said of it
    AT_ONCE = "at once"
    TO_ASK = "to ask"
    BEING_MADE = "being made"
    READY = "ready"
    REFUSED = "refused"


def standing(record: PlacementImport, *, at: datetime) -> Standing:
    """What can be done about the annotated file of an import, by the disk."""
    if record.state not in _MADE_OF:
        return Standing.NONE
    if (record.rows_total or 0) <= MOST_ROWS_AT_ONCE:
        return Standing.AT_ONCE
    if _place(record).exists():
        return Standing.READY
    if _beside(record, ".refused").exists():
        return Standing.REFUSED
    asked = _beside(record, ".asked")
    if asked.exists() and asked.stat().st_mtime > (at - GIVEN_UP_AFTER).timestamp():
        return Standing.BEING_MADE
    return Standing.TO_ASK


def name_of(record: PlacementImport) -> str:
    """What the file is called on its way back."""
    return f"{Path(record.original_name).stem} - marked{_ENDINGS[FileKind(record.file_kind)]}"


def ask_for_annotated(*, import_id: int, by) -> None:
    """Have the annotated file of an import made by a worker; asking again does no harm."""
    record = PlacementImport.objects.select_related("agency").get(pk=import_id)
    check_can_import_placements(by, record.agency)
    if standing(record, at=timezone.now()) in (Standing.TO_ASK, Standing.REFUSED):
        folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        _beside(record, ".refused").unlink(missing_ok=True)
        _beside(record, ".asked").touch()
        transaction.on_commit(partial(tasks.annotate_import.delay, import_id=record.pk))


def make_annotated(*, import_id: int) -> None:
    """Make the annotated file and put it in its place; a file that cannot be made says why."""
    record = PlacementImport.objects.get(pk=import_id)
    if record.state not in _MADE_OF or _place(record).exists():
        return
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder()) as room:
        made = Path(room) / "made"
        try:
            write_annotated(record, made)
        except (FileUnreadable, stored_files.FileUnavailable) as refused:
            _beside(record, ".refused").write_text(str(refused))
        else:
            os.replace(made, _place(record))
    _beside(record, ".asked").unlink(missing_ok=True)


def refusal(record: PlacementImport) -> str:
    """Why the file could not be made."""
    return _beside(record, ".refused").read_text()


def made_before(record: PlacementImport) -> Path:
    return _place(record)


def remove_old(*, at: datetime) -> int:
    """Delete what was made longer ago than it is kept; a fresh copy can be asked for."""
    removed = 0
    for place in folder().glob("*.*"):
        if place.is_file() and place.stat().st_mtime < (at - KEPT_FOR).timestamp():
            place.unlink(missing_ok=True)
            removed += 1
    return removed


def write_annotated(record: PlacementImport, target: Path) -> None:
    """Write the person's file with its marks to `target`; FileUnreadable where that cannot be."""
    stored_files.open_stored(settings.IMPORT_ROOT, record.file_digest).close()
    path = stored_files.path_of(settings.IMPORT_ROOT, record.file_digest)
    corrections = read_corrections(record.corrections)
    today = timezone.localdate(record.created_at)
    sheets = {one["name"]: one["columns"] for one in record.layout.get("sheets", [])}

    def marks_of(sheet: str) -> SheetMarks | None:
        columns = sheets.get(shown(sheet, 120))
        if columns is None:
            return None
        return SheetMarks(sheet, columns, _faults(record, sheet), corrections, today)

    if record.file_kind == FileKind.XLSX:
        annotate_workbook(path, target, marks_of, _notes(record), budget())
    elif (marks := marks_of("")) is not None:
        annotate_csv(path, target, marks)


def _faults(record: PlacementImport, sheet: str) -> Iterator[Fault]:
    problems = record.problems.filter(sheet=sheet).order_by("row", "pk")
    told = problems.values_list("row", "name", "message", "suggestion", "replacements")
    return (Fault(*one) for one in told.iterator(chunk_size=2000))


def _notes(record: PlacementImport) -> list[str]:
    problems = record.problems.count()
    refused = (record.rows_refused or 0) + (record.rows_duplicate or 0)
    notes = [
        f"{record.original_name}, read on {timezone.localtime(record.created_at):%Y-%m-%d %H:%M}.",
        f"{record.rows_total} rows; {refused} were not taken.",
        "Mend the cells that are wrong and send this file again: only rows that changed are taken.",
        "This sheet is passed over when the file is read again.",
    ]
    if problems >= MOST_PROBLEMS:
        notes.append(f"The first {MOST_PROBLEMS} problems are marked; there are more.")
    return notes


def folder() -> Path:
    return settings.IMPORT_ROOT / FOLDER


def _place(record: PlacementImport) -> Path:
    return _beside(record, _ENDINGS[FileKind(record.file_kind)])


def _beside(record: PlacementImport, ending: str) -> Path:
    return folder() / f"{record.public_id}{ending}"
