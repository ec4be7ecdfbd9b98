import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from agencies.lib.constraints import all_or_none, in_order, one_of
from agencies.models import Agency, Officer
from attestations.enums import AnswerChoice, AttestationState
from attestations.models.catalogue import CatalogueEdition, Requirement


class AttestationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever acts for the agency sees all of it; its regulator sees what was submitted."""
        return self.filter(
            Q(agency__in=Agency.objects.acted_for_by(user))
            | Q(agency__in=Agency.objects.visible_to(user), submitted_at__isnull=False)
        )

    def open(self):
        return self.filter(state__in=(AttestationState.DRAFT, AttestationState.SUBMITTED))


class Attestation(models.Model):
    """An agency's own signed declaration against one catalogue edition (Code 8.4).

    Frozen on submission; a returned or corrected one goes on as a copy that points back.
    Superseded and lapsed are computed, never stored.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="attestations")
    edition = models.ForeignKey(CatalogueEdition, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=12, choices=AttestationState.choices, default=AttestationState.DRAFT
    )
    continues = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="continuations"
    )
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_by = models.ForeignKey(
        Officer, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    declaration = models.TextField(blank=True, help_text="The exact words that were signed.")
    statement_digest = models.CharField(max_length=64, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    review_note = models.TextField(blank=True)
    answer_by = models.DateField(
        null=True, blank=True, help_text="The last day to answer what a returned one asks for."
    )

    objects = AttestationQuerySet.as_manager()

    class Meta:
        ordering = ("-started_at",)
        constraints = [
            one_of("state", AttestationState.values, name="attestations_attestation_state_known"),
            models.CheckConstraint(
                condition=Q(
                    submitted_at=None,
                    submitted_by=None,
                    signed_by=None,
                    declaration="",
                    statement_digest="",
                )
                | (
                    Q(
                        submitted_at__isnull=False,
                        submitted_by__isnull=False,
                        signed_by__isnull=False,
                    )
                    & ~Q(declaration="")
                    & ~Q(statement_digest="")
                ),
                name="attestations_attestation_submission_whole",
            ),
            models.CheckConstraint(
                condition=Q(state=AttestationState.DRAFT, submitted_at=None)
                | Q(state=AttestationState.WITHDRAWN)
                | Q(
                    state__in=(
                        AttestationState.SUBMITTED,
                        AttestationState.ACCEPTED,
                        AttestationState.RETURNED,
                    ),
                    submitted_at__isnull=False,
                ),
                name="attestations_attestation_state_fits_submission",
            ),
            all_or_none("reviewed_at", "reviewed_by", name="attestations_attestation_review_pair"),
            models.CheckConstraint(
                condition=Q(
                    state__in=(AttestationState.ACCEPTED, AttestationState.RETURNED),
                    reviewed_at__isnull=False,
                )
                | Q(
                    state__in=(
                        AttestationState.DRAFT,
                        AttestationState.SUBMITTED,
                        AttestationState.WITHDRAWN,
                    ),
                    reviewed_at=None,
                ),
                name="attestations_attestation_state_fits_review",
            ),
            models.CheckConstraint(
                condition=~Q(state=AttestationState.RETURNED) | ~Q(review_note=""),
                name="attestations_attestation_return_gives_reason",
            ),
            models.CheckConstraint(
                condition=Q(answer_by=None) | Q(state=AttestationState.RETURNED),
                name="attestations_attestation_only_a_returned_one_is_due",
            ),
            in_order("submitted_at", "reviewed_at", name="attestations_attestation_review_after"),
            models.UniqueConstraint(
                fields=("agency",),
                condition=Q(state__in=(AttestationState.DRAFT, AttestationState.SUBMITTED)),
                name="attestations_attestation_one_open_an_agency",
            ),
        ]

    def __str__(self):
        return f"attestation {self.public_id} ({self.state})"

    @property
    def reference(self):
        """What people name it by in letters and on the telephone."""
        return f"{self.agency.register_number}-{str(self.public_id)[:8].upper()}"


class Answer(models.Model):
    """What the agency says of one requirement."""

    attestation = models.ForeignKey(Attestation, on_delete=models.PROTECT, related_name="answers")
    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(max_length=20, choices=AnswerChoice.choices)
    explanation = models.TextField(blank=True)
    answered_at = models.DateTimeField()
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("attestation", "requirement")
        constraints = [
            models.UniqueConstraint(
                fields=("attestation", "requirement"), name="attestations_answer_once"
            ),
            one_of("choice", AnswerChoice.values, name="attestations_answer_choice_known"),
            models.CheckConstraint(
                condition=~Q(choice=AnswerChoice.NOT_APPLICABLE) | ~Q(explanation=""),
                name="attestations_answer_not_applicable_says_why",
                violation_error_message="Say why this does not apply to you.",
            ),
        ]

    def __str__(self):
        return f"{self.requirement_id}: {self.choice}"


class EvidenceFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever acts for the agency; its regulator once an attestation that uses it is in."""
        handed_in = AnswerEvidence.objects.filter(
            file=OuterRef("pk"),
            answer__attestation__in=Attestation.objects.visible_to(user),
        )
        return self.filter(Q(agency__in=Agency.objects.acted_for_by(user)) | Q(Exists(handed_in)))


class EvidenceFile(models.Model):
    """A file that an agency handed in, stored once by the hash of its content."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="evidence_files")
    digest = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=10)
    original_name = models.CharField(max_length=255)
    stored_at = models.DateTimeField()
    stored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects = EvidenceFileQuerySet.as_manager()

    class Meta:
        ordering = ("agency", "original_name")
        constraints = [
            models.UniqueConstraint(
                fields=("agency", "digest"), name="attestations_evidencefile_stored_once"
            ),
        ]

    def __str__(self):
        return self.original_name


class AnswerEvidence(models.Model):
    """Which file bears out which answer, and the period it covers."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="evidence")
    file = models.ForeignKey(EvidenceFile, on_delete=models.PROTECT, related_name="used_for")
    covers_from = models.DateField(null=True, blank=True)
    covers_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("answer", "file")
        verbose_name_plural = "answer evidence"
        constraints = [
            models.UniqueConstraint(
                fields=("answer", "file"), name="attestations_answerevidence_once"
            ),
            in_order("covers_from", "covers_until", name="attestations_answerevidence_in_order"),
        ]

    def __str__(self):
        return f"{self.file} for {self.answer}"
