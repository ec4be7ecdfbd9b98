import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from agencies.lib.constraints import all_or_none, in_order, one_of
from attestations.models import EvidenceFile, ListEdition, Placement, Requirement
from audits.enums import CorrectionState, FindingGrade
from audits.models.audit import Audit

OPEN_CORRECTION = (CorrectionState.REQUESTED, CorrectionState.SUBMITTED)


class FindingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The one door: both sides of the case see a finding as soon as it is raised."""
        return self.filter(audit__in=Audit.objects.visible_to(user))

    def standing(self):
        """Findings that were not withdrawn."""
        return self.filter(withdrawn_at=None)

    def unresolved(self):
        """Standing findings that ask for a correction and have none that was verified."""
        verified = CorrectiveAction.objects.filter(
            finding=models.OuterRef("pk"), state=CorrectionState.VERIFIED
        )
        return (
            self.standing().exclude(grade=FindingGrade.OBSERVATION).filter(~models.Exists(verified))
        )


class CorrectiveActionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(finding__audit__in=Audit.objects.visible_to(user))

    def open(self):
        return self.filter(state__in=OPEN_CORRECTION)

    def overdue(self, on):
        """Asked for, due before `on`, and not handed in."""
        return self.filter(state=CorrectionState.REQUESTED, due_on__lt=on)


class Finding(models.Model):
    """What an auditor found against one requirement, graded, with what it rests on."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="findings")
    position = models.PositiveSmallIntegerField()
    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="+")
    grade = models.CharField(max_length=12, choices=FindingGrade.choices)
    statement = models.TextField()
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    agency_reply = models.TextField(blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_reason = models.TextField(blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ("audit", "position")
        constraints = [
            one_of("grade", FindingGrade.values, name="audits_finding_grade_known"),
            models.UniqueConstraint(
                fields=("audit", "position"), name="audits_finding_position_once"
            ),
            models.CheckConstraint(condition=~Q(statement=""), name="audits_finding_says_what"),
            all_or_none("replied_at", "replied_by", name="audits_finding_reply_pair"),
            all_or_none("withdrawn_at", "withdrawn_by", name="audits_finding_withdrawn_pair"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""),
                name="audits_finding_withdrawal_says_why",
            ),
        ]

    def __str__(self):
        return f"Finding {self.position} of {self.audit}"


class FindingEvidence(models.Model):
    """What a finding rests on: a file, a placement (under an edition), or words of a document.

    Of a placement it keeps the version it saw, the day that governed (R-DATE), and the edition of
    the List in force on that day: the placement may be corrected later, and the finding stands on
    what was there.
    """

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="evidence")
    file = models.ForeignKey(
        EvidenceFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    placement = models.ForeignKey(
        Placement, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    placement_version = models.PositiveSmallIntegerField(null=True, blank=True)
    judged_on = models.DateField(null=True, blank=True)
    list_edition = models.ForeignKey(
        ListEdition, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    rule_code = models.CharField(max_length=30, blank=True)
    description = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("finding", "id")
        verbose_name_plural = "finding evidence"
        constraints = [
            models.CheckConstraint(
                condition=Q(file__isnull=False) | Q(placement__isnull=False) | ~Q(description=""),
                name="audits_findingevidence_rests_on_something",
            ),
            all_or_none(
                "placement", "placement_version", name="audits_findingevidence_version_pinned"
            ),
            models.CheckConstraint(
                condition=Q(list_edition=None) | Q(judged_on__isnull=False),
                name="audits_findingevidence_edition_of_a_day",
            ),
            models.UniqueConstraint(
                fields=("finding", "placement", "rule_code"),
                condition=Q(placement__isnull=False),
                name="audits_findingevidence_placement_once",
            ),
        ]

    def __str__(self):
        return f"evidence {self.pk} of finding {self.finding_id}"


class CorrectiveAction(models.Model):
    """What an agency undertakes to undo the effect and remove the cause of a finding."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="corrections")
    state = models.CharField(
        max_length=10, choices=CorrectionState.choices, default=CorrectionState.REQUESTED
    )
    due_on = models.DateField()
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    root_cause = models.TextField(blank=True)
    correction = models.TextField(blank=True)
    prevention = models.TextField(blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    review_note = models.TextField(blank=True)

    objects = CorrectiveActionQuerySet.as_manager()

    class Meta:
        ordering = ("finding", "requested_at")
        constraints = [
            one_of("state", CorrectionState.values, name="audits_correction_state_known"),
            all_or_none("submitted_at", "submitted_by", name="audits_correction_submitted_pair"),
            all_or_none("reviewed_at", "reviewed_by", name="audits_correction_reviewed_pair"),
            models.CheckConstraint(
                condition=Q(submitted_at=None)
                | (~Q(root_cause="") & ~Q(correction="") & ~Q(prevention="")),
                name="audits_correction_submitted_whole",
            ),
            models.CheckConstraint(
                condition=Q(state=CorrectionState.REQUESTED, submitted_at=None, reviewed_at=None)
                | Q(state=CorrectionState.SUBMITTED, submitted_at__isnull=False, reviewed_at=None)
                | Q(
                    state__in=(CorrectionState.VERIFIED, CorrectionState.REJECTED),
                    submitted_at__isnull=False,
                    reviewed_at__isnull=False,
                ),
                name="audits_correction_state_fits_dates",
            ),
            in_order("submitted_at", "reviewed_at", name="audits_correction_reviewed_after"),
            models.UniqueConstraint(
                fields=("finding",),
                condition=Q(state__in=(CorrectionState.REQUESTED, CorrectionState.SUBMITTED)),
                name="audits_correction_one_open_a_finding",
            ),
        ]

    def __str__(self):
        return f"corrective action {self.public_id} ({self.state})"
