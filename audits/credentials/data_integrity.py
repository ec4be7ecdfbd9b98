"""Data Integrity proofs in the cryptosuite `eddsa-rdfc-2022` (W3C, VC Data Integrity EdDSA 1.0).

What is signed is the meaning: the document becomes RDF through its contexts, is written in one
canonical order (RDFC-1.0), and the digests of the proof's own options and of the document follow
one another.
"""

import hashlib
import re
from typing import Any

import base58
from pyld import jsonld

from audits.credentials.dids import multibase58

CRYPTOSUITE = "eddsa-rdfc-2022"
TYPE = "DataIntegrityProof"

# Tabs and line ends are escaped already, or end a line.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class ProofUnreadable(ValueError):
    """The proof is not one of this suite, or is written otherwise than the suite says."""


def proof_options(*, verification_method: str, created: str) -> dict[str, str]:
    """A proof without its value."""
    return {
        "type": TYPE,
        "cryptosuite": CRYPTOSUITE,
        "created": created,
        "verificationMethod": verification_method,
        "proofPurpose": "assertionMethod",
    }


def to_be_signed(document: dict[str, Any], options: dict[str, str], *, loader: Any) -> bytes:
    """64 bytes: the digest of the proof's options, then that of the document without its proof."""
    stated = {"@context": document["@context"], **options}
    return _digest(stated, loader) + _digest(document, loader)


def with_proof(
    document: dict[str, Any], options: dict[str, str], signature: bytes
) -> dict[str, Any]:
    """The document with its proof."""
    return {**document, "proof": {**options, "proofValue": multibase58(signature)}}


def apart(secured: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str], bytes]:
    """The document, the options of its one proof, and the signature; else ProofUnreadable."""
    proof = secured.get("proof")
    expected = {"type", "cryptosuite", "created", "verificationMethod", "proofPurpose"}
    if not isinstance(proof, dict) or set(proof) != expected | {"proofValue"}:
        raise ProofUnreadable("The credential has not exactly one proof of the expected form.")
    if not all(isinstance(value, str) for value in proof.values()):
        raise ProofUnreadable("A part of the proof is no text.")
    if (proof["type"], proof["cryptosuite"], proof["proofPurpose"]) != (
        TYPE,
        CRYPTOSUITE,
        "assertionMethod",
    ):
        raise ProofUnreadable("The proof is of another kind than this register makes.")
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    document = {name: value for name, value in secured.items() if name != "proof"}
    return document, options, _signature(proof["proofValue"])


def _signature(written: str) -> bytes:
    """64 bytes from base58btc, written in the one way there is."""
    if not written.startswith("z") or not 64 < len(written) < 100:
        raise ProofUnreadable("The value of the proof is not 64 bytes in base58btc.")
    try:
        signature = base58.b58decode(written[1:].encode("ascii"))
    except ValueError as wrong:
        raise ProofUnreadable("The value of the proof is not base58btc.") from wrong
    if len(signature) != 64 or multibase58(signature) != written:
        raise ProofUnreadable("The value of the proof is not 64 bytes in base58btc.")
    return signature


def _digest(document: dict[str, Any], loader: Any) -> bytes:
    written = jsonld.normalize(
        document,
        {
            "algorithm": "URDNA2015",
            "format": "application/n-quads",
            "documentLoader": loader,
        },
    )
    escaped = _CONTROL.sub(_escaped, written)
    return hashlib.sha256(escaped.encode("utf-8")).digest()


def _escaped(control: re.Match[str]) -> str:
    r"""RDFC-1.0 writes control characters as `\b`, `\f` or `\u0001`; the library leaves them."""
    return {"\b": r"\b", "\f": r"\f"}.get(control[0], f"\\u{ord(control[0]):04X}")
