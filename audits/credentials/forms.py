"""What the public pastes to have it checked."""

from django import forms
from django.utils.translation import gettext_lazy

from audits.credentials.opening import LONGEST


class CredentialForm(forms.Form):
    """A credential as text, in either form."""

    credential = forms.CharField(
        max_length=LONGEST,
        label=gettext_lazy("The credential"),
        help_text=gettext_lazy(
            "The whole text of credential.json or credential.jwt, as it came with the certificate."
        ),
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        strip=False,
    )
