"""The knowledge check: where a person stands, one question a page, and the result with reasons."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.views.acting import by_button, show_refusal
from attestations.knowledge import services
from attestations.knowledge.forms import QuestionForm
from attestations.knowledge.queries import (
    attempts_of,
    chance_of,
    marked,
    open_attempt,
    passes_of,
    shown,
)
from attestations.knowledge.rules import ASKED, ATTEMPTS, TO_PASS
from attestations.views.fetching import own_agency


@require_GET
def home(request, number):
    agency = own_agency(request, number)
    at = timezone.now()
    page = {
        "agency": agency,
        "asked": ASKED,
        "to_pass": TO_PASS,
        "attempts": ATTEMPTS,
        "wait_days": settings.KNOWLEDGE_WAIT_DAYS,
        "valid_days": settings.KNOWLEDGE_VALID_DAYS,
        "chance": chance_of(request.user, agency, at),
        "open": open_attempt(request.user, agency),
        "tried": attempts_of(request.user, agency).filter(finished_at__isnull=False),
        "passes": passes_of(agency, at),
    }
    return render(request, "knowledge/home.html", page)


@require_POST
def begin(request, number):
    agency = own_agency(request, number)
    try:
        begun = services.begin_attempt(agency_id=agency.pk, by=request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("knowledge:home", number)
    return redirect("knowledge:question", number, begun.public_id, _next_position(begun))


@require_GET
def attempt(request, number, public_id):
    """Before its end which questions are answered; after it the result, each answer explained."""
    agency, found = _own_attempt(request, number, public_id)
    page = {"agency": agency, "attempt": found, "to_pass": TO_PASS}
    if found.finished_at:
        page["marked"] = list(marked(found))
        page["passed"] = found.right >= TO_PASS
        return render(request, "knowledge/result.html", page)
    page["questions"] = [
        (position, shown(found, each)[0].asks, each in found.answers)
        for position, each in enumerate(found.questions, 1)
    ]
    page["is_whole"] = len(found.answers) == len(found.questions)
    return render(request, "knowledge/review.html", page)


@require_http_methods(["GET", "POST"])
def question(request, number, public_id, position):
    agency, found = _own_attempt(request, number, public_id)
    if found.finished_at:
        return redirect("knowledge:attempt", number, public_id)
    if not 1 <= position <= len(found.questions):
        raise Http404
    each = found.questions[position - 1]
    asked, answers = shown(found, each)
    form = QuestionForm(
        request.POST or None,
        asks=asked.asks,
        answers=answers,
        initial={"answer": found.answers.get(each)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_question(
                attempt_id=found.pk,
                question=each,
                answer=form.cleaned_data["answer"],
                by=request.user,
            )
        except ValidationError as refused:
            show_refusal(form, refused)
        else:
            found.refresh_from_db()
            if "back" in request.GET or (following := _next_position(found)) is None:
                return redirect("knowledge:attempt", number, public_id)
            return redirect("knowledge:question", number, public_id, following)
    page = {
        "agency": agency,
        "attempt": found,
        "position": position,
        "total": len(found.questions),
        "form": form,
    }
    return render(request, "knowledge/question.html", page)


@require_POST
def finish(request, number, public_id):
    _agency, found = _own_attempt(request, number, public_id)
    return by_button(
        request,
        lambda: services.finish_attempt(attempt_id=found.pk, by=request.user),
        done=_("Your answers are marked."),
        back=reverse("knowledge:attempt", args=(number, public_id)),
    )


def _own_attempt(request, number, public_id):
    """One's own: nobody reads the answers of a colleague."""
    agency = own_agency(request, number)
    return agency, get_object_or_404(attempts_of(request.user, agency), public_id=public_id)


def _next_position(found):
    """The first question without an answer, or None."""
    return next(
        (position for position, each in enumerate(found.questions, 1) if each not in found.answers),
        None,
    )
