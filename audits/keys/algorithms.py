"""The two algorithms: names of keys, and whether a signature is a key's over exactly these bytes.

A public key is text: base64 of the 32 raw bytes of Ed25519, or of the 65 bytes of an uncompressed
point of P-256.
"""

import hashlib
from base64 import b64decode, b64encode
from binascii import Error as NotBase64

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from audits.keys.enums import Algorithm

PREFIXES = {Algorithm.ED25519: "ed25519", Algorithm.ES256: "p256"}

PublicKey = Ed25519PublicKey | ec.EllipticCurvePublicKey


class UnusableKey(Exception):
    """What should be a public key cannot be read as one of its algorithm."""


def key_id_of(public_key: str) -> str:
    """The name that follows from the key: `ed25519-` or `p256-`, then 16 digits of its SHA-256."""
    raw = b64decode(public_key)
    algorithm = Algorithm.ED25519 if len(raw) == 32 else Algorithm.ES256
    return f"{PREFIXES[algorithm]}-{hashlib.sha256(raw).hexdigest()[:16]}"


def text_of(key: PublicKey) -> str:
    """The public key as the register writes it."""
    if isinstance(key, Ed25519PublicKey):
        raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    else:
        raw = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return text_of_raw(raw)


def text_of_raw(raw: bytes) -> str:
    """The raw bytes of a public key as the register writes them."""
    return b64encode(raw).decode("ascii")


def read_public_key(algorithm: str, public_key: str) -> PublicKey:
    """The key as an object; `UnusableKey` if the text is no key of this algorithm."""
    try:
        raw = b64decode(public_key, validate=True)
        if algorithm == Algorithm.ED25519:
            return Ed25519PublicKey.from_public_bytes(raw)
        if algorithm == Algorithm.ES256:
            return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
    except (NotBase64, ValueError) as unreadable:
        raise UnusableKey(f"This is no public key of {algorithm}.") from unreadable
    raise UnusableKey(f"No algorithm of this register: {algorithm!r}.")


def certified_key(certificates: str) -> str:
    """The public key in the first of these X.509 certificates; `UnusableKey` if it is not P-256."""
    try:
        key = x509.load_pem_x509_certificates(certificates.encode())[0].public_key()
    except (ValueError, UnsupportedAlgorithm) as unreadable:
        raise UnusableKey("This is no X.509 certificate in PEM.") from unreadable
    if not (isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)):
        raise UnusableKey("The certificate is for a key of another kind than P-256.")
    return text_of(key)


def verifies(algorithm: str, public_key: str, message: bytes, signature: bytes) -> bool:
    """Whether `signature` is this key's over exactly these bytes.

    `UnusableKey` if the key itself cannot be read: that is no answer about the signature.
    """
    key = read_public_key(algorithm, public_key)
    try:
        if isinstance(key, Ed25519PublicKey):
            key.verify(signature, message)
        else:
            key.verify(signature, message, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def is_signed(message: bytes, signature: str, algorithm: str, public_key: str) -> bool:
    """As `verifies`, for a signature in base64; anything that cannot be read is a no."""
    try:
        return verifies(algorithm, public_key, message, b64decode(signature, validate=True))
    except (NotBase64, ValueError, UnusableKey):
        return False
