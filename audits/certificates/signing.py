"""Ed25519 signatures over canonical statements, and the keys that make them.

The private key is a PEM file named by the settings. In development one is made at first need and is
marked as a demonstration key, which every document then says. Without a usable, registered key
there is `SigningUnavailable`, never an unsigned document.
"""

import hashlib
import os
import tempfile
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings
from django.db.models import Q

from audits.certificates.models import SigningKey

ALGORITHM = "Ed25519"


class SigningUnavailable(Exception):
    """Nothing can be signed; the message tells the operator what to do."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key in hand, with the name under which its public key is registered."""

    private_key: Ed25519PrivateKey
    is_demonstration: bool

    @property
    def public_key(self) -> str:
        return _public_key_of(self.private_key)

    @property
    def key_id(self) -> str:
        return key_id_of(self.public_key)

    def sign(self, statement: bytes) -> str:
        """The signature in base64; Ed25519 gives the same one for the same bytes."""
        return b64encode(self.private_key.sign(statement)).decode("ascii")


def signer() -> Signer:
    """The key of the settings; made on the spot where a demonstration key is expected."""
    path = Path(settings.SIGNING_KEY_FILE)
    is_demonstration = settings.SIGNING_KEY_IS_DEMONSTRATION
    if is_demonstration and not path.exists():
        _make_key(path)
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as unusable:
        raise SigningUnavailable(
            "The signing key cannot be read. SIGNING_KEY_FILE must name a PEM file with an "
            "Ed25519 private key that this process may read."
        ) from unusable
    if not isinstance(key, Ed25519PrivateKey):
        raise SigningUnavailable("SIGNING_KEY_FILE holds a key of another kind than Ed25519.")
    return Signer(key, is_demonstration)


def sign_statement(statement: bytes, *, at) -> tuple[str, SigningKey]:
    """The signature of the canonical bytes, already checked with the registered public key."""
    hand = signer()
    key = registered(hand, at=at)
    signature = hand.sign(statement)
    if not verifies(statement, signature, key.public_key):
        raise SigningUnavailable(
            f"What was signed does not verify with the registered key {key.key_id}."
        )
    return signature, key


def registered(signer: Signer, *, at) -> SigningKey:
    """The register's row for this key, in use at `at`; only a demonstration key registers itself.

    Verifiers take public keys from these rows and from nowhere else.
    """
    if signer.is_demonstration:
        register(signer, at=at)
    in_use = Q(valid_until=None) | Q(valid_until__gt=at)
    key = SigningKey.objects.filter(in_use, key_id=signer.key_id, valid_from__lte=at).first()
    if key is None or key.public_key != signer.public_key:
        raise SigningUnavailable(
            f"The signing key {signer.key_id} is not registered for use now. "
            "Run: manage.py register_signing_key"
        )
    return key


def register(signer: Signer, *, at) -> tuple[SigningKey, bool]:
    """Enter the public key into the register; a second time changes nothing."""
    return SigningKey.objects.get_or_create(
        key_id=signer.key_id,
        defaults={
            "algorithm": ALGORITHM,
            "public_key": signer.public_key,
            "is_demonstration": signer.is_demonstration,
            "valid_from": at,
        },
    )


def key_id_of(public_key: str) -> str:
    """A short name that follows from the key: `ed25519-` and 16 characters of its SHA-256."""
    return f"ed25519-{hashlib.sha256(b64decode(public_key)).hexdigest()[:16]}"


def verifies(statement: bytes, signature: str, public_key: str) -> bool:
    """Whether `signature` is this key's over exactly these bytes; anything unreadable is a no."""
    try:
        key = Ed25519PublicKey.from_public_bytes(b64decode(public_key, validate=True))
        key.verify(b64decode(signature, validate=True), statement)
    except (InvalidSignature, NotBase64, ValueError):
        return False
    return True


def _public_key_of(private_key: Ed25519PrivateKey) -> str:
    raw = private_key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return b64encode(raw).decode("ascii")


def _make_key(path: Path) -> None:
    """Write a new key that only this user may read; of two processes at once, one wins."""
    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent) as file:  # created with mode 0600
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(file.name, path)
