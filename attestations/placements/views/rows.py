"""One row of a file before it is saved: what was found and why, and what can be done about it."""

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agencies.lib.transitions import IllegalTransition
from attestations.enums import ImportState
from attestations.placements import preview, services
from attestations.placements.corrections import CorrectionsRefused
from attestations.placements.explaining import (
    Explainer,
    changes_in_words,
    stated_in_data,
    stated_in_words,
    values_of,
    verdict_in_data,
)
from attestations.placements.permissions import check_can_import_placements
from attestations.placements.preview import Place
from attestations.placements.remedy_forms import ROW_FORMS, LeaveOutForm
from attestations.placements.views.importing import import_or_404
from attestations.placements.views.preview import shown_row

# as far as the column of the table goes
LAST_ROW = 2**31 - 1


@require_http_methods(["GET", "HEAD", "POST"])
def import_row(request, number, public_id, row):
    """One row: what was found and why, and each thing that the agency can do about it."""
    record = import_or_404(request.user, number, public_id)
    check_can_import_placements(request.user, record.agency)
    place = Place(request.GET.get("sheet", "").replace("\x00", ""), row)
    is_there = record.state == ImportState.PREVIEW and row <= LAST_ROW
    found = preview.row_at(record, place) if is_there else None
    if found is None:
        follower = record.followed_by.first()
        if follower is None:
            raise Http404
        return redirect("placements:import_detail", number, follower.public_id)
    explainer = Explainer(record.agency)
    answer = explainer.of(found.staged, found.staged.verdict)
    remedy = request.POST.get("remedy", "")
    forms = {
        name: form(
            request.POST if request.method == "POST" and name == remedy else None,
            could_cover=answer.could_cover,
        )
        for name, form in ROW_FORMS.items()
        if name in (*answer.remedies, LeaveOutForm.remedy)
    }
    if request.method == "POST" and remedy in forms and forms[remedy].is_valid():
        return _correct(request, record, forms[remedy].corrections(place))
    if request.GET.get("format") == "json":
        return JsonResponse(_row_in_data(record, found, answer))
    context = {
        "record": record,
        "agency": record.agency,
        "row": shown_row(found, explainer),
        "stated": stated_in_words(values_of(found.staged)),
        "could_cover": answer.could_cover,
        "forms": forms,
        "refused_form": forms.get(remedy),
        "as_data": f"{request.path}?{urlencode({'sheet': place.sheet, 'format': 'json'})}",
    }
    status = 400 if request.method == "POST" else 200
    return render(request, "placements/import_row.html", context, status=status)


def _correct(request, record, corrections):
    number = record.agency.register_number
    try:
        again = services.correct_import(
            import_id=record.pk, corrections=corrections, by=request.user
        )
    except (CorrectionsRefused, IllegalTransition) as refused:
        messages.error(request, str(refused))
        return redirect("placements:import_detail", number, record.public_id)
    messages.success(request, _("The file is read again with your correction."))
    return redirect("placements:import_detail", number, again.public_id)


def _row_in_data(record, row, answer):
    return {
        "import": str(record.public_id),
        "file": record.original_name,
        "file_digest": record.file_digest,
        "sheet": row.place.sheet,
        "row": row.place.row,
        "reference": row.staged.reference,
        "standing": row.tab.value,
        "stated": stated_in_data(row.staged),
        "changes": (
            changes_in_words(values_of(row.stored), values_of(row.staged)) if row.stored else []
        ),
        **verdict_in_data(row.staged.verdict, answer),
    }
