from django.db import models
from django.db.models import Q

from agencies.enums import RestrictionKind
from agencies.lib.constraints import in_order, one_of
from agencies.models.agencies import Agency, OfAgencyQuerySet


class AgencyRestrictionQuerySet(OfAgencyQuerySet):
    def biting(self, on):
        """Those in force on a day: from `effective_on` until the day before `restored_on`."""
        return self.filter(Q(restored_on=None) | Q(restored_on__gt=on), effective_on__lte=on)


class AgencyRestriction(models.Model):
    """A suspension or withdrawal as a dated fact, written here from above (design §10).

    It bites from `effective_on` (inclusive) until the day before `restored_on`. A withdrawn
    certificate stays withdrawn; for the agency it ends on the first day of its next certificate.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="restrictions")
    kind = models.CharField(max_length=12, choices=RestrictionKind.choices)
    certificate_number = models.CharField(max_length=16)
    effective_on = models.DateField()
    restored_on = models.DateField(null=True, blank=True)
    reason_code = models.CharField(max_length=40)
    recorded_at = models.DateTimeField()

    objects = AgencyRestrictionQuerySet.as_manager()

    class Meta:
        ordering = ("agency", "effective_on")
        constraints = [
            one_of("kind", RestrictionKind.values, name="agencies_restriction_kind_known"),
            in_order("effective_on", "restored_on", name="agencies_restriction_dates_in_order"),
            models.UniqueConstraint(
                fields=("certificate_number", "kind"),
                condition=Q(restored_on=None),
                name="agencies_restriction_one_open_of_a_kind",
            ),
        ]

    def __str__(self):
        return f"{self.kind} from {self.effective_on}"
