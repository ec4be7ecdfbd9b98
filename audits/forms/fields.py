"""Fields that several forms of an audit ask for."""

from collections import Counter

from django import forms
from django.db.models import Q

from agencies.enums import CASE_ROLES, RegulatorRole
from agencies.lib.widgets import DayInput
from agencies.models import User
from agencies.permissions import people_with

LONGEST_TEXT = 10_000


class WordsField(forms.CharField):
    """What somebody writes at length."""

    def __init__(self, *, rows=5, **options):
        options.setdefault("max_length", LONGEST_TEXT)
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **options)


class DayField(forms.DateField):
    """A calendar day, as the register writes it."""

    widget = DayInput

    def __init__(self, **options):
        super().__init__(input_formats=["%Y-%m-%d"], **options)


class NamedPeople:
    """People by their names; the address is shown only where two have one name."""

    doubled: frozenset[str] = frozenset()

    def label_from_instance(self, obj):
        return f"{obj.name} ({obj.email})" if obj.name in self.doubled else obj.name


class PeopleField(NamedPeople, forms.ModelMultipleChoiceField):
    """Some of a small circle of people."""

    widget = forms.CheckboxSelectMultiple


class PersonField(NamedPeople, forms.ModelChoiceField):
    """One of a small circle of people."""


def doubled_names(people):
    counted = Counter(people.values_list("name", flat=True))
    return frozenset(name for name, many in counted.items() if many > 1)


def possible_team(regulator, audit=None):
    """Whom a team can be made of: the regulator's case staff, and who is named on the audit."""
    staff = people_with(*CASE_ROLES, regulator=regulator)
    if audit is None:
        return staff.order_by("name", "pk")
    on_team = audit.team.filter(left_at=None, user__is_active=True)
    return User.objects.filter(Q(pk__in=staff) | Q(pk__in=on_team.values("user"))).order_by(
        "name", "pk"
    )


def possible_leaders(regulator, audit=None):
    auditors = people_with(RegulatorRole.AUDITOR, regulator=regulator)
    if audit is None:
        return auditors.order_by("name", "pk")
    on_team = audit.team.filter(left_at=None, user__is_active=True)
    return User.objects.filter(Q(pk__in=auditors) | Q(pk__in=on_team.values("user"))).order_by(
        "name", "pk"
    )
