"""What the queue is narrowed by, every part of it in the address."""

from contextlib import suppress
from datetime import timedelta

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from agencies.lib import plain_text
from agencies.lib.check_characters import NumberUnreadable, normalise
from agencies.models import Agency
from audits.cases.enums import CaseKind, Stage
from audits.cases.queries import A_WEEK

DUE = [
    ("over", _("Overdue")),
    ("week", _("Within seven days")),
    ("none", _("No day is set")),
]


class CaseFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=CaseKind.choices, empty_label=_("Any kind")
    )
    stage = django_filters.ChoiceFilter(
        label=_("Stage"), choices=Stage.choices, empty_label=_("Any stage")
    )
    due = django_filters.ChoiceFilter(
        label=_("Due"), choices=DUE, method="due_by", empty_label=_("Any day")
    )
    q = django_filters.CharFilter(
        label=_("Agency or reference"),
        help_text=_("Part of a name, a register number, or the reference of the matter."),
        method="named",
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    def __init__(self, *args, today, **options):
        super().__init__(*args, **options)
        self.today = today

    def due_by(self, cases, name, when):
        if when == "none":
            return cases.filter(due_on=None)
        last = self.today + A_WEEK if when == "week" else self.today - timedelta(days=1)
        return cases.filter(due_on__lte=last)

    def named(self, cases, name, text):
        wanted = Q(reference__iexact=text.strip())
        with suppress(NumberUnreadable):
            wanted |= Q(agency__register_number=normalise(text))
        if key := plain_text.name_key(text):
            named = Agency.objects.filter(pk=OuterRef("agency"), name_key__contains=key)
            wanted |= Q(Exists(named))
        return cases.filter(wanted)
