from django import forms

from audits.enums import CheckResult
from audits.forms.fields import WordsField


class DrawForm(forms.Form):
    size = forms.IntegerField(
        min_value=1,
        label="Size of the sample",
        help_text="The seed is made by the system, and the sample is drawn only once.",
    )


class ResultForm(forms.Form):
    result = forms.ChoiceField(
        choices=CheckResult.choices, widget=forms.RadioSelect, label="Result"
    )
    note = WordsField(
        rows=4,
        required=False,
        label="Note",
        help_text="What was seen, and where. The agency reads it once the report is issued.",
    )
