from django.conf import settings
from django.db import models
from django.db.models import F, Q

from agencies.lib.constraints import all_or_none, in_order, one_of
from agencies.models import Agency, Country, Regulator
from audits.enums import DocumentState, StatusKind, StatusReason, StatusState
from audits.keys.models import SigningKey
from audits.models.decision import Decision


class CertificateQuerySet(models.QuerySet):
    def issued(self):
        return self.filter(state=DocumentState.ISSUED)

    def visible_to(self, user):
        """The certificates of the agencies that `user` may see; the door of the case pages.

        What the public sees of a certificate goes by `audits.register.standing`.
        """
        return self.filter(agency__in=Agency.objects.visible_to(user))


class Certificate(models.Model):
    """A certificate: a canonical statement, signed before it is rendered, published last."""

    number = models.CharField(max_length=16, unique=True)
    status_index = models.PositiveIntegerField(unique=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="certificates")
    regulator = models.ForeignKey(Regulator, on_delete=models.PROTECT, related_name="certificates")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="certificates")
    state = models.CharField(
        max_length=10, choices=DocumentState.choices, default=DocumentState.PREPARED
    )
    statement = models.TextField(help_text="Canonical JSON (RFC 8785).")
    statement_digest = models.CharField(max_length=64)
    signature = models.TextField(blank=True)
    key = models.ForeignKey(
        SigningKey, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    valid_from = models.DateField()
    valid_until = models.DateField()
    conditions = models.TextField(blank=True)
    pdf_digest = models.CharField(max_length=64, blank=True)
    pdf_size = models.PositiveBigIntegerField(null=True, blank=True)
    prepared_at = models.DateTimeField()
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    superseded_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="supersedes"
    )
    superseded_at = models.DateTimeField(null=True, blank=True)
    superseded_on = models.DateField(null=True, blank=True)
    void_reason = models.CharField(max_length=300, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ("-prepared_at",)
        constraints = [
            one_of("state", DocumentState.values, name="audits_certificate_state_known"),
            in_order("valid_from", "valid_until", name="audits_certificate_validity_in_order"),
            models.CheckConstraint(
                condition=~Q(state=DocumentState.ISSUED)
                | (
                    Q(issued_at__isnull=False, key__isnull=False, pdf_size__isnull=False)
                    & ~Q(signature="")
                    & ~Q(pdf_digest="")
                ),
                name="audits_certificate_issued_whole",
            ),
            models.CheckConstraint(
                condition=Q(state=DocumentState.ISSUED) | Q(issued_at=None),
                name="audits_certificate_only_issued_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state=DocumentState.VOID) | ~Q(void_reason=""),
                name="audits_certificate_void_says_why",
            ),
            all_or_none(
                "superseded_at",
                "superseded_on",
                "superseded_by",
                name="audits_certificate_superseded_whole",
            ),
            models.CheckConstraint(
                condition=Q(superseded_by=None) | ~Q(superseded_by=F("id")),
                name="audits_certificate_superseded_by_another",
            ),
            models.UniqueConstraint(
                fields=("decision",),
                condition=~Q(state=DocumentState.VOID),
                name="audits_certificate_one_a_decision",
            ),
        ]

    def __str__(self):
        return f"Certificate {self.number}"


class CertificateScope(models.Model):
    """What a certificate covers; one open row for each agency, corridor and occupation group.

    A row is closed (`ended_at`) when another certificate takes the corridor over, which then counts
    from `ended_on`, or when its certificate is withdrawn. Expiry closes nothing.
    """

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="scopes")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    destination = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    occupation_group = models.CharField(max_length=4)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    replaced_by = models.ForeignKey(
        Certificate, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("certificate", "source", "destination", "occupation_group")
        constraints = [
            all_or_none("ended_at", "ended_on", name="audits_certificatescope_ended_pair"),
            models.CheckConstraint(
                condition=Q(replaced_by=None)
                | (Q(ended_at__isnull=False) & ~Q(replaced_by=F("certificate"))),
                name="audits_certificatescope_replaced_is_ended",
            ),
            models.UniqueConstraint(
                fields=("agency", "source", "destination", "occupation_group"),
                condition=Q(ended_at=None),
                name="audits_certificatescope_one_open",
            ),
        ]

    def __str__(self):
        return f"{self.source_id} to {self.destination_id}, {self.occupation_group}"


class StatusChange(models.Model):
    """A suspension, restoration or withdrawal as a dated event; two people make it true."""

    certificate = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, related_name="status_changes"
    )
    kind = models.CharField(max_length=12, choices=StatusKind.choices)
    state = models.CharField(
        max_length=10, choices=StatusState.choices, default=StatusState.PROPOSED
    )
    effective_on = models.DateField()
    reason = models.CharField(max_length=40, choices=StatusReason.choices)
    explanation = models.TextField()
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decline_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("certificate", "effective_on", "id")
        constraints = [
            one_of("kind", StatusKind.values, name="audits_statuschange_kind_known"),
            one_of("state", StatusState.values, name="audits_statuschange_state_known"),
            one_of("reason", StatusReason.values, name="audits_statuschange_reason_known"),
            all_or_none("confirmed_at", "confirmed_by", name="audits_statuschange_confirmed_pair"),
            models.CheckConstraint(
                condition=Q(state=StatusState.PROPOSED, confirmed_at=None)
                | (~Q(state=StatusState.PROPOSED) & Q(confirmed_at__isnull=False)),
                name="audits_statuschange_state_fits_dates",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("proposed_by")),
                name="audits_statuschange_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(explanation=""), name="audits_statuschange_explained"
            ),
            models.CheckConstraint(
                condition=~Q(state=StatusState.DECLINED) | ~Q(decline_reason=""),
                name="audits_statuschange_decline_says_why",
            ),
            models.UniqueConstraint(
                fields=("certificate",),
                condition=Q(state=StatusState.PROPOSED),
                name="audits_statuschange_one_proposal",
            ),
            models.UniqueConstraint(
                fields=("certificate",),
                condition=Q(kind=StatusKind.WITHDRAWAL, state=StatusState.CONFIRMED),
                name="audits_statuschange_withdrawn_once",
            ),
        ]

    def __str__(self):
        return f"{self.kind} of certificate {self.certificate_id} ({self.state})"
