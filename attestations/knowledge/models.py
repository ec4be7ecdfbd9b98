import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from agencies.lib.constraints import all_or_none, in_order
from agencies.models import Agency
from agencies.models.agencies import OfAgencyQuerySet


class KnowledgeAttempt(models.Model):
    """A person's try at the knowledge check for an agency; what was drawn for it never changes."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="knowledge_attempts"
    )
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="knowledge_attempts")
    edition = models.CharField(max_length=20)
    seed = models.CharField(max_length=40)
    questions = models.JSONField(help_text="Which questions of the edition, in their order.")
    answers = models.JSONField(
        default=dict, help_text="By question, which answer of the edition's file was chosen."
    )
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    right = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = OfAgencyQuerySet.as_manager()

    class Meta:
        ordering = ("user", "started_at")
        constraints = [
            all_or_none("finished_at", "right", name="attestations_knowledgeattempt_ended_whole"),
            in_order("started_at", "finished_at", name="attestations_knowledgeattempt_in_order"),
            models.UniqueConstraint(
                fields=("user", "agency"),
                condition=Q(finished_at=None),
                name="attestations_knowledgeattempt_one_open",
            ),
        ]

    def __str__(self):
        return f"attempt of user {self.user_id} for agency {self.agency_id}"
