from django import forms

from agencies.lib.fields import DayField, WordsField
from attestations.enums import AnswerChoice
from attestations.models import EvidenceFile
from attestations.services.drafting import LONGEST_EXPLANATION
from attestations.services.review import LONGEST_NOTE


class FileField(forms.ModelChoiceField):
    def label_from_instance(self, obj):
        return f"{obj.original_name} (handed in on {obj.stored_at:%Y-%m-%d})"


class AnswerForm(forms.Form):
    """One answer, and if the person wants a file that bears it out."""

    choice = forms.ChoiceField(
        choices=AnswerChoice.choices,
        widget=forms.RadioSelect,
        label="Your answer",
        error_messages={"required": "Choose one of the three answers."},
    )
    explanation = WordsField(
        rows=5,
        required=False,
        max_length=LONGEST_EXPLANATION,
        label="Explanation",
        help_text="What you do, or by when you will. If it does not apply to you, say why.",
    )
    file = forms.FileField(
        required=False,
        allow_empty_file=True,
        label="A new file that bears this out",
        help_text="PDF, picture, text, CSV, .xlsx or .docx.",
    )
    existing = FileField(
        queryset=EvidenceFile.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label="None",
        label="Or a file that you handed in before",
    )
    covers_from = DayField(required=False, label="First day that the file covers")
    covers_until = DayField(
        required=False,
        label="Last day that the file covers",
        help_text="Leave both empty for a file that is about no period.",
    )

    def __init__(self, *args, agency, **options):
        super().__init__(*args, **options)
        self.fields["existing"].queryset = EvidenceFile.objects.filter(agency=agency)

    def clean(self):
        given = super().clean()
        if given.get("choice") == AnswerChoice.NOT_APPLICABLE and not given.get("explanation"):
            self.add_error("explanation", "Say why this does not apply to you.")
        covers_from, covers_until = given.get("covers_from"), given.get("covers_until")
        if covers_from and covers_until and covers_until < covers_from:
            self.add_error("covers_until", "The last day cannot come before the first.")
        named = (
            given.get("file") or given.get("existing") or self.errors.keys() & {"file", "existing"}
        )
        if (covers_from or covers_until) and not named:
            self.add_error("file", "Choose the file that covers these days.")
        return given

    def use_received(self, evidence):
        """Keeps a file that arrived chosen, so that nobody sends it twice to mend another field."""
        self.data = self.data.copy()
        self.data[self.add_prefix("existing")] = str(evidence.public_id)


class DeclareForm(forms.Form):
    """The words travel with the form: what was read is what is signed."""

    officer = forms.UUIDField(widget=forms.HiddenInput)
    declaration = forms.CharField(widget=forms.HiddenInput, max_length=5000)
    read = forms.BooleanField(
        label="I have read this declaration and make it for the agency",
        error_messages={"required": "Tick this to declare."},
    )

    def show(self, officer, declaration):
        """What the page shows is what comes back, also after something was wrong."""
        shown = {"officer": str(officer.public_id), "declaration": declaration}
        self.initial = shown
        if self.is_bound:
            self.data = self.data.copy()
            for name, value in shown.items():
                self.data[name] = value


class ReturnForm(forms.Form):
    note = WordsField(
        rows=8,
        max_length=LONGEST_NOTE,
        label="What has to change",
        help_text="The agency reads this. Name the requirement and what is missing.",
        error_messages={"required": "Say what has to change, so that the agency can act on it."},
    )
