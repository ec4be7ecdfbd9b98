"""What may happen to an import, and when. Nothing else assigns its state."""

from agencies.lib.transitions import next_in_table
from attestations.enums import ImportState

QUEUED, RUNNING, PREVIEW, APPLIED, FAILED, CANCELLED = ImportState

TRANSITIONS = {
    ("claim", QUEUED): RUNNING,
    ("claim", RUNNING): RUNNING,  # whose worker has died: its lease ran out
    ("show", RUNNING): PREVIEW,
    ("fail", RUNNING): FAILED,
    ("ask to apply", PREVIEW): PREVIEW,
    ("apply", PREVIEW): APPLIED,
    ("read again", PREVIEW): QUEUED,  # what waited was lost with the database's server
    ("correct", PREVIEW): CANCELLED,  # the same file is read again, as another import
    ("cancel", QUEUED): CANCELLED,
    ("cancel", RUNNING): CANCELLED,
    ("cancel", PREVIEW): CANCELLED,
}


def next_state(action, state):
    """Where `action` leads; IllegalTransition where it leads nowhere."""
    return next_in_table(TRANSITIONS, action, state)
