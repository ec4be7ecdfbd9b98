from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.lib.fields import DayField, LineField, WordsField
from agencies.models import Agency, Regulator


class ContactForm(forms.Form):
    address = WordsField(label=_("Address"), required=False)
    website = forms.URLField(
        label=_("Website"),
        required=False,
        max_length=200,
        assume_scheme="https",
        error_messages={"invalid": _("Give an address such as https://agency.example")},
    )
    contact_email = forms.EmailField(label=_("E-mail address"), required=False, max_length=254)
    telephone = LineField(label=_("Telephone"), required=False, max_length=40)


class RegisterForm(ContactForm):
    """A new agency as its papers have it."""

    regulator = forms.ModelChoiceField(
        queryset=Regulator.objects.none(), label=_("Regulator"), empty_label=None
    )
    legal_name = LineField(label=_("Legal name"), needs_letters=True)
    trading_names = WordsField(
        label=_("Trading names"), required=False, help_text=_("One on each line."), max_length=1000
    )
    company_number = LineField(label=_("Company number"), required=False, max_length=60)
    issuing_register = LineField(
        label=_("Register that gave the number"), required=False, max_length=120
    )
    registered_on = DayField(label=_("Registered on"))
    is_another = forms.BooleanField(
        required=False,
        widget=forms.HiddenInput,
        label=_("I have looked at these agencies, and this is another one"),
    )
    field_order = (
        "regulator",
        "legal_name",
        "trading_names",
        "company_number",
        "issuing_register",
        "registered_on",
    )

    def __init__(self, *args, regulators, **options):
        super().__init__(*args, **options)
        self.fields["regulator"].queryset = regulators

    def clean_trading_names(self):
        names = [name.strip() for name in self.cleaned_data["trading_names"].split("\n")]
        if any(len(name) > 200 for name in names):
            raise forms.ValidationError(_("A name has at most 200 characters."))
        return [name for name in names if any(letter.isalnum() for letter in name)]

    def clean(self):
        given = super().clean()
        if given.get("company_number") and not given.get("issuing_register"):
            self.add_error("issuing_register", _("Say which register gave the company number."))
        return given

    def ask_whether_it_is_another(self):
        """From now on the form shows the question that only a person can answer."""
        self.fields["is_another"].widget = forms.CheckboxInput()


class RenameForm(forms.Form):
    legal_name = LineField(label=_("New legal name"), needs_letters=True)
    on = DayField(
        label=_("In force from"), help_text=_("The old name is kept until the day before.")
    )


class EndForm(forms.Form):
    on = DayField(
        label=_("Ended on"),
        help_text=_("The number goes on answering with this day. It cannot be taken back here."),
    )


class MergeForm(EndForm):
    into = forms.ModelChoiceField(
        queryset=Agency.objects.none(),
        to_field_name="register_number",
        label=_("Merged into"),
        help_text=_("Both agencies must be in your keeping."),
    )
    field_order = ("into", "on")

    def __init__(self, *args, agencies, **options):
        super().__init__(*args, **options)
        self.fields["into"].queryset = agencies


class TransferForm(forms.Form):
    regulator = forms.ModelChoiceField(
        queryset=Regulator.objects.none(), label=_("To which regulator")
    )
    on = DayField(label=_("From"))

    def __init__(self, *args, regulators, **options):
        super().__init__(*args, **options)
        self.fields["regulator"].queryset = regulators
