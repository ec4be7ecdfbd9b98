"""The person's own file back, with what is wrong and what was corrected marked in it."""

import tempfile
from pathlib import Path

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from agencies.lib.stored_files import FileUnavailable
from attestations.enums import FileKind
from attestations.placements import annotating
from attestations.placements.files import FileUnreadable
from attestations.placements.permissions import check_can_import_placements
from attestations.placements.views.importing import import_or_404

CONTENT_TYPES = {
    FileKind.CSV: "text/csv; charset=utf-8",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_safe
def download(request, number, public_id):
    """The marked file, to the agency's own people: it holds all that the file they sent held."""
    record = import_or_404(request.user, number, public_id)
    check_can_import_placements(request.user, record.agency)
    match annotating.standing(record, at=timezone.now()):
        case annotating.Standing.NONE:
            raise Http404
        case annotating.Standing.AT_ONCE:
            try:
                file = _made_now(record)
            except (FileUnreadable, FileUnavailable) as refused:
                messages.error(request, str(refused))
                return redirect("placements:import_detail", number, public_id)
        case annotating.Standing.READY:
            file = annotating.made_before(record).open("rb")
        case _:
            return redirect("placements:import_detail", number, public_id)
    return FileResponse(
        file,
        as_attachment=True,
        filename=annotating.name_of(record),
        content_type=CONTENT_TYPES[FileKind(record.file_kind)],
    )


def _made_now(record):
    """An open file whose place on the disk is gone already."""
    with tempfile.TemporaryDirectory() as room:
        place = Path(room) / "made"
        annotating.write_annotated(record, place)
        return place.open("rb")


@require_POST
def make(request, number, public_id):
    record = import_or_404(request.user, number, public_id)
    annotating.ask_for_annotated(import_id=record.pk, by=request.user)
    return redirect("placements:import_detail", number, public_id)
