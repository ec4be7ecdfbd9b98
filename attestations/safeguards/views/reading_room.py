"""The reading room: what else is in force for a country, and what the Code asks for."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from agencies.models import Country
from attestations.models import CatalogueEdition, CodeVersion
from attestations.safeguards.forms import DayForm
from attestations.safeguards.models import (
    Agreement,
    AuthorizationRequirement,
    CountryCommunication,
    Emergency,
    ListEdition,
    NationalList,
)
from attestations.safeguards.permissions import is_steward
from attestations.safeguards.queries import country_on
from attestations.safeguards.revisions.queries import versions_in_words


@login_not_required
@require_GET
def country(request, iso3):
    """What was in force for a country on a day, each answer with where it comes from."""
    found = get_object_or_404(Country, pk=iso3)
    form = DayForm(request.GET or None)
    on = timezone.localdate()
    if form.is_bound:
        on = (form.cleaned_data["on"] or on) if form.is_valid() else None
    return render(
        request,
        "safeguards/country.html",
        {
            "country": found,
            "form": form,
            "found": country_on(found, on) if on else None,
            "editions": ListEdition.objects.active().filter(entries__country=found),
        },
    )


@login_not_required
@require_GET
def national_list(request, code):
    """A destination's own list: who is on it on a day, and every row it ever had."""
    found = get_object_or_404(NationalList.objects.select_related("country"), pk=code)
    form = DayForm(request.GET or None)
    on = timezone.localdate()
    if form.is_bound:
        on = (form.cleaned_data["on"] or on) if form.is_valid() else None
    return render(
        request,
        "safeguards/national_list.html",
        {
            "list": found,
            "form": form,
            "on": on,
            "on_that_day": found.grades.around(on)
            .select_related("country")
            .order_by("country__name", "valid_from")
            if on
            else (),
            "versions": versions_in_words(found),
            "is_steward": is_steward(request.user),
        },
    )


@login_not_required
@require_GET
def agreements(request):
    """Agreements between governments, and what countries told of recruitment from them."""
    return render(
        request,
        "safeguards/agreements.html",
        {
            "agreements": Agreement.objects.confirmed().select_related(
                "source_country", "destination_country"
            ),
            "communications": CountryCommunication.objects.confirmed().select_related("country"),
            "emergencies": Emergency.objects.confirmed().select_related("country"),
            "requirements": AuthorizationRequirement.objects.confirmed().select_related("country"),
            "is_steward": is_steward(request.user),
        },
    )


@login_not_required
@require_GET
def commitments(request):
    """The Code's articles that were read, and the catalogue that agencies attest to."""
    newest = CatalogueEdition.objects.newest(timezone.localdate())
    return render(
        request,
        "safeguards/commitments.html",
        {
            "edition": newest,
            "requirements": newest.requirements.order_by("position") if newest else (),
            "articles": newest.code_version.articles.filter(is_verified=True).order_by("pk")
            if newest
            else (),
            "unverified_versions": CodeVersion.objects.filter(is_verified=False),
        },
    )
