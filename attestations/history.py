"""The journal's verbs about an attestation, in words for its page."""

from django.utils.translation import gettext_lazy

from agencies import journal

WORDS = {
    "attestation.started": gettext_lazy("begun by the agency"),
    "attestation.continued": gettext_lazy("begun by the agency as a copy of an earlier one"),
    "attestation.submitted": gettext_lazy("signed and handed in"),
    "attestation.accepted": gettext_lazy("accepted by the regulator"),
    "attestation.returned": gettext_lazy("returned by the regulator for changes"),
    "attestation.withdrawn": gettext_lazy("withdrawn by the agency"),
}


def history_of(attestation):
    """When what happened, oldest first; single answers are not listed."""
    entries = journal.history_of(attestation).filter(verb__in=WORDS)
    return [(entry.recorded_at, WORDS[entry.verb]) for entry in entries]
