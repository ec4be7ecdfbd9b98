"""What may happen when, in this room: an agency's own life, an invitation, a delivery."""

from agencies.lib.transitions import next_in_table

AGENCY = {
    ("edit", "live"): "live",
    ("rename", "live"): "live",
    ("transfer", "live"): "live",
    ("end", "live"): "ended",
    ("merge", "live"): "merged",
}

INVITATION = {
    ("accept", "open"): "accepted",
    ("revoke", "open"): "revoked",
    ("revoke", "expired"): "revoked",
}

DELIVERY = {
    ("deliver", "waiting"): "sent",
    ("give_up", "waiting"): "failed",
    ("try_again", "failed"): "waiting",
}

MACHINES = {"agency": AGENCY, "invitation": INVITATION, "delivery": DELIVERY}


def next_stage(action, agency):
    """Where an act leads in the life of an agency; IllegalTransition once it has ended."""
    return next_in_table(AGENCY, action, agency.stage)


def next_invitation_state(action, state):
    return next_in_table(INVITATION, action, state)


def next_delivery_state(action, state):
    return next_in_table(DELIVERY, action, state)
