"""Named delegations: guardian's direct rows, given to somebody in office and ended with it."""

from django.apps import apps
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import transaction
from guardian.models import UserObjectPermissionBase

from agencies import journal, permissions
from agencies.models import AgencyUserObjectPermission, User
from agencies.models.agencies import ACT_FOR_AGENCY
from agencies.services.registration import locked
from agencies.workflow import next_stage


@transaction.atomic
def grant_delegation(*, user_id, agency_id, by):
    """Name one person, who holds a live role somewhere, to act for one agency."""
    agency = locked(agency_id)
    permissions.check_can_manage_people(by, agency)
    next_stage("edit", agency)
    person = User.objects.select_for_update().get(pk=user_id)
    if not permissions.holds(person):
        raise ValidationError(
            "Only somebody with a live role at an agency or a regulator can be named: "
            "a delegation ends with the role."
        )
    delegation, added = AgencyUserObjectPermission.objects.get_or_create(
        user=person, permission=_act_for_agency(), content_object=agency
    )
    if added:
        journal.record("delegation.granted", agency, by=by, user=person.pk)
    return delegation


@transaction.atomic
def revoke_delegation(*, user_id, agency_id, by):
    """The person acts for the agency no longer, from their next request on."""
    agency = locked(agency_id)
    permissions.check_can_manage_people(by, agency)
    ended, _ = AgencyUserObjectPermission.objects.filter(
        user=user_id, permission=_act_for_agency(), content_object=agency
    ).delete()
    if ended:
        journal.record("delegation.revoked", agency, by=by, user=user_id)


def end_delegations_of(person):
    """Takes every named delegation of a person away, in whatever room; counts them.

    Called where a role ends: through which role one was given is not recorded, so whoever still
    needs it is named again.
    """
    return sum(table.objects.filter(user=person).delete()[0] for table in delegation_tables())


def delegation_tables():
    """Every table of object permissions for people that any room has, ours and guardian's own."""
    return [model for model in apps.get_models() if issubclass(model, UserObjectPermissionBase)]


def _act_for_agency():
    return Permission.objects.get_by_natural_key(ACT_FOR_AGENCY, "agencies", "agency")
