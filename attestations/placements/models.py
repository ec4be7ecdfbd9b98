import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from agencies.enums import CASE_ROLES
from agencies.lib.constraints import all_or_none, one_of
from agencies.models import Agency
from agencies.models.agencies import OfAgencyQuerySet
from attestations.crosscheck.models import Verdict
from attestations.enums import FileKind, ImportState


class PlacementQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The one door: who sees the agency, and the case staff of either end of the corridor.

        A placement's source is where the worker lived; a declared source counts too. Nothing for
        an inactive user.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        mine = user.regulator_memberships.filter(ended_at=None, role__in=CASE_ROLES)
        countries = list(mine.values_list("regulator__country", flat=True))
        visible = Q(agency__in=Agency.objects.visible_to(user))
        if countries:
            visible |= (
                Q(destination__in=countries) | Q(residence__in=countries) | Q(source__in=countries)
            )
        return self.filter(visible)

    def standing(self):
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at=None)


class PlacementImport(models.Model):
    """One file of placements, from its arrival to its rows: the intent row of the job.

    rows in the file = new + changed + unchanged + duplicate + refused (design §10).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="placement_imports")
    file_digest = models.CharField(max_length=64)
    file_size = models.PositiveBigIntegerField()
    file_kind = models.CharField(max_length=4, choices=FileKind.choices)
    original_name = models.CharField(max_length=255)
    mapping = models.JSONField(default=dict)
    sheets = models.JSONField(
        default=dict,
        help_text="Of sheets by name: a mapping of their own, or null for one that is left aside.",
    )
    remembered = models.JSONField(
        default=dict, help_text="What the agency had said of headers when the file was queued."
    )
    notes = models.JSONField(default=list, help_text="What was noticed on reading, in words.")
    layout = models.JSONField(default=dict, help_text="Which header fills which of our columns.")
    corrections = models.JSONField(
        default=list, help_text="What is read instead of what the file says; see `corrections`."
    )
    follows = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="followed_by",
        help_text="The earlier reading of the same file that this one replaces.",
    )
    header = models.JSONField(
        default=dict, help_text="Headers and first rows of a file whose columns were not found."
    )
    checkpoint = models.JSONField(
        default=dict, help_text="How far the file has been read into staging, for going on there."
    )
    judged_with = models.CharField(
        max_length=64, blank=True, help_text="Digest of rules, lists and agency at the preview."
    )
    is_dry_run = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.QUEUED)
    message = models.TextField(blank=True)
    rows_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(null=True)
    rows_new = models.PositiveIntegerField(null=True)
    rows_changed = models.PositiveIntegerField(null=True)
    rows_unchanged = models.PositiveIntegerField(null=True)
    rows_duplicate = models.PositiveIntegerField(null=True)
    rows_refused = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    apply_asked_at = models.DateTimeField(null=True, blank=True)
    apply_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    told_at = models.DateTimeField(
        null=True, blank=True, help_text="When an e-mail about the end of the reading was queued."
    )
    applied_at = models.DateTimeField(null=True, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = OfAgencyQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        constraints = [
            one_of("state", ImportState.values, name="attestations_import_state_known"),
            one_of("file_kind", FileKind.values, name="attestations_import_kind_known"),
            models.CheckConstraint(
                condition=~Q(state__in=(ImportState.PREVIEW, ImportState.APPLIED))
                | Q(
                    rows_total=F("rows_new")
                    + F("rows_changed")
                    + F("rows_unchanged")
                    + F("rows_duplicate")
                    + F("rows_refused")
                ),
                name="attestations_import_every_row_counted",
            ),
            models.CheckConstraint(
                condition=~Q(state=ImportState.FAILED) | ~Q(message=""),
                name="attestations_import_failure_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state=ImportState.APPLIED, applied_at__isnull=False)
                | (~Q(state=ImportState.APPLIED) & Q(applied_at=None)),
                name="attestations_import_applied_dated",
            ),
            models.CheckConstraint(
                condition=Q(is_dry_run=False) | ~Q(state=ImportState.APPLIED),
                name="attestations_import_dry_run_saves_nothing",
            ),
        ]
        indexes = [
            # the agency's list of uploads, newest first
            models.Index(fields=("agency", "-created_at"), name="attestations_import_agency"),
            # the sweep that sends again what was lost
            models.Index(
                fields=("created_at",),
                condition=Q(state__in=(ImportState.QUEUED, ImportState.RUNNING))
                | Q(state=ImportState.PREVIEW, apply_asked_at__isnull=False),
                name="attestations_import_waiting",
            ),
        ]

    def __str__(self):
        return f"{self.original_name} ({self.state})"


class ImportProblem(models.Model):
    """One thing wrong with one cell (or row), in the person's own row numbers (header = 1)."""

    placement_import = models.ForeignKey(
        PlacementImport, on_delete=models.PROTECT, related_name="problems"
    )
    sheet = models.CharField(max_length=120, blank=True)
    row = models.PositiveIntegerField()
    column = models.CharField(max_length=120, blank=True, help_text="Its header in the file.")
    name = models.CharField(max_length=40, blank=True, help_text="Our name for the column.")
    code = models.CharField(max_length=40)
    value = models.CharField(max_length=300, blank=True)
    message = models.CharField(max_length=500)
    suggestion = models.CharField(max_length=300, blank=True)
    replacements = models.JSONField(
        default=list, help_text="Texts of which each could stand in the cell instead."
    )

    class Meta:
        ordering = ("placement_import", "row", "id")
        indexes = [
            # the problems of one file in the order of its rows
            models.Index(fields=("placement_import", "row"), name="attestations_problem_rows"),
        ]

    def __str__(self):
        return f"row {self.row}, {self.column}: {self.message}"


class PlacementColumns(models.Model):
    """What is stated of one person recruited. No name. NULL is "not answered", never "no".

    Countries and occupations are codes, not rows to join: a million rows must be cheap.
    """

    residence = models.CharField(max_length=3, null=True)
    training = models.CharField(max_length=3, null=True)
    nationality = models.CharField(max_length=3, null=True)
    source = models.CharField(max_length=3, null=True)
    destination = models.CharField(max_length=3, null=True)
    destination_part = models.CharField(max_length=20, blank=True, default="", db_default="")
    months_resident = models.PositiveSmallIntegerField(null=True)
    qualified = models.CharField(max_length=4, null=True)
    placed = models.CharField(max_length=4, null=True)
    other_occupations = models.CharField(max_length=60, null=True)
    mode = models.CharField(max_length=12, null=True)
    independent_application = models.BooleanField(null=True)
    recruited_on = models.DateField(null=True)
    offered_on = models.DateField(null=True)
    contracted_on = models.DateField(null=True)
    started_on = models.DateField(null=True)
    fees = models.JSONField(null=True)
    repayment = models.JSONField(null=True)
    agreement_cited = models.CharField(max_length=60, blank=True, default="", db_default="")
    by_federal_agency = models.BooleanField(null=True)
    lower_post_disclosed = models.BooleanField(null=True)
    obligation_outstanding = models.BooleanField(null=True)
    consultation_recorded = models.BooleanField(null=True)
    employer = models.CharField(max_length=200, blank=True, default="", db_default="")
    evidence_reference = models.CharField(max_length=200, blank=True, default="", db_default="")
    unresolved = models.JSONField(null=True, help_text="Spellings that name no single country.")

    class Meta:
        abstract = True


class Placement(PlacementColumns):
    """One placement as it stands now; identity is (agency, reference). See design §3."""

    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="placements", db_index=False
    )
    reference = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)
    placement_import = models.ForeignKey(
        PlacementImport,
        null=True,
        on_delete=models.PROTECT,
        related_name="placements",
        db_index=False,
    )
    sheet = models.CharField(max_length=120, blank=True, default="")
    row = models.PositiveIntegerField(null=True)
    verdict = models.ForeignKey(
        Verdict, null=True, on_delete=models.PROTECT, related_name="placements", db_index=False
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    withdrawn_reason = models.CharField(max_length=300, blank=True, default="")
    recorded_at = models.DateTimeField()

    objects = PlacementQuerySet.as_manager()

    class Meta:
        ordering = ("agency", "reference")
        constraints = [
            models.UniqueConstraint(
                fields=("agency", "reference"), name="attestations_placement_reference_once"
            ),
            all_or_none(
                "withdrawn_at", "withdrawn_by", name="attestations_placement_withdrawn_pair"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""),
                name="attestations_placement_withdrawal_says_why",
            ),
        ]
        indexes = [
            # whom a list or a country's word touches (of these residences since its day), and an
            # edition (recruited in its days, or started in them and recruited before)
            models.Index(
                fields=("residence", "recruited_on", "started_on"),
                name="attestations_placement_since",
            ),
            # who uses up an agreement's places
            models.Index(
                fields=("agreement_cited",),
                condition=~Q(agreement_cited=""),
                name="attestations_placement_citing",
            ),
        ]

    def __str__(self):
        return self.reference


class PlacementVersion(models.Model):
    """What a placement said before it was changed, by which file or person."""

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveSmallIntegerField()
    values = models.JSONField()
    placement_import = models.ForeignKey(
        PlacementImport, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    sheet = models.CharField(max_length=120, blank=True, default="")
    row = models.PositiveIntegerField(null=True)
    replaced_at = models.DateTimeField()
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    replaced_reason = models.CharField(
        max_length=300,
        blank=True,
        default="",
        db_default="",  # files replace versions by one INSERT, which gives no reason
        help_text="Why somebody corrected it by hand; empty where a file replaced it.",
    )

    class Meta:
        ordering = ("placement", "-version")
        constraints = [
            models.UniqueConstraint(
                fields=("placement", "version"), name="attestations_placementversion_once"
            ),
        ]

    def __str__(self):
        return f"version {self.version} of placement {self.placement_id}"


class VerdictChange(models.Model):
    """That a placement's current verdict changed, and when; the old verdict stays."""

    placement = models.ForeignKey(
        Placement, on_delete=models.PROTECT, related_name="verdict_changes"
    )
    was = models.ForeignKey(Verdict, on_delete=models.PROTECT, related_name="+", db_index=False)
    became = models.ForeignKey(
        Verdict, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reason = models.CharField(max_length=60)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("placement", "-changed_at")

    def __str__(self):
        return f"verdict of placement {self.placement_id} changed"


class StagedPlacement(PlacementColumns):
    """A checked row that waits for its file to be applied; visible to nobody else."""

    # what waits is made again from its file: the keys are checked when it becomes a placement
    placement_import = models.ForeignKey(
        PlacementImport,
        on_delete=models.PROTECT,
        related_name="staged",
        db_index=False,
        db_constraint=False,
    )
    reference = models.CharField(max_length=60)
    sheet = models.CharField(max_length=120, blank=True, default="", db_default="")
    row = models.PositiveIntegerField()
    verdict = models.ForeignKey(
        Verdict,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    refused = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Wrong somewhere; here until the file is read, for its reference alone.",
    )

    class Meta:
        indexes = [
            # all rows of one file, and the pages of its preview in the order of the file
            models.Index(
                fields=("placement_import", "sheet", "row"), name="attestations_staged_rows"
            ),
        ]

    def __str__(self):
        return f"{self.reference} (row {self.row})"
