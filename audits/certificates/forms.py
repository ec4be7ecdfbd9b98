"""What staff type to change the status of a certificate."""

from django import forms
from django.utils.translation import gettext_lazy

from agencies.lib.widgets import DayInput
from audits.enums import StatusKind, StatusReason


class StatusChangeForm(forms.Form):
    """A proposal: the kinds that are possible now, from which day, and why."""

    kind = forms.ChoiceField(label=gettext_lazy("What should happen"), widget=forms.RadioSelect)
    effective_on = forms.DateField(
        label=gettext_lazy("With effect from"),
        help_text=gettext_lazy("A day on which the certificate is valid; it may lie in the past."),
        widget=DayInput,
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=StatusReason.choices,
        help_text=gettext_lazy("Shown to everybody who checks the certificate."),
    )
    explanation = forms.CharField(
        label=gettext_lazy("Explanation"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Read by whoever answers the proposal. It is not published."),
    )

    def __init__(self, *args, kinds=(), **kwargs):
        super().__init__(*args, **kwargs)
        labels = dict(StatusKind.choices)
        self.fields["kind"].choices = [(kind, labels[kind]) for kind in kinds]


class DeclineForm(forms.Form):
    """Why a proposal is not followed."""

    reason = forms.CharField(
        label=gettext_lazy("Why the proposal is not followed"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
