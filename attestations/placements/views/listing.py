"""An agency's placements. Who sees what is asked of `visible_to`, and only there."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from agencies.models import Agency
from attestations.placements import queries
from attestations.placements.explaining import country_in_words
from attestations.placements.filters import PlacementFilter
from attestations.placements.models import Placement, PlacementImport
from attestations.placements.permissions import can_import_placements
from attestations.placements.views.outcomes import shown_outcome

PAGE = 50
IMPORTS_SHOWN = 10


def _agency_with_placements(user, number):
    """The agency, and those of its placements that `user` may see; 404 where there is neither."""
    agency = get_object_or_404(Agency, register_number=number)
    placements = Placement.objects.visible_to(user).filter(agency=agency)
    whole = Agency.objects.visible_to(user).filter(pk=agency.pk).exists()
    if not whole and not placements.exists():
        raise Http404
    return agency, placements, whole


@require_safe
def placement_list(request, number):
    """An agency's placements: all of them for its own people and its regulator, and for the
    case staff of a corridor those of that corridor."""
    agency, placements, whole = _agency_with_placements(request.user, number)
    narrowed = PlacementFilter(request.GET, queryset=placements, request=request)
    found = narrowed.qs if narrowed.is_valid() else placements.none()
    rows = found.select_related("verdict").order_by("-pk")
    before = request.GET.get("before", "")
    if before.isascii() and before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    rows = list(rows[: PAGE + 1])
    here = reverse("placements:list", args=(number,))
    asked = {name: text for name, text in request.GET.items() if name != "before" and text}
    context = {
        "agency": agency,
        "whole": whole,
        "filter": narrowed,
        "narrowed": bool(asked),
        "rows": [_row(number, placement) for placement in rows[:PAGE]],
        "outcomes": [
            shown_outcome(value, many=many, href=f"{here}?{urlencode({'outcome': value})}")
            for value, many in queries.outcomes(placements.standing()).items()
            if many
        ],
        "concentrations": queries.concentrations(agency) if whole else [],
        "previous_url": f"{here}?{urlencode(asked)}" if before else "",
        "next_url": (
            f"{here}?{urlencode({**asked, 'before': rows[PAGE - 1].pk})}"
            if len(rows) > PAGE
            else ""
        ),
        "imports": (
            PlacementImport.objects.visible_to(request.user).filter(agency=agency)[:IMPORTS_SHOWN]
            if whole
            else ()
        ),
        "may_import": can_import_placements(request.user, agency),
    }
    status = 200 if narrowed.is_valid() else 400
    return render(request, "placements/list.html", context, status=status)


def _row(number, placement):
    return {
        "placement": placement,
        "href": reverse("placements:detail", args=(number, placement.pk)),
        "residence": country_in_words(placement.residence),
        "destination": country_in_words(placement.destination),
        "outcome": shown_outcome(placement.verdict.outcome if placement.verdict else None),
    }
