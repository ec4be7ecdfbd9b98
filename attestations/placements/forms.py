from django import forms
from django.core.exceptions import ValidationError

from agencies.lib.plain_text import clean
from agencies.lib.widgets import DayInput
from attestations.crosscheck.enums import Mode
from attestations.crosscheck.questions import QuestionRefused, read_question
from attestations.placements.columns import BY_NAME, COLUMNS
from attestations.placements.layout import ColumnsRefused, lay_out

OUR_COLUMNS = [
    ("", "Leave it aside"),
    *((column.name, f"{column.name}: {column.words}") for column in COLUMNS),
]
# fewer columns of ours than these are probably a sheet of something else
_A_TABLE = 2
MODES = [(mode.value, mode.label.capitalize()) for mode in Mode]


class UploadForm(forms.Form):
    file = forms.FileField(
        label="File of placements",
        help_text="CSV or XLSX. No column may hold a worker's name, birth, address or number.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt"}),
    )


class ColumnsForm(forms.Form):
    """What each column of a sheet is; one question for each header that can be asked about.

    Where there are several sheets, this one may be left aside.
    """

    all_optional = True

    def __init__(self, *args, questions, headers, may_be_left_aside=False, **kwargs):
        super().__init__(*args, **kwargs)
        self._headers = headers
        self._questions = questions
        self._may_be_left_aside = may_be_left_aside
        self.mapping = {}
        known = sum(question.name is not None for question in questions)
        if may_be_left_aside:
            self.fields["sheet"] = forms.ChoiceField(
                label="Does this sheet hold placements?",
                choices=[("read", "Yes, read it as said below"), ("aside", "No, leave it aside")],
                initial="read" if known >= _A_TABLE else "aside",
                widget=forms.RadioSelect,
            )
        for question in questions:
            self.fields[question.field] = forms.ChoiceField(
                label=question.label,
                help_text=question.hint,
                choices=OUR_COLUMNS,
                initial=question.name or "",
                required=False,
            )

    @property
    def is_left_aside(self):
        return self._may_be_left_aside and self["sheet"].value() == "aside"

    def names(self):
        """Our column for each header of the sheet, as it stands in the form."""
        said = {question.at: self[question.field].value() or None for question in self._questions}
        known = {at: name if name in BY_NAME else None for at, name in said.items()}
        return [known.get(at) for at in range(len(self._headers))]

    def clean(self):
        """The mapping; what it lacks or says twice is told in full."""
        self.mapping = {
            question.header: self.cleaned_data.get(question.field) or None
            for question in self._questions
        }
        if self.cleaned_data.get("sheet") == "aside":
            return self.cleaned_data
        try:
            lay_out(self._headers, self.mapping)
        except ColumnsRefused as refused:
            for reason in refused.reasons:
                self.add_error(None, reason)
        return self.cleaned_data


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label="Why do you withdraw this placement?",
        help_text="The regulator reads this. Write no worker's name.",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_reason(self):
        reason = clean(self.cleaned_data["reason"])
        if not reason:
            raise ValidationError("Say why.")
        return reason


class AskForm(forms.Form):
    """The question as people type it; meaning belongs to `read_question`."""

    source = forms.CharField(
        label="Where does the worker live?",
        help_text="A country by its name or code, for example Ghana or GHA.",
        max_length=120,
    )
    destination = forms.CharField(
        label="Where is the post?",
        help_text="A country; England, Scotland, Wales and Northern Ireland are understood.",
        max_length=120,
    )
    occupation = forms.CharField(
        label="What is the worker qualified as?",
        help_text="An ISCO-08 code or title, for example 2221 or registered nurse.",
        max_length=160,
    )
    placed = forms.CharField(
        label="What is the post, if it is another occupation?", required=False, max_length=160
    )
    mode = forms.ChoiceField(
        label="How do recruiter and worker come together?",
        choices=[("", "Not known"), *MODES],
        required=False,
    )
    on = forms.CharField(
        label="On which day is the first active step?",
        help_text="The day that counts is the day of recruitment, not the start of work.",
        widget=DayInput(),
        max_length=40,
    )
    start = forms.CharField(
        label="On which day does the work begin?",
        required=False,
        widget=DayInput(),
        max_length=40,
    )
    training = forms.CharField(label="Where did the worker train?", required=False, max_length=120)
    months = forms.IntegerField(
        label="For how many months has the worker lived in the source country?",
        required=False,
        min_value=0,
        max_value=1200,
    )
    evidence = forms.ChoiceField(
        label="Is there proof that the worker applied alone, before any help?",
        choices=[("", "Not known"), ("yes", "Yes"), ("no", "No")],
        required=False,
    )
    agreement = forms.CharField(
        label="Does an agreement between governments cover it?",
        help_text="Its reference in the register.",
        required=False,
        max_length=60,
    )

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self._today = today
        self.question = None

    def clean(self):
        """Reads the whole question; each point that was not understood goes to its field."""
        stated = {
            name: str(value)
            for name, value in self.cleaned_data.items()
            if value not in (None, "") and name not in self.errors
        }
        try:
            self.question = read_question(stated, today=self._today)
        except QuestionRefused as refused:
            for name, problem in refused.problems.items():
                if name not in self.errors:
                    field = name if name in self.fields else None
                    self.add_error(field, problem.partition(": ")[2] or problem)
        return self.cleaned_data
