from django.conf import settings
from django.db import models
from django.db.models import Q

from agencies.lib.constraints import all_or_none, one_of
from audits.enums import DocumentState
from audits.models.audit import Audit


class AuditReport(models.Model):
    """The report of an audit: a canonical statement, frozen on issue, and its PDF by hash."""

    audit = models.OneToOneField(Audit, on_delete=models.PROTECT, related_name="report")
    number = models.CharField(max_length=16, unique=True)
    state = models.CharField(
        max_length=10, choices=DocumentState.choices, default=DocumentState.PREPARED
    )
    statement = models.TextField(help_text="Canonical JSON (RFC 8785).")
    statement_digest = models.CharField(max_length=64)
    signature = models.TextField(blank=True)
    key_id = models.CharField(max_length=80, blank=True)
    pdf_digest = models.CharField(max_length=64, blank=True)
    pdf_size = models.PositiveBigIntegerField(null=True, blank=True)
    prepared_at = models.DateTimeField()
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-prepared_at",)
        constraints = [
            one_of("state", DocumentState.values, name="audits_report_state_known"),
            models.CheckConstraint(
                condition=~Q(state=DocumentState.ISSUED)
                | (
                    Q(issued_at__isnull=False, pdf_size__isnull=False)
                    & ~Q(signature="")
                    & ~Q(key_id="")
                    & ~Q(pdf_digest="")
                ),
                name="audits_report_issued_whole",
            ),
        ]

    def __str__(self):
        return f"Report {self.number}"


class ReportAddendum(models.Model):
    """A correction of an issued report: a new text that points at it; the report stays."""

    report = models.ForeignKey(AuditReport, on_delete=models.PROTECT, related_name="addenda")
    position = models.PositiveSmallIntegerField()
    text = models.TextField()
    reason = models.TextField()
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    issued_at = models.DateTimeField(null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("report", "position")
        verbose_name_plural = "report addenda"
        constraints = [
            all_or_none("issued_at", "issued_by", name="audits_addendum_issued_pair"),
            models.UniqueConstraint(
                fields=("report", "position"), name="audits_addendum_position_once"
            ),
            models.CheckConstraint(
                condition=Q(issued_by=None) | ~Q(issued_by=models.F("proposed_by")),
                name="audits_addendum_two_people",
            ),
        ]

    def __str__(self):
        return f"Addendum {self.position} to {self.report}"
