"""What a draft would change among very many placements, as a worker finds it out."""

import uuid

from django.db import models
from django.db.models import F, Q

from agencies.lib.constraints import in_order
from attestations.safeguards.models.editions import ListEdition
from attestations.safeguards.models.revisions import Revision


class ReckoningQuerySet(models.QuerySet):
    def unfinished(self):
        return self.filter(finished_at=None)


class Reckoning(models.Model):
    """The intent row of a worker that judges in memory what an edition or a revision that waits
    would change: how far it is, and what was counted until there.

    `as_of` is when the lists were read; with other lists it is begun anew.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    edition = models.OneToOneField(
        ListEdition, null=True, on_delete=models.PROTECT, related_name="reckoning"
    )
    revision = models.OneToOneField(
        Revision, null=True, on_delete=models.PROTECT, related_name="reckoning"
    )
    asked_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    as_of = models.DateTimeField(null=True, blank=True)
    lists_digest = models.CharField(max_length=64, blank=True)
    last_key = models.PositiveBigIntegerField(default=0)
    placements_done = models.PositiveBigIntegerField(default=0)
    placements_total = models.PositiveBigIntegerField(default=0)
    counted = models.JSONField(default=dict, help_text="As `would_be.Tally` counts.")
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ReckoningQuerySet.as_manager()

    class Meta:
        ordering = ("-asked_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(edition=None, revision__isnull=False)
                | Q(edition__isnull=False, revision=None),
                name="attestations_reckoning_of_one_draft",
            ),
            in_order("as_of", "finished_at", name="attestations_reckoning_finished_after_begun"),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(as_of__isnull=False),
                name="attestations_reckoning_finished_if_begun",
            ),
            models.CheckConstraint(
                condition=Q(placements_done__lte=F("placements_total")),
                name="attestations_reckoning_no_more_than_all",
            ),
        ]

    def __str__(self):
        return f"reckoning of {self.edition_id or self.revision_id}"
