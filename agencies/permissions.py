"""Who may: asked of live memberships and of named delegations, and of nothing else.

A superuser, an operator and an inactive user hold no role. A role is given as the member of
`AgencyRole` or `RegulatorRole`, never as a bare word: both know an "admin".
"""

from django.core.exceptions import PermissionDenied

from agencies.enums import AgencyRole, RegulatorRole
from agencies.models import Agency, AgencyMembership, Regulator, RegulatorMembership


def holds(user, *roles, agency=None, regulator=None):
    """Whether `user` now holds one of `roles` (any role, if none is named).

    With `agency` or `regulator` the role must be held there: agency roles there, regulator roles
    there. With neither, holding it anywhere counts.
    """
    if not _may_hold_roles(user):
        return False
    agency_roles, regulator_roles = _sorted_roles(roles)
    if (agency or not regulator) and (agency_roles or not roles):
        at = _live(user.agency_memberships, agency_roles)
        if (at.filter(agency=agency) if agency else at).exists():
            return True
    if (regulator or not agency) and (regulator_roles or not roles):
        at = _live(user.regulator_memberships, regulator_roles)
        return (at.filter(regulator=regulator) if regulator else at).exists()
    return False


def check_holds(user, *roles, agency=None, regulator=None):
    """Raises PermissionDenied, with the roles that would do, unless `holds` says yes."""
    if not holds(user, *roles, agency=agency, regulator=regulator):
        where = agency or regulator
        needed = " or ".join(role.label.lower() for role in roles) or "a role"
        at = f" at {where}" if where else ""
        raise PermissionDenied(f"This is done by somebody who holds {needed}{at}.")


def acts_for(user, agency):
    """Whether `user` may act for `agency`: a live membership, or a named delegation."""
    return Agency.objects.acted_for_by(user).filter(pk=agency.pk).exists()


def check_acts_for(user, agency):
    if not acts_for(user, agency):
        raise PermissionDenied(f"Only people of {agency} act for it.")


def agencies_of(user, *roles):
    """The agencies where `user` now holds one of `roles` (any role, if none is named)."""
    agency_roles, _ = _sorted_roles(roles)
    if not _may_hold_roles(user) or (roles and not agency_roles):
        return Agency.objects.none()
    held = _live(user.agency_memberships, agency_roles)
    return Agency.objects.filter(pk__in=held.values("agency"))


def regulators_of(user, *roles):
    """The regulators where `user` now holds one of `roles` (any role, if none is named)."""
    _, regulator_roles = _sorted_roles(roles)
    if not _may_hold_roles(user) or (roles and not regulator_roles):
        return Regulator.objects.none()
    held = _live(user.regulator_memberships, regulator_roles)
    return Regulator.objects.filter(pk__in=held.values("regulator"))


def people_with(*roles, agency=None, regulator=None):
    """The active people who now hold one of `roles` at a body: whom to tell."""
    agency_roles, regulator_roles = _sorted_roles(roles)
    if agency:
        live = AgencyMembership.objects.live().filter(agency=agency, role__in=agency_roles)
    else:
        live = RegulatorMembership.objects.live().filter(
            regulator=regulator, role__in=regulator_roles
        )
    model = live.model._meta.get_field("user").related_model
    return model.objects.filter(is_active=True, pk__in=live.values("user"))


def _may_hold_roles(user):
    return user.is_authenticated and user.is_active


def _live(memberships, roles):
    live = memberships.filter(ended_at=None)
    return live.filter(role__in=roles) if roles else live


def _sorted_roles(roles):
    agency_roles = [role for role in roles if isinstance(role, AgencyRole)]
    regulator_roles = [role for role in roles if isinstance(role, RegulatorRole)]
    if len(agency_roles) + len(regulator_roles) != len(roles):
        raise TypeError(f"Roles are members of AgencyRole or RegulatorRole, not {roles}.")
    return agency_roles, regulator_roles


# --- who may do what in this room -----------------------------------------------------------------


def can_supervise(user, agency):
    """The competent regulator's case officers and administrators keep the record of an agency."""
    return holds(user, RegulatorRole.CASE_OFFICER, RegulatorRole.ADMIN, regulator=agency.regulator)


def check_can_supervise(user, agency):
    if not can_supervise(user, agency):
        raise PermissionDenied(
            f"This is done by a case officer or administrator of {agency.regulator}, "
            "which keeps this agency's record."
        )


def can_edit(user, agency):
    """What an agency says of itself: its administrators, signing officers and delegates."""
    return (
        holds(user, AgencyRole.ADMIN, AgencyRole.SIGNING_OFFICER, agency=agency)
        or _is_delegate(user, agency)
        or can_supervise(user, agency)
    )


def check_can_edit(user, agency):
    if not can_edit(user, agency):
        raise PermissionDenied(
            f"The record of {agency} is kept by its administrators and signing officers."
        )


def can_manage_people(user, agency):
    """Who comes and goes: the agency's administrators, and the regulator for the first of them."""
    return holds(user, AgencyRole.ADMIN, agency=agency) or can_supervise(user, agency)


def check_can_manage_people(user, agency):
    if not can_manage_people(user, agency):
        raise PermissionDenied(f"People of {agency} are managed by its administrators.")


def can_end_agency(user, agency):
    return holds(
        user, AgencyRole.ADMIN, AgencyRole.SIGNING_OFFICER, agency=agency
    ) or can_supervise(user, agency)


def check_can_end_agency(user, agency):
    if not can_end_agency(user, agency):
        raise PermissionDenied(
            f"{agency} is ended by its administrators, its signing officers or its regulator."
        )


def check_can_register_at(user, regulator):
    check_holds(user, RegulatorRole.CASE_OFFICER, RegulatorRole.ADMIN, regulator=regulator)


def can_manage_staff(user, regulator):
    return holds(user, RegulatorRole.ADMIN, regulator=regulator)


def check_can_manage_staff(user, regulator):
    check_holds(user, RegulatorRole.ADMIN, regulator=regulator)


def check_can_manage(user, *, agency=None, regulator=None):
    """People of an agency, or staff of a regulator: whichever body is given."""
    if agency:
        check_can_manage_people(user, agency)
    else:
        check_can_manage_staff(user, regulator)


def check_can_deactivate(user):
    """Only whoever runs the service closes accounts; they see no case by it."""
    if not (_may_hold_roles(user) and user.is_operator):
        raise PermissionDenied("Accounts are closed by whoever runs the service.")


def _is_delegate(user, agency):
    return acts_for(user, agency) and not holds(user, agency=agency)
