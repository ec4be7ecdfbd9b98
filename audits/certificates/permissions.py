"""Who may change the status of a certificate: staff of the competent regulator, two of them."""

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from agencies.enums import RegulatorRole
from agencies.permissions import check_holds
from audits.impartiality import has_tie
from audits.permissions import can

PROPOSE = (RegulatorRole.CASE_OFFICER, RegulatorRole.AUDITOR, RegulatorRole.DECIDER)


def check_can_propose_status_change(user, certificate):
    """The agency's competent regulator alone suspends, restores and withdraws (design §10)."""
    check_holds(user, *PROPOSE, regulator=certificate.agency.regulator)
    _refuse_tie(user, certificate.agency)


def can_propose_status_change(user, certificate):
    return can(check_can_propose_status_change, user, certificate)


def check_can_answer_status_change(user, change):
    """A decider who did not propose it."""
    agency = change.certificate.agency
    check_holds(user, RegulatorRole.DECIDER, regulator=agency.regulator)
    if change.proposed_by_id == user.pk:
        raise PermissionDenied("You proposed this. Somebody else has to answer it.")
    _refuse_tie(user, agency)


def can_answer_status_change(user, change):
    return can(check_can_answer_status_change, user, change)


def _refuse_tie(user, agency):
    """As with the decision itself: nobody judges an agency to which they belong, or belonged."""
    if has_tie(user, agency, at=timezone.now()):
        raise PermissionDenied(
            "Somebody else does this: you belong, or belonged not long ago, to the agency."
        )
