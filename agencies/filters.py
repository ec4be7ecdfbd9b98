"""What a list may be narrowed by: bounded text and closed choices, nothing a database chokes on."""

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from agencies.lib import plain_text
from agencies.lib.check_characters import NumberUnreadable, normalise
from agencies.models import Agency, AgencyName, AgencyRestriction

STATES = [
    ("live", _("At work")),
    ("restricted", _("Suspended or withdrawn today")),
    ("ended", _("Ended or merged")),
]


class AgencyFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        label=_("Name or number"),
        method="named",
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=STATES, method="in_state", empty_label=_("Any")
    )

    class Meta:
        model = Agency
        fields = []

    def __init__(self, *args, on, **options):
        super().__init__(*args, **options)
        self.on = on

    def named(self, agencies, name, text):
        try:
            number = normalise(text)
        except NumberUnreadable:
            number = ""
        key = plain_text.name_key(text)
        if not key:
            return agencies.filter(register_number=number)
        also = AgencyName.objects.filter(agency=OuterRef("pk"), name_key__contains=key)
        return agencies.filter(Q(register_number=number) | Q(name_key__contains=key) | Exists(also))

    def in_state(self, agencies, name, state):
        if state == "restricted":
            biting = AgencyRestriction.objects.biting(self.on).filter(agency=OuterRef("pk"))
            return agencies.filter(Exists(biting))
        return agencies.filter(ended_on__isnull=state == "live")
