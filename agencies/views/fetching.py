"""Scoped fetches: a stranger, and whoever may not see it, gets 404."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from agencies.models import Agency, Regulator


def agency_of(user, number):
    """The agency as its own people and its regulator see it."""
    agencies = Agency.objects.visible_to(user).select_related(
        "regulator", "home_country", "merged_into"
    )
    return get_object_or_404(agencies, register_number=number)


def regulator_of(user, public_id):
    """A regulator as its own staff sees it."""
    regulators = Regulator.objects.visible_to(user).select_related("country")
    return get_object_or_404(regulators, public_id=public_id)


def entry_of(agency, model, pk):
    """One of the agency's own dated entries."""
    try:
        return model.objects.get(agency=agency, pk=pk)
    except model.DoesNotExist:
        raise Http404 from None
