"""One agreement, open to every reader once it is confirmed; and a list as its file."""

import csv

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from attestations.occupations import title
from attestations.safeguards.models import Agreement, NationalList
from attestations.safeguards.permissions import is_steward
from attestations.safeguards.revisions.quotas import places_of

COLUMNS = (
    "iso3",
    "country",
    "grade",
    "earliest_possible",
    "valid_from",
    "valid_to_exclusive",
    "precision",
    "source",
)


@login_not_required
@require_GET
def agreement(request, public_id):
    """Parties, days, posts, the agencies' role, and how many of its places are taken."""
    found = get_object_or_404(
        Agreement.objects.confirmed().select_related(
            "source_country", "destination_country", "revision", "ending"
        ),
        public_id=public_id,
    )
    on = timezone.localdate()
    return render(
        request,
        "safeguards/agreement.html",
        {
            "agreement": found,
            "posts": [{"code": code, "title": title(code)} for code in found.occupations],
            "places": places_of(found),
            "not_yet": found.valid_from > on,
            "has_ended": bool(found.holds_until and found.holds_until < on),
            "is_steward": is_steward(request.user),
        },
    )


@login_not_required
@require_GET
def national_file(request, code):
    """The list as it is kept, in the columns in which a new version is read."""
    found = get_object_or_404(NationalList, pk=code)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="national_list_{found.code}.csv"'
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    for row in found.grades.select_related("country"):
        writer.writerow(
            [
                row.country_id,
                row.country.name,
                row.grade,
                row.earliest_possible,
                row.valid_from,
                row.valid_to_exclusive or "",
                row.precision,
                row.source,
            ]
        )
    return response
