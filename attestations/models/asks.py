from django.db import models
from django.db.models import Q

from attestations.models.attestation import Attestation
from attestations.models.catalogue import Requirement


class AskQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever sees the attestation that was returned."""
        return self.filter(attestation__in=Attestation.objects.visible_to(user))


class Ask(models.Model):
    """What a regulator asks about one requirement of an attestation that it returned.

    Asked by its reviewer at the moment of the review; the agency answers in its copy.
    """

    attestation = models.ForeignKey(Attestation, on_delete=models.PROTECT, related_name="asks")
    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="+")
    words = models.TextField()

    objects = AskQuerySet.as_manager()

    class Meta:
        ordering = ("attestation", "requirement__position")
        constraints = [
            models.UniqueConstraint(
                fields=("attestation", "requirement"), name="attestations_ask_once"
            ),
            models.CheckConstraint(condition=~Q(words=""), name="attestations_ask_says_what"),
        ]

    def __str__(self):
        return f"ask about {self.requirement_id} of attestation {self.attestation_id}"
