from django import forms

from agencies.lib.fields import DayField, LineField, WordsField
from attestations.safeguards.models import ListEdition
from attestations.safeguards.reading import LARGEST_FILE


class DayForm(forms.Form):
    """The day that a reader asks about."""

    on = DayField(required=False, label="On which day?", help_text="Today, if left empty.")


class EditionsForm(forms.Form):
    """Two editions to compare."""

    earlier = forms.ModelChoiceField(queryset=ListEdition.objects.none(), label="Earlier edition")
    later = forms.ModelChoiceField(queryset=ListEdition.objects.none(), label="Later edition")

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.queryset = ListEdition.objects.active()


class LoadForm(forms.Form):
    """An edition as it was published, with the file of its countries."""

    file = forms.FileField(
        label="CSV file of its countries",
        help_text="UTF-8, with a column “country” (a code or a name), and “printed_name” if the "
        "List prints it otherwise.",
    )
    countries_expected = forms.IntegerField(
        min_value=1,
        max_value=300,
        label="How many countries does it list, as published?",
        help_text="The file is refused if it holds another number.",
    )
    label = LineField(
        max_length=20,
        label="Label",
        help_text="Short, such as 2023. It names the edition for ever.",
    )
    title = LineField(label="Title, as published")
    published_on = DayField(label="Published on")
    valid_from = DayField(
        label="In force from",
        help_text="The day of publication, unless WHO says otherwise.",
    )
    certainty = WordsField(
        rows=2,
        required=False,
        max_length=1000,
        label="How certain are these days?",
    )
    source = WordsField(
        rows=3,
        max_length=2000,
        label="Source",
        help_text="Where it was published, so that another person can compare.",
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError("This file is larger than 1 MB: a list has some 60 rows.")
        return file
