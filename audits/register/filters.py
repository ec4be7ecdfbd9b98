"""How the list of the register may be narrowed: by fields listed here and by no others."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy

from agencies.models import Agency, Country


class NarrowingForm(forms.Form):
    """What the list may be narrowed by."""

    all_optional = True  # so no label has to say so


class RegisterFilter(django_filters.FilterSet):
    """By home country; every value is checked against the countries that have agencies."""

    country = django_filters.ModelChoiceFilter(
        field_name="home_country",
        queryset=lambda request: Country.objects.filter(agencies__isnull=False).distinct(),
        label=gettext_lazy("Home country"),
        empty_label=gettext_lazy("All countries"),
        widget=forms.Select,
    )

    class Meta:
        model = Agency
        fields = ("country",)
        form = NarrowingForm
