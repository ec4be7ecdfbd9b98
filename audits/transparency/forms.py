"""What a program asks when it wants a proof: whole numbers within the log."""

from django import forms
from django.utils.translation import gettext as _


class _InTheLog(forms.Form):
    """`size` is how far the log has come, `signed` the size of the last checkpoint."""

    def __init__(self, *args, size, signed, **kwargs):
        super().__init__(*args, **kwargs)
        self.size, self.signed = size, signed

    def _within(self, name):
        """The size asked about; the last checkpoint's, or the log's, where none is named."""
        asked = self.cleaned_data.get(name)
        if asked is None:
            asked = self.size if self.signed is None else self.signed
        if asked > self.size:
            raise forms.ValidationError(_("The log has {size} leaves.").format(size=self.size))
        return asked


class InclusionForm(_InTheLog):
    position = forms.IntegerField(min_value=0)
    size = forms.IntegerField(min_value=1, required=False)

    def clean_size(self):
        return self._within("size")

    def clean(self):
        cleaned = super().clean()
        position, size = cleaned.get("position"), cleaned.get("size")
        if position is not None and size is not None and position >= size:
            self.add_error(
                "position",
                _("The log of {size} leaves has no leaf {position}.").format(
                    size=size, position=position
                ),
            )
        return cleaned


class ConsistencyForm(_InTheLog):
    first = forms.IntegerField(min_value=0)
    second = forms.IntegerField(min_value=0, required=False)

    def clean_second(self):
        return self._within("second")

    def clean(self):
        cleaned = super().clean()
        first, second = cleaned.get("first"), cleaned.get("second")
        if first is not None and second is not None and first > second:
            self.add_error("first", _("The first size is not larger than the second."))
        return cleaned
