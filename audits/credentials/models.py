from django.db import models
from django.db.models import Q

from audits.certificates.models import Certificate
from audits.keys.models import SigningKey


class CertificateCredential(models.Model):
    """The credential that was published with a certificate, in both forms, byte by byte.

    Written once, in the transaction that publishes the certificate; triggers refuse the rest.
    """

    certificate = models.OneToOneField(
        Certificate, on_delete=models.PROTECT, primary_key=True, related_name="credential"
    )
    jsonld = models.TextField(help_text="Canonical JSON (RFC 8785) with a Data Integrity proof.")
    jsonld_digest = models.CharField(max_length=64)
    jwt = models.TextField(help_text="The same credential as vc+jwt.")
    jwt_digest = models.CharField(max_length=64)
    key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(jsonld="") & ~Q(jwt=""), name="audits_certificatecredential_whole"
            ),
        ]

    def __str__(self):
        return f"Credential of certificate {self.certificate_id}"
