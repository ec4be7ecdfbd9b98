"""People of an agency and staff of a regulator: who is there, who is invited, who leaves."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agencies import permissions, services
from agencies.enums import AgencyRole, RegulatorRole
from agencies.forms.people import InviteForm
from agencies.models import AgencyMembership, Invitation, RegulatorMembership
from agencies.views.acting import by_button, by_form
from agencies.views.fetching import agency_of, regulator_of


@require_safe
def people(request, number):
    agency = agency_of(request.user, number)
    permissions.check_can_manage_people(request.user, agency)
    page = {
        "agency": agency,
        "members": agency.memberships.live().select_related("user"),
        "invitations": _open_invitations(request.user).filter(agency=agency),
    }
    return render(request, "agencies/people.html", page)


def invite(request, number):
    agency = agency_of(request.user, number)
    permissions.check_can_manage_people(request.user, agency)
    return by_form(
        request,
        InviteForm(request.POST or None, roles=AgencyRole),
        lambda given: services.invite(agency_id=agency.pk, by=request.user, **given),
        done=_("The invitation is on its way by e-mail."),
        back=reverse("agencies:people", args=(number,)),
        title=_("Invite somebody to %(body)s") % {"body": agency.legal_name},
        button=_("Send the invitation"),
    )


@require_POST
def end_membership(request, number, pk):
    agency = agency_of(request.user, number)
    members = AgencyMembership.objects.live().filter(agency=agency)
    membership = get_object_or_404(members, pk=pk)
    own = membership.user == request.user
    return by_button(
        request,
        lambda: services.end_agency_membership(membership_id=membership.pk, by=request.user),
        done=_("The role has ended, and with it what rested on it."),
        back=reverse("agencies:home") if own else reverse("agencies:people", args=(number,)),
    )


@require_safe
def staff(request, public_id):
    regulator = regulator_of(request.user, public_id)
    permissions.check_can_manage_staff(request.user, regulator)
    page = {
        "regulator": regulator,
        "members": regulator.memberships.live().select_related("user"),
        "invitations": _open_invitations(request.user).filter(regulator=regulator),
    }
    return render(request, "agencies/staff.html", page)


def invite_staff(request, public_id):
    regulator = regulator_of(request.user, public_id)
    permissions.check_can_manage_staff(request.user, regulator)
    return by_form(
        request,
        InviteForm(request.POST or None, roles=RegulatorRole),
        lambda given: services.invite(regulator_id=regulator.pk, by=request.user, **given),
        done=_("The invitation is on its way by e-mail."),
        back=reverse("agencies:staff", args=(public_id,)),
        title=_("Invite somebody to %(body)s") % {"body": regulator.name},
        button=_("Send the invitation"),
    )


@require_POST
def end_staff(request, public_id, pk):
    regulator = regulator_of(request.user, public_id)
    members = RegulatorMembership.objects.live().filter(regulator=regulator)
    membership = get_object_or_404(members, pk=pk)
    own = membership.user == request.user
    return by_button(
        request,
        lambda: services.end_regulator_membership(membership_id=membership.pk, by=request.user),
        done=_("The role has ended, and with it what rested on it."),
        back=reverse("agencies:home") if own else reverse("agencies:staff", args=(public_id,)),
    )


def _open_invitations(user):
    return Invitation.objects.visible_to(user).open(timezone.now())
