from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.lib.plain_text import name_key
from audits.checking.lists import LARGEST, MOST_LINES, ListRefused, from_file, from_text


class ManyForm(forms.Form):
    """A list of agencies, pasted or as a file; `table` is what was read of it."""

    all_optional = True

    text = forms.CharField(
        label=_("Paste your list"),
        help_text=_("One name or number on each line, at most %(most)s lines.")
        % {"most": f"{MOST_LINES:,}"},
        required=False,
        max_length=LARGEST,
        strip=False,  # a tab at the beginning is an empty first cell
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=_("Or choose a CSV file"),
        help_text=_(
            "The column headed “Name”, “Agency” or “Number” is checked, else the first. The other "
            "columns stay as they are. The file is looked at once and not kept."
        ),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean(self):
        cleaned = super().clean()
        file, text = cleaned.get("file"), cleaned.get("text")
        if self.errors:
            return cleaned
        if not file and not text:
            raise forms.ValidationError(_("Paste a list, or choose a CSV file."))
        try:
            self.table = from_file(file.read()) if file else from_text(text)
        except ListRefused as refused:
            self.add_error("file" if file else "text", str(refused))
        return cleaned


class PersonForm(forms.Form):
    name = forms.CharField(
        label=_("The person’s full name"),
        help_text=_("As they gave it to you, first and last name."),
        max_length=200,
        error_messages={"required": _("Enter the person’s full name.")},
    )

    def clean_name(self):
        name = self.cleaned_data["name"]
        if len(name_key(name).split()) < 2:
            raise forms.ValidationError(_("Enter both the first and the last name."))
        return name
