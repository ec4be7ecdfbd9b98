"""What stays on the page of an import: its file and its columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _

from agencies.lib import stored_files
from attestations.placements.columns import BY_NAME, Column
from attestations.placements.models import PlacementImport

_PLACES = {name: at for at, name in enumerate(BY_NAME)}


@dataclass(frozen=True, slots=True)
class Found:
    """One column of the file, and what it is read as; None is left aside."""

    sheet: str
    header: str
    column: Column | None
    is_remembered: bool


@dataclass(frozen=True, slots=True)
class AboutFile:
    columns: list[Found]
    facts: list[dict[str, str]]
    is_kept: bool


def about_file(record: PlacementImport) -> AboutFile:
    path = stored_files.path_of(settings.IMPORT_ROOT, record.file_digest)
    return AboutFile(
        columns=_columns(record.layout),
        facts=_facts(record),
        is_kept=path.exists(),
    )


def percentage_read(record: PlacementImport) -> int | None:
    """Rows read of those expected, in whole per cent; None before any are."""
    if not record.rows_done or not record.rows_total:
        return None
    return min(100 * record.rows_done // record.rows_total, 100)


def _columns(layout: Mapping[str, Any]) -> list[Found]:
    remembered = set(layout.get("remembered", ()))
    sheets = layout.get("sheets", [])
    several = len(sheets) > 1
    found = [
        Found(
            sheet["name"] if several else "",
            header,
            BY_NAME.get(name),
            is_remembered=header in remembered,
        )
        for sheet in sheets
        # in our order: PostgreSQL keeps none inside a JSON object
        for header, name in sorted(sheet["columns"].items(), key=lambda one: _PLACES[one[1]])
    ]
    return found + [
        Found("", header, None, is_remembered=header in remembered)
        for header in layout.get("aside", ())
    ]


def _facts(record: PlacementImport) -> list[dict[str, str]]:
    rows = [
        (_("Sent"), _when(record.created_at, record.created_by)),
        (_("Read"), _when(record.finished_at) if record.finished_at else ""),
        (_("Saved"), _when(record.applied_at, record.applied_by) if record.applied_at else ""),
        (_("SHA-256 of the file"), record.file_digest),
    ]
    return [{"key": key, "value": value} for key, value in rows if value]


def _when(at, by=None) -> str:
    day = date_format(timezone.localtime(at), "j F Y, H:i")
    return _("%(day)s, by %(name)s") % {"day": day, "name": by.name} if by else day
