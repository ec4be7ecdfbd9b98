import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from agencies.enums import CASE_ROLES
from agencies.lib.constraints import in_order, one_of
from agencies.models import Agency, Regulator
from audits.cases.enums import CaseKind, Ending, Stage, WaitsOn
from audits.models.audit import WORK_ON_AUDIT, Audit

# where a matter without a day stands in the order of days
NO_DAY = date(9999, 12, 31)


class CaseQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The one door: the case staff of its regulator, and who is named on its audit.

        The keys are fetched first: the database then reads the queue in its own order.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        own = user.regulator_memberships.filter(ended_at=None, role__in=CASE_ROLES)
        # guardian's table is asked directly: its own shortcuts list objects to inactive users
        named = user.audituserobjectpermission_set.filter(permission__codename=WORK_ON_AUDIT)
        regulators = sorted(set(own.values_list("regulator", flat=True)))
        audits = sorted(set(named.values_list("content_object", flat=True)))
        seen = Q(regulator__in=regulators)
        return self.filter(seen | Q(audit__in=audits) if audits else seen)

    def open(self):
        return self.filter(closed_at=None)

    def closed(self):
        return self.filter(closed_at__isnull=False)

    def running_out(self, until):
        """Whatever is due by a day, from whom ever; days gone by count too."""
        return self.open().filter(due_on__lte=until)


class Case(models.Model):
    """A matter that waits for a regulator: what the journal says of it, kept so that it is found.

    Written by `hearing` in the transaction of each act, and by nothing else; `rebuild_cases` comes
    to the same rows. Only the weight of its risk is reckoned apart (`risk`).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=15, choices=CaseKind.choices)
    subject = models.CharField(max_length=100, unique=True, help_text="As the journal labels it.")
    earlier_subjects = models.JSONField(
        default=list, help_text="Labels under which the same matter went on before."
    )
    regulator = models.ForeignKey(
        Regulator, on_delete=models.PROTECT, related_name="cases", db_index=False
    )
    agency = models.ForeignKey(
        Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="cases"
    )
    audit = models.ForeignKey(
        Audit, null=True, blank=True, on_delete=models.PROTECT, related_name="cases"
    )
    reference = models.CharField(max_length=60, blank=True)
    facts = models.JSONField(default=dict, help_text="Codes for the summary, never words.")
    stage = models.CharField(max_length=15, choices=Stage.choices)
    waits_on = models.CharField(max_length=10, choices=WaitsOn.choices)
    due_on = models.DateField(null=True, blank=True)
    rank_on = models.DateField(help_text="The day in whose order the queue stands.")
    days_given = models.PositiveSmallIntegerField(null=True, blank=True)
    days_left = models.SmallIntegerField(
        null=True, blank=True, help_text="What is left of our own days while our clock stands."
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    opened_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    position = models.PositiveBigIntegerField(help_text="Of the last entry that concerned it.")
    closed_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=15, choices=Ending.choices, blank=True)
    risk = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ("rank_on", "id")
        constraints = [
            one_of("kind", CaseKind.values, name="audits_case_kind_known"),
            one_of("stage", Stage.values, name="audits_case_stage_known"),
            one_of("waits_on", WaitsOn.values, name="audits_case_waits_on_known"),
            one_of("ending", ["", *Ending.values], name="audits_case_ending_known"),
            models.CheckConstraint(
                condition=Q(closed_at=None, ending="")
                | (Q(closed_at__isnull=False) & ~Q(ending="")),
                name="audits_case_ended_somehow",
            ),
            models.CheckConstraint(
                condition=Q(due_on=None, rank_on=NO_DAY)
                | Q(due_on__isnull=False, rank_on=F("due_on")),
                name="audits_case_stands_in_its_day",
            ),
            in_order("opened_at", "closed_at", name="audits_case_closed_after_opened"),
            models.UniqueConstraint(
                fields=("agency",),
                condition=Q(kind=CaseKind.ATTESTATION, closed_at=None),
                name="audits_case_one_open_attestation_an_agency",
            ),
        ]
        indexes = [
            # the queue of a regulator, what is due first on top
            models.Index(
                fields=("regulator", "rank_on", "id"),
                condition=Q(closed_at=None),
                name="audits_case_queue",
            ),
            # one person's part of it
            models.Index(
                fields=("assignee", "rank_on", "id"),
                condition=Q(closed_at=None),
                name="audits_case_of_person",
            ),
            # what nobody has taken
            models.Index(
                fields=("regulator", "rank_on", "id"),
                condition=Q(closed_at=None, assignee=None),
                name="audits_case_unassigned",
            ),
            # what waits for the other side
            models.Index(
                fields=("regulator", "rank_on", "id"),
                condition=Q(closed_at=None, waits_on=WaitsOn.AGENCY),
                name="audits_case_elsewhere",
            ),
            # what was closed, the last first
            models.Index(
                fields=("regulator", "-closed_at", "-id"),
                condition=Q(closed_at__isnull=False),
                name="audits_case_closed",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.reference}".strip()

    @property
    def subjects(self):
        """Every label under which the journal speaks of it."""
        return [*self.earlier_subjects, self.subject]


class CaseVisit(models.Model):
    """How far a person has read of a matter; by its address, which outlives any rebuilding."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    matter = models.UUIDField()
    position = models.PositiveBigIntegerField(help_text="Of the last entry that was seen.")
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ("user", "matter")
        constraints = [
            models.UniqueConstraint(
                fields=("user", "matter"), name="audits_casevisit_once_a_person_and_matter"
            )
        ]

    def __str__(self):
        return f"{self.user_id} saw {self.matter} up to {self.position}"


class SavedView(models.Model):
    """A way of looking at the queue that somebody comes back to; theirs alone."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2000, help_text="As it stands in the address.")
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(fields=("user", "name"), name="audits_savedview_name_once")
        ]

    def __str__(self):
        return self.name
