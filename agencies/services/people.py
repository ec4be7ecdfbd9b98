"""People: invited by e-mail, accepted once, leaving in one transaction with all that they held."""

import secrets
import uuid
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from agencies import journal, permissions
from agencies.enums import AgencyRole, RegulatorRole
from agencies.lib import plain_text
from agencies.lib.transitions import IllegalTransition
from agencies.models import (
    Agency,
    AgencyMembership,
    Invitation,
    Officer,
    Regulator,
    RegulatorMembership,
    User,
)
from agencies.services.delegations import end_delegations_of
from agencies.services.mailing import mail
from agencies.services.registration import locked
from agencies.services.signing_in import ask_for_new_password
from agencies.tokens import digest_of, invitation_token
from agencies.workflow import next_invitation_state, next_stage

INVITATION_HOLDS = timedelta(days=14)


class LastAdministrator(ValidationError):
    """Nobody would be left who can let others in."""

    def __init__(self, body):
        super().__init__(
            f"This is the last administrator of {body}. Invite another one first, and wait "
            "until the invitation has been accepted."
        )


class InvitationNotForYou(PermissionDenied):
    """The invitation was sent to another address than that of whoever is signed in."""


class SignInFirst(Exception):
    """An account with the invited address exists: its owner accepts when signed in."""


@transaction.atomic
def invite(*, email, role, by, agency_id=None, regulator_id=None):
    """Invite an e-mail address to one role at one body; an open invitation to it is replaced."""
    agency, regulator = _locked_body(agency_id, regulator_id)
    permissions.check_can_manage(by, agency=agency, regulator=regulator)
    if agency:
        next_stage("edit", agency)
    return issue_invitation(email=email, role=role, agency=agency, regulator=regulator, by=by)


def issue_invitation(*, email, role, by, agency=None, regulator=None):
    """The invitation itself, inside the transaction of whoever may issue it."""
    email, at = email.strip().lower(), timezone.now()
    role = (AgencyRole if agency else RegulatorRole)(role)
    if _live_memberships(agency, regulator).filter(user__email=email, role=role).exists():
        raise ValidationError(f"{email} already holds this role.")
    same = Invitation.objects.open(at).filter(
        email=email, role=role, agency=agency, regulator=regulator
    )
    for older in same:
        _revoke(older, by, at)
    public_id = uuid.uuid4()
    invitation = Invitation.objects.create(
        public_id=public_id,
        email=email,
        agency=agency,
        regulator=regulator,
        role=role,
        token_digest=digest_of(invitation_token(public_id)),
        invited_at=at,
        invited_by=by,
        expires_at=at + INVITATION_HOLDS,
    )
    entry = journal.record("invitation.sent", invitation, by=by, agency=agency, role=role.value)
    mail(
        entry,
        template="email/invitation",
        address=email,
        invitation=str(public_id),
        body=str(agency or regulator),
        role=role.label,
        inviter=by.name if by else "",
        until=invitation.expires_at.isoformat(),
    )
    return invitation


@transaction.atomic
def revoke_invitation(*, invitation_id, by):
    """The link in the e-mail opens nothing any more."""
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation_id)
    permissions.check_can_manage(by, agency=invitation.agency, regulator=invitation.regulator)
    at = timezone.now()
    next_invitation_state("revoke", invitation.stage(at))
    _revoke(invitation, by, at)
    return invitation


def invitation_by(token):
    """The invitation to which a link leads, whatever became of it; None for a link of nobody's."""
    return (
        Invitation.objects.select_related("agency", "regulator", "invited_by")
        .filter(token_digest=digest_of(token))
        .first()
    )


@transaction.atomic
def accept_invitation(*, token, at, by=None, name="", password=""):
    """Turn an invitation into a membership, once; the token proves the e-mail address.

    An account with that address accepts when signed in (`by`), and no other does. Where there is
    none yet, one is made with `name` and `password`.
    """
    invitation = (
        Invitation.objects.select_for_update(of=("self",)).filter(token_digest=digest_of(token))
    ).get()
    next_invitation_state("accept", invitation.stage(at))
    if invitation.agency:
        next_stage("edit", invitation.agency)
    person = by or _new_account(invitation.email, name, password, at)
    if person.email != invitation.email:
        raise InvitationNotForYou(
            f"This invitation was sent to {invitation.email}. Sign in with that address."
        )
    # the condition holds where no row lock does
    unclaimed = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None)
    if not unclaimed.update(accepted_at=at, accepted_by=person):
        raise IllegalTransition("accept", "accepted")
    membership, _ = _live_memberships(invitation.agency, invitation.regulator).get_or_create(
        user=person,
        role=invitation.role,
        **_body_of(invitation.agency, invitation.regulator),
        defaults={"started_at": at},
    )
    journal.record(
        "membership.started",
        membership,
        by=person,
        agency=invitation.agency,
        user=person.pk,
        role=invitation.role,
        invitation=str(invitation.public_id),
    )
    return membership


@transaction.atomic
def end_agency_membership(*, membership_id, by):
    """One role of a person at an agency ends; see `_end_role` for what ends with it.

    The last administrator cannot be let go by the agency itself; its regulator may.
    """
    membership = AgencyMembership.objects.get(pk=membership_id)
    agency = locked(membership.agency_id)
    membership = AgencyMembership.objects.select_related("user").get(pk=membership_id)
    if membership.user != by:
        permissions.check_can_manage_people(by, agency)
    if membership.user == by or not permissions.can_supervise(by, agency):
        _check_not_last_admin(membership, agency)
    return _end_role(membership, agency, by)


@transaction.atomic
def end_regulator_membership(*, membership_id, by):
    """One role of a person at a regulator ends; see `_end_role` for what ends with it."""
    membership = RegulatorMembership.objects.get(pk=membership_id)
    regulator = Regulator.objects.select_for_update(of=("self",)).get(pk=membership.regulator_id)
    membership = RegulatorMembership.objects.select_related("user").get(pk=membership_id)
    if membership.user != by:
        permissions.check_can_manage_staff(by, regulator)
    _check_not_last_admin(membership, regulator)
    return _end_role(membership, regulator, by)


@transaction.atomic
def deactivate_user(*, user_id, by):
    """Close an account: roles, officership, delegations, invitations and sessions end with it.

    A lost or stolen account is closed even where it is the last administrator's; the journal
    names the bodies that are left without one.
    """
    permissions.check_can_deactivate(by)
    person = User.objects.select_for_update().get(pk=user_id)
    if not person.is_active:
        raise IllegalTransition("close", "closed")
    bodies, bereft = [], []
    for memberships in (person.agency_memberships, person.regulator_memberships):
        for membership in memberships.filter(ended_at=None):
            body = _body(membership)
            bodies.append(body)
            if membership.role == "admin" and not _other_admins(membership, body).exists():
                bereft.append(journal.label_of(body))
            _end_role(membership, body, by)
    person.is_active = False
    person.sessions_ended_at = timezone.now()
    person.save(update_fields=["is_active", "sessions_ended_at"])
    journal.record(
        "user.deactivated",
        person,
        by=by,
        delegations=end_delegations_of(person),
        without_administrator=bereft,
    )
    return person


@transaction.atomic
def add_operator(*, email, name):
    """Whoever runs the service: a command's act. They choose a password by the link mailed."""
    at = timezone.now()
    # nobody knows it: it only says that this account signs in with a password
    operator = _new_account(email.strip().lower(), name, secrets.token_urlsafe(32), at)
    operator.is_operator = True
    operator.save(update_fields=["is_operator"])
    journal.record("operator.added", operator, by=None)
    ask_for_new_password(email=operator.email, at=at)
    return operator


@transaction.atomic
def add_regulator(*, name, country_id, admin_email, part=""):
    """A regulator and the invitation of its first administrator: a command's act, nobody's."""
    regulator = Regulator(
        name=plain_text.clean(name),
        country_id=country_id,
        part=plain_text.clean(part),
        recorded_at=timezone.now(),
    )
    regulator.full_clean()
    regulator.save(force_insert=True)
    journal.record("regulator.added", regulator, by=None, country=country_id)
    invitation = issue_invitation(
        email=admin_email, role=RegulatorRole.ADMIN, regulator=regulator, by=None
    )
    return regulator, invitation


def _end_role(membership, body, by):
    """End one role, and in the same transaction whatever rested on it.

    Named delegations and sessions always; with the role of a signing officer that officership;
    with the last role at this body every officership there and the open invitations they sent.
    """
    if membership.ended_at:
        raise IllegalTransition("end", "ended")
    person, at = membership.user, timezone.now()
    membership.ended_at, membership.ended_by = at, by
    membership.save(update_fields=["ended_at", "ended_by"])
    agency = body if isinstance(body, Agency) else None
    gone = not type(membership).objects.live().filter(user=person, **_same_body(body)).exists()
    if agency:
        _end_officership(person, agency, at, only_signing=not gone, role=membership.role)
    if gone:
        sent = Invitation.objects.open(at).filter(invited_by=person, **_same_body(body))
        for invitation in sent:
            _revoke(invitation, by, at)
    person.sessions_ended_at = at
    person.save(update_fields=["sessions_ended_at"])
    entry = journal.record(
        "membership.ended",
        membership,
        by=by,
        agency=agency,
        user=person.pk,
        role=membership.role,
        delegations=end_delegations_of(person),
    )
    mail(
        entry,
        template="email/membership_ended",
        recipient=person,
        body=str(body),
        role=membership.get_role_display(),
        on=timezone.localdate(at).isoformat(),
        path=reverse("agencies:home"),
    )
    return membership


def _end_officership(person, agency, at, *, only_signing, role):
    if only_signing and role != AgencyRole.SIGNING_OFFICER:
        return
    day = timezone.localdate(at)
    in_post = Officer.objects.filter(agency=agency, user=person).filter(
        Q(valid_until=None) | Q(valid_until__gt=day)
    )
    for officer in in_post.filter(may_sign=True) if only_signing else in_post:
        officer.valid_until = max(day, officer.valid_from)
        officer.save(update_fields=["valid_until"])


def _check_not_last_admin(membership, body):
    if membership.role == "admin" and not _other_admins(membership, body).exists():
        raise LastAdministrator(body)


def _other_admins(membership, body):
    live = type(membership).objects.live().filter(role="admin", user__is_active=True)
    return live.filter(**_same_body(body)).exclude(user=membership.user_id)


def _new_account(email, name, password, at):
    if User.objects.filter(email=email).exists():
        raise SignInFirst
    name = plain_text.clean(name)
    if not name:
        raise ValidationError({"name": "Say your name: others see by whom an act was done."})
    try:
        validate_password(password, User(email=email, name=name))
    except ValidationError as weak:
        raise ValidationError({"password": weak.messages}) from None
    return User.objects.create_user(email, password, name=name, joined_at=at)


def _revoke(invitation, by, at):
    Invitation.objects.filter(pk=invitation.pk).update(revoked_at=at)
    invitation.revoked_at = at
    journal.record("invitation.revoked", invitation, by=by, agency=invitation.agency)


def _locked_body(agency_id, regulator_id):
    if (agency_id is None) == (regulator_id is None):
        raise TypeError("An invitation is to one agency or to one regulator.")
    if agency_id is not None:
        return locked(agency_id), None
    return None, Regulator.objects.select_for_update(of=("self",)).get(pk=regulator_id)


def _live_memberships(agency, regulator):
    of_body = AgencyMembership.objects if agency else RegulatorMembership.objects
    return of_body.live().filter(**_body_of(agency, regulator))


def _body_of(agency, regulator):
    return {"agency": agency} if agency else {"regulator": regulator}


def _same_body(body):
    return {"agency": body} if isinstance(body, Agency) else {"regulator": body}


def _body(membership):
    return membership.agency if isinstance(membership, AgencyMembership) else membership.regulator
