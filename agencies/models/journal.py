from django.conf import settings
from django.db import models

from agencies.enums import DeliveryState
from agencies.lib.constraints import one_of


class JournalHead(models.Model):
    """The one row under whose lock entries get their position and their time (design §10)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    size = models.PositiveBigIntegerField(default=0)
    last_recorded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="agencies_journalhead_only_one")
        ]

    def __str__(self):
        return f"journal of {self.size} entries"


class JournalEntry(models.Model):
    """One act, written in its own transaction; triggers refuse UPDATE, DELETE and TRUNCATE.

    Holds ids, codes and hashes, never names or free personal text (design §10).
    """

    position = models.PositiveBigIntegerField(primary_key=True)
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=100)
    agency_number = models.CharField(max_length=16, blank=True)
    actor = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("position",)
        verbose_name_plural = "journal entries"
        indexes = [
            # "what happened to this record", on every record's page
            models.Index(fields=("subject", "position"), name="agencies_journal_subject"),
            # the change history on an agency's public and private page
            models.Index(fields=("agency_number", "position"), name="agencies_journal_agency"),
        ]

    def __str__(self):
        return f"{self.position} {self.verb} {self.subject}"


class Delivery(models.Model):
    """The outbox: what an entry must still tell, to which channel, and how often it was tried."""

    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.CharField(max_length=30)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    address = models.EmailField(blank=True)
    template = models.CharField(max_length=60, blank=True)
    context = models.JSONField(default=dict)
    state = models.CharField(
        max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            one_of("state", DeliveryState.values, name="agencies_delivery_state_known"),
        ]
        indexes = [
            # the sweep that sends what is due
            models.Index(
                fields=("next_attempt_at",),
                condition=models.Q(state=DeliveryState.WAITING),
                name="agencies_delivery_due",
            ),
        ]

    def __str__(self):
        return f"{self.channel} for entry {self.entry_id}: {self.state}"
