import uuid

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from guardian.models import UserObjectPermissionBase

from agencies.enums import AgencyRole, RegulatorRole
from agencies.lib.constraints import all_or_none, in_order, one_of
from agencies.models.agencies import Agency
from agencies.models.regulators import Regulator


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        """A person who signs in by e-mail; without a password nobody can sign in as them."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


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


class AgencyUserObjectPermission(UserObjectPermissionBase):
    """guardian's direct table for named delegations on one agency; read only by the one door."""

    content_object = models.ForeignKey(Agency, on_delete=models.CASCADE)
