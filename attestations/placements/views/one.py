"""One placement: what it says, how it came out and why, and taking it back."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agencies.models import Agency
from attestations.placements import services
from attestations.placements.explaining import explained, stated_in_words, values_of
from attestations.placements.forms import WithdrawForm
from attestations.placements.models import Placement
from attestations.placements.permissions import (
    can_withdraw_placement,
    check_can_withdraw_placement,
)
from attestations.placements.views.outcomes import shown_outcome


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
