"""Lists of destinations: England's red and amber list, Germany's annex."""

from django.db import models
from django.db.models import Q

from agencies.lib.constraints import in_order, one_of
from agencies.models import Country
from attestations.enums import Grade
from attestations.safeguards.models.revisions import Revision


class NationalGradeQuerySet(models.QuerySet):
    def around(self, on):
        """The rows that hold on `on` for certain, and those that may already hold."""
        return self.filter(earliest_possible__lte=on).filter(
            Q(valid_to_exclusive=None) | Q(valid_to_exclusive__gt=on)
        )


class NationalList(models.Model):
    """A destination's own list: England's red and amber list, Germany's annex to s.38 BeschV."""

    code = models.CharField(max_length=10, primary_key=True)
    title = models.CharField(max_length=200)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=60, blank=True)
    basis = models.CharField(max_length=20)
    source = models.TextField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("code",)
        constraints = [
            one_of(
                "basis", ("national_code", "statute"), name="attestations_nationallist_basis_known"
            ),
        ]

    def __str__(self):
        return self.title


class NationalGrade(models.Model):
    """A country's grade on a national list for a stretch of days; between the earliest possible
    and the certain first day the answer is open."""

    national_list = models.ForeignKey(NationalList, on_delete=models.PROTECT, related_name="grades")
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    grade = models.CharField(max_length=10, choices=Grade.choices)
    earliest_possible = models.DateField()
    valid_from = models.DateField()
    valid_to_exclusive = models.DateField(null=True, blank=True)
    precision = models.TextField(blank=True, help_text="How certain the days are, in words.")
    source = models.TextField(blank=True)
    revision = models.ForeignKey(
        Revision, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ending = models.ForeignKey(
        Revision,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The revision that recorded its last day; empty if it came with one or has none.",
    )

    objects = NationalGradeQuerySet.as_manager()

    class Meta:
        ordering = ("national_list", "country", "valid_from")
        constraints = [
            models.UniqueConstraint(
                fields=("national_list", "country", "valid_from"),
                name="attestations_nationalgrade_once_a_day",
            ),
            one_of("grade", Grade.values, name="attestations_nationalgrade_known"),
            in_order(
                "earliest_possible", "valid_from", name="attestations_nationalgrade_earliest_first"
            ),
            in_order(
                "valid_from", "valid_to_exclusive", name="attestations_nationalgrade_in_order"
            ),
        ]

    def __str__(self):
        return f"{self.country_id} {self.grade} from {self.valid_from}"
