"""Who may bring placements in, and take one back: the agency's own people, and nobody else."""

from agencies.permissions import acts_for, check_acts_for


def can_import_placements(user, agency):
    return acts_for(user, agency)


def check_can_import_placements(user, agency):
    check_acts_for(user, agency)


def can_withdraw_placement(user, placement):
    return acts_for(user, placement.agency)


def check_can_withdraw_placement(user, placement):
    check_acts_for(user, placement.agency)
