"""What every public answer shares: for a page or for JSON, kept nowhere, honest when it fails."""

from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers

from audits.register import doubt
from audits.register.answers import framed


def wants_json(request):
    if "format" in request.GET:
        return request.GET["format"] == "json"
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def public(response):
    """Anybody may read it, and nobody may show it again without asking."""
    patch_cache_control(response, no_cache=True)
    patch_vary_headers(response, ("Accept",))
    return response


def bad_request(request, problems, form=None, narrow=None):
    sentences = [str(sentence) for listed in problems.values() for sentence in listed]
    if wants_json(request):
        refused = {"status": "bad_request", "sentence": " ".join(sentences)}
        return public(JsonResponse(refused, status=400))
    context = {"sentences": sentences, "form": form, "narrow": narrow}
    return public(render(request, "register/bad_request.html", context, status=400))


def could_not_check(request, unable):
    """Its own status, word, sign and colour; the page asks nothing of the database."""
    at = timezone.now()
    answer = framed(unable.answer, on=timezone.localdate(at), at=at)
    if wants_json(request):
        return public(JsonResponse(answer, status=503))
    context = {"answer": answer, "shown": doubt.SHOWN}
    return public(render(request, "register/could_not_check.html", context, status=503))
