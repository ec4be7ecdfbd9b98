"""Form fields that take what people type: text made storable, days within reason."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator

from agencies.lib import plain_text
from agencies.lib.widgets import DayInput

EARLIEST = date(1900, 1, 1)
LATEST = date(2200, 12, 31)


class LineField(forms.CharField):
    """One line of text, composed, without what is invisible; `needs_letters` for names."""

    def __init__(self, *, needs_letters: bool = False, max_length: int = 200, **options):
        self.needs_letters = needs_letters
        super().__init__(max_length=max_length, **options)

    def to_python(self, value):
        return plain_text.clean(super().to_python(value) or "")

    def validate(self, value):
        super().validate(value)
        if value and self.needs_letters and not any(letter.isalnum() for letter in value):
            raise ValidationError("This needs at least one letter or digit.")


class WordsField(forms.CharField):
    """Several lines of text; line ends are kept."""

    def __init__(self, *, rows: int = 4, max_length: int = 500, **options):
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(max_length=max_length, widget=widget, **options)

    def to_python(self, value):
        return plain_text.clean(super().to_python(value) or "", multiline=True)


class DayField(forms.DateField):
    """A calendar day, as the register writes it and no other way."""

    widget = DayInput

    def __init__(self, **options):
        super().__init__(
            input_formats=["%Y-%m-%d"],
            validators=[
                MinValueValidator(EARLIEST, f"Give a day from {EARLIEST} on."),
                MaxValueValidator(LATEST, f"Give a day up to {LATEST}."),
            ],
            error_messages={"invalid": "Give the day as year, month, day: 2024-03-14."},
            **options,
        )
