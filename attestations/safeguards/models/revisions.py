"""A change to what placements are judged by: recorded by one person, confirmed by another."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from agencies.lib.constraints import all_or_none, in_order, one_of
from attestations.enums import RevisionAct, RevisionKind


def two_people(first, second, *, name):
    """Refuses a row that one person both recorded and confirmed; files have neither."""
    return models.CheckConstraint(
        condition=Q(**{f"{first}__isnull": True})
        | Q(**{f"{second}__isnull": True})
        | ~Q(**{first: F(second)}),
        name=name,
        violation_error_message="Somebody else has to confirm this.",
    )


class RevisionQuerySet(models.QuerySet):
    def waiting(self):
        """For a second person."""
        return self.filter(confirmed_at=None, undone_at=None)

    def confirmed(self):
        """And not rolled back."""
        return self.filter(confirmed_at__isnull=False, undone_at=None)

    def unjudged(self):
        """What a crash may have left: decided on, and not everybody judged again."""
        return self.filter(confirmed_at__isnull=False, judged_at=None)


class Revision(models.Model):
    """New rows, the early end of one, or a new version of a national list, as one act.

    Its content stays as it was recorded. Until it is confirmed nothing of it stands among the
    lists; `undone_at` says when it was discarded or, once confirmed, rolled back before its day,
    which takes two people again.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=20, choices=RevisionKind.choices)
    act = models.CharField(max_length=10, choices=RevisionAct.choices)
    subject = models.CharField(max_length=200, help_text="What it is about, in a few words.")
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    digest_before = models.CharField(
        max_length=64, blank=True, help_text="Of a national list, before this version."
    )
    file_name = models.CharField(max_length=200, blank=True)
    effective_on = models.DateField(help_text="The first day on which an answer changes.")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    rollback_asked_at = models.DateTimeField(null=True, blank=True)
    rollback_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    rollback_reason = models.CharField(max_length=500, blank=True)
    judged_at = models.DateTimeField(
        null=True, blank=True, help_text="When every placement it touches had been judged again."
    )

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ("-recorded_at", "-pk")
        constraints = [
            one_of("kind", RevisionKind.values, name="attestations_revision_kind_known"),
            one_of("act", RevisionAct.values, name="attestations_revision_act_known"),
            two_people("recorded_by", "confirmed_by", name="attestations_revision_two_people"),
            all_or_none(
                "confirmed_at", "confirmed_by", name="attestations_revision_confirmed_pair"
            ),
            all_or_none("undone_at", "undone_by", name="attestations_revision_undone_pair"),
            in_order("recorded_at", "confirmed_at", name="attestations_revision_confirmed_after"),
            in_order("confirmed_at", "undone_at", name="attestations_revision_undone_after"),
            models.CheckConstraint(
                condition=Q(judged_at=None) | Q(confirmed_at__isnull=False),
                name="attestations_revision_judged_if_confirmed",
            ),
            all_or_none(
                "rollback_asked_at",
                "rollback_asked_by",
                name="attestations_revision_rollback_asked_pair",
            ),
            models.CheckConstraint(
                condition=Q(rollback_asked_at=None, rollback_reason="")
                | (
                    Q(rollback_asked_at__isnull=False, confirmed_at__isnull=False)
                    & ~Q(rollback_reason="")
                ),
                name="attestations_revision_rollback_says_why",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None)
                | Q(undone_at=None)
                | Q(rollback_asked_at__isnull=False),
                name="attestations_revision_rolled_back_if_asked",
            ),
            two_people(
                "rollback_asked_by", "undone_by", name="attestations_revision_rolled_back_by_two"
            ),
        ]

    def __str__(self):
        return self.subject

    @property
    def waits(self):
        return self.confirmed_at is None and self.undone_at is None

    @property
    def was_rolled_back(self):
        return self.confirmed_at is not None and self.undone_at is not None

    @property
    def stands(self):
        return self.confirmed_at is not None and self.undone_at is None
