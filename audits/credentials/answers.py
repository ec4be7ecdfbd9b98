"""What is answered about a credential: that of its certificate, or why there is none."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audits.credentials.checking import Kind, check
from audits.register import doubt
from audits.register.answers import certificate_answer, framed
from audits.register.doubt import CouldNotCheck
from audits.register.wording import Shown

SHOWN = {
    Kind.ALTERED: Shown(
        gettext_lazy("Altered"),
        "✕",
        "red",
        gettext_lazy("This bears the name of this register, and the register did not sign it."),
    ),
    Kind.NOT_OURS: Shown(
        gettext_lazy("Not ours"),
        "✕",
        "red",
        gettext_lazy("This is no credential of this register."),
    ),
    Kind.NOT_ISSUED: Shown(
        gettext_lazy("Never issued"),
        "✕",
        "red",
        gettext_lazy("This is signed with a key of this register, and was never issued by it."),
    ),
    Kind.NOT_RELIABLE: Shown(
        gettext_lazy("Cannot be relied on"),
        "✕",
        "red",
        gettext_lazy("The key that signed this no longer counts for it."),
    ),
    Kind.COULD_NOT_CHECK: doubt.SHOWN,
}


def credential_answer(written, *, on, at):
    """The answer about a pasted credential on a day, in the words of its certificate's page."""
    checked = check(written, at=at)
    said = {
        "credential": {
            "is": str(checked.kind),
            "form": checked.form and str(checked.form),
            "key_id": checked.key_id,
            "sha256": checked.sha256,
        }
    }
    if checked.kind is Kind.OURS:
        try:
            return certificate_answer(checked.number, on=on, at=at) | said
        except CouldNotCheck as unable:
            return framed(unable.answer | said, on=on, at=at)
    refused = {
        "status": str(checked.kind),
        "is_valid": False,
        "sentence": str(SHOWN[checked.kind].meaning),
        "why": checked.why,
        "what_to_do": _what_to_do(checked.kind),
    }
    return framed(refused | said, on=on, at=at)


def _what_to_do(kind):
    if kind is Kind.COULD_NOT_CHECK:
        return _("Try again in a few minutes, or check the number of the certificate instead.")
    if kind is Kind.NOT_OURS:
        return _(
            "Paste the whole file credential.json or credential.jwt that came with the "
            "certificate, or check the number of the certificate instead."
        )
    return _(
        "Do not rely on it. Check the number of the certificate, and tell the regulator whose name "
        "it bears."
    )
