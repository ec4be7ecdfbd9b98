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
