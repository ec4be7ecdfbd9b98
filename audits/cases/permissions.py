"""Who may hand a matter to whom."""

from agencies.enums import CASE_ROLES
from agencies.permissions import check_holds, holds
from audits.cases.models import Case


def check_can_assign(user, case) -> None:
    """The case staff of the regulator whose desk it is on."""
    check_holds(user, *CASE_ROLES, regulator=case.regulator)


def can_assign(user, case) -> bool:
    return holds(user, *CASE_ROLES, regulator=case.regulator)


def may_see(person, case) -> bool:
    return Case.objects.visible_to(person).filter(pk=case.pk).exists()
