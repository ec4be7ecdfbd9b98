"""What one data steward records and another confirms: days, people, and by which revisions."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from agencies.lib.constraints import all_or_none, in_order
from attestations.safeguards.models.revisions import Revision, two_people


class RecordedQuerySet(models.QuerySet):
    def confirmed(self):
        return self.filter(confirmed_at__isnull=False)

    def in_force(self, on):
        """Confirmed, and `on` lies between its days, both included; an ending governs the last."""
        return self.confirmed().filter(
            Q(valid_until=None) | Q(valid_until__gte=on),
            Q(ended_on=None) | Q(ended_on__gte=on),
            valid_from__lte=on,
        )


class Recorded(models.Model):
    """Holds from a day to a day, as its document says, and never changes.

    What ends earlier gets `ended_on` by a revision of its own; `valid_until` stays as it was. Rows
    that came with the register's own files have neither people nor a revision.
    """

    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    is_invented = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    revision = models.ForeignKey(
        Revision, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_on = models.DateField(null=True, blank=True)
    ending = models.ForeignKey(
        Revision, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = RecordedQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def holds_until(self):
        """The last day that governs; None is open."""
        return self.ended_on or self.valid_until


def recorded_by_two(name, *, two_people_name=""):
    """What the database refuses of every kind of record."""
    return [
        in_order("valid_from", "valid_until", name=f"attestations_{name}_in_order"),
        two_people(
            "recorded_by",
            "confirmed_by",
            name=two_people_name or f"attestations_{name}_two_people",
        ),
        models.CheckConstraint(
            condition=Q(confirmed_at__isnull=False) | Q(confirmed_by=None),
            name=f"attestations_{name}_confirmation_dated",
        ),
        all_or_none("ended_on", "ending", name=f"attestations_{name}_ended_by_a_revision"),
        in_order("valid_from", "ended_on", name=f"attestations_{name}_ended_after_it_began"),
        models.CheckConstraint(
            condition=Q(ended_on=None) | Q(valid_until=None) | Q(ended_on__lt=F("valid_until")),
            name=f"attestations_{name}_ended_early",
            violation_error_message="An ending comes before the last day that was agreed.",
        ),
    ]
