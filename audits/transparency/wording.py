"""What a leaf says, in words."""

from django.utils.translation import gettext_lazy

from agencies.lib.canonical import parse
from audits.register import history

# Acts about no single agency; those about one are worded on its page, in `register.history`.
WORDS = {
    "attestation.accepted": gettext_lazy("Declaration accepted"),
    "addendum.issued": gettext_lazy("Correction {position} to audit report {report} published"),
    "list_edition.activated": gettext_lazy("Edition of the safeguards list activated"),
    "list_edition.rolled_back": gettext_lazy("Edition of the safeguards list rolled back"),
    "lists.national_list_loaded": gettext_lazy("National list entered"),
    "code.version_loaded": gettext_lazy("Version of the Code entered"),
    "catalogue.edition_loaded": gettext_lazy("Edition of the requirements entered"),
    "revision.confirmed": gettext_lazy("Change of what recruitment is judged by confirmed"),
    "revision.rolled_back": gettext_lazy("Change of what recruitment is judged by rolled back"),
    "signing_key.registered": gettext_lazy("Signing key registered ({purpose})"),
    "signing_key.replaced": gettext_lazy("Signing key replaced ({purpose})"),
    "signing_key.retired": gettext_lazy("Signing key retired ({purpose})"),
    "signing_key.compromised": gettext_lazy("Signing key reported stolen ({purpose})"),
}


def sentence_of(leaf):
    """One leaf as a sentence."""
    facts = parse(leaf.content.encode())["facts"]
    if leaf.kind in WORDS:
        return str(WORDS[leaf.kind]).format(**facts)
    return history.words_of(leaf.kind, facts)
