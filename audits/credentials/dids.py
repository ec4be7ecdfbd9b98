"""Who signs a credential: `did:web` of the canonical origin, and its keys in two notations.

The same public key stands in the DID document twice: as a Multikey, which the verifiers of Data
Integrity proofs read, and as a JSON Web Key, which those of `vc+jwt` read.
"""

from base64 import b64decode, urlsafe_b64encode
from urllib.parse import quote

import base58

# The prefix of an Ed25519 public key in the multicodec table, as a variable-length integer.
_ED25519 = b"\xed\x01"


def did_of(origin: str) -> str:
    """`https://registry.example` is `did:web:registry.example`; a port is written `%3A8000`."""
    host = origin.split("://", 1)[1]
    return f"did:web:{quote(host, safe='.-')}"


def multikey_id(did: str, key_id: str) -> str:
    """The DID URL under which Data Integrity proofs name a key."""
    return f"{did}#{key_id}"


def json_web_key_id(did: str, key_id: str) -> str:
    """The DID URL under which a `vc+jwt` names the same key."""
    return f"{did}#{key_id}-jwk"


def multikey(raw: bytes) -> str:
    """32 bytes of an Ed25519 public key as `publicKeyMultibase`."""
    return multibase58(_ED25519 + raw)


def json_web_key(raw: bytes) -> dict[str, str]:
    """The same 32 bytes as `publicKeyJwk` (RFC 8037)."""
    return {"kty": "OKP", "crv": "Ed25519", "x": base64url(raw)}


def multibase58(content: bytes) -> str:
    """Multibase in base58btc: a `z` and the Bitcoin alphabet."""
    return "z" + base58.b58encode(content).decode("ascii")


def base64url(content: bytes) -> str:
    """Base64 for addresses without padding (RFC 7515)."""
    return urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def from_base64url(written: str) -> bytes:
    """What `base64url` wrote; ValueError for padding, other signs, or spare bits that are set."""
    content = b64decode(written + "=" * (-len(written) % 4), altchars=b"-_", validate=True)
    if base64url(content) != written:
        raise ValueError("This is not base64url in its one canonical form.")
    return content
