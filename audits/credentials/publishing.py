"""What anybody may fetch: signed status lists, the DID document, and the contexts."""

import datetime as dt
import json
from base64 import b64decode
from functools import lru_cache

from django.conf import settings

from audits.credentials.certificate import written_instant
from audits.credentials.dids import did_of, json_web_key, json_web_key_id, multikey, multikey_id
from audits.credentials.making import Credential, secured
from audits.credentials.queries import bits_of_list
from audits.credentials.status_lists import StatusPurpose, encoded, list_credential
from audits.keys.enums import Purpose
from audits.keys.holding import SigningUnavailable
from audits.keys.queries import key_in_use, trusted_keys

# How long anybody may keep a list, the DID document or a page of them without asking again.
KEPT_FOR = dt.timedelta(seconds=60)

DID_CONTEXTS = [
    "https://www.w3.org/ns/did/v1",
    "https://w3id.org/security/multikey/v1",
    "https://w3id.org/security/jwk/v1",
]


def signed_list(purpose: StatusPurpose, number: int, *, at) -> Credential:
    """A status list as the register stands at `at`, signed and dated.

    Signed anew when a bit or the key changes, and every minute. SigningUnavailable if there is no
    key: then nothing is said, rather than something that nobody can check.
    """
    key = key_in_use(Purpose.STATUS_LIST, at=at)
    if key is None:
        raise SigningUnavailable("There is no registered key for status lists.")
    is_set = {StatusPurpose.REVOCATION: "revoked", StatusPurpose.SUSPENSION: "suspended"}[purpose]
    bits = bits_of_list(number, at=at)
    written = encoded(index for index, bit in bits.items() if getattr(bit, is_set))
    return _signed(
        purpose,
        number,
        written,
        max(at.replace(second=0, microsecond=0), key.valid_from),
        dt.timedelta(minutes=settings.STATUS_LIST_VALID_MINUTES),
        key.key_id,
        settings.CANONICAL_ORIGIN,
    )


def did_document() -> bytes:
    """The DID document: every key that ever signed credentials or lists, with what became of it.

    A key that was replaced still speaks for what it signed; one that was in other hands does not.
    """
    did = did_of(settings.CANONICAL_ORIGIN)
    methods, trusted = [], []
    for purpose in (Purpose.CREDENTIAL, Purpose.STATUS_LIST):
        for key in trusted_keys(purpose):
            stated = _methods(did, key)
            methods += stated
            if key.compromised_from is None:
                trusted += [method["id"] for method in stated]
    document = {
        "@context": DID_CONTEXTS,
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": trusted,
    }
    return json.dumps(document, indent=2).encode()


def _methods(did, key):
    raw = b64decode(key.public_key)
    ended = {}
    if key.compromised_from is not None:
        ended = {"revoked": written_instant(key.compromised_from)}
    return [
        {
            "id": multikey_id(did, key.key_id),
            "type": "Multikey",
            "controller": did,
            "publicKeyMultibase": multikey(raw),
            **ended,
        },
        {
            "id": json_web_key_id(did, key.key_id),
            "type": "JsonWebKey",
            "controller": did,
            "publicKeyJwk": json_web_key(raw),
            **ended,
        },
    ]


@lru_cache(maxsize=64)
def _signed(purpose, number, written, signed_at, valid_for, key_id, origin):
    """Kept by all that it depends on; the key and the origin are read from where they stand."""
    document = list_credential(
        purpose,
        number,
        written,
        origin=origin,
        signed_at=written_instant(signed_at),
        until=written_instant(signed_at + valid_for),
        keep_for=KEPT_FOR,
    )
    return secured(document, purpose=Purpose.STATUS_LIST, at=signed_at)
