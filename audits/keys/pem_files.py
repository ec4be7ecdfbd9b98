"""Private keys in PEM files, and the making of them."""

import os
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from audits.keys.algorithms import text_of
from audits.keys.enums import Algorithm
from audits.keys.holding import SigningUnavailable

PrivateKey = Ed25519PrivateKey | ec.EllipticCurvePrivateKey

# A demonstration proves nothing on any day, so no clock is asked.
DEMONSTRATION_FROM = datetime(2020, 1, 1, tzinfo=UTC)
DEMONSTRATION_UNTIL = datetime(2049, 12, 31, tzinfo=UTC)


class PemKey:
    """A private key in memory, read from a file."""

    def __init__(self, key: PrivateKey, certificate: str = "") -> None:
        self._key = key
        self.certificate = certificate
        self.public_key = text_of(key.public_key())

    @property
    def algorithm(self) -> Algorithm:
        is_ed25519 = isinstance(self._key, Ed25519PrivateKey)
        return Algorithm.ED25519 if is_ed25519 else Algorithm.ES256

    def sign(self, message: bytes) -> bytes:
        if isinstance(self._key, Ed25519PrivateKey):
            return self._key.sign(message)
        return self._key.sign(message, ec.ECDSA(SHA256()))


def read_pem(path: Path, algorithm: Algorithm, *, name: str) -> PemKey:
    """The key in a file; `name` is how the operator knows it, for what they are told."""
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as unusable:
        raise SigningUnavailable(
            f"The signing key cannot be read. {name} must name a PEM file with a private key "
            f"({algorithm}) that this process may read."
        ) from unusable
    if algorithm is Algorithm.ED25519 and isinstance(key, Ed25519PrivateKey):
        return PemKey(key)
    if (
        algorithm is Algorithm.ES256
        and isinstance(key, ec.EllipticCurvePrivateKey)
        and isinstance(key.curve, ec.SECP256R1)
    ):
        return PemKey(key, read_chain(path))
    raise SigningUnavailable(f"{name} holds a key of another kind than {algorithm}.")


def chain_path(path: Path) -> Path:
    """Where the X.509 certificates of the key in `path` stand."""
    return path.with_suffix(".chain.pem")


def read_chain(path: Path) -> str:
    """The certificates beside a key, its own first."""
    beside = chain_path(path)
    try:
        text = beside.read_text(encoding="ascii")
        x509.load_pem_x509_certificates(text.encode())
    except (OSError, ValueError) as unusable:
        raise SigningUnavailable(
            f"The certificate of the document key cannot be read. {beside} must hold X.509 "
            "certificates in PEM, that of the key itself first."
        ) from unusable
    return text


def make_key(path: Path, algorithm: Algorithm) -> None:
    """Write a new key that only this user may read; of two processes at once, one wins.

    A key that seals documents gets a demonstration certificate beside it, unless one is there.
    """
    key: PrivateKey
    if algorithm is Algorithm.ED25519:
        key = Ed25519PrivateKey.generate()
    else:
        key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not _write_once(path, pem):
        return
    if isinstance(key, ec.EllipticCurvePrivateKey):
        _write_once(chain_path(path), _demonstration_chain(key))


def _write_once(path: Path, content: bytes) -> bool:
    with tempfile.NamedTemporaryFile(dir=path.parent) as file:  # created with mode 0600
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(file.name, path)
            return True
    return False


def _demonstration_chain(key: ec.EllipticCurvePrivateKey) -> bytes:
    """A leaf for `key` and the authority that signed it, whose own key is thrown away."""
    authority = ec.generate_private_key(ec.SECP256R1())
    above = _name("Demonstration authority, proves nothing")
    leaf = _certificate(_name("Demonstration registry, proves nothing"), key, above, authority)
    root = _certificate(above, authority, above, authority)
    return leaf + root


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _certificate(
    subject: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
) -> bytes:
    is_authority = key is issuer_key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(DEMONSTRATION_FROM)
        .not_valid_after(DEMONSTRATION_UNTIL)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=not is_authority,
                content_commitment=not is_authority,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=is_authority,
                crl_sign=is_authority,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
    )
    return builder.sign(issuer_key, SHA256()).public_bytes(Encoding.PEM)
