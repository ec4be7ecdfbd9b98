import django_filters

from agencies.lib.widgets import DayInput
from attestations.crosscheck.enums import Mode, Outcome
from attestations.placements.fields import CountryField
from attestations.placements.models import Placement

OUTCOMES = [(outcome.value, outcome.label.capitalize()) for outcome in Outcome]
MODES = [(mode.value, mode.label.capitalize()) for mode in Mode]
STANDINGS = [("standing", "Not withdrawn"), ("withdrawn", "Withdrawn")]


class CountryFilter(django_filters.Filter):
    field_class = CountryField


class PlacementFilter(django_filters.FilterSet):
    """What an agency's placements are narrowed by."""

    outcome = django_filters.ChoiceFilter(
        field_name="verdict__outcome", label="Outcome", choices=OUTCOMES, empty_label="Any outcome"
    )
    residence = CountryFilter(label="Source country")
    destination = CountryFilter(label="Destination")
    mode = django_filters.ChoiceFilter(
        label="How they came together",
        choices=MODES,
        empty_label="Any way",
        null_label="Not answered",
    )
    recruited_from = django_filters.DateFilter(
        field_name="recruited_on", lookup_expr="gte", label="Recruited from", widget=DayInput()
    )
    recruited_until = django_filters.DateFilter(
        field_name="recruited_on", lookup_expr="lte", label="Recruited until", widget=DayInput()
    )
    reference = django_filters.CharFilter(
        lookup_expr="startswith", label="Reference begins with", max_length=60
    )

    standing = django_filters.ChoiceFilter(
        method="filter_standing",
        label="Withdrawn or not",
        choices=STANDINGS,
        empty_label="Either",
    )

    def filter_standing(self, placements, name, value):
        return placements.filter(withdrawn_at__isnull=value == "standing")

    class Meta:
        model = Placement
        fields = ("outcome", "residence", "destination", "mode")
