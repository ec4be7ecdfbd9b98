"""Sending a file of placements."""

from django.conf import settings
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from agencies.models import Agency
from attestations.placements import services
from attestations.placements.cells import LONGEST_CELL
from attestations.placements.columns import COLUMNS
from attestations.placements.files import MOST_COLUMNS, FileUnreadable
from attestations.placements.forms import UploadForm
from attestations.placements.layout import ColumnsRefused
from attestations.placements.permissions import check_can_import_placements


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request, number):
    agency = get_object_or_404(Agency.objects.visible_to(request.user), register_number=number)
    check_can_import_placements(request.user, agency)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            record = services.start_import(
                agency_id=agency.pk, file=file, name=file.name, by=request.user
            )
        except (FileUnreadable, ColumnsRefused) as refused:
            form.add_error("file", str(refused))
        else:
            return redirect("placements:import_detail", number, record.public_id)
    context = {
        "agency": agency,
        "form": form,
        "columns": COLUMNS,
        "most_bytes": settings.IMPORT_MAX_BYTES,
        "most_rows": f"{settings.IMPORT_MAX_ROWS:,}",
        "most_columns": MOST_COLUMNS,
        "longest_cell": f"{LONGEST_CELL:,}",
    }
    status = 400 if form.is_bound else 200
    return render(request, "placements/upload.html", context, status=status)
