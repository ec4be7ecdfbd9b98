"""Who may do what to an attestation; when it may happen is the workflow's question."""

from django.core.exceptions import PermissionDenied

from agencies.enums import AgencyRole, RegulatorRole
from agencies.models import Officer
from agencies.permissions import acts_for, check_acts_for, holds


def check_can_answer(user, agency):
    """Whoever acts for the agency may start, answer and attach evidence."""
    check_acts_for(user, agency)


def signing_officers(agency, on):
    """The officers who bind the agency on a day."""
    return agency.officers.filter(may_sign=True, valid_from__lte=on).exclude(valid_until__lt=on)


def can_sign(user, agency, on):
    """The person holds the role, and is recorded as an officer who signs on that day."""
    return (
        holds(user, AgencyRole.SIGNING_OFFICER, agency=agency)
        and signing_officers(agency, on).filter(user=user).exists()
    )


def check_can_sign(user, officer: Officer, agency, on):
    named = signing_officers(agency, on).filter(pk=officer.pk, user=user).exists()
    if not (named and holds(user, AgencyRole.SIGNING_OFFICER, agency=agency)):
        raise PermissionDenied(
            "A signing officer of the agency declares, signed in as themselves. Ask your "
            "administrator to record who signs, from which day, and to give them the role."
        )


def can_withdraw(user, agency):
    return holds(user, AgencyRole.SIGNING_OFFICER, AgencyRole.ADMIN, agency=agency)


def check_can_withdraw(user, agency):
    if not can_withdraw(user, agency):
        raise PermissionDenied("A signing officer or an administrator of the agency withdraws it.")


def can_review(user, attestation):
    """The competent regulator's case officer or decider, and nobody who acts for the agency."""
    agency = attestation.agency
    return (
        holds(user, RegulatorRole.CASE_OFFICER, RegulatorRole.DECIDER, regulator=agency.regulator)
        and not acts_for(user, agency)
        and user.pk != attestation.submitted_by_id
    )


def check_can_review(user, attestation):
    if not can_review(user, attestation):
        raise PermissionDenied(
            f"A case officer or decider of {attestation.agency.regulator} reviews this, "
            "and nobody who acts for the agency."
        )
