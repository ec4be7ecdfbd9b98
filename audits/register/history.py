"""The public acts about an agency, from the journal, in words.

The journal holds codes and numbers only, so what is printed here names nobody.
"""

from django.utils import timezone
from django.utils.translation import gettext_lazy

from agencies.lib.check_characters import grouped
from agencies.models import JournalEntry
from audits.enums import AppealState, DecisionOutcome, StatusReason

MOST_SHOWN = 200

# What the public may read of each act; an act that is not listed is not public.
ACTS = {
    "agency.registered": gettext_lazy("Entered in the register"),
    "agency.renamed": gettext_lazy("Legal name changed"),
    "agency.transferred": gettext_lazy("Record handed to another regulator"),
    "agency.merged": gettext_lazy("Merged into agency {into}"),
    "agency.absorbed": gettext_lazy("Took over agency {other}"),
    "agency.ended": gettext_lazy("Agency ended"),
    "attestation.submitted": gettext_lazy("Declaration handed in"),
    "report.issued": gettext_lazy("Audit report {number} issued"),
    "decision.taken": gettext_lazy("Decision on certification: {outcome}"),
    "decision.set_aside": gettext_lazy("Decision set aside on appeal"),
    "appeal.lodged": gettext_lazy("Appeal lodged against a decision"),
    "appeal.heard": gettext_lazy("Appeal heard: {outcome}"),
    "certificate.issued": gettext_lazy("Certificate {number} issued"),
    "certificate.superseded": gettext_lazy("Certificate {number} replaced by {by_number}"),
    "certificate.suspended": gettext_lazy(
        "Certificate {number} suspended, with effect from {on}: {reason}"
    ),
    "certificate.restored": gettext_lazy(
        "Certificate {number} restored, with effect from {on}: {reason}"
    ),
    "certificate.withdrawn": gettext_lazy(
        "Certificate {number} withdrawn, with effect from {on}: {reason}"
    ),
}

NUMBERS = ("into", "other", "number", "by_number")
CODES = {
    str(value): str(label).lower()
    for choices in (DecisionOutcome, AppealState, StatusReason)
    for value, label in choices.choices
}


class _Words(dict):
    """Missing values print as a dash: the sentence stands even where an old entry said less."""

    def __missing__(self, key):
        return "–"


def public_history(agency):
    """Newest first: when the register recorded it, the act, and its sentence."""
    entries = JournalEntry.objects.filter(
        agency_number=agency.register_number, verb__in=ACTS
    ).order_by("-position")
    return [
        {
            "recorded_at": entry.recorded_at,
            "recorded_on": timezone.localdate(entry.recorded_at),
            "act": entry.verb,
            "words": words_of(entry.verb, entry.data),
        }
        for entry in entries[:MOST_SHOWN]
    ]


def words_of(verb, details):
    """One public act as a sentence, from what is stored of it."""
    return str(ACTS[verb]).format_map(_Words(_printed(details)))


def _printed(stored):
    return {
        key: grouped(value) if key in NUMBERS else CODES.get(value, value)
        for key, value in stored.items()
        if isinstance(value, str)
    }
