import logging

from csp.constants import NONE
from csp.decorators import csp_replace
from django.conf import settings
from django.http import FileResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from agencies.lib.file_kinds import FileKind
from agencies.lib.stored_files import FileUnavailable, open_stored
from attestations.models import EvidenceFile

logger = logging.getLogger(__name__)

_TYPES = {kind.ending: kind.media_type for kind in FileKind}


@require_GET
@cache_control(private=True, no_store=True)
@csp_replace({"default-src": [NONE], "sandbox": True})
def download(request, public_id):
    """Always an attachment, compared with its digest first; a damaged file is not served."""
    evidence = get_object_or_404(EvidenceFile.objects.visible_to(request.user), public_id=public_id)
    try:
        file = open_stored(settings.EVIDENCE_ROOT, evidence.digest)
    except FileUnavailable as unavailable:
        logger.error("evidence %s is %s", evidence.public_id, unavailable.condition)
        return render(
            request, "attestations/evidence_unavailable.html", {"evidence": evidence}, status=503
        )
    response = FileResponse(
        file,
        as_attachment=True,
        filename=evidence.original_name,
        content_type=_TYPES.get(evidence.kind, "application/octet-stream"),
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response
