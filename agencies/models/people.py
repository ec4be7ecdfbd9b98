import uuid

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from guardian.models import UserObjectPermissionBase

from agencies.enums import AgencyRole, RegulatorRole
from agencies.lib.constraints import all_or_none, in_order, one_of
from agencies.models.agencies import Agency, OfAgencyQuerySet
from agencies.models.regulators import Regulator


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        """A person who signs in by e-mail; without a password nobody can sign in as them."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email):
        """By the address in lower case, as it is stored; look-alikes find nobody."""
        return self.get(email=email.lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person. What they may do follows from live memberships, not from flags on this row."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    is_operator = models.BooleanField(
        default=False, help_text="Runs the service; decides nothing and sees no case."
    )
    joined_at = models.DateTimeField()
    sessions_ended_at = models.DateTimeField(
        null=True, blank=True, help_text="Every session begun before this moment is over."
    )

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ("name",)

    class Meta:
        ordering = ("email",)
        constraints = [
            models.UniqueConstraint(Lower("email"), name="agencies_user_email_once_in_any_case"),
        ]

    def __str__(self):
        return self.name or self.email

    def get_session_auth_hash(self):
        """Bound to the password and to the last time this person's sessions were ended."""
        return self._hash_for_sessions(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self):
        for hashed in super().get_session_auth_fallback_hash():
            yield self._hash_for_sessions(hashed)

    def _hash_for_sessions(self, hashed):
        ended = self.sessions_ended_at.isoformat() if self.sessions_ended_at else "never"
        return f"{hashed}{salted_hmac('agencies.User.sessions', ended).hexdigest()[:16]}"


class AgencyMembershipQuerySet(OfAgencyQuerySet):
    def live(self):
        return self.filter(ended_at=None)


class RegulatorMembershipQuerySet(models.QuerySet):
    def live(self):
        return self.filter(ended_at=None)

    def visible_to(self, user):
        """A regulator's staff as its own staff see it."""
        return self.filter(regulator__in=Regulator.objects.visible_to(user))


class InvitationQuerySet(models.QuerySet):
    def open(self, at):
        """Neither accepted nor revoked, and not yet expired at `at`."""
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=at)

    def visible_to(self, user):
        """Seen by who may send one: administrators, and for an agency its regulator's desk."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        of_agency = user.agency_memberships.filter(ended_at=None, role=AgencyRole.ADMIN)
        at_regulator = user.regulator_memberships.filter(ended_at=None)
        staff_admin = at_regulator.filter(role=RegulatorRole.ADMIN).values("regulator")
        desk = at_regulator.filter(role__in=(RegulatorRole.ADMIN, RegulatorRole.CASE_OFFICER))
        return self.filter(
            Q(agency__in=of_agency.values("agency"))
            | Q(agency__regulator__in=desk.values("regulator"))
            | Q(regulator__in=staff_admin)
        )


class AgencyMembership(models.Model):
    """A person's role in an agency, from a moment to a moment; ended, never deleted."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="agency_memberships"
    )
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=AgencyRole.choices)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = AgencyMembershipQuerySet.as_manager()

    class Meta:
        ordering = ("agency", "user", "role")
        constraints = [
            one_of("role", AgencyRole.values, name="agencies_agencymembership_role_known"),
            all_or_none("ended_at", "ended_by", name="agencies_agencymembership_ended_pair"),
            in_order("started_at", "ended_at", name="agencies_agencymembership_in_order"),
            models.UniqueConstraint(
                fields=("user", "agency", "role"),
                condition=Q(ended_at=None),
                name="agencies_agencymembership_live_once",
            ),
        ]

    def __str__(self):
        return f"{self.user_id} is {self.role} of agency {self.agency_id}"


class RegulatorMembership(models.Model):
    """A person's role at a regulator, from a moment to a moment; ended, never deleted."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="regulator_memberships"
    )
    regulator = models.ForeignKey(Regulator, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=RegulatorRole.choices)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = RegulatorMembershipQuerySet.as_manager()

    class Meta:
        ordering = ("regulator", "user", "role")
        constraints = [
            one_of("role", RegulatorRole.values, name="agencies_regulatormembership_role_known"),
            all_or_none("ended_at", "ended_by", name="agencies_regulatormembership_ended_pair"),
            in_order("started_at", "ended_at", name="agencies_regulatormembership_in_order"),
            models.UniqueConstraint(
                fields=("user", "regulator", "role"),
                condition=Q(ended_at=None),
                name="agencies_regulatormembership_live_once",
            ),
        ]

    def __str__(self):
        return f"{self.user_id} is {self.role} at regulator {self.regulator_id}"


class Invitation(models.Model):
    """An invitation by e-mail to one role; the token itself is never stored, only its digest."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField()
    agency = models.ForeignKey(
        Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="invitations"
    )
    regulator = models.ForeignKey(
        Regulator, null=True, blank=True, on_delete=models.PROTECT, related_name="invitations"
    )
    role = models.CharField(max_length=20)
    token_digest = models.CharField(max_length=64, unique=True)
    invited_at = models.DateTimeField()
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ("-invited_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(agency__isnull=False, regulator=None, role__in=AgencyRole.values)
                | Q(agency=None, regulator__isnull=False, role__in=RegulatorRole.values),
                name="agencies_invitation_to_one_body",
            ),
            all_or_none("accepted_at", "accepted_by", name="agencies_invitation_accepted_pair"),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(revoked_at=None),
                name="agencies_invitation_accepted_or_revoked",
            ),
        ]

    def __str__(self):
        return f"invitation {self.public_id} as {self.role}"

    @property
    def body(self):
        return self.agency or self.regulator

    def role_label(self):
        return (AgencyRole if self.agency_id else RegulatorRole)(self.role).label

    def stage(self, at):
        """`open`, `accepted`, `revoked` or `expired` at a moment."""
        if self.accepted_at:
            return "accepted"
        if self.revoked_at:
            return "revoked"
        return "open" if at < self.expires_at else "expired"


class AgencyUserObjectPermission(UserObjectPermissionBase):
    """guardian's direct table for named delegations on one agency; read only by the one door."""

    content_object = models.ForeignKey(Agency, on_delete=models.CASCADE)


class SignInAttempt(models.Model):
    """A failed attempt to sign in, under the keyed hash of what was tried; short-lived.

    Counted in the database, so that every worker sees the same number.
    """

    key = models.CharField(max_length=64)
    tried_at = models.DateTimeField()

    class Meta:
        indexes = [
            # how often was this tried since a moment
            models.Index(fields=("key", "tried_at"), name="agencies_signin_tried"),
        ]

    def __str__(self):
        return f"attempt at {self.tried_at}"
