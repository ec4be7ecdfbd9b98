"""What may happen to an attestation, and when. Superseded and lapsed are computed, never states."""

from agencies.lib.transitions import next_in_table
from attestations.enums import AttestationState

TRANSITIONS = {
    ("answer", AttestationState.DRAFT): AttestationState.DRAFT,
    ("submit", AttestationState.DRAFT): AttestationState.SUBMITTED,
    ("withdraw", AttestationState.DRAFT): AttestationState.WITHDRAWN,
    ("withdraw", AttestationState.SUBMITTED): AttestationState.WITHDRAWN,
    ("accept", AttestationState.SUBMITTED): AttestationState.ACCEPTED,
    ("return_for_changes", AttestationState.SUBMITTED): AttestationState.RETURNED,
    # the original stays as it is; the agency goes on with a copy that points back
    ("continue_returned", AttestationState.RETURNED): AttestationState.RETURNED,
    ("correct", AttestationState.ACCEPTED): AttestationState.ACCEPTED,
}


def next_state(action, state):
    """Where `action` leads; IllegalTransition, in words for the reader, where it leads nowhere."""
    return next_in_table(TRANSITIONS, action, AttestationState(state))
