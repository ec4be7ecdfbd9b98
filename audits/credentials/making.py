"""A certificate's credential, secured in both forms and checked before anybody sees it."""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from agencies.lib.canonical import canonical
from audits.certificates.signing import SigningUnavailable
from audits.certificates.statement import read
from audits.credentials import compact, data_integrity
from audits.credentials.certificate import credential_of, written_instant
from audits.credentials.contexts import document_loader
from audits.credentials.dids import did_of, json_web_key_id, multikey_id
from audits.credentials.signing import CREDENTIAL, key_in_use, sign


@dataclass(frozen=True, slots=True)
class Credential:
    """One credential in two forms, which say the same, and the key that signed both."""

    jsonld: bytes
    jwt: str
    key_id: str

    @property
    def jsonld_sha256(self) -> str:
        return hashlib.sha256(self.jsonld).hexdigest()

    @property
    def jwt_sha256(self) -> str:
        return hashlib.sha256(self.jwt.encode("ascii")).hexdigest()


def credential_for(statement: bytes, *, status_index: int, at) -> Credential:
    """The credential of a canonical statement, signed at `at`; the same for the same three.

    Writes nothing to the database. SigningUnavailable says what stands in the way.
    """
    stated = read(statement)
    key = key_in_use(CREDENTIAL, at=at)
    if key.is_demonstration != stated.is_demonstration:
        raise SigningUnavailable(
            f"The statement of {stated.number} and the key {key.key_id} disagree on whether this "
            "is a demonstration."
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
    return secured(document, purpose=CREDENTIAL, at=at)


def secured(document: dict[str, Any], *, purpose, at) -> Credential:
    """A document with a Data Integrity proof, and as `vc+jwt`, both by the key of `purpose`."""
    origin = settings.CANONICAL_ORIGIN
    did = did_of(origin)
    key = key_in_use(purpose, at=at)
    options = data_integrity.proof_options(
        verification_method=multikey_id(did, key.key_id), created=written_instant(at)
    )
    loader = document_loader(origin)
    signature = sign(
        purpose, data_integrity.to_be_signed(document, options, loader=loader), at=at, key=key
    )
    jsonld = canonical(data_integrity.with_proof(document, options, signature))
    signing_input = compact.to_be_signed(canonical(document), kid=json_web_key_id(did, key.key_id))
    jwt = compact.with_signature(signing_input, sign(purpose, signing_input, at=at, key=key))
    return Credential(jsonld=jsonld, jwt=jwt, key_id=key.key_id)
