"""What an agency may state otherwise of one row of a file, with its proof."""

from typing import Any

from django import forms

from agencies.lib.plain_text import clean
from attestations.crosscheck.remedies import Remedy
from attestations.placements.columns import BY_NAME
from attestations.placements.correcting_one import OWN_APPLICATIONS
from attestations.placements.corrections import of_a_row_left_out, of_one_row

_LONGEST_REFERENCE = BY_NAME["agreement"].longest
_LONGEST_EVIDENCE = BY_NAME["evidence_reference"].longest
_OWN_APPLICATIONS = [(mode.value, mode.label.capitalize()) for mode in OWN_APPLICATIONS]
_PROOF_HELP = (
    "Where the proof lies in your files, for example the number of the vacancy and the day of "
    "the application. Write no worker's name."
)


class CleanField(forms.CharField):
    """A line of text as it is stored."""

    def clean(self, value):
        return clean(super().clean(clean(value or "")))


class RowForm(forms.Form):
    """Something stated of one row of a file; `corrections` says it for the next reading."""

    remedy = ""

    def __init__(self, *args, could_cover=(), **kwargs):
        super().__init__(*args, prefix=self.remedy, **kwargs)
        self.could_cover = tuple(could_cover)

    def corrections(self, place) -> list[dict[str, Any]]:
        return [
            of_one_row(sheet=place.sheet, row=place.row, column=column, becomes=text)
            for column, text in self.stated().items()
        ]

    def stated(self) -> dict[str, str]:
        """The columns that it fills, by the names and words of a file."""
        return dict(self.cleaned_data)


class CiteAgreementForm(RowForm):
    remedy = Remedy.CITE_AGREEMENT.value

    agreement = CleanField(
        label="Reference of the agreement",
        help_text="As the register names it. Only a cited agreement can except a finding.",
        max_length=_LONGEST_REFERENCE,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.could_cover:
            self.fields["agreement"] = forms.ChoiceField(
                label="Agreements on file that would cover this row",
                choices=[(reference, reference) for reference in self.could_cover],
                widget=forms.RadioSelect,
            )


class OwnApplicationForm(RowForm):
    remedy = Remedy.STATE_OWN_APPLICATION.value

    mode = forms.ChoiceField(
        label="How did they come together?", choices=_OWN_APPLICATIONS, widget=forms.RadioSelect
    )
    evidence_reference = CleanField(
        label="Proof of the worker's own application",
        help_text=_PROOF_HELP,
        max_length=_LONGEST_EVIDENCE,
    )

    def stated(self):
        return {
            "mode": self.cleaned_data["mode"].lower(),
            "independent_application": "yes",
            "evidence_reference": self.cleaned_data["evidence_reference"],
        }


class LeaveOutForm(RowForm):
    remedy = "leave_out"

    def corrections(self, place):
        return [of_a_row_left_out(sheet=place.sheet, row=place.row)]


ROW_FORMS = {form.remedy: form for form in (CiteAgreementForm, OwnApplicationForm, LeaveOutForm)}
