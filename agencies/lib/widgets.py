"""Form controls that know no model."""

from django import forms


class DayInput(forms.DateInput):
    """A calendar day by the browser's own picker, which speaks ISO whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, str] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")
