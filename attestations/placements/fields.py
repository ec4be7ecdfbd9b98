from django import forms
from django.core.exceptions import ValidationError

from agencies.countries.spellings import CountryRefused, resolve
from agencies.lib.plain_text import clean


class CountryField(forms.CharField):
    """A country by any of its spellings; what comes out is its code."""

    def __init__(self, **kwargs):
        super().__init__(max_length=120, **kwargs)

    def clean(self, value):
        text = clean(super().clean(value))
        if not text:
            return ""
        try:
            return resolve(text)
        except CountryRefused as refused:
            raise ValidationError(str(refused)) from refused
