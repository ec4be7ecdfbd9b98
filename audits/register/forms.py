"""What the public types: a name, a number, a day. Each input is bounded; rules give it meaning."""

import datetime as dt
import re

from django import forms
from django.utils.translation import gettext_lazy

from agencies.lib.widgets import DayInput

EARLIEST = dt.date(2000, 1, 1)
LATEST = dt.date(2100, 12, 31)


class DayField(forms.Field):
    """A calendar day as YYYY-MM-DD and in no other way: a day guessed is a wrong answer."""

    widget = DayInput
    default_error_messages = {
        "invalid": gettext_lazy("Give the day as YYYY-MM-DD, such as 2024-03-14."),
        "range": gettext_lazy("Give a day from 2000 to 2100."),
    }

    def to_python(self, value):
        if value in (None, ""):
            return None
        if isinstance(value, dt.date):
            return value
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            raise forms.ValidationError(self.error_messages["invalid"])
        try:
            day = dt.date.fromisoformat(value)
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"]) from None
        if not EARLIEST <= day <= LATEST:
            raise forms.ValidationError(self.error_messages["range"])
        return day


class DayForm(forms.Form):
    """The day that an answer is for; none means today."""

    all_optional = True  # so no label has to say so

    on = DayField(required=False, label=gettext_lazy("Show the answer for another day"))


class KnownAtField(forms.Field):
    """Up to when what is known counts: an instant with its zone, or a size of the public log."""

    widget = forms.HiddenInput
    default_error_messages = {
        "invalid": gettext_lazy(
            "Give known_at as an instant with its zone, such as 2024-03-14T10:00:00Z, or as the "
            "number of entries that the public log had."
        ),
    }

    def to_python(self, value):
        if value in (None, ""):
            return None
        if re.fullmatch(r"[0-9]{1,15}", value):
            return int(value)
        try:
            # in an address the + of a zone often arrives as a space
            instant = dt.datetime.fromisoformat(value.replace(" ", "+"))
            # at the edges of the calendar an instant has no place in another zone
            instant.astimezone(dt.UTC)
        except (ValueError, OverflowError):
            raise forms.ValidationError(self.error_messages["invalid"]) from None
        if instant.tzinfo is None:
            raise forms.ValidationError(self.error_messages["invalid"])
        return instant


class AnswerForm(DayForm):
    """The day that an answer is for, and up to when the register's knowledge counts."""

    known_at = KnownAtField(required=False)


class NumberForm(forms.Form):
    """The number on a certificate, as it is printed."""

    number = forms.CharField(
        max_length=80,
        label=gettext_lazy("Number of the certificate"),
        help_text=gettext_lazy(
            "As printed, such as CE00-0012-Z. Case, spaces and dashes do not matter."
        ),
    )


class SearchForm(forms.Form):
    """A name in any spelling, or a number."""

    all_optional = True

    q = forms.CharField(
        required=False,
        max_length=200,
        label=gettext_lazy("Name or number of an agency"),
        help_text=gettext_lazy("Legal, trading or former name, in any spelling."),
    )
