import uuid

from django.db import models
from django.db.models import Q

from agencies.models.countries import Country


class RegulatorQuerySet(models.QuerySet):
    def of_member(self, user):
        """Regulators in which `user` holds a live role; none for an inactive user."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(
            pk__in=user.regulator_memberships.filter(ended_at=None).values("regulator")
        )

    def visible_to(self, user):
        """A regulator's own desk is seen by whoever holds a live role there."""
        return self.of_member(user)


class Regulator(models.Model):
    """A national or sub-national authority that keeps the record of agencies (Code 8.5)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="regulators")
    part = models.CharField(
        max_length=60, blank=True, help_text="Part of the country, if not all of it."
    )
    website = models.URLField(blank=True)
    contact_email = models.EmailField(blank=True)
    recorded_at = models.DateTimeField()

    objects = RegulatorQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                fields=("country", "name"), name="agencies_regulator_name_once_a_country"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="agencies_regulator_is_named"),
        ]

    def __str__(self):
        return self.name
