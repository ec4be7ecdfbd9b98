"""Since when the register knows what it knows: the instants under which its acts were recorded.

A row carries the moment at which somebody began to act; what counts is when the act entered the
journal, under the lock that puts one after the other. What has no entry counts from its own moment.
"""

from agencies.journal import label_of
from agencies.models import JournalEntry

REGISTERED = "agency.registered"
ENDINGS = ("agency.ended", "agency.merged")
ACCEPTED = "attestation.accepted"
DECIDED, SET_ASIDE = "decision.taken", "decision.set_aside"
ISSUED = "certificate.issued"
CHANGED = ("certificate.suspended", "certificate.restored", "certificate.withdrawn")

VERBS = (REGISTERED, *ENDINGS, ACCEPTED, DECIDED, SET_ASIDE, ISSUED, *CHANGED)


class Recorded:
    """When each act about some agencies was recorded."""

    def __init__(self, numbers=()):
        entries = JournalEntry.objects.filter(agency_number__in=numbers, verb__in=VERBS)
        read = ("verb", "subject", "data", "recorded_at")
        self._at, self._until = {}, {}
        for verb, subject, stated, at in entries.values_list(*read) if numbers else ():
            self._at[_act(verb), stated["change"] if verb in CHANGED else subject] = at
            if verb == ACCEPTED and "until" in stated:
                self._until[subject] = stated["until"]

    def at(self, verb, subject, otherwise):
        """When `verb` was recorded of a record; `otherwise` where no entry says."""
        return self._at.get((_act(verb), label_of(subject)), otherwise)

    def change_at(self, change):
        """When a change of a certificate's status was recorded."""
        return self._at.get((CHANGED[0], change.pk), change.confirmed_at)

    def until(self, attestation):
        """The last day, as text, that was said when a declaration was accepted; None if not."""
        return self._until.get(label_of(attestation))


# Nothing was asked of the journal: enough for an answer that counts all that is recorded.
UNASKED = Recorded()


def _act(verb):
    """Verbs of which a record has one entry at most, whichever it is, are one act."""
    for alike in (ENDINGS, CHANGED):
        if verb in alike:
            return alike[0]
    return verb
