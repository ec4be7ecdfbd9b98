import django_filters
from django import forms
from django.db.models import Q

from audits.enums import AuditKind, AuditState
from audits.models import Audit


class AuditFilter(django_filters.FilterSet):
    """What a queue of audits is narrowed by."""

    state = django_filters.ChoiceFilter(choices=AuditState.choices, empty_label="Any state")
    kind = django_filters.ChoiceFilter(choices=AuditKind.choices, empty_label="Any kind")
    agency = django_filters.CharFilter(
        method="of_agency", label="Agency", max_length=100, help_text="Part of its name or number."
    )
    mine = django_filters.BooleanFilter(
        method="of_mine", label="Only those I work on", widget=forms.CheckboxInput
    )

    class Meta:
        model = Audit
        fields = ("state", "kind")

    def of_agency(self, queryset, name, value):
        wanted = value.strip()
        return queryset.filter(
            Q(agency__legal_name__icontains=wanted) | Q(agency__register_number__iexact=wanted)
        )

    def of_mine(self, queryset, name, value):
        if not value:
            return queryset
        on_team = Q(team__user=self.request.user, team__left_at=None)
        return queryset.filter(pk__in=Audit.objects.filter(on_team).values("pk"))
