"""The WHO List: its editions, and the countries on each."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from agencies.lib.constraints import in_order
from agencies.models import Country
from attestations.safeguards.models.revisions import two_people


class ListEditionQuerySet(models.QuerySet):
    def active(self):
        return self.filter(activated_at__isnull=False)

    def in_force(self, on):
        """The edition that governed `on` (R-EDITION): newest `valid_from` on or before it."""
        return self.active().filter(valid_from__lte=on).order_by("-valid_from").first()


class ListEdition(models.Model):
    """An edition of the WHO Health Workforce Support and Safeguards List, or its predecessor.

    It has no end of its own: it holds until the next one's `valid_from` (design §3).
    """

    label = models.CharField(max_length=20, primary_key=True)
    urn = models.CharField(max_length=120, unique=True)
    title = models.CharField(max_length=200)
    published_on = models.DateField()
    valid_from = models.DateField(unique=True)
    certainty = models.TextField(blank=True)
    source = models.TextField()
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    activated_at = models.DateTimeField(null=True, blank=True)
    activated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    applied_at = models.DateTimeField(
        null=True, blank=True, help_text="When every placement it touches had been judged again."
    )

    objects = ListEditionQuerySet.as_manager()

    class Meta:
        ordering = ("-valid_from",)
        constraints = [
            two_people(
                "loaded_by", "activated_by", name="attestations_listedition_activated_by_another"
            ),
            models.CheckConstraint(
                condition=Q(activated_at__isnull=False) | Q(activated_by=None),
                name="attestations_listedition_activation_dated",
            ),
            in_order(
                "activated_at", "applied_at", name="attestations_listedition_applied_after_active"
            ),
            models.CheckConstraint(
                condition=Q(applied_at=None) | Q(activated_at__isnull=False),
                name="attestations_listedition_applied_if_active",
            ),
        ]

    def __str__(self):
        return self.title


class ListEntry(models.Model):
    """A country on an edition, with its name as printed there."""

    edition = models.ForeignKey(ListEdition, on_delete=models.PROTECT, related_name="entries")
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    printed_name = models.CharField(max_length=120)

    class Meta:
        ordering = ("edition", "printed_name")
        verbose_name_plural = "list entries"
        constraints = [
            models.UniqueConstraint(
                fields=("edition", "country"), name="attestations_listentry_country_once"
            ),
        ]

    def __str__(self):
        return self.printed_name
