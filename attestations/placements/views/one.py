"""One placement: what it says, how it came out and why, putting it right, taking it back."""

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agencies.models import Agency
from attestations.placements import services
from attestations.placements.correcting_one import CorrectionRefused, correct_placement
from attestations.placements.explaining import (
    explained,
    reason_in_words,
    stated_in_data,
    stated_in_words,
    values_of,
    verdict_in_data,
)
from attestations.placements.forms import WithdrawForm
from attestations.placements.models import Placement
from attestations.placements.one_forms import CorrectPlacementForm
from attestations.placements.permissions import (
    can_import_placements,
    can_withdraw_placement,
    check_can_import_placements,
    check_can_withdraw_placement,
)
from attestations.placements.versions import earlier_versions
from attestations.placements.views.outcomes import shown_outcome


def _placement_or_404(user, number, pk):
    return get_object_or_404(
        Placement.objects.visible_to(user).select_related(
            "agency", "verdict", "placement_import", "withdrawn_by"
        ),
        pk=pk,
        agency__register_number=number,
    )


@require_safe
def placement_detail(request, number, pk):
    """`?format=json` tells the same as data."""
    placement = _placement_or_404(request.user, number, pk)
    verdict = placement.verdict
    answer = explained(placement)
    versions = earlier_versions(placement)
    changes = list(placement.verdict_changes.select_related("was", "became"))
    if request.GET.get("format") == "json":
        return JsonResponse(_in_data(placement, answer, versions, changes))
    standing = placement.withdrawn_at is None
    context = {
        "placement": placement,
        "outcome": shown_outcome(verdict.outcome if verdict else None),
        "explanations": answer.explanations,
        "could_cover": answer.could_cover,
        "is_current": answer.is_current,
        "stated": stated_in_words(values_of(placement)),
        # another agency's people are no business of whoever sees one corridor of it
        "sees_import": Agency.objects.visible_to(request.user)
        .filter(pk=placement.agency_id)
        .exists(),
        "may_correct": standing and can_import_placements(request.user, placement.agency),
        "may_withdraw": standing and can_withdraw_placement(request.user, placement),
        "versions": versions,
        "changes": [
            {
                "at": change.changed_at,
                "reason": reason_in_words(change.reason),
                "was": shown_outcome(change.was.outcome),
                "was_by": change.was,
                "became": shown_outcome(change.became.outcome if change.became else None),
                "became_by": change.became,
            }
            for change in changes
        ],
    }
    return render(request, "placements/detail.html", context)


def _in_data(placement, answer, versions, changes):
    return {
        "reference": placement.reference,
        "agency": placement.agency.register_number,
        "version": placement.version,
        "withdrawn_on": _moment(placement.withdrawn_at),
        "withdrawn_reason": placement.withdrawn_reason,
        "stated": stated_in_data(placement),
        "sheet": placement.sheet,
        "row": placement.row,
        **verdict_in_data(placement.verdict, answer),
        "earlier_versions": [
            {
                "version": earlier.version.version,
                "replaced_at": _moment(earlier.version.replaced_at),
                "by_hand": earlier.by_hand,
                "reason": earlier.version.replaced_reason,
                "changes": earlier.changes,
            }
            for earlier in versions
        ],
        "earlier_verdicts": [
            {
                "changed_at": _moment(change.changed_at),
                "reason": change.reason,
                "outcome": change.was.outcome,
                "edition": change.was.edition_label or None,
                "ruleset": change.was.ruleset_version,
                "verdict_digest": change.was.digest,
            }
            for change in changes
        ],
    }


def _moment(at):
    return at.isoformat() if at else None


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request, number, pk):
    placement = _placement_or_404(request.user, number, pk)
    check_can_import_placements(request.user, placement.agency)
    form = CorrectPlacementForm(
        request.POST if request.method == "POST" else None,
        placement=placement,
        could_cover=explained(placement).could_cover,
    )
    if form.is_valid():
        try:
            correct_placement(
                placement_id=placement.pk,
                changes=form.changes(),
                reason=form.cleaned_data["reason"],
                by=request.user,
            )
        except CorrectionRefused as refused:
            form.add_error(None, str(refused))
        except services.PlacementAlreadyWithdrawn as refused:
            messages.error(request, str(refused))
            return redirect("placements:detail", number, pk)
        else:
            messages.success(request, _("The placement is corrected and was judged again."))
            return redirect("placements:detail", number, pk)
    status = 400 if form.is_bound else 200
    context = {"placement": placement, "form": form}
    return render(request, "placements/correct.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request, number, pk):
    placement = _placement_or_404(request.user, number, pk)
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
