"""The file as it was sent, for those who see the import."""

import logging

from csp.constants import NONE
from csp.decorators import csp_replace
from django.conf import settings
from django.http import FileResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from agencies.lib.stored_files import FileUnavailable, open_stored
from attestations.enums import FileKind
from attestations.placements.views.importing import import_or_404

logger = logging.getLogger(__name__)

_TYPES = {
    FileKind.CSV: "text/csv",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_GET
@cache_control(private=True, no_store=True)
@csp_replace({"default-src": [NONE], "sandbox": True})
def download(request, number, public_id):
    """Always an attachment, compared with its digest first; a damaged file is not served."""
    record = import_or_404(request.user, number, public_id)
    try:
        file = open_stored(settings.IMPORT_ROOT, record.file_digest)
    except FileUnavailable as unavailable:
        logger.error("the file of import %s is %s", record.public_id, unavailable.condition)
        return render(
            request, "placements/original_unavailable.html", {"record": record}, status=503
        )
    response = FileResponse(
        file,
        as_attachment=True,
        filename=_name_of(record),
        content_type=_TYPES.get(record.file_kind, "application/octet-stream"),
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _name_of(record) -> str:
    """Its own name, with the ending of what it is, whatever it was called."""
    ending = f".{record.file_kind}"
    name = record.original_name
    return name if name.casefold().endswith(ending) else f"{name}{ending}"
