"""Pages of placements and their imports. Who sees what is asked of `visible_to`, and only there."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Count, Min
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.lib.transitions import IllegalTransition
from agencies.models import Agency
from attestations.crosscheck.enums import Outcome
from attestations.enums import ImportState
from attestations.placements import downloads, queries, services
from attestations.placements.columns import COLUMNS
from attestations.placements.explaining import (
    country_in_words,
    explained,
    stated_in_words,
    values_of,
)
from attestations.placements.files import FileUnreadable
from attestations.placements.filters import PlacementFilter
from attestations.placements.forms import UploadForm, WithdrawForm
from attestations.placements.layout import ColumnsRefused
from attestations.placements.models import Placement, PlacementImport, StagedPlacement
from attestations.placements.permissions import (
    can_import_placements,
    can_withdraw_placement,
    check_can_import_placements,
    check_can_withdraw_placement,
)

PAGE = 50
IMPORTS_SHOWN = 10
GROUPS_SHOWN = 50
ROWS_SHOWN = 100

TONES = {
    Outcome.NON_COMPLIANT: "red",
    Outcome.REFER_TO_AUDITOR: "grey",
    Outcome.ACTION_REQUIRED: "orange",
    Outcome.INCOMPLETE: "grey",
    Outcome.MINOR_ACTION: "yellow",
    Outcome.CLEAR_WITH_NOTES: "blue",
    Outcome.CLEAR: "green",
}


@dataclass(frozen=True)
class OutcomeShown:
    """An outcome as a tag; what was not judged is grey, never green."""

    text: str
    tone: str
    many: int = 0
    href: str = ""


def shown_outcome(value: str | None, **more: Any) -> OutcomeShown:
    if not value:
        return OutcomeShown(_("Not judged yet"), "grey", **more)
    outcome = Outcome(value)
    return OutcomeShown(_(outcome.label).capitalize(), TONES[outcome], **more)


def _agency_with_placements(user, number):
    """The agency, and those of its placements that `user` may see; 404 where there is neither."""
    agency = get_object_or_404(Agency, register_number=number)
    placements = Placement.objects.visible_to(user).filter(agency=agency)
    whole = Agency.objects.visible_to(user).filter(pk=agency.pk).exists()
    if not whole and not placements.exists():
        raise Http404
    return agency, placements, whole


@require_safe
def placement_list(request, number):
    """An agency's placements: all of them for its own people and its regulator, and for the
    case staff of a corridor those of that corridor."""
    agency, placements, whole = _agency_with_placements(request.user, number)
    narrowed = PlacementFilter(request.GET, queryset=placements, request=request)
    found = narrowed.qs if narrowed.is_valid() else placements.none()
    rows = found.select_related("verdict").order_by("-pk")
    before = request.GET.get("before", "")
    if before.isascii() and before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    rows = list(rows[: PAGE + 1])
    here = reverse("placements:list", args=(number,))
    asked = {name: text for name, text in request.GET.items() if name != "before" and text}
    context = {
        "agency": agency,
        "whole": whole,
        "filter": narrowed,
        "narrowed": bool(asked),
        "rows": [_row(number, placement) for placement in rows[:PAGE]],
        "outcomes": [
            shown_outcome(value, many=many, href=f"{here}?{urlencode({'outcome': value})}")
            for value, many in queries.outcomes(placements.standing()).items()
            if many
        ],
        "concentrations": queries.concentrations(agency) if whole else [],
        "previous_url": f"{here}?{urlencode(asked)}" if before else "",
        "next_url": (
            f"{here}?{urlencode({**asked, 'before': rows[PAGE - 1].pk})}"
            if len(rows) > PAGE
            else ""
        ),
        "imports": (
            PlacementImport.objects.visible_to(request.user).filter(agency=agency)[:IMPORTS_SHOWN]
            if whole
            else ()
        ),
        "may_import": can_import_placements(request.user, agency),
    }
    status = 200 if narrowed.is_valid() else 400
    return render(request, "placements/list.html", context, status=status)


def _row(number, placement):
    return {
        "placement": placement,
        "href": reverse("placements:detail", args=(number, placement.pk)),
        "residence": country_in_words(placement.residence),
        "destination": country_in_words(placement.destination),
        "outcome": shown_outcome(placement.verdict.outcome if placement.verdict else None),
    }


@require_safe
def placement_detail(request, number, pk):
    placement = get_object_or_404(
        Placement.objects.visible_to(request.user).select_related(
            "agency", "verdict", "placement_import", "withdrawn_by"
        ),
        pk=pk,
        agency__register_number=number,
    )
    verdict = placement.verdict
    whole = Agency.objects.visible_to(request.user).filter(pk=placement.agency_id).exists()
    answer = explained(placement)
    context = {
        "placement": placement,
        "outcome": shown_outcome(verdict.outcome if verdict else None),
        "explanations": answer.explanations,
        "is_current": answer.is_current,
        "stated": stated_in_words(values_of(placement)),
        "sees_import": whole,
        "may_withdraw": (
            placement.withdrawn_at is None and can_withdraw_placement(request.user, placement)
        ),
        "versions": [
            {"version": version, "stated": stated_in_words(version.values)}
            for version in placement.versions.order_by("-version")
        ],
        "changes": [
            {
                "at": change.changed_at,
                "reason": change.reason,
                "was": shown_outcome(change.was.outcome),
                "became": shown_outcome(change.became.outcome if change.became else None),
            }
            for change in placement.verdict_changes.select_related("was", "became")
        ],
    }
    return render(request, "placements/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request, number, pk):
    placement = get_object_or_404(
        Placement.objects.visible_to(request.user).select_related("agency"),
        pk=pk,
        agency__register_number=number,
    )
    check_can_withdraw_placement(request.user, placement)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.withdraw_placement(
                placement_id=placement.pk, reason=form.cleaned_data["reason"], by=request.user
            )
        except services.PlacementAlreadyWithdrawn as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("The placement is withdrawn. It stays visible."))
        return redirect("placements:detail", number, pk)
    status = 400 if form.is_bound else 200
    context = {"placement": placement, "form": form}
    return render(request, "placements/withdraw.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request, number):
    agency = get_object_or_404(Agency.objects.visible_to(request.user), register_number=number)
    check_can_import_placements(request.user, agency)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            record = services.start_import(
                agency_id=agency.pk, file=file, name=file.name, by=request.user
            )
        except (FileUnreadable, ColumnsRefused) as refused:
            form.add_error("file", str(refused))
        else:
            return redirect("placements:import_detail", number, record.public_id)
    context = {"agency": agency, "form": form, "columns": COLUMNS}
    status = 400 if form.is_bound else 200
    return render(request, "placements/upload.html", context, status=status)


def _import_or_404(user, number, public_id):
    return get_object_or_404(
        PlacementImport.objects.visible_to(user).select_related("agency", "created_by"),
        public_id=public_id,
        agency__register_number=number,
    )


@require_safe
def import_detail(request, number, public_id):
    """One file from its arrival to its rows; while it is being worked on the page asks again."""
    record = _import_or_404(request.user, number, public_id)
    waiting = record.state in (ImportState.QUEUED, ImportState.RUNNING)
    saving = record.state == ImportState.PREVIEW and record.apply_asked_at is not None
    rows = (
        StagedPlacement.objects.filter(placement_import=record)
        if record.state == ImportState.PREVIEW
        else Placement.objects.filter(agency=record.agency_id, placement_import=record)
    )
    problems = record.problems.order_by("row", "pk")
    context = {
        "record": record,
        "agency": record.agency,
        "waiting": waiting,
        "saving": saving,
        "asks_again": waiting or saving,
        "preview": record.state == ImportState.PREVIEW and not saving,
        "rows_taken": (
            None
            if record.rows_new is None
            else record.rows_new + record.rows_changed + record.rows_unchanged
        ),
        "outcomes": [
            shown_outcome(value, many=many)
            for value, many in queries.outcomes(rows).items()
            if many
        ],
        "findings": queries.outcomes_by_rule(rows),
        "groups": problems.order_by()
        .values("column", "code", "value", "message", "suggestion")
        .annotate(many=Count("pk"), first_row=Min("row"))
        .order_by("-many", "first_row")[:GROUPS_SHOWN],
        "problems": list(problems[:ROWS_SHOWN]),
        "problem_count": problems.count(),
        "rows_shown": ROWS_SHOWN,
        "may_act": can_import_placements(request.user, record.agency),
    }
    return render(request, "placements/import_detail.html", context)


@require_POST
def apply(request, number, public_id):
    record = _import_or_404(request.user, number, public_id)
    try:
        services.ask_to_apply(import_id=record.pk, by=request.user)
    except IllegalTransition as refused:
        messages.error(request, str(refused))
    return redirect("placements:import_detail", number, public_id)


@require_POST
def cancel(request, number, public_id):
    record = _import_or_404(request.user, number, public_id)
    try:
        services.cancel_import(import_id=record.pk, by=request.user)
    except IllegalTransition as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The file was cancelled. Nothing of it was saved."))
    return redirect("placements:import_detail", number, public_id)


@require_safe
def problems(request, number, public_id):
    record = _import_or_404(request.user, number, public_id)
    return _attachment(downloads.problems_csv(record), "text/csv; charset=utf-8", "problems.csv")


def _attachment(content, content_type, name):
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
