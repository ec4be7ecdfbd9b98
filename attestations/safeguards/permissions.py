"""Who keeps the lists: data stewards of any regulator, and never one of them alone."""

from django.core.exceptions import PermissionDenied

from agencies.enums import RegulatorRole
from agencies.permissions import holds


def is_steward(user):
    return holds(user, RegulatorRole.DATA_STEWARD)


def check_can_load(user):
    if not is_steward(user):
        raise PermissionDenied("Lists are loaded and activated by a regulator's data stewards.")


def can_activate(user, edition):
    """A steward, and not the person who loaded it."""
    return is_steward(user) and edition.loaded_by_id != user.pk


def check_can_activate(user, edition):
    check_can_load(user)
    if edition.loaded_by_id == user.pk:
        raise PermissionDenied(
            "You loaded this edition: another data steward compares it with what was published, "
            "and activates it."
        )


def can_confirm(user, revision):
    """A steward, and not the person who recorded it."""
    return is_steward(user) and revision.recorded_by_id != user.pk


def check_can_confirm(user, revision):
    check_can_load(user)
    if revision.recorded_by_id == user.pk:
        raise PermissionDenied(
            "You recorded this: another data steward compares it with its document, and "
            "confirms it."
        )


def can_confirm_rollback(user, asked):
    """Of an edition or a revision: a steward, and not the person who asked for it."""
    return is_steward(user) and asked.rollback_asked_by_id != user.pk


def check_can_confirm_rollback(user, asked):
    check_can_load(user)
    if asked.rollback_asked_by_id == user.pk:
        raise PermissionDenied("You asked for this: another data steward confirms it.")
