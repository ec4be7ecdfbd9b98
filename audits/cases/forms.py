from django import forms
from django.utils.translation import gettext_lazy as _


class HandOnForm(forms.Form):
    """To whom a matter goes; `held_by` is who had it when the page was read."""

    to = forms.ModelChoiceField(
        label=_("Hand the matter to"),
        queryset=None,
        required=False,
        empty_label=_("Nobody: back to the team"),
    )
    held_by = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, colleagues, **options):
        super().__init__(*args, **options)
        self.fields["to"].queryset = colleagues


class ViewForm(forms.Form):
    """The name of a saved view; what it shows is in the address it is saved from."""

    name = forms.CharField(
        label=_("Name of this view"),
        max_length=60,
        error_messages={"required": _("Enter a name for this view.")},
    )
    query = forms.CharField(max_length=2000, required=False, widget=forms.HiddenInput)
