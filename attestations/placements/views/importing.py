"""One file from its arrival to its rows."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agencies.lib.transitions import IllegalTransition
from attestations.enums import ImportState
from attestations.placements import annotating, downloads, groups, queries, services
from attestations.placements.column_naming import may_name_columns
from attestations.placements.models import Placement, PlacementImport
from attestations.placements.permissions import can_import_placements
from attestations.placements.views.about_file import about_file, percentage_read
from attestations.placements.views.outcomes import shown_outcome
from attestations.placements.views.preview import shown_preview

ROWS_SHOWN = 100


def import_or_404(user, number, public_id):
    return get_object_or_404(
        PlacementImport.objects.visible_to(user).select_related(
            "agency", "created_by", "applied_by", "follows"
        ),
        public_id=public_id,
        agency__register_number=number,
    )


@require_safe
def import_detail(request, number, public_id):
    """One file from its arrival to its rows; while it is being worked on the page asks again."""
    record = import_or_404(request.user, number, public_id)
    waiting = record.state in (ImportState.QUEUED, ImportState.RUNNING)
    saving = record.state == ImportState.PREVIEW and record.apply_asked_at is not None
    problems = record.problems.order_by("row", "pk")
    grouped = groups.groups_of(record)
    may_act = can_import_placements(request.user, record.agency)
    preview = record.state == ImportState.PREVIEW and not saving
    marked = annotating.standing(record, at=timezone.now()) if may_act else "none"
    context = {
        "record": record,
        "agency": record.agency,
        "waiting": waiting,
        "saving": saving,
        "asks_again": waiting or saving,
        "preview": preview,
        "correctable": may_act and preview,
        "rows_taken": (
            None
            if record.rows_new is None
            else record.rows_new + record.rows_changed + record.rows_unchanged
        ),
        **(shown_preview(request.GET, record, may_act=may_act) if preview else _saved(record)),
        "groups": grouped[: groups.GROUPS_SHOWN],
        "groups_shown": groups.GROUPS_SHOWN,
        "more_groups": len(grouped) > groups.GROUPS_SHOWN,
        "day_orders": groups.day_orders(record, today=timezone.localdate()),
        "corrections": list(groups.in_force(record)),
        "marked": marked,
        "marked_refusal": annotating.refusal(record) if marked == "refused" else "",
        "follower": record.followed_by.first(),
        "problems": list(problems[:ROWS_SHOWN]),
        "problem_count": problems.count(),
        "rows_shown": ROWS_SHOWN,
        "may_act": may_act,
        "sheets_not_read": [one["sheet"] for one in record.header.get("others", ())]
        if may_act
        else [],
        "may_name_columns": may_act and may_name_columns(record),
        "percentage": percentage_read(record),
        "file": about_file(record),
    }
    return render(request, "placements/import_detail.html", context)


def _saved(record):
    """How the placements stand now that came by this file."""
    placements = Placement.objects.filter(agency=record.agency_id, placement_import=record)
    return {
        "outcomes": [
            shown_outcome(value, many=many)
            for value, many in queries.outcomes(placements).items()
            if many
        ],
        "findings": queries.outcomes_by_rule(placements),
    }


@require_POST
def apply(request, number, public_id):
    record = import_or_404(request.user, number, public_id)
    try:
        services.ask_to_apply(import_id=record.pk, by=request.user)
    except IllegalTransition as refused:
        messages.error(request, str(refused))
    return redirect("placements:import_detail", number, public_id)


@require_POST
def cancel(request, number, public_id):
    record = import_or_404(request.user, number, public_id)
    try:
        services.cancel_import(import_id=record.pk, by=request.user)
    except IllegalTransition as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The file was cancelled. Nothing of it was saved."))
    return redirect("placements:import_detail", number, public_id)


@require_safe
def problems(request, number, public_id):
    record = import_or_404(request.user, number, public_id)
    return attachment(downloads.problems_csv(record), "text/csv; charset=utf-8", "problems.csv")


def attachment(content, content_type, name):
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
