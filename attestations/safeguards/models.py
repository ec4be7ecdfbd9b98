import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from agencies.enums import Side
from agencies.lib.constraints import in_order, one_of
from agencies.models import Country
from attestations.enums import CommunicationKind, Grade


def two_people(first, second, *, name):
    """Refuses a row that one person both recorded and confirmed; files have neither."""
    return models.CheckConstraint(
        condition=Q(**{f"{first}__isnull": True})
        | Q(**{f"{second}__isnull": True})
        | ~Q(**{first: F(second)}),
        name=name,
        violation_error_message="Somebody else has to confirm this.",
    )


class RecordedQuerySet(models.QuerySet):
    def confirmed(self):
        return self.filter(confirmed_at__isnull=False)

    def in_force(self, on):
        """Confirmed, and `on` lies between its days, both included."""
        return self.confirmed().filter(_covers(on))


class DatedQuerySet(models.QuerySet):
    def in_force(self, on):
        """Those for which `on` lies between their days, both included."""
        return self.filter(_covers(on))


def _covers(on):
    return Q(valid_from__lte=on) & (Q(valid_until=None) | Q(valid_until__gte=on))


class NationalGradeQuerySet(models.QuerySet):
    def around(self, on):
        """The rows that hold on `on` for certain, and those that may already hold."""
        return self.filter(earliest_possible__lte=on).filter(
            Q(valid_to_exclusive=None) | Q(valid_to_exclusive__gt=on)
        )


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


class Agreement(models.Model):
    """A government-to-government agreement that may cover managed recruitment (Code 5.2)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    source_country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    destination_country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    occupations = models.JSONField(default=list, help_text="ISCO-08 codes of the posts covered.")
    agencies_may_act = models.BooleanField(default=False)
    health_ministry_takes_part = models.BooleanField(default=False)
    quota = models.PositiveIntegerField(null=True, blank=True)
    document = models.TextField(help_text="Where its text can be read, or the file it came from.")
    is_invented = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = RecordedQuerySet.as_manager()

    class Meta:
        ordering = ("reference",)
        constraints = [
            in_order("valid_from", "valid_until", name="attestations_agreement_in_order"),
            two_people(
                "recorded_by", "confirmed_by", name="attestations_agreement_confirmed_by_another"
            ),
            models.CheckConstraint(
                condition=~Q(source_country=F("destination_country")),
                name="attestations_agreement_between_two_countries",
            ),
        ]

    def __str__(self):
        return f"{self.reference}: {self.title}"


class CountryCommunication(models.Model):
    """What a source country has told of recruitment from it: willing, or restricting (B1.5(c)).

    A willing country stays on the List: there is no opt-out.
    """

    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=CommunicationKind.choices)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    occupations = models.JSONField(default=list)
    document = models.TextField()
    is_invented = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = RecordedQuerySet.as_manager()

    class Meta:
        ordering = ("country", "valid_from")
        constraints = [
            one_of("kind", CommunicationKind.values, name="attestations_communication_kind_known"),
            in_order("valid_from", "valid_until", name="attestations_communication_in_order"),
            two_people("recorded_by", "confirmed_by", name="attestations_communication_two_people"),
            models.UniqueConstraint(
                fields=("country", "kind", "valid_from"),
                name="attestations_communication_once_a_day",
            ),
        ]

    def __str__(self):
        return f"{self.country_id} {self.kind} from {self.valid_from}"


class Emergency(models.Model):
    """An emergency at source or destination, from a day to a day (B1.2)."""

    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    source = models.TextField()
    is_invented = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ("country", "valid_from")
        verbose_name_plural = "emergencies"
        constraints = [
            in_order("valid_from", "valid_until", name="attestations_emergency_in_order"),
            models.UniqueConstraint(
                fields=("country", "title", "valid_from"), name="attestations_emergency_once"
            ),
        ]

    def __str__(self):
        return self.title


class AuthorizationRequirement(models.Model):
    """That a country, on a side, requires recruiters to be authorized; not recorded is unknown."""

    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=12, choices=Side.choices)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    source = models.TextField()
    is_invented = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ("country", "side", "valid_from")
        constraints = [
            one_of(
                "side",
                (Side.SOURCE, Side.DESTINATION),
                name="attestations_authrequirement_side_known",
            ),
            in_order("valid_from", "valid_until", name="attestations_authrequirement_in_order"),
            models.UniqueConstraint(
                fields=("country", "side", "valid_from"), name="attestations_authrequirement_once"
            ),
        ]

    def __str__(self):
        return f"{self.country_id} {self.side}"
