"""A credential that somebody brings, taken apart before anything in it is believed.

Nothing is fetched and nothing that it carries is used as a key. What it names must be exactly what
this register would have written: its issuer, its key's address, its contexts, its terms.
"""

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from agencies.lib.canonical import NotCanonical, canonical
from audits.certificates.statement import CertificateStatement
from audits.credentials import compact, data_integrity
from audits.credentials.certificate import NotACertificate, read_credential
from audits.credentials.contexts import document_loader
from audits.credentials.dids import did_of, json_web_key_id, multikey_id

# A credential with a thousand lines of scope is about a third of this.
LONGEST = 1_000_000

_KEY_NAME = r"ed25519-[0-9a-f]{16}"


class Form(StrEnum):
    """How a credential is secured."""

    JSON_LD = "json_ld"
    VC_JWT = "vc_jwt"


class NotOurs(ValueError):
    """It does not name this register as its issuer, or is no credential at all."""


class Altered(ValueError):
    """It names this register, and this register does not write credentials like that."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a credential claims, and what has to be checked before it is believed."""

    form: Form
    stated: CertificateStatement
    statement_sha256: str
    status_index: int
    key_id: str
    signed: bytes
    signature: bytes
    sha256: str


def opened(written: str, *, origin: str) -> Opened:
    """The parts of a credential in either form. NotOurs or Altered says what is wrong with it."""
    written = written.strip()
    if not written:
        raise NotOurs("There is nothing to check.")
    if len(written) > LONGEST:
        raise NotOurs("This is longer than any credential of this register.")
    if not written.isascii() and not written.startswith("{"):
        raise NotOurs("This is no credential.")
    return _json_ld(written, origin) if written.startswith("{") else _vc_jwt(written, origin)


def _json_ld(written: str, origin: str) -> Opened:
    try:
        secured = compact.strict_object(written.encode("utf-8"))
        sha256 = hashlib.sha256(canonical(secured)).hexdigest()
    except (compact.TokenUnreadable, NotCanonical, UnicodeEncodeError) as wrong:
        raise NotOurs("This is no credential: it is not plain JSON.") from wrong
    _refuse_other_issuers(secured, origin)
    try:
        document, options, signature = data_integrity.apart(secured)
    except data_integrity.ProofUnreadable as wrong:
        raise Altered(str(wrong)) from wrong
    key_id = _key_named(options["verificationMethod"], multikey_id(did_of(origin), ""))
    stated, digest, index = _read(document, origin)
    signed = data_integrity.to_be_signed(document, options, loader=document_loader(origin))
    return Opened(Form.JSON_LD, stated, digest, index, key_id, signed, signature, sha256)


def _vc_jwt(token: str, origin: str) -> Opened:
    try:
        kid, document, signed, signature = compact.apart(token)
    except compact.TokenUnreadable as wrong:
        raise NotOurs(f"This is no credential of this register. {wrong}") from wrong
    _refuse_other_issuers(document, origin)
    suffix = json_web_key_id("", "")[1:]
    if not kid.endswith(suffix):
        raise Altered("It names its key otherwise than this register does.")
    key_id = _key_named(kid.removesuffix(suffix), multikey_id(did_of(origin), ""))
    stated, digest, index = _read(document, origin)
    sha256 = hashlib.sha256(token.encode("ascii")).hexdigest()
    return Opened(Form.VC_JWT, stated, digest, index, key_id, signed, signature, sha256)


def _refuse_other_issuers(document: dict[str, Any], origin: str) -> None:
    if document.get("issuer") != did_of(origin):
        raise NotOurs("It does not name this register as its issuer.")


def _key_named(address: str, prefix: str) -> str:
    """The name of a key in our own DID document; never a path, another host, or another kind."""
    name = address.removeprefix(prefix)
    if name == address or re.fullmatch(_KEY_NAME, name) is None:
        raise Altered("It names its key otherwise than this register does.")
    return name


def _read(document: dict[str, Any], origin: str) -> tuple[CertificateStatement, str, int]:
    try:
        return read_credential(document, origin=origin)
    except NotACertificate as wrong:
        raise Altered(str(wrong)) from wrong
