"""Who may change the status of a certificate: staff of the competent regulator, two of them."""

from django.core.exceptions import PermissionDenied

from agencies.enums import RegulatorRole
from agencies.permissions import check_holds, holds

PROPOSE = (RegulatorRole.CASE_OFFICER, RegulatorRole.AUDITOR, RegulatorRole.DECIDER)


def check_can_propose_status_change(user, certificate):
    """The agency's competent regulator alone suspends, restores and withdraws (design §10)."""
    check_holds(user, *PROPOSE, regulator=certificate.agency.regulator)


def can_propose_status_change(user, certificate):
    return holds(user, *PROPOSE, regulator=certificate.agency.regulator)


def check_can_answer_status_change(user, change):
    """A decider who did not propose it."""
    check_holds(user, RegulatorRole.DECIDER, regulator=change.certificate.agency.regulator)
    if change.proposed_by_id == user.pk:
        raise PermissionDenied("You proposed this. Somebody else has to answer it.")


def can_answer_status_change(user, change):
    regulator = change.certificate.agency.regulator
    return change.proposed_by_id != user.pk and holds(
        user, RegulatorRole.DECIDER, regulator=regulator
    )
