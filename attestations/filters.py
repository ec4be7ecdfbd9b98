import django_filters
from django.db.models import Q

from agencies.lib.widgets import DayInput
from attestations.enums import AttestationState
from attestations.models import Attestation

DAY = {"widget": DayInput, "input_formats": ["%Y-%m-%d"]}


class AttestationFilter(django_filters.FilterSet):
    """What a regulator's list of attestations is narrowed by."""

    state = django_filters.ChoiceFilter(
        choices=[choice for choice in AttestationState.choices if choice[0] != "draft"],
        empty_label="Any state",
    )
    agency = django_filters.CharFilter(
        method="of_agency", label="Agency", max_length=100, help_text="Part of its name or number."
    )
    submitted_from = django_filters.DateFilter(
        field_name="submitted_at", lookup_expr="date__gte", label="Handed in from", **DAY
    )
    submitted_until = django_filters.DateFilter(
        field_name="submitted_at", lookup_expr="date__lte", label="Handed in until", **DAY
    )

    class Meta:
        model = Attestation
        fields = ("state",)

    def of_agency(self, queryset, name, value):
        wanted = value.strip()
        return queryset.filter(
            Q(agency__legal_name__icontains=wanted) | Q(agency__register_number__iexact=wanted)
        )
