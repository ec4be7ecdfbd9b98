"""The WHO List: its editions, and the countries on each."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from agencies.lib.constraints import all_or_none, in_order
from agencies.models import Country
from attestations.safeguards.models.revisions import two_people


class ListEditionQuerySet(models.QuerySet):
    def waiting(self):
        """Loaded, and not yet activated by a second person."""
        return self.filter(activated_at=None)

    def published(self):
        """Active once, rolled back or not: what every reader may see."""
        return self.filter(activated_at__isnull=False)

    def active(self):
        """What placements are judged by."""
        return self.published().filter(rolled_back_at=None)

    def being_restored(self):
        """Rolled back, and not every placement that it had touched judged again."""
        return self.filter(rolled_back_at__isnull=False, restored_at=None)

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
    valid_from = models.DateField()
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
    rollback_asked_at = models.DateTimeField(null=True, blank=True)
    rollback_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    rollback_reason = models.CharField(max_length=500, blank=True)
    rolled_back_at = models.DateTimeField(null=True, blank=True)
    rolled_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    restored_at = models.DateTimeField(
        null=True, blank=True, help_text="When every placement it had touched was judged as before."
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
            # a corrected edition for the same day may follow one that was rolled back
            models.UniqueConstraint(
                fields=("valid_from",),
                condition=Q(rolled_back_at=None),
                name="attestations_listedition_one_a_day",
            ),
            all_or_none(
                "rollback_asked_at",
                "rollback_asked_by",
                name="attestations_listedition_rollback_asked_pair",
            ),
            all_or_none(
                "rolled_back_at", "rolled_back_by", name="attestations_listedition_rolled_back_pair"
            ),
            models.CheckConstraint(
                condition=Q(rollback_asked_at=None, rollback_reason="")
                | (Q(rollback_asked_at__isnull=False) & ~Q(rollback_reason="")),
                name="attestations_listedition_rollback_says_why",
            ),
            models.CheckConstraint(
                condition=Q(rolled_back_at=None)
                | Q(rollback_asked_at__isnull=False, applied_at__isnull=False),
                name="attestations_listedition_rolled_back_in_order",
            ),
            models.CheckConstraint(
                condition=Q(restored_at=None) | Q(rolled_back_at__isnull=False),
                name="attestations_listedition_restored_if_rolled_back",
            ),
            two_people(
                "rollback_asked_by",
                "rolled_back_by",
                name="attestations_listedition_rolled_back_by_another",
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
