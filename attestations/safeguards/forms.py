from django import forms

from agencies.lib.fields import DayField, LineField, WordsField
from attestations.safeguards.edition_files import NEEDED_BESIDE_A_CSV_FILE, is_yaml
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


class RollBackForm(forms.Form):
    """Why an edition, or a revision, should not come into force."""

    reason = WordsField(
        rows=3,
        max_length=500,
        label="Why should this not come into force?",
        help_text="It can be read on its page, for ever. Name no person.",
    )


class LoadForm(forms.Form):
    """An edition as it was published: with a CSV file of its countries, or all of it in YAML."""

    file = forms.FileField(
        label="CSV or YAML file",
        help_text="CSV in UTF-8: a column “country” (a code or a name), and “printed_name” if the "
        "List prints it otherwise. YAML: label, title, published_on, valid_from, source and "
        "entries; then the fields below may stay empty.",
    )
    countries_expected = forms.IntegerField(
        min_value=1,
        max_value=300,
        label="How many countries does it list, as published?",
        help_text="The file is refused if it holds another number.",
    )
    label = LineField(
        required=False,
        max_length=20,
        label="Label",
        help_text="Short, such as 2023. It names the edition for ever.",
    )
    title = LineField(required=False, label="Title, as published")
    published_on = DayField(required=False, label="Published on")
    valid_from = DayField(
        required=False,
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
        required=False,
        max_length=2000,
        label="Source",
        help_text="Where it was published, so that another person can compare.",
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError("This file is larger than 1 MB: a list has some 60 rows.")
        return file

    def clean(self):
        """A CSV file holds the countries only: what it is said to be has to be said here."""
        cleaned = super().clean()
        if (file := cleaned.get("file")) and not is_yaml(file.name):
            for name in NEEDED_BESIDE_A_CSV_FILE:
                if name not in self.errors and not cleaned.get(name):
                    self.add_error(name, self.fields[name].error_messages["required"])
        return cleaned
