import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from guardian.models import UserObjectPermissionBase

from agencies.enums import CASE_ROLES
from agencies.lib.constraints import all_or_none, in_order, one_of
from agencies.models import Agency, Country, Regulator
from attestations.models import Attestation, CatalogueEdition, Placement, Requirement
from audits.enums import AuditKind, AuditState, CheckResult, TeamRole

WORK_ON_AUDIT = "work_on_audit"


class AuditQuerySet(models.QuerySet):
    def open(self):
        return self.exclude(state__in=(AuditState.CLOSED, AuditState.CANCELLED))

    def locked(self, **key):
        """The one audit, its row locked until the transaction ends: every act begins here."""
        of_self = self.select_for_update(of=("self",)).select_related("agency__regulator")
        return of_self.select_related("regulator").get(**key)

    def of_case_staff(self, user):
        """Audits of my own regulator in a case role, and those I am named on from outside."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        own = user.regulator_memberships.filter(ended_at=None, role__in=CASE_ROLES)
        # guardian's table is asked directly: its own shortcuts list objects to inactive users
        named = user.audituserobjectpermission_set.filter(permission__codename=WORK_ON_AUDIT)
        return self.filter(
            Q(regulator__in=own.values("regulator")) | Q(pk__in=named.values("content_object"))
        )

    def of_auditee(self, user):
        """Audits of my own agency, from the day they are opened."""
        return self.filter(opened_at__isnull=False, agency__in=Agency.objects.acted_for_by(user))

    def visible_to(self, user):
        """The one door: both sides of a case. What each side sees of it, its own pages say."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        sides = self.model.objects.of_case_staff(user), self.model.objects.of_auditee(user)
        return self.filter(Q(pk__in=sides[0].values("pk")) | Q(pk__in=sides[1].values("pk")))


class OfAuditQuerySet(models.QuerySet):
    """Rows that belong to one audit: who works on the audit sees them, and nobody else."""

    def visible_to(self, user):
        return self.filter(audit__in=Audit.objects.of_case_staff(user))


class Audit(models.Model):
    """A regulator's examination of an agency against one edition of the commitments."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=16, unique=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="audits")
    regulator = models.ForeignKey(Regulator, on_delete=models.PROTECT, related_name="audits")
    kind = models.CharField(max_length=12, choices=AuditKind.choices)
    state = models.CharField(max_length=12, choices=AuditState.choices, default=AuditState.PLANNED)
    edition = models.ForeignKey(CatalogueEdition, on_delete=models.PROTECT, related_name="+")
    attestation = models.ForeignKey(
        Attestation, null=True, blank=True, on_delete=models.PROTECT, related_name="audits"
    )
    period_from = models.DateField()
    period_until = models.DateField()
    plan = models.TextField()
    method = models.TextField(blank=True)
    conclusion = models.TextField(blank=True)
    planned_at = models.DateTimeField()
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    planned_for = models.DateField()
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    concluded_at = models.DateTimeField(null=True, blank=True)
    concluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reported_at = models.DateTimeField(null=True, blank=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    close_note = models.TextField(blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ("-planned_at",)
        permissions = [(WORK_ON_AUDIT, "May work on this audit (named delegation)")]
        constraints = [
            one_of("kind", AuditKind.values, name="audits_audit_kind_known"),
            one_of("state", AuditState.values, name="audits_audit_state_known"),
            all_or_none("opened_at", "opened_by", name="audits_audit_opened_pair"),
            all_or_none("concluded_at", "concluded_by", name="audits_audit_concluded_pair"),
            models.CheckConstraint(
                condition=Q(concluded_at=None) | (~Q(method="") & ~Q(conclusion="")),
                name="audits_audit_conclusion_said",
            ),
            models.CheckConstraint(
                condition=Q(reported_at=None) | Q(concluded_at__isnull=False),
                name="audits_audit_reported_after_conclusion",
            ),
            models.CheckConstraint(
                condition=Q(reported_by=None) | ~Q(reported_by=models.F("concluded_by")),
                name="audits_audit_report_takes_two_people",
            ),
            all_or_none("reported_at", "reported_by", name="audits_audit_reported_pair"),
            all_or_none("closed_at", "closed_by", name="audits_audit_closed_pair"),
            in_order(
                "period_from",
                "period_until",
                name="audits_audit_period_in_order",
                message="The period cannot end before it begins.",
            ),
            in_order(
                "opened_at",
                "closed_at",
                name="audits_audit_closed_after_opened",
                message="An audit cannot close before it opens.",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=AuditState.PLANNED, opened_at=None, reported_at=None, closed_at=None
                )
                | Q(
                    state=AuditState.CONDUCTING,
                    opened_at__isnull=False,
                    reported_at=None,
                    closed_at=None,
                )
                | Q(
                    state__in=(AuditState.REPORTED, AuditState.FOLLOW_UP),
                    reported_at__isnull=False,
                    closed_at=None,
                )
                | Q(state__in=(AuditState.CLOSED, AuditState.CANCELLED), closed_at__isnull=False),
                name="audits_audit_state_fits_dates",
            ),
        ]

    def __str__(self):
        return f"Audit {self.number}"


class AuditScope(models.Model):
    """A corridor and occupation group that an audit looks at, and a certificate may cover."""

    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="scopes")
    source = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    destination = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    occupation_group = models.CharField(max_length=4)

    class Meta:
        ordering = ("audit", "source", "destination", "occupation_group")
        constraints = [
            models.UniqueConstraint(
                fields=("audit", "source", "destination", "occupation_group"),
                name="audits_auditscope_once",
            ),
        ]

    def __str__(self):
        return f"{self.source_id} to {self.destination_id}, {self.occupation_group}"


class TeamMember(models.Model):
    """Who works on an audit; whoever does decides nothing on it."""

    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="team")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="audit_memberships"
    )
    role = models.CharField(max_length=20, choices=TeamRole.choices)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("audit", "role", "user")
        constraints = [
            one_of("role", TeamRole.values, name="audits_teammember_role_known"),
            models.UniqueConstraint(fields=("audit", "user"), name="audits_teammember_once"),
            models.UniqueConstraint(
                fields=("audit",),
                condition=Q(role=TeamRole.LEADER, left_at=None),
                name="audits_teammember_one_leader",
            ),
            in_order("joined_at", "left_at", name="audits_teammember_in_order"),
        ]

    def __str__(self):
        return f"{self.role} {self.user_id} on audit {self.audit_id}"


class SampleDraw(models.Model):
    """A sample of placements that anyone can draw again: population digest + seed (REQ-06)."""

    audit = models.OneToOneField(Audit, on_delete=models.PROTECT, related_name="sample")
    population_digest = models.CharField(max_length=64)
    population_size = models.PositiveIntegerField()
    seed = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    drawn_at = models.DateTimeField()
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(size__lte=models.F("population_size")),
                name="audits_sampledraw_not_larger_than_population",
            ),
        ]

    def __str__(self):
        return f"{self.size} of {self.population_size}"


class SampledPlacement(models.Model):
    """One placement of a sample, with what the auditor found on file."""

    draw = models.ForeignKey(SampleDraw, on_delete=models.PROTECT, related_name="placements")
    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    result = models.CharField(
        max_length=14, choices=CheckResult.choices, default=CheckResult.NOT_ASSESSED
    )
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("draw", "position")
        constraints = [
            one_of("result", CheckResult.values, name="audits_sampledplacement_result_known"),
            models.UniqueConstraint(
                fields=("draw", "placement"), name="audits_sampledplacement_once"
            ),
            models.UniqueConstraint(
                fields=("draw", "position"), name="audits_sampledplacement_position_once"
            ),
        ]

    def __str__(self):
        return f"{self.position}: placement {self.placement_id}"


class ChecklistItem(models.Model):
    """The result of an audit on one requirement."""

    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="checklist")
    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="+")
    result = models.CharField(
        max_length=14, choices=CheckResult.choices, default=CheckResult.NOT_ASSESSED
    )
    note = models.TextField(blank=True)

    objects = OfAuditQuerySet.as_manager()

    class Meta:
        ordering = ("audit", "requirement")
        constraints = [
            one_of("result", CheckResult.values, name="audits_checklistitem_result_known"),
            models.UniqueConstraint(
                fields=("audit", "requirement"), name="audits_checklistitem_once"
            ),
        ]

    def __str__(self):
        return f"{self.requirement_id}: {self.result}"


class AuditUserObjectPermission(UserObjectPermissionBase):
    """guardian's direct table for outside auditors named on one audit; read by the one door."""

    content_object = models.ForeignKey(Audit, on_delete=models.CASCADE)
