import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from agencies.enums import CASE_ROLES
from agencies.lib.constraints import all_or_none, in_order, one_of
from agencies.models import Agency, Regulator
from audits.concerns.enums import ConcernKind


class ConcernQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The one door: the case staff of the regulator it was sent to, and never an agency."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        own = user.regulator_memberships.filter(ended_at=None, role__in=CASE_ROLES)
        return self.filter(regulator__in=own.values("regulator"))


class Concern(models.Model):
    """What somebody told a regulator about an agency; who holds the code can follow it.

    The journal knows of it only that it came, of which kind, and when it moved: neither the
    agency nor a word of it stands there.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=12, unique=True)
    code_digest = models.CharField(max_length=64, unique=True)
    regulator = models.ForeignKey(Regulator, on_delete=models.PROTECT, related_name="concerns")
    agency = models.ForeignKey(
        Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    agency_named = models.CharField(
        max_length=200, blank=True, help_text="The name that was given, where no record fits."
    )
    kind = models.CharField(max_length=10, choices=ConcernKind.choices)
    happened_on = models.DateField(null=True, blank=True)
    reporter = models.CharField(
        max_length=300, blank=True, help_text="How they want to be reached; empty if anonymous."
    )
    received_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    forgotten_at = models.DateTimeField(
        null=True, blank=True, help_text="When its words were removed."
    )

    objects = ConcernQuerySet.as_manager()

    class Meta:
        ordering = ("received_at",)
        constraints = [
            one_of("kind", ConcernKind.values, name="audits_concern_kind_known"),
            all_or_none("closed_at", "closed_by", name="audits_concern_closed_pair"),
            in_order("received_at", "closed_at", name="audits_concern_in_order"),
            models.CheckConstraint(
                condition=Q(agency__isnull=False) | ~Q(agency_named=""),
                name="audits_concern_is_about_somebody",
            ),
        ]

    def __str__(self):
        return self.reference


class ConcernMessage(models.Model):
    """One message of the thread; `author` is empty where the reporter wrote it."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="messages")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    is_note = models.BooleanField(
        default=False, help_text="Between colleagues; the reporter never reads it."
    )
    text = models.TextField()
    written_at = models.DateTimeField()

    class Meta:
        ordering = ("written_at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_note=False) | Q(author__isnull=False),
                name="audits_concernmessage_notes_are_of_staff",
            )
        ]

    def __str__(self):
        return f"message on concern {self.concern_id}"
