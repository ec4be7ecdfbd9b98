from django.db import models
from django.db.models import F, Q

from agencies.lib.constraints import all_or_none, in_order, one_of
from audits.keys.enums import Algorithm, Purpose

_IS_DOCUMENT = Q(purpose=Purpose.DOCUMENT.value)
_IS_P256 = Q(algorithm=Algorithm.ES256.value)


class SigningKeyQuerySet(models.QuerySet):
    def of(self, purpose):
        return self.filter(purpose=purpose)

    def in_use(self, at):
        """Keys that may sign at `at`; what they signed before may count much longer."""
        return self.filter(
            Q(valid_until=None) | Q(valid_until__gt=at),
            valid_from__lte=at,
            retired_at=None,
        )


class SigningKey(models.Model):
    """A public key, what it signs, and from when to when; the private part is elsewhere.

    Verifiers take public keys from these rows and from nowhere else. Triggers keep what identifies
    a key as it was registered; `valid_until` and `compromised_from` only ever move to earlier.
    """

    key_id = models.CharField(max_length=80, primary_key=True)
    purpose = models.CharField(
        max_length=20,
        choices=[(purpose.value, purpose.value) for purpose in Purpose],
        default=Purpose.STATEMENT.value,
    )
    algorithm = models.CharField(max_length=20)
    public_key = models.TextField(help_text="Base64 of the raw public key, or of a P-256 point.")
    certificate = models.TextField(
        blank=True, help_text="X.509 certificates in PEM, the key's own first."
    )
    is_demonstration = models.BooleanField(default=False)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    replaced_by = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaces"
    )
    compromised_from = models.DateTimeField(null=True, blank=True)
    compromise_recorded_at = models.DateTimeField(null=True, blank=True)
    compromise_reason = models.CharField(max_length=300, blank=True)

    objects = SigningKeyQuerySet.as_manager()

    class Meta:
        ordering = ("-valid_from", "key_id")
        constraints = [
            one_of("purpose", Purpose, name="audits_signingkey_purpose_known"),
            one_of("algorithm", Algorithm, name="audits_signingkey_algorithm_known"),
            models.CheckConstraint(
                condition=(_IS_DOCUMENT & _IS_P256) | (~_IS_DOCUMENT & ~_IS_P256),
                name="audits_signingkey_algorithm_fits",
            ),
            models.CheckConstraint(
                condition=(_IS_DOCUMENT & ~Q(certificate="")) | (~_IS_DOCUMENT & Q(certificate="")),
                name="audits_signingkey_documents_have_a_certificate",
            ),
            in_order("valid_from", "valid_until", name="audits_signingkey_in_order"),
            models.CheckConstraint(
                condition=Q(retired_at=None)
                | Q(valid_until__isnull=False, valid_until__lte=F("retired_at")),
                name="audits_signingkey_retired_is_over",
            ),
            models.CheckConstraint(
                condition=Q(replaced_by=None)
                | (Q(retired_at__isnull=False) & ~Q(replaced_by=F("key_id"))),
                name="audits_signingkey_replaced_is_retired",
            ),
            all_or_none(
                "compromised_from",
                "compromise_recorded_at",
                name="audits_signingkey_compromised_pair",
            ),
            models.CheckConstraint(
                condition=Q(compromised_from=None) | Q(retired_at__isnull=False),
                name="audits_signingkey_compromised_is_retired",
            ),
            in_order(
                "compromised_from",
                "compromise_recorded_at",
                name="audits_signingkey_compromise_known_after",
            ),
            models.CheckConstraint(
                condition=Q(compromised_from=None, compromise_reason="")
                | (Q(compromised_from__isnull=False) & ~Q(compromise_reason="")),
                name="audits_signingkey_compromise_says_why",
            ),
            models.UniqueConstraint(
                fields=("purpose",),
                condition=Q(retired_at=None),
                name="audits_signingkey_one_a_purpose",
            ),
        ]

    def __str__(self):
        return self.key_id
