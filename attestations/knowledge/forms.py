from django import forms
from django.utils.translation import gettext_lazy as _


class QuestionForm(forms.Form):
    """One question, its answers in the order that was drawn."""

    answer = forms.TypedChoiceField(
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose one of the answers."),
            "invalid_choice": _("Choose one of the answers."),
        },
    )

    def __init__(self, *args, asks, answers, **options):
        super().__init__(*args, **options)
        self.fields["answer"].label = asks
        self.fields["answer"].choices = answers
