"""What a PDF's own bytes say of the seal on it: the strict rule, and nothing about the register.

A viewer that is content with "the signature is intact" accepts what was added after it. Here a seal
holds only if it is the one signature of the file, spans all of it, certifies it and allows no
change, and was made with a key that the asker named: the certificate that lies in the file is
compared with that and never trusted. Knows neither Django nor the register, because it reads what
anybody sent and is run by a child process (`audits.documents.examining`).
"""

import hashlib
import json
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from io import BytesIO
from typing import Any

from asn1crypto import cms, tsp, x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pyhanko.pdf_utils.reader import PdfFileReader

from agencies.lib.canonical import NotCanonical, canonical

STATEMENT = "statement.json"
SUBFILTER = "/ETSI.CAdES.detached"
NO_CHANGES = 1  # the permission /P of ISO 32000-1, 12.8.2.2
MOST_PAGES = 5_000


Certificates = Mapping[str, Sequence[bytes]]
"""By the id of a key: its X.509 certificate in DER, and after it those it was issued under."""


class Look(StrEnum):
    """What a look at the bytes found."""

    SEALED = "sealed"
    BROKEN = "broken"
    FOREIGN = "foreign"
    UNREADABLE = "unreadable"


class Broken(Exception):
    """The seal does not hold; the message says where it fails, for whoever looks into it."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found, with the key of a seal that holds, and whose statement the file carries.

    `number` is only filled from a statement that verifies with one of the statement keys.
    """

    look: Look
    why: str = ""
    key_id: str = ""
    number: str = ""

    def written(self) -> bytes:
        return json.dumps(asdict(self)).encode()


def examine(
    document: bytes, *, certificates: Certificates, statement_keys: Sequence[str]
) -> Examined:
    """Look at a file; `certificates` are the seals known, pinned by whoever asks.

    A file is `broken` when it bears a trace of ours, and `foreign` when it bears none.
    `MemoryError` where it cannot be told.
    """
    if not document.startswith(b"%PDF-"):
        return Examined(Look.FOREIGN, "It does not begin as a PDF.")
    try:
        reader = PdfFileReader(BytesIO(document), strict=True)
        number = _stated_number(reader, statement_keys)
        key_id = sealed_with(document, certificates, reader=reader)
    except MemoryError:
        raise
    except Broken as broken:
        look = Look.BROKEN if number or _bears_one_of(document, certificates) else Look.FOREIGN
        return Examined(look, str(broken)[:300], number=number)
    except Exception as unreadable:  # whatever a library may stumble over in what anybody sent
        look = Look.BROKEN if _bears_one_of(document, certificates) else Look.UNREADABLE
        return Examined(look, f"It cannot be read as a PDF: {unreadable!r}"[:300])
    return Examined(Look.SEALED, key_id=key_id, number=number)


def sealed_with(
    document: bytes, certificates: Certificates, *, reader: PdfFileReader | None = None
) -> str:
    """The id of the key whose seal holds over these bytes; Broken says why none does."""
    try:
        opened = reader or PdfFileReader(BytesIO(document), strict=True)
        signature = _the_one_signature(opened)
        signed, contents = _parts(document, signature)
        key_id = _signed_by(signed, contents, certificates)
        _certifies(opened, signature)
    except (Broken, MemoryError):
        raise
    except Exception as unreadable:  # a file that anybody sent, read by libraries of others
        raise Broken(f"The seal cannot be read: {unreadable!r}") from unreadable
    return key_id


def _the_one_signature(reader: PdfFileReader) -> Any:
    if reader.encrypted:
        raise Broken("It is encrypted.")
    if int(reader.root["/Pages"]["/Count"]) > MOST_PAGES:
        raise Broken("It has more pages than any document of ours.")
    fields = _below(reader.root, "/AcroForm", "/Fields") or ()
    if len(fields) != 1:
        raise Broken(f"It has {len(fields)} form fields, where a seal is the only one.")
    field = fields[0]
    if _below(field, "/FT") != "/Sig" or "/Kids" in field or "/V" not in field:
        raise Broken("Its form field is no signature.")
    return field["/V"]


def _below(found: Any, *names: str) -> Any:
    """What lies under these names, one in the other; None where there is nothing."""
    for name in names:
        if name not in found:
            return None
        found = found[name]
    return found


def _parts(document: bytes, signature: Any) -> tuple[bytes, bytes]:
    """The bytes that were signed and the signature itself, which together are the whole file."""
    start, end, after, rest = (int(place) for place in signature["/ByteRange"])
    if start != 0 or not 0 < end < after or after + rest != len(document):
        raise Broken("The signature does not span the whole file.")
    gap = document[end:after]
    if not (gap.startswith(b"<") and gap.endswith(b">")):
        raise Broken("There is more than a signature where the signature lies.")
    return document[:end] + document[after:], bytes.fromhex(gap[1:-1].decode("ascii"))


def _signed_by(signed: bytes, contents: bytes, certificates: Certificates) -> str:
    envelope = cms.ContentInfo.load(contents)
    if contents[len(envelope.dump()) :].strip(b"\0"):
        raise Broken("Something follows the signature where only zeros belong.")
    if envelope["content_type"].native != "signed_data":
        raise Broken("What lies in the seal is no signature.")
    data = envelope["content"]
    if len(data["signer_infos"]) != 1:
        raise Broken("The seal has not one signer.")
    encapsulated = data["encap_content_info"]
    if encapsulated["content_type"].native != "data" or encapsulated["content"].native is not None:
        raise Broken("The seal carries a content of its own.")
    signer = data["signer_infos"][0]
    found = [certificate.chosen.dump() for certificate in data["certificates"]]
    for key_id, (own, *above) in certificates.items():
        if own in found and set(found) <= {own, *above}:
            _verify(signer, signed, x509.Certificate.load(own))
            return key_id
    raise Broken("It was signed with a key that is not one of ours.")


def _verify(signer: cms.SignerInfo, signed: bytes, certificate: x509.Certificate) -> None:
    names = signer["sid"].chosen
    if names["issuer"] != certificate.issuer or (
        names["serial_number"].native != certificate.serial_number
    ):
        raise Broken("The signer is not the one whose certificate lies in the seal.")
    algorithms = (
        signer["digest_algorithm"]["algorithm"].native,
        signer["signature_algorithm"]["algorithm"].native,
    )
    if algorithms != ("sha256", "sha256_ecdsa"):
        raise Broken(f"It was signed by {' and '.join(algorithms)}, which our seals are not.")
    stated: dict[str, Any] = {}
    for attribute in signer["signed_attrs"]:
        name = attribute["type"].native
        if name in stated or len(attribute["values"]) != 1:
            raise Broken(f"The seal states its {name} more than once.")
        stated[name] = attribute["values"][0]
    if stated["content_type"].native != "data":
        raise Broken("The seal is not over a document.")
    if stated["message_digest"].native != hashlib.sha256(signed).digest():
        raise Broken("The file was changed after it was sealed.")
    named_in = stated["signing_certificate_v2"]
    if not isinstance(named_in, tsp.SigningCertificateV2) or len(named_in["certs"]) != 1:
        raise Broken("The seal does not name its certificate.")
    named = named_in["certs"][0]
    if named["cert_hash"].native != hashlib.sha256(certificate.dump()).digest():
        raise Broken("The seal names another certificate than its own.")
    key = load_der_public_key(certificate.public_key.dump())
    if not isinstance(key, EllipticCurvePublicKey):
        raise Broken("The certificate is for another kind of key than our seals.")
    try:
        written = signer["signed_attrs"].untag().dump()
        key.verify(signer["signature"].native, written, ECDSA(SHA256()))
    except InvalidSignature:
        raise Broken("The signature is not that of the key it names.") from None


def _certifies(reader: PdfFileReader, signature: Any) -> None:
    """That the signature certifies the document and allows no change to it."""
    if signature["/SubFilter"] != SUBFILTER:
        raise Broken("The signature is of another kind than our seals.")
    certifying = reader.root["/Perms"]["/DocMDP"]
    if certifying.container_ref != signature.container_ref:
        raise Broken("Another signature than this one certifies the document.")
    (reference,) = signature["/Reference"]
    allows = int(reference["/TransformParams"]["/P"])
    if reference["/TransformMethod"] != "/DocMDP" or allows != NO_CHANGES:
        raise Broken("The seal would allow changes.")


def _bears_one_of(document: bytes, certificates: Certificates) -> bool:
    """Whether a certificate of ours is written in the file, as a signature would carry it."""
    written = document.lower()
    return any(own.hex().encode() in written for own, *_ in certificates.values())


def _stated_number(reader: PdfFileReader, statement_keys: Sequence[str]) -> str:
    """The number in the attached statement, if one of the keys signed it; else nothing."""
    try:
        names = _below(reader.root, "/Names", "/EmbeddedFiles", "/Names") or ()
        for place in range(0, len(names) - 1, 2):
            if str(names[place]) == STATEMENT:
                return _number_of(names[place + 1]["/EF"]["/F"].data, statement_keys)
    except MemoryError:
        raise
    except Exception:  # an attachment that cannot be read names no number
        return ""
    return ""


def _number_of(content: bytes, statement_keys: Sequence[str]) -> str:
    try:
        attached = json.loads(content)
        statement, signature = attached["statement"], attached["signature"]
        written = canonical(statement)
        value = b64decode(signature["value"], validate=True)
        number = statement.get("number") or statement["report"]["number"]
    except (NotCanonical, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ""
    for public_key in statement_keys:
        try:
            Ed25519PublicKey.from_public_bytes(b64decode(public_key)).verify(value, written)
        except InvalidSignature:
            continue
        return str(number)
    return ""
