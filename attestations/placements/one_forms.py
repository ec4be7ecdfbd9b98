"""One stored placement stated otherwise: every column as a file would write it."""

import json
from typing import Any

from django import forms
from django.utils import timezone

from agencies.lib.widgets import DayInput
from attestations.crosscheck.enums import Mode
from attestations.placements.cells import LONGEST_CELL, CellRefused, reader_for
from attestations.placements.columns import COLUMNS, Column, Kind
from attestations.placements.modes import WRITTEN
from attestations.placements.remedy_forms import CleanField
from attestations.placements.rows import vocabulary
from attestations.placements.writing import cell_of

_CORRECTED = [column for column in COLUMNS if column.kind is not Kind.REFERENCE]
_NOT_ANSWERED = ("", "Not answered")
_CHOICES = {
    Kind.MODE: [_NOT_ANSWERED, *((WRITTEN[mode], mode.label.capitalize()) for mode in Mode)],
    Kind.YES_NO: [_NOT_ANSWERED, ("yes", "Yes"), ("no", "No")],
}


class CorrectPlacementForm(forms.Form):
    """What a stored placement shall say instead; it begins with what it says now.

    A cell that stays as it was written is not read: what an older reading took stays taken.
    """

    all_optional = True

    def __init__(self, *args, placement, could_cover=(), **kwargs):
        super().__init__(*args, **kwargs)
        self._placement = placement
        self._changes: dict[str, Any] = {}
        for column in _CORRECTED:
            self.fields[column.name] = _field(column)
            self.initial[column.name] = cell_of(column, getattr(placement, column.field))
        if could_cover:
            self.fields[
                "agreement"
            ].help_text = f"On file, and would cover this placement: {', '.join(could_cover)}."
        self.fields["reason"] = CleanField(
            label="Why do you correct this placement?",
            help_text="The regulator reads this. Write no worker's name.",
            max_length=300,
            widget=forms.Textarea(attrs={"rows": 3}),
        )

    def clean(self):
        """Reads what was written otherwise as a file's cells are read, with the same refusals."""
        words = vocabulary(timezone.localdate())
        for column in _CORRECTED:
            text = self.cleaned_data.get(column.name)
            # a browser sends every field; what was not sent at all is not stated
            if text is None or column.name not in self.data or text == self.initial[column.name]:
                continue
            try:
                self._changes |= _stated(column, reader_for(column, words)(text))
            except CellRefused as refused:
                self.add_error(column.name, f"{refused.message} {refused.suggestion}".strip())
        self._check_part()
        return self.cleaned_data

    def _check_part(self):
        """A destination such as England names a part as well, which the other cell must not deny.

        Where that cell was left as it was, the part moves with the destination.
        """
        part = self._changes.pop("part", "")
        stated = self._changes.get("destination_part")
        if part and stated and stated != part:
            self.add_error(
                "destination_part",
                f"The destination says {part}, and this says {stated}. Say the same in both.",
            )
        elif part:
            self._changes["destination_part"] = part

    def changes(self) -> dict[str, Any]:
        """By field, as it is stored; only what was written otherwise."""
        return dict(self._changes)


def _field(column: Column) -> forms.Field:
    if choices := _CHOICES.get(column.kind):
        return forms.ChoiceField(label=column.words, choices=choices, required=False)
    return forms.CharField(
        label=column.words,
        help_text="" if column.kind is Kind.DAY else f"{column.form[:1].upper()}{column.form[1:]}.",
        required=False,
        max_length=LONGEST_CELL,
        widget=DayInput() if column.kind is Kind.DAY else forms.TextInput(),
    )


def _stated(column: Column, value: Any) -> dict[str, Any]:
    if column.kind is Kind.DESTINATION:
        country, part = value or (None, "")
        return {"destination": country} | ({"part": part} if part else {})
    if column.kind in (Kind.FEES, Kind.REPAYMENT) and value is not None:
        return {column.field: json.loads(value)}
    return {column.field: value}
