from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from agencies.lib.fields import LineField

PASSWORD_HINT = _("At least twelve characters. A few words in a row are easier than signs.")


class SignInForm(AuthenticationForm):
    """The same answer for an address nobody has and for a wrong password."""

    username = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    error_messages = {
        "invalid_login": _(
            "The e-mail address and the password do not go together. Check both; if you have "
            "forgotten the password, ask for a new one below."
        ),
        "inactive": _("The e-mail address and the password do not go together."),
    }

    def clean_username(self):
        return self.cleaned_data["username"].lower()


class EmailForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )


class NewPasswordForm(forms.Form):
    """A password typed twice; whether it holds is judged by the act."""

    password = forms.CharField(
        label=_("New password"),
        help_text=PASSWORD_HINT,
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same again"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self):
        given = super().clean()
        if "password" in given and "again" in given and given["password"] != given["again"]:
            self.add_error("again", _("The two passwords differ. Type the same one twice."))
        return given


class AcceptForm(NewPasswordForm):
    """Whoever has no account yet says their name and chooses a password."""

    name = LineField(label=_("Your name"), needs_letters=True)
    field_order = ("name", "password", "again")
