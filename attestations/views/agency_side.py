"""The agency's attestations: where they stand, beginning one, signing it and taking it back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.lib.transitions import IllegalTransition
from agencies.models import Agency
from agencies.permissions import acts_for
from agencies.views.acting import by_button
from attestations import services
from attestations.enums import AttestationState
from attestations.forms import DeclareForm
from attestations.models import Attestation, CatalogueEdition
from attestations.permissions import can_sign, signing_officers
from attestations.queries import (
    described,
    next_step,
    progress_of,
    standing_attestation,
    valid_until,
)
from attestations.statement import declaration_for
from attestations.views.fetching import own_agency, own_attestation


@require_GET
def overview(request, number):
    agency = get_object_or_404(
        Agency.objects.visible_to(request.user).select_related("regulator"), register_number=number
    )
    on = timezone.localdate()
    attestations = list(
        Attestation.objects.visible_to(request.user)
        .filter(agency=agency)
        .select_related("agency__regulator", "signed_by", "edition")
        .order_by("-started_at", "-pk")
    )
    standing = standing_attestation(agency, on)
    is_open = (AttestationState.DRAFT, AttestationState.SUBMITTED)
    # what is to be done next is said of the open one, or of the newest
    current = next((each for each in attestations if each.state in is_open), None)
    subject = current or next(iter(attestations), None)
    return render(
        request,
        "attestations/overview.html",
        {
            "agency": agency,
            "history": described(attestations, on),
            "standing": standing,
            "standing_until": valid_until(standing) if standing else None,
            "current": current,
            "subject": subject,
            "next_step": next_step(subject, on) if subject else "",
            "may_act": acts_for(request.user, agency),
            "edition": CatalogueEdition.objects.newest(on),
        },
    )


@require_POST
def start(request, number):
    agency = own_agency(request, number)
    return _begin(
        request,
        number,
        lambda: services.start_attestation(agency_id=agency.pk, by=request.user),
    )


@require_POST
def continue_returned(request, number, public_id):
    attestation = own_attestation(request, number, public_id)
    return _begin(
        request,
        number,
        lambda: services.continue_returned(attestation_id=attestation.pk, by=request.user),
    )


@require_POST
def correct(request, number, public_id):
    attestation = own_attestation(request, number, public_id)
    return _begin(
        request,
        number,
        lambda: services.correct_attestation(attestation_id=attestation.pk, by=request.user),
    )


@require_POST
def withdraw(request, number, public_id):
    attestation = own_attestation(request, number, public_id)
    return by_button(
        request,
        lambda: services.withdraw_attestation(attestation_id=attestation.pk, by=request.user),
        done=gettext("The attestation was withdrawn."),
        back=reverse("attestations:overview", args=(number,)),
    )


@require_http_methods(["GET", "POST"])
def declare(request, number, public_id):
    """The exact words are shown; they come back with the form, and nothing else is signed."""
    attestation = own_attestation(request, number, public_id)
    if attestation.state != AttestationState.DRAFT:
        return redirect("attestations:detail", number, public_id)
    on = timezone.localdate()
    signers = signing_officers(attestation.agency, on)
    officer = signers.filter(user=request.user).first()
    form = DeclareForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        named = get_object_or_404(signers, public_id=form.cleaned_data["officer"])
        try:
            services.submit_attestation(
                attestation_id=attestation.pk,
                officer_id=named.pk,
                declaration=form.cleaned_data["declaration"],
                by=request.user,
            )
        except (ValidationError, IllegalTransition) as refused:
            return _not_signed(request, number, public_id, refused)
        return redirect("attestations:sent", number, public_id)
    may_sign = officer is not None and can_sign(request.user, attestation.agency, on)
    declaration = declaration_for(attestation, officer, on=on) if may_sign else ""
    if may_sign:
        form.show(officer, declaration)
    return render(
        request,
        "attestations/declare.html",
        {
            "attestation": attestation,
            "progress": progress_of(attestation),
            "officer": officer,
            "may_sign": may_sign,
            "signers": signers,
            "declaration": declaration,
            "form": form,
        },
    )


@require_GET
def sent(request, number, public_id):
    attestation = own_attestation(request, number, public_id)
    if attestation.state != AttestationState.SUBMITTED:
        return redirect("attestations:detail", number, public_id)
    return render(request, "attestations/sent.html", {"attestation": attestation})


def _begin(request, number, act) -> HttpResponseRedirect:
    try:
        attestation = act()
    except (ValidationError, IllegalTransition) as refused:
        reasons = refused.messages if isinstance(refused, ValidationError) else [str(refused)]
        messages.error(request, " ".join(reasons))
        return redirect("attestations:overview", number)
    return redirect("attestations:tasks", number, attestation.public_id)


def _not_signed(request, number, public_id, refused) -> HttpResponseRedirect:
    reasons = refused.messages if isinstance(refused, ValidationError) else [str(refused)]
    messages.error(request, " ".join(reasons))
    page = "tasks" if isinstance(refused, services.NotReady) else "declare"
    return redirect(f"attestations:{page}", number, public_id)
