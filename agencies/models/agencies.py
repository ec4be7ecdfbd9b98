import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from agencies.enums import CASE_ROLES, EndReason, NameKind, PartnerKind
from agencies.lib.constraints import in_order, one_of
from agencies.models.countries import Country
from agencies.models.regulators import Regulator

ACT_FOR_AGENCY = "act_for_agency"


class AgencyQuerySet(models.QuerySet):
    def of_member(self, user):
        """Agencies in which `user` holds a live membership; none for an inactive user."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(pk__in=_own_agencies(user))

    def visible_to(self, user):
        """The one door: own agencies, those of my regulator in a case role, and named delegations.

        Nothing for an inactive user; no flag on the user row opens anything.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        own_regulators = user.regulator_memberships.filter(ended_at=None, role__in=CASE_ROLES)
        return self.filter(
            Q(pk__in=_own_agencies(user))
            | Q(regulator__in=own_regulators.values("regulator"))
            | Q(pk__in=_delegated_agencies(user))
        )

    def acted_for_by(self, user):
        """Agencies for which `user` may act: as a member, or by a named delegation."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(Q(pk__in=_own_agencies(user)) | Q(pk__in=_delegated_agencies(user)))


class OfAgencyQuerySet(models.QuerySet):
    """Rows that belong to one agency: who sees the agency sees them."""

    def visible_to(self, user):
        return self.filter(agency__in=Agency.objects.visible_to(user))


def _own_agencies(user):
    return user.agency_memberships.filter(ended_at=None).values("agency")


def _delegated_agencies(user):
    # guardian's table is asked directly: its own shortcuts list objects to inactive users
    named = user.agencyuserobjectpermission_set.filter(permission__codename=ACT_FOR_AGENCY)
    return named.values("content_object")


class Agency(models.Model):
    """A private agency that recruits health workers across borders.

    It keeps its register number for ever, whatever it is renamed to or merged into.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    register_number = models.CharField(max_length=16, unique=True)
    legal_name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, db_index=True)
    name_skeleton = models.CharField(max_length=200, db_index=True, default="")
    home_country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="agencies")
    regulator = models.ForeignKey(Regulator, on_delete=models.PROTECT, related_name="agencies")
    company_number = models.CharField(max_length=60, blank=True)
    issuing_register = models.CharField(max_length=120, blank=True)
    address = models.TextField(blank=True, max_length=500)
    website = models.URLField(blank=True)
    contact_email = models.EmailField(blank=True)
    telephone = models.CharField(max_length=40, blank=True)
    registered_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=20, blank=True, choices=EndReason.choices)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from"
    )
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = AgencyQuerySet.as_manager()

    class Meta:
        ordering = ("legal_name", "register_number")
        verbose_name_plural = "agencies"
        permissions = [(ACT_FOR_AGENCY, "May act for this agency (named delegation)")]
        constraints = [
            models.UniqueConstraint(
                fields=("home_country", "issuing_register", "company_number"),
                condition=~Q(company_number=""),
                name="agencies_agency_company_number_once_a_country",
                violation_error_message=(
                    "An agency with this company number in this register is already recorded. "
                    "Search for it before registering it again."
                ),
            ),
            models.CheckConstraint(condition=~Q(legal_name=""), name="agencies_agency_is_named"),
            models.CheckConstraint(
                condition=Q(company_number="") | ~Q(issuing_register=""),
                name="agencies_agency_number_names_its_register",
                violation_error_message="Say which register gave the company number.",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, end_reason="", merged_into=None)
                | Q(
                    ended_on__isnull=False, end_reason=EndReason.ENDED_VOLUNTARILY, merged_into=None
                )
                | Q(ended_on__isnull=False, end_reason=EndReason.MERGED, merged_into__isnull=False),
                name="agencies_agency_end_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
                name="agencies_agency_not_merged_into_itself",
            ),
            in_order(
                "registered_on",
                "ended_on",
                name="agencies_agency_ends_after_registration",
                message="An agency cannot end before it was registered.",
            ),
        ]

    def __str__(self):
        return f"{self.legal_name} ({self.register_number})"

    @property
    def stage(self):
        """`live`, `ended` or `merged`: what its own life allows, whatever audits say of it."""
        if self.merged_into_id:
            return "merged"
        return "ended" if self.ended_on else "live"


class AgencyName(models.Model):
    """A trading name, or a legal name of the past; the legal name of today is on the agency."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="names")
    kind = models.CharField(max_length=10, choices=NameKind.choices)
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, db_index=True)
    name_skeleton = models.CharField(max_length=200, db_index=True, default="")
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()

    objects = OfAgencyQuerySet.as_manager()

    class Meta:
        ordering = ("agency", "-valid_from", "name")
        constraints = [
            one_of("kind", NameKind.values, name="agencies_agencyname_kind_known"),
            models.CheckConstraint(condition=~Q(name=""), name="agencies_agencyname_is_named"),
            in_order("valid_from", "valid_until", name="agencies_agencyname_dates_in_order"),
        ]

    def __str__(self):
        return self.name


class Officer(models.Model):
    """A person who may speak for the agency; a signing officer binds it. Leaves by date."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="officers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="officerships",
    )
    name = models.CharField(max_length=200)
    position = models.CharField(max_length=120)
    may_sign = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()

    objects = OfAgencyQuerySet.as_manager()

    class Meta:
        ordering = ("agency", "name")
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="agencies_officer_is_named"),
            in_order("valid_from", "valid_until", name="agencies_officer_dates_in_order"),
            models.UniqueConstraint(
                fields=("agency", "user"),
                condition=Q(valid_until=None, user__isnull=False),
                name="agencies_officer_once_while_in_post",
            ),
        ]

    def __str__(self):
        return f"{self.name}, {self.position}"


class Branch(models.Model):
    """A place where the agency works, with its dates."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="branches")
    name = models.CharField(max_length=200)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    address = models.TextField(blank=True, max_length=500)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()

    objects = OfAgencyQuerySet.as_manager()

    class Meta:
        ordering = ("agency", "name")
        verbose_name_plural = "branches"
        constraints = [
            in_order("valid_from", "valid_until", name="agencies_branch_dates_in_order"),
        ]

    def __str__(self):
        return self.name


class Partner(models.Model):
    """Somebody who recruits for the agency or with it (REQ-05), with its dates."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="partners")
    partner_agency = models.ForeignKey(
        Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="partner_of"
    )
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=PartnerKind.choices)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    licence = models.CharField(max_length=120, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()

    objects = OfAgencyQuerySet.as_manager()

    class Meta:
        ordering = ("agency", "name")
        constraints = [
            one_of("kind", PartnerKind.values, name="agencies_partner_kind_known"),
            in_order("valid_from", "valid_until", name="agencies_partner_dates_in_order"),
            models.CheckConstraint(
                condition=Q(partner_agency=None) | ~Q(partner_agency=F("agency")),
                name="agencies_partner_is_another_agency",
            ),
        ]

    def __str__(self):
        return self.name
