"""What a click on the page of an import says; its meaning belongs to `corrections`."""

from django import forms

from attestations.placements.columns import COLUMNS, Kind
from attestations.placements.corrections import LONGEST_BECOMES, MOST_CORRECTIONS
from attestations.placements.rows import LONGEST_VALUE

_DIGITS_AND_COMMA = 8


class WrittenInsteadForm(forms.Form):
    column = forms.ChoiceField(choices=[(column.name, column.name) for column in COLUMNS])
    value = forms.CharField(max_length=LONGEST_VALUE)
    becomes = forms.CharField(
        max_length=LONGEST_BECOMES, error_messages={"required": "Say what to write instead."}
    )


class DayOrderForm(forms.Form):
    column = forms.ChoiceField(
        choices=[(column.name, column.name) for column in COLUMNS if column.kind is Kind.DAY]
    )
    day_first = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])


class LeftOutForm(forms.Form):
    problem = forms.IntegerField(min_value=1, max_value=2**63 - 1)


class TakenBackForm(forms.Form):
    """Places in the list of corrections of an import, which never changes."""

    positions = forms.RegexField(
        r"^[0-9]{1,6}(,[0-9]{1,6})*$", max_length=MOST_CORRECTIONS * _DIGITS_AND_COMMA
    )

    def clean_positions(self):
        return {int(position) for position in self.cleaned_data["positions"].split(",")}
