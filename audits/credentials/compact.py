"""Credentials as `vc+jwt` (W3C, Securing Verifiable Credentials using JOSE and COSE).

A compact JWS, whose payload is the credential itself. The header says four things and nothing else.
Whatever could lead a verifier to another key or another reading (`jwk`, `jku`, `x5u`, `crit`,
`b64`, a name given twice) is refused before any key is looked for.
"""

import json
from collections.abc import Sequence
from typing import Any

from agencies.lib.canonical import canonical
from audits.credentials.dids import base64url, from_base64url

# RFC 9864 names this algorithm Ed25519; the verifiers in use know it as EdDSA.
ALGORITHM = "EdDSA"
TYPE = "vc+jwt"
CONTENT_TYPE = "vc"

_HEADER = {"alg", "cty", "kid", "typ"}


class TokenUnreadable(ValueError):
    """The text is no credential in the one form of `vc+jwt` that is taken here."""


def to_be_signed(payload: bytes, *, kid: str) -> bytes:
    """Header and payload as they are signed."""
    header = canonical({"alg": ALGORITHM, "cty": CONTENT_TYPE, "kid": kid, "typ": TYPE})
    return f"{base64url(header)}.{base64url(payload)}".encode("ascii")


def with_signature(signing_input: bytes, signature: bytes) -> str:
    return f"{signing_input.decode('ascii')}.{base64url(signature)}"


def apart(token: str) -> tuple[str, dict[str, Any], bytes, bytes]:
    """The key's address, the payload, what was signed, and the signature; else TokenUnreadable."""
    parts = token.split(".")
    if len(parts) != 3:
        raise TokenUnreadable("The token does not have three parts.")
    try:
        header, payload, signature = (from_base64url(part) for part in parts)
    except ValueError as wrong:
        raise TokenUnreadable("A part of the token is not base64url.") from wrong
    stated = strict_object(header)
    if set(stated) != _HEADER or not isinstance(stated["kid"], str):
        raise TokenUnreadable("The header of the token says more or less than alg, cty, kid, typ.")
    if (stated["alg"], stated["typ"], stated["cty"]) != (ALGORITHM, TYPE, CONTENT_TYPE):
        raise TokenUnreadable(f"The token is not a {TYPE} signed with {ALGORITHM}.")
    if len(signature) != 64:
        raise TokenUnreadable("The signature does not have 64 bytes.")
    signed = f"{parts[0]}.{parts[1]}".encode("ascii")
    return stated["kid"], strict_object(payload), signed, signature


def strict_object(written: bytes) -> dict[str, Any]:
    """A JSON object without a name given twice, fractions, or numbers that are none."""
    try:
        value = json.loads(
            written.decode("utf-8"),
            object_pairs_hook=_once,
            parse_float=_refuse,
            parse_constant=_refuse,
        )
    except (UnicodeDecodeError, ValueError, RecursionError) as wrong:
        raise TokenUnreadable("What is written there is not plain JSON.") from wrong
    if not isinstance(value, dict):
        raise TokenUnreadable("What is written there is not a JSON object.")
    return value


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("A name is given twice.")
    return found


def _refuse(written: str) -> None:
    raise ValueError(f"{written} is not a whole number.")
