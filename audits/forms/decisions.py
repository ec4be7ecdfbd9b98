from django import forms

from audits.enums import AppealState, DecisionOutcome
from audits.forms.fields import DayField, WordsField


class ConclusionForm(forms.Form):
    method = WordsField(
        label="Method",
        help_text="How the audit was done, where and when, and whom the team met, by their office.",
    )
    conclusion = WordsField(rows=8, label="Conclusion")


class AddendumForm(forms.Form):
    text = WordsField(label="What the report should have said")
    reason = WordsField(rows=3, label="Why it is corrected")


class ProposeForm(forms.Form):
    outcome = forms.ChoiceField(
        choices=DecisionOutcome.choices, widget=forms.RadioSelect, label="Outcome"
    )
    reasons = WordsField(
        rows=8, label="Reasons", help_text="The agency reads them; the register shows them."
    )
    conditions = WordsField(
        rows=4,
        required=False,
        label="Conditions",
        help_text="For a grant with conditions: what has to be done, and by when.",
    )
    valid_from = DayField(required=False, label="Certificate valid from")
    valid_until = DayField(required=False, label="Certificate valid until")

    def __init__(self, *args, outcomes, **options):
        super().__init__(*args, **options)
        self.fields["outcome"].choices = [(outcome.value, outcome.label) for outcome in outcomes]

    def act(self):
        given = dict(self.cleaned_data)
        if given["outcome"] == DecisionOutcome.REFUSED:
            given |= {"valid_from": None, "valid_until": None}
        if given["outcome"] != DecisionOutcome.GRANTED_WITH_CONDITIONS:
            given["conditions"] = given["conditions"].strip()
        return given


class DeclineForm(forms.Form):
    reason = WordsField(rows=3, label="Why is the proposal not followed?")


class AppealForm(forms.Form):
    grounds = WordsField(rows=8, label="On what grounds do you appeal?")


class HearForm(forms.Form):
    outcome = forms.ChoiceField(
        choices=[
            (AppealState.DECISION_UPHELD.value, AppealState.DECISION_UPHELD.label),
            (AppealState.DECISION_SET_ASIDE.value, AppealState.DECISION_SET_ASIDE.label),
        ],
        widget=forms.RadioSelect,
        label="Answer",
    )
    reasons = WordsField(rows=8, label="Reasons")
