"""One form a kind of entry that belongs to an agency with its dates."""

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.enums import PartnerKind, Scheme, Side
from agencies.lib.fields import DayField, LineField, WordsField
from agencies.models import Country, Partner, User


class CountryField(forms.ModelChoiceField):
    def __init__(self, **options):
        super().__init__(queryset=Country.objects.all(), **options)


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, obj):
        return f"{obj.name} ({obj.email})"


class RecordForm(forms.Form):
    """What every entry has: the days from and until which it holds."""

    valid_from = DayField(label=_("From"))
    valid_until = DayField(
        label=_("Until"), required=False, help_text=_("Leave empty while it has no end.")
    )

    def __init__(self, *args, agency, **options):
        super().__init__(*args, **options)
        self.agency = agency

    def clean(self):
        given = super().clean()
        first, last = given.get("valid_from"), given.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("It cannot end before it begins."))
        return given

    def values(self):
        """What the act takes: rows by their key."""
        rows = {
            name for name, field in self.fields.items() if isinstance(field, forms.ModelChoiceField)
        }
        return {
            f"{name}_id" if name in rows else name: getattr(value, "pk", value)
            for name, value in self.cleaned_data.items()
        }


class TradingNameForm(RecordForm):
    name = LineField(label=_("Trading name"), needs_letters=True)
    field_order = ("name",)


class OfficerForm(RecordForm):
    name = LineField(label=_("Name"), needs_letters=True)
    position = LineField(label=_("Position"), needs_letters=True, max_length=120)
    may_sign = forms.BooleanField(label=_("Signs for the agency"), required=False)
    user = PersonField(
        queryset=User.objects.none(),
        required=False,
        label=_("Account"),
        help_text=_("The person’s own account, where they have one. Only they can sign with it."),
    )
    field_order = ("name", "position", "may_sign", "user")

    def __init__(self, *args, agency, **options):
        super().__init__(*args, agency=agency, **options)
        self.fields["user"].queryset = people_of(agency)


class ReplaceOfficerForm(forms.Form):
    """Who follows a signing officer, and from which day."""

    name = LineField(label=_("Name of the successor"), needs_letters=True)
    position = LineField(label=_("Position"), needs_letters=True, max_length=120)
    user = PersonField(queryset=User.objects.none(), required=False, label=_("Account"))
    on = DayField(label=_("Signs from"), help_text=_("The predecessor signs until the day before."))

    def __init__(self, *args, agency, **options):
        super().__init__(*args, **options)
        self.fields["user"].queryset = people_of(agency)


class BranchForm(RecordForm):
    name = LineField(label=_("Name"), needs_letters=True)
    country = CountryField(label=_("Country"))
    address = WordsField(label=_("Address"), required=False)
    field_order = ("name", "country", "address")


class PartnerForm(RecordForm):
    name = LineField(label=_("Name"), needs_letters=True)
    kind = forms.ChoiceField(
        label=_("What it does"), choices=PartnerKind.choices, widget=forms.RadioSelect
    )
    country = CountryField(label=_("Country"))
    licence = LineField(
        label=_("Its licence"),
        required=False,
        max_length=120,
        help_text=_("As it is printed there."),
    )
    field_order = ("name", "kind", "country", "licence")


class AuthorizationForm(RecordForm):
    side = forms.ChoiceField(
        label=_("Where it counts"), choices=Side.choices, widget=forms.RadioSelect
    )
    country = CountryField(label=_("Country"))
    held = forms.TypedChoiceField(
        label=_("Do you hold one?"),
        choices=[("yes", _("Yes")), ("no", _("No, we hold none there"))],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
        initial="yes",
    )
    issuer = LineField(label=_("Issued by"), required=False)
    number = LineField(
        label=_("Number"), required=False, max_length=120, help_text=_("As it is printed.")
    )
    partner = forms.ModelChoiceField(
        queryset=Partner.objects.none(),
        required=False,
        label=_("Held by a partner"),
        help_text=_("Only where the partner holds it and not you."),
    )
    field_order = ("side", "country", "held", "issuer", "number", "partner")

    def __init__(self, *args, agency, **options):
        super().__init__(*args, agency=agency, **options)
        self.fields["partner"].queryset = agency.partners.all()


class SchemeForm(RecordForm):
    scheme = forms.ChoiceField(label=_("Scheme"), choices=Scheme.choices, widget=forms.RadioSelect)
    reference = LineField(label=_("Reference there"), required=False, max_length=120)
    source = LineField(
        label=_("Where you read it"), max_length=300, help_text=_("The list and its date.")
    )
    field_order = ("scheme", "reference", "source")


class EndRecordForm(forms.Form):
    last_day = DayField(label=_("Last day"), help_text=_("The entry holds on this day as well."))


def people_of(agency):
    live = agency.memberships.live()
    return User.objects.filter(is_active=True, pk__in=live.values("user")).order_by("name", "pk")
