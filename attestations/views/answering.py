"""Filling an attestation in: the task list, one requirement a page, and a look at all answers."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.lib.transitions import IllegalTransition
from agencies.views.acting import by_button, show_refusal
from attestations import services
from attestations.enums import AttestationState, TaskStatus
from attestations.forms import AnswerForm
from attestations.knowledge.queries import passes_of
from attestations.models import EvidenceFile
from attestations.queries import progress_of
from attestations.views.fetching import own_attestation


@require_GET
def tasks(request, number, public_id):
    attestation = own_attestation(request, number, public_id)
    if attestation.state != AttestationState.DRAFT:
        return redirect("attestations:detail", number, public_id)
    return render(
        request,
        "attestations/tasks.html",
        {
            "attestation": attestation,
            "progress": progress_of(attestation),
            "knowledge": passes_of(attestation.agency, timezone.now()).exists(),
        },
    )


@require_http_methods(["GET", "POST"])
def requirement(request, number, public_id, ref):
    attestation = own_attestation(request, number, public_id)
    if attestation.state != AttestationState.DRAFT:
        return redirect("attestations:detail", number, public_id)
    asked = get_object_or_404(attestation.edition.requirements, ref=ref)
    answer = attestation.answers.filter(requirement=asked).first()
    form = AnswerForm(
        request.POST or None,
        request.FILES or None,
        agency=attestation.agency,
        initial={"choice": answer.choice, "explanation": answer.explanation} if answer else None,
    )
    if request.method == "POST" and _saved(request, form, attestation, asked):
        return _onwards(request, attestation, asked)
    return render(
        request,
        "attestations/requirement.html",
        {
            "attestation": attestation,
            "requirement": asked,
            "articles": attestation.edition.code_version.articles.filter(
                number__in=asked.articles, is_verified=True
            ),
            "presupposed": attestation.edition.requirements.filter(ref__in=asked.presupposes),
            "evidence": answer.evidence.select_related("file") if answer else [],
            "form": form,
        },
    )


@require_POST
def detach(request, number, public_id, ref, evidence):
    attestation = own_attestation(request, number, public_id)
    file = get_object_or_404(EvidenceFile, agency=attestation.agency, public_id=evidence)
    return by_button(
        request,
        lambda: services.detach_evidence(
            attestation_id=attestation.pk, ref=ref, evidence_id=file.pk, by=request.user
        ),
        done=gettext("The file was taken off this answer."),
        back=reverse("attestations:requirement", args=(number, public_id, ref)),
    )


@require_GET
def check_answers(request, number, public_id):
    attestation = own_attestation(request, number, public_id)
    if attestation.state != AttestationState.DRAFT:
        return redirect("attestations:detail", number, public_id)
    return render(
        request,
        "attestations/check_answers.html",
        {"attestation": attestation, "progress": progress_of(attestation)},
    )


def _saved(request, form, attestation, asked) -> bool:
    """Keeps what arrived, answer and file together; False leaves everything typed on the page."""
    is_valid = form.is_valid()
    evidence = _received(request, form, attestation)
    if evidence and not (is_valid and form.is_valid()):
        form.use_received(evidence)
        messages.info(
            request,
            gettext("Your file “%(name)s” has arrived and stays chosen below.")
            % {"name": evidence.original_name},
        )
    if not form.is_valid():
        return False
    given = form.cleaned_data
    evidence = evidence or given["existing"]
    try:
        with transaction.atomic():
            services.answer_requirement(
                attestation_id=attestation.pk,
                ref=asked.ref,
                choice=given["choice"],
                explanation=given["explanation"],
                by=request.user,
            )
            if evidence:
                services.attach_evidence(
                    attestation_id=attestation.pk,
                    ref=asked.ref,
                    evidence_id=evidence.pk,
                    covers_from=given["covers_from"],
                    covers_until=given["covers_until"],
                    by=request.user,
                )
    except ValidationError as refused:
        show_refusal(form, refused)
    except IllegalTransition as refused:
        form.add_error(None, str(refused))
    return form.is_valid()


def _received(request, form, attestation) -> EvidenceFile | None:
    """A file is taken in even when another field is wrong: nobody chooses it a second time."""
    file = request.FILES.get("file")
    if file is None or "file" in form.errors:
        return None
    try:
        return services.receive_evidence(
            agency_id=attestation.agency_id, file=file, name=file.name, by=request.user
        )
    except ValidationError as refused:
        form.add_error("file", refused)
        return None


def _onwards(request, attestation, asked):
    """To where the person asked to go: here again, back to all answers, or the next open task."""
    number, public_id = attestation.agency.register_number, attestation.public_id
    if request.POST.get("then") == "here":
        return redirect("attestations:requirement", number, public_id, asked.ref)
    if request.GET.get("back") == "check":
        return redirect("attestations:check_answers", number, public_id)
    following = [
        task
        for task in progress_of(attestation).tasks
        if task.status == TaskStatus.NOT_STARTED and task.requirement.position > asked.position
    ]
    if not following:
        return redirect("attestations:tasks", number, public_id)
    return redirect("attestations:requirement", number, public_id, following[0].requirement.ref)
