"""Keeping the credential of a certificate as it was published."""

from audits.credentials.models import CertificateCredential


def keep_credential(*, certificate, credential):
    """Store what was made for a certificate; part of the transaction that publishes it."""
    return CertificateCredential.objects.create(
        certificate=certificate,
        jsonld=credential.jsonld.decode("utf-8"),
        jsonld_digest=credential.jsonld_sha256,
        jwt=credential.jwt,
        jwt_digest=credential.jwt_sha256,
        key_id=credential.key_id,
        signed_at=credential.signed_at,
    )
