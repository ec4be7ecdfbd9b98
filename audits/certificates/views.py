"""Certificates as their agency and its regulator see them, and the acts on their status."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies import journal
from agencies.lib.check_characters import grouped
from agencies.lib.transitions import IllegalTransition, actions_from
from audits.certificates import services
from audits.certificates.forms import DeclineForm, StatusChangeForm
from audits.certificates.models import Certificate, StatusChange
from audits.certificates.permissions import (
    can_answer_status_change,
    can_propose_status_change,
    check_can_answer_status_change,
    check_can_propose_status_change,
)
from audits.certificates.queries import status_of
from audits.certificates.workflow import STATUS
from audits.enums import DocumentState, StatusState
from audits.history import in_words
from audits.models import Audit, AuditReport
from audits.register.comparing import effect_of_status_change
from audits.reports.queries import cited_placements
from audits.reports.references import public_code

PAGE = 50


@require_safe
def index(request):
    """The certificates of everybody's own agencies or jurisdiction, the newest first."""
    certificates = Certificate.objects.visible_to(request.user).select_related("agency")
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 18:
        certificates = certificates.filter(pk__lt=int(before))
    rows = list(certificates.order_by("-pk")[: PAGE + 1])
    return render(
        request,
        "certificates/index.html",
        {
            "certificates": [(row, grouped(row.number)) for row in rows[:PAGE]],
            "next": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        },
    )


@require_safe
def detail(request, number):
    certificate = _visible(request, number)
    waiting = certificate.status_changes.filter(state=StatusState.PROPOSED).first()
    if waiting is not None:
        waiting.certificate = certificate
    issued = certificate.state == DocumentState.ISSUED
    return render(
        request,
        "certificates/detail.html",
        {
            "certificate": certificate,
            "printed_number": grouped(number),
            "is_issued": issued,
            "is_waiting_long": _is_waiting_long(certificate),
            "changes": certificate.status_changes.select_related("proposed_by", "confirmed_by"),
            "waiting": waiting,
            "effect": effect_of_status_change(waiting, at=timezone.now()) if waiting else None,
            "may_propose": issued
            and waiting is None
            and bool(_possible(certificate))
            and can_propose_status_change(request.user, certificate),
            "may_answer": waiting is not None and can_answer_status_change(request.user, waiting),
            "history": in_words(journal.history_of(certificate)),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request, number):
    """Propose a change of status; nothing changes until somebody else confirms it."""
    certificate = _visible(request, number)
    check_can_propose_status_change(request.user, certificate)
    form = StatusChangeForm(request.POST or None, kinds=_possible(certificate))
    if request.method == "POST" and form.is_valid():
        try:
            services.propose_status_change(
                certificate_id=certificate.pk, by=request.user, **form.cleaned_data
            )
        except (IllegalTransition, ValidationError) as refused:
            _say(form, refused)
        else:
            messages.success(request, _("Proposed. Somebody else has to confirm it."))
            return redirect("certificates:detail", number)
    return render(
        request,
        "certificates/propose.html",
        {"form": form, "certificate": certificate, "printed_number": grouped(number)},
        status=400 if form.is_bound else 200,
    )


@require_POST
def confirm(request, pk):
    change = _change(request, pk)
    try:
        services.confirm_status_change(change_id=change.pk, by=request.user)
    except (IllegalTransition, ValidationError) as refused:
        messages.error(request, _sentence(refused))
    else:
        messages.success(request, _("Confirmed. Everybody who checks the certificate sees it now."))
    return redirect("certificates:detail", change.certificate.number)


@require_http_methods(["GET", "HEAD", "POST"])
def decline(request, pk):
    change = _change(request, pk)
    check_can_answer_status_change(request.user, change)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.decline_status_change(
                change_id=change.pk, by=request.user, **form.cleaned_data
            )
        except (IllegalTransition, ValidationError) as refused:
            _say(form, refused)
        else:
            messages.success(request, _("The proposal is not followed."))
            return redirect("certificates:detail", change.certificate.number)
    number = change.certificate.number
    return render(
        request,
        "certificates/decline.html",
        {"form": form, "change": change, "number": number, "printed_number": grouped(number)},
        status=400 if form.is_bound else 200,
    )


@require_safe
def report_references(request, number):
    """Which placements the public codes of a report stand for: for its agency and regulator."""
    audits = Audit.objects.visible_to(request.user)
    report = get_object_or_404(
        AuditReport.objects.select_related("audit__agency"), number=number, audit__in=audits
    )
    agency_number = report.audit.agency.register_number
    rows = [
        (public_code(agency_number, reference), reference)
        for reference in cited_placements(report.audit)
    ]
    context = {
        "number": number,
        "printed_number": grouped(number),
        "head": [_("Code in the report"), _("Reference")],
        "rows": sorted(rows),
    }
    return render(request, "certificates/report_references.html", context)


def _visible(request, number):
    certificates = Certificate.objects.visible_to(request.user)
    return get_object_or_404(
        certificates.select_related("agency__regulator", "decision__audit", "superseded_by"),
        number=number,
    )


def _change(request, pk):
    """A proposal on a certificate that the person may see; for a stranger there is none."""
    changes = StatusChange.objects.filter(
        certificate__in=Certificate.objects.visible_to(request.user)
    )
    return get_object_or_404(changes.select_related("certificate__agency__regulator"), pk=pk)


def _possible(certificate):
    if certificate.superseded_by_id is not None or certificate.state != DocumentState.ISSUED:
        return ()
    return actions_from(STATUS, status_of(certificate))


def _is_waiting_long(certificate):
    age = timezone.now() - certificate.prepared_at
    return certificate.state == DocumentState.PREPARED and age > services.EXPECTED_WITHIN


def _say(form, refused):
    form.add_error(None, _sentence(refused))


def _sentence(refused):
    return " ".join(refused.messages) if isinstance(refused, ValidationError) else str(refused)
