"""One form a kind of record: it reads what is typed, and each row of a file."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from agencies.countries.spellings import CountryRefused, resolve
from agencies.enums import Side
from agencies.lib.fields import DayField, LineField, WordsField
from agencies.models import Country
from attestations.enums import CommunicationKind, RevisionKind
from attestations.occupations import OccupationRefused, resolve_occupation
from attestations.safeguards.reading import LARGEST_FILE

YES_OR_NO = (("yes", _("Yes")), ("no", _("No")))
_CODES = re.compile(r"[\d\s;,]+")
_BETWEEN = re.compile(r"[;\n]+")


class CountryChoice(forms.ChoiceField):
    """Chosen on a page; in a file any spelling of a country that is not in doubt."""

    def __init__(self, **options):
        super().__init__(choices=_countries, **options)

    def to_python(self, value):
        text = super().to_python(value)
        if not text:
            return text
        try:
            return resolve(text)
        except CountryRefused as refused:
            raise ValidationError(str(refused)) from None


def _countries():
    return [("", ""), *Country.objects.values_list("iso3", "name")]


class OccupationsField(WordsField):
    """ISCO-08 codes, or titles with a semicolon or a new line between them."""

    def __init__(self, **options):
        super().__init__(
            rows=3,
            max_length=2000,
            label=_("Posts"),
            help_text=_(
                "ISCO-08 codes or titles, one a line, such as 2221 or Nursing professionals. "
                "A three-digit code stands for all that it holds."
            ),
            **options,
        )

    def clean(self, value):
        text = super().clean(value)
        texts = text.replace(",", " ").split() if _CODES.fullmatch(text) else _BETWEEN.split(text)
        codes, problems = set(), []
        for each in filter(None, (one.strip(" ;,") for one in texts)):
            try:
                codes.add(resolve_occupation(each))
            except OccupationRefused as refused:
                problems.append(str(refused))
        if problems:
            raise ValidationError(problems)
        return sorted(codes)


class YesNoField(forms.TypedChoiceField):
    def __init__(self, **options):
        super().__init__(
            choices=YES_OR_NO,
            coerce=lambda text: text == "yes",
            widget=forms.RadioSelect,
            **options,
        )


class RowForm(forms.Form):
    """`attributes` maps a field to the model's attribute where the names differ."""

    attributes: dict[str, str] = {}

    def row(self):
        """What was said, as it is kept: texts, codes, and days as text."""
        return {
            self.attributes.get(name, name): value.isoformat()
            if hasattr(value, "isoformat")
            else value
            for name, value in self.cleaned_data.items()
        }

    def clean(self):
        said = super().clean()
        first, last = said.get("valid_from"), said.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("The last day comes before the first."))
        return said


def _first_day(label):
    return DayField(label=label, help_text=_("As its document says. The day itself is included."))


def _last_day():
    return DayField(
        required=False,
        label=_("Last day"),
        help_text=_("As its document says, and included. Empty if it says none."),
    )


def _document(label):
    return WordsField(
        rows=2,
        max_length=2000,
        label=label,
        help_text=_("Where its text can be read, so that another person can compare."),
    )


class AgreementForm(RowForm):
    reference = LineField(
        max_length=60,
        needs_letters=True,
        label=_("Reference"),
        help_text=_("What agencies cite. It names this agreement for ever."),
    )
    title = LineField(max_length=200, needs_letters=True, label=_("Title"))
    source = CountryChoice(label=_("Country of origin"))
    destination = CountryChoice(label=_("Country of destination"))
    valid_from = _first_day(_("First day"))
    valid_until = _last_day()
    occupations = OccupationsField()
    agencies_may_act = YesNoField(label=_("Does it say that agencies may act?"))
    health_ministry_takes_part = YesNoField(label=_("Does a health ministry take part in it?"))
    quota = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=1_000_000,
        label=_("Largest number of people"),
        help_text=_("Empty if it says none."),
    )
    document = _document(_("Document"))
    attributes = {"source": "source_country_id", "destination": "destination_country_id"}

    def clean(self):
        said = super().clean()
        if said.get("source") and said.get("source") == said.get("destination"):
            self.add_error("destination", _("An agreement is between two countries."))
        return said


class CommunicationForm(RowForm):
    country = CountryChoice(label=_("Country"))
    kind = forms.ChoiceField(
        choices=CommunicationKind.choices,
        widget=forms.RadioSelect,
        label=_("What does it say of recruitment from the country?"),
    )
    valid_from = _first_day(_("First day"))
    valid_until = _last_day()
    occupations = OccupationsField(required=False)
    document = _document(_("Document"))
    attributes = {"country": "country_id"}

    def clean(self):
        said = super().clean()
        willing = said.get("kind") == CommunicationKind.WILLING
        if willing and not said.get("occupations") and "occupations" not in self.errors:
            self.add_error("occupations", _("Say for which posts the country is willing."))
        return said


class EmergencyForm(RowForm):
    country = CountryChoice(label=_("Country"))
    title = LineField(max_length=200, needs_letters=True, label=_("What happened"))
    valid_from = _first_day(_("First day"))
    valid_until = _last_day()
    source = _document(_("Source"))
    attributes = {"country": "country_id"}


class RequirementForm(RowForm):
    country = CountryChoice(label=_("Country that requires it"))
    side = forms.ChoiceField(
        choices=[(side.value, side.label) for side in (Side.SOURCE, Side.DESTINATION)],
        widget=forms.RadioSelect,
        label=_("Of those who recruit from it, or to it?"),
    )
    valid_from = _first_day(_("First day"))
    valid_until = _last_day()
    source = _document(_("Source"))
    attributes = {"country": "country_id"}


FORMS = {
    RevisionKind.AGREEMENT: AgreementForm,
    RevisionKind.COMMUNICATION: CommunicationForm,
    RevisionKind.EMERGENCY: EmergencyForm,
    RevisionKind.REQUIREMENT: RequirementForm,
}


class FileForm(forms.Form):
    """A file of rows; `columns` are named to the reader."""

    file = forms.FileField()

    def __init__(self, *args, columns, label, **options):
        super().__init__(*args, **options)
        self.fields["file"].label = label
        self.fields["file"].help_text = format_lazy(
            _("In UTF-8, with the columns {columns}. Days are written as 2027-03-01."),
            columns=", ".join(columns),
        )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_("This file is larger than 1 MB."))
        return file


class EndForm(forms.Form):
    """The early end of what is in force."""

    ends_on = DayField(
        label=_("Last day"),
        help_text=_("The day itself is included. Not before today, nor before the document’s day."),
    )
    document_dated_on = DayField(
        required=False,
        label=_("Day of the document that ends it"),
        help_text=_("Needed if the last day has passed already."),
    )
    document = _document(_("Document"))
