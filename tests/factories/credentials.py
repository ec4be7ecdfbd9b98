"""Credentials of certificates, made and kept as issuing does, and what verifiers need for them."""

import json

from django.conf import settings
from django.utils import timezone

from audits.credentials.contexts import bundled, own_context
from audits.credentials.making import credential_for
from audits.credentials.publishing import did_document, signed_list
from audits.credentials.services import keep_credential
from audits.credentials.status_lists import PURPOSES, address_of
from audits.keys.enums import Purpose
from audits.keys.signing import current
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


def for_verifiers(*, lists=(1,), at=None):
    """What somebody else's verifier would fetch: DID document, our terms, the status lists."""
    at = at or timezone.now()
    origin = settings.CANONICAL_ORIGIN
    current(Purpose.STATUS_LIST, at=at)  # registered by now wherever a credential was issued
    documents = {own_context(origin): json.loads(bundled("recruitment-code-v1"))}
    for purpose in PURPOSES:
        for number in lists:
            signed = signed_list(purpose, number, at=at)
            documents[address_of(purpose, number, origin)] = json.loads(signed.jsonld)
    return {"did": json.loads(did_document()), "documents": documents}
