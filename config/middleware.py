"""What is asked of every request before any view sees it."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse


def refuse_nul_in_addresses(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """No record's address holds a NUL, and PostgreSQL refuses to look one up: it is not found."""

    def answer(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path:
            raise Http404
        return get_response(request)

    return answer
