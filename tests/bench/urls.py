"""The map of the site, and the least a Django page can be: one indexed query as JSON."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.urls import include, path

from audits.models import Certificate


@login_not_required
def bare(request: HttpRequest, number: str) -> JsonResponse:
    fields = ("number", "state", "valid_from", "valid_until")
    return JsonResponse(Certificate.objects.values(*fields).get(number=number))


urlpatterns = [
    path("bare/<str:number>/", bare),
    path("", include("config.urls")),
]
