"""Reading what was declared: the regulator's list, one attestation, and what is said of it."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.enums import CASE_ROLES
from agencies.lib.transitions import actions_from
from agencies.permissions import acts_for, regulators_of
from agencies.views.acting import by_button, by_form
from attestations import services
from attestations.contradictions import committed_but_not_aware
from attestations.enums import AttestationState
from attestations.filters import AttestationFilter
from attestations.forms import ReturnForm
from attestations.history import history_of
from attestations.models import Attestation
from attestations.permissions import can_review, can_withdraw, check_can_review
from attestations.queries import has_lapsed, is_superseded, next_step, valid_until
from attestations.views.fetching import visible_attestation
from attestations.workflow import TRANSITIONS

A_PAGE = 25


@require_GET
def submitted(request):
    """What agencies of the reader's own jurisdiction handed in; nobody else has such a page."""
    regulators = regulators_of(request.user, *CASE_ROLES)
    if not regulators.exists():
        raise Http404
    handed_in = (
        Attestation.objects.filter(agency__regulator__in=regulators, submitted_at__isnull=False)
        .select_related("agency", "edition", "signed_by")
        .order_by("-submitted_at", "-pk")
    )
    narrowed = AttestationFilter(request.GET, queryset=handed_in)
    page = Paginator(narrowed.qs, A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "attestations/submitted.html",
        {
            "filter": narrowed,
            "page": page,
            "previous_url": _address(request, page.previous_page_number)
            if page.has_previous()
            else "",
            "next_url": _address(request, page.next_page_number) if page.has_next() else "",
        },
    )


@require_GET
def detail(request, number, public_id):
    attestation = visible_attestation(request, number, public_id)
    on = timezone.localdate()
    answers = list(
        attestation.answers.select_related("requirement")
        .prefetch_related("evidence__file")
        .order_by("requirement__position")
    )
    possible = actions_from(TRANSITIONS, attestation.state)
    may_act = acts_for(request.user, attestation.agency)
    return render(
        request,
        "attestations/detail.html",
        {
            "attestation": attestation,
            "answers": answers,
            "contradictions": committed_but_not_aware(
                [answer.requirement for answer in answers],
                {answer.requirement.ref: answer.choice for answer in answers},
            ),
            "asks": attestation.asks.select_related("requirement"),
            "history": history_of(attestation),
            "next_step": next_step(attestation, on),
            "valid_until": valid_until(attestation)
            if attestation.state == AttestationState.ACCEPTED
            else None,
            "superseded": is_superseded(attestation, on),
            "lapsed": has_lapsed(attestation, on),
            "may_review": "accept" in possible and can_review(request.user, attestation),
            "may_answer": "answer" in possible and may_act,
            "may_continue": "continue_returned" in possible and may_act,
            "may_correct": "correct" in possible and may_act,
            "may_withdraw": "withdraw" in possible
            and can_withdraw(request.user, attestation.agency),
        },
    )


@require_POST
def accept(request, number, public_id):
    attestation = visible_attestation(request, number, public_id)
    return by_button(
        request,
        lambda: services.accept_attestation(attestation_id=attestation.pk, by=request.user),
        done=gettext("The attestation was accepted, and the agency told."),
        back=reverse("attestations:detail", args=(number, public_id)),
    )


@require_http_methods(["GET", "POST"])
def return_for_changes(request, number, public_id):
    attestation = visible_attestation(request, number, public_id)
    check_can_review(request.user, attestation)
    return by_form(
        request,
        ReturnForm(request.POST or None),
        lambda given: services.return_for_changes(
            attestation_id=attestation.pk, note=given["note"], by=request.user
        ),
        done=gettext("The attestation was returned, and the agency told."),
        back=reverse("attestations:detail", args=(number, public_id)),
        template="attestations/return.html",
        attestation=attestation,
    )


def _address(request, page_number) -> str:
    asked = request.GET.copy()
    asked["page"] = page_number()
    return f"?{asked.urlencode()}"
