"""A certificate's credential, secured in both forms and checked before anybody sees it."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from agencies.lib.canonical import canonical
from audits.certificates.statement import read
from audits.credentials import compact, data_integrity
from audits.credentials.certificate import credential_of, written_instant
from audits.credentials.contexts import document_loader
from audits.credentials.dids import did_of, json_web_key_id, multikey_id
from audits.keys.enums import Purpose
from audits.keys.holding import SigningUnavailable
from audits.keys.signing import current, sign


@dataclass(frozen=True, slots=True)
class Credential:
    """One credential in two forms, which say the same, and the key that signed both."""

    jsonld: bytes
    jwt: str
    key_id: str
    signed_at: dt.datetime

    @property
    def jsonld_sha256(self) -> str:
        return hashlib.sha256(self.jsonld).hexdigest()

    @property
    def jwt_sha256(self) -> str:
        return hashlib.sha256(self.jwt.encode("ascii")).hexdigest()


def credential_for(statement: bytes, *, status_index: int, at) -> Credential:
    """The credential of a canonical statement, signed at `at`; the same for the same three.

    SigningUnavailable says what stands in the way: also that its status could not be published,
    because a credential whose status nobody can look up should not exist.
    """
    stated = read(statement)
    for purpose in (Purpose.CREDENTIAL, Purpose.STATUS_LIST):
        key = current(purpose, at=at)
        if key.is_demonstration != stated.is_demonstration:
            raise SigningUnavailable(
                f"The statement of {stated.number} and the key {key.key_id} disagree on whether "
                "this is a demonstration."
            )
    try:
        document = credential_of(
            stated,
            statement_sha256=hashlib.sha256(statement).hexdigest(),
            status_index=status_index,
            origin=settings.CANONICAL_ORIGIN,
        )
    except ValueError as wrong:
        raise SigningUnavailable(str(wrong)) from wrong
    return secured(document, purpose=Purpose.CREDENTIAL, at=at)


def secured(document: dict[str, Any], *, purpose: Purpose, at) -> Credential:
    """A document with a Data Integrity proof, and as `vc+jwt`, both by the key of `purpose`.

    Each signature has been checked with the registered key when it is returned.
    """
    origin = settings.CANONICAL_ORIGIN
    did, key = did_of(origin), current(purpose, at=at)
    options = data_integrity.proof_options(
        verification_method=multikey_id(did, key.key_id), created=written_instant(at)
    )
    digests = data_integrity.to_be_signed(document, options, loader=document_loader(origin))
    proven = data_integrity.with_proof(document, options, _signature(purpose, digests, key, at))
    token = compact.to_be_signed(canonical(document), kid=json_web_key_id(did, key.key_id))
    return Credential(
        jsonld=canonical(proven),
        jwt=compact.with_signature(token, _signature(purpose, token, key, at)),
        key_id=key.key_id,
        signed_at=at,
    )


def _signature(purpose, message, key, at):
    signed = sign(purpose, message, at=at)
    if signed.key.pk != key.pk:
        raise SigningUnavailable(
            f"The key for {purpose} was replaced while it was signing. Try again."
        )
    return signed.signature
