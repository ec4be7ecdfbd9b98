"""What stands between the server and the pages."""

from collections.abc import Callable

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render

from audits.transparency.caught_up import what_is_missing


class PublicPagesAskNobody(LoginRequiredMiddleware):
    """Every page needs login unless it says otherwise, and one that does is served without asking
    who the reader is: Django's own would load session and user first, and vary by cookie."""

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not getattr(view_func, "login_required", True):
            return None
        request.is_private = True
        return super().process_view(request, view_func, view_args, view_kwargs)

    def process_response(self, request, response):
        """A private page is kept nowhere: after signing out, going back must not show it again."""
        if getattr(request, "is_private", False) and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response


class CompressedPages(GZipMiddleware):
    """Pages and JSON go out compressed, with a random length against guessing by size (Django's
    own); documents and other files go as they are, because they are compressed already."""

    def process_response(self, request, response):
        kind = response.get("Content-Type", "")
        if response.streaming or not kind.startswith(("text/html", "application/json")):
            return response
        return super().process_response(request, response)


def say_when_not_caught_up(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """A database that lacks what was signed answers nothing but its log (T24): 503, in words."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/log/"):
            return get_response(request)
        missing = what_is_missing()
        if not missing:
            return get_response(request)
        if request.GET.get("format") == "json":
            said = {"status": "could_not_check", "sentence": missing}
            response: HttpResponse = JsonResponse(said, status=503)
        else:
            context = {"missing": missing, "navigation": ()}
            response = render(request, "503_not_caught_up.html", context, status=503)
        response["Cache-Control"] = "no-store"
        return response

    return answer


def refuse_nul_in_addresses(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """No record's address holds a NUL, and PostgreSQL refuses to look one up: it is not found."""

    def answer(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path:
            raise Http404
        return get_response(request)

    return answer
