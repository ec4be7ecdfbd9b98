from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.lib.fields import DayField, LineField, WordsField
from agencies.models import Regulator
from audits.concerns.enums import ConcernKind

LONGEST = 8000


class ConcernForm(forms.Form):
    """What was seen; nothing but the kind and the words has to be given."""

    kind = forms.ChoiceField(
        label=_("What is it about?"),
        choices=ConcernKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is about.")},
    )
    text = WordsField(
        label=_("What happened?"),
        rows=8,
        max_length=LONGEST,
        help_text=_(
            "In any language. Leave out what could show who you are, if nobody should know."
        ),
        error_messages={"required": _("Say what happened.")},
    )
    happened_on = DayField(label=_("On which day, if you know?"), required=False)
    reporter = LineField(
        label=_("Your name and how to reach you"),
        required=False,
        max_length=300,
        help_text=_("Leave it empty to stay anonymous. Only the regulator reads it."),
    )

    def clean_happened_on(self):
        day = self.cleaned_data["happened_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return day


class OtherConcernForm(ConcernForm):
    """About an agency that has no record here."""

    agency_named = LineField(
        label=_("What is the agency called?"), max_length=200, needs_letters=True
    )
    regulator = forms.ModelChoiceField(
        label=_("Which regulator should read it?"),
        queryset=Regulator.objects.order_by("name"),
        empty_label=_("Choose one"),
        help_text=_("That of the country where the agency or the post is."),
        error_messages={"required": _("Choose the regulator that should read it.")},
    )
    field_order = ("agency_named", "regulator")


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Your code"),
        max_length=60,
        help_text=_("Twenty letters and digits, as you wrote them down. Dashes do not matter."),
        error_messages={"required": _("Enter the code of your concern.")},
    )


class MessageForm(forms.Form):
    """One message; whose it is follows from the page."""

    text = WordsField(
        label=_("Your message"),
        rows=5,
        max_length=LONGEST,
        error_messages={"required": _("Write what you want to say.")},
    )
