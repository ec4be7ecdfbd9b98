"""Credentials of certificates, made and kept as issuing does."""

from django.utils import timezone

from audits.credentials.making import credential_for
from audits.credentials.services import keep_credential
from tests.factories import certificates as certify


def credential_of(certificate, *, at=None):
    """The credential of a certificate, signed with the demonstration keys; nothing is stored."""
    return credential_for(
        certificate.statement.encode(),
        status_index=certificate.status_index,
        at=at or timezone.now(),
    )


def published(agency=None, *, at=None, **stated):
    """An issued certificate as rows, with the credential that was published with it."""
    certificate = certify.published(agency, **stated)
    keep_credential(certificate=certificate, credential=credential_of(certificate, at=at))
    return certificate
