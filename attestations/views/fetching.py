"""What a page is about, fetched through the one door; a stranger gets 404."""

from django.shortcuts import get_object_or_404

from agencies.models import Agency
from attestations.models import Attestation


def own_agency(request, number):
    """An agency that the reader acts for."""
    return get_object_or_404(
        Agency.objects.acted_for_by(request.user).select_related("regulator"),
        register_number=number,
    )


def own_attestation(request, number, public_id):
    """An attestation of an agency that the reader acts for, in whatever state."""
    return get_object_or_404(_with_its_agency(own_agency(request, number)), public_id=public_id)


def visible_attestation(request, number, public_id):
    """One that the reader may see: their agency's, or one handed in to their regulator."""
    visible = Attestation.objects.visible_to(request.user).filter(agency__register_number=number)
    return get_object_or_404(_selected(visible), public_id=public_id)


def _with_its_agency(agency):
    return _selected(Attestation.objects.filter(agency=agency))


def _selected(attestations):
    return attestations.select_related(
        "agency__regulator",
        "edition__code_version",
        "continues",
        "signed_by",
        "submitted_by",
        "reviewed_by",
    )
