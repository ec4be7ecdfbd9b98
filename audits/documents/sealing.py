"""The seal on a finished PDF: PAdES (ETSI EN 319 142-1), certifying, with no change allowed.

What the document says of itself stays byte for byte: the seal is added behind it, and neither its
dates nor its claims to be PDF/A and PDF/UA are written again. pyHanko is loaded at the first seal,
because it takes a second and only workers seal.
"""

import asyncio
import hashlib
from datetime import datetime
from functools import cache, partial
from io import BytesIO
from types import SimpleNamespace
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificates
from django.conf import settings

from audits.documents.seals import Broken, sealed_with
from audits.keys import signing
from audits.keys.enums import Purpose
from audits.keys.signing import SigningUnavailable

DIGEST = "sha256"
FIELD = "Seal"
READABLE = "Seal of the register"

# Room for the signature, in hexadecimal digits; a timestamp brings certificates of its own.
ROOM = 6 * 1024
ROOM_WITH_TIMESTAMP = 48 * 1024

TIMESTAMP_SECONDS = 10
NO_TIMESTAMP = (
    "The timestamp authority (TIMESTAMP_AUTHORITY_URL) gives no timestamp that counts, so nothing "
    "is sealed. It is tried again by itself."
)


def seal(document: bytes, *, at: datetime) -> bytes:
    """The document with the register's seal, verified with the registered key.

    Raises `SigningUnavailable` where nothing can be sealed: no key, no timestamp where one is
    asked for, or a seal that does not verify. `at` is the instant by which a key must be in use.
    """
    key = signing.current(Purpose.DOCUMENT, at=at)
    certificates = certificates_of(key)
    tools = _tools()
    own, *above = (tools.x509.Certificate.load(each) for each in certificates)
    known = tools.certificate_store()
    known.register_multiple(above)
    signer = partial(tools.signers.ExternalSigner, own, known, signature_mechanism=tools.mechanism)
    prepared, output = _with_room_for_a_seal(document, signer())
    digest = prepared.document_digest
    # the key is asked outside pyHanko's event loop: the database may not be used within one
    attributes = asyncio.run(signer().signed_attrs(digest, DIGEST, use_pades=True))
    signed = signing.sign(Purpose.DOCUMENT, attributes.dump(), at=at)
    if signed.key.pk != key.pk:
        raise SigningUnavailable("The key of the seal was changed while it was used.")
    prepared.fill_with_cms(output, _envelope(signer(signed.signature), attributes))
    sealed = output.getvalue()
    try:
        sealed_with(sealed, {key.key_id: certificates})
    except Broken as broken:
        raise SigningUnavailable(f"What was sealed does not verify: {broken}") from broken
    return sealed


def certificates_of(key) -> tuple[bytes, ...]:
    """A key's certificate in DER as it is registered, and after it those it was issued under."""
    listed = load_pem_x509_certificates(key.certificate.encode())
    return tuple(certificate.public_bytes(Encoding.DER) for certificate in listed)


def _with_room_for_a_seal(document: bytes, signer: Any) -> tuple[Any, Any]:
    """The document with its seal's field and empty place, and the digest that is to be signed."""
    tools = _tools()
    wanted = tools.signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm=DIGEST,
        certify=True,
        docmdp_permissions=tools.fields.MDPPerm.NO_CHANGES,
        subfilter=tools.fields.SigSeedSubFilter.PADES,
    )
    place = tools.fields.SigFieldSpec(
        FIELD,
        on_page=0,
        readable_field_name=READABLE,
        # PDF/UA asks of a visible widget what an invisible seal cannot give
        invis_sig_settings=tools.fields.InvisSigSettings(box_out_of_bounds=True),
    )
    writer = tools.writer(BytesIO(document))
    tools.fields.append_signature_field(writer, place)
    _tag_the_field(writer)
    sealer = tools.signers.PdfSigner(wanted, signer=signer)
    room = ROOM_WITH_TIMESTAMP if settings.TIMESTAMP_AUTHORITY_URL else ROOM
    prepared, _, output = asyncio.run(
        sealer.async_digest_doc_for_signing(writer, bytes_reserved=room)
    )
    return prepared, output


def _tag_the_field(writer: Any) -> None:
    """Enter the seal's field into the structure that a screen reader follows (ISO 14289-1)."""
    generic = _tools().generic
    name = generic.NameObject
    root = writer.root["/StructTreeRoot"]
    fields = writer.root["/AcroForm"]["/Fields"]
    seal_field, field = fields.raw_get(0), fields[0]
    within = root["/K"].raw_get(0)
    element = generic.DictionaryObject(
        {
            name("/Type"): name("/StructElem"),
            name("/S"): name("/Form"),
            name("/P"): within,
            name("/Pg"): field.raw_get("/P"),
            name("/Alt"): generic.TextStringObject(READABLE),
            name("/K"): generic.DictionaryObject(
                {
                    name("/Type"): name("/OBJR"),
                    name("/Obj"): seal_field,
                    name("/Pg"): field.raw_get("/P"),
                }
            ),
        }
    )
    entered = writer.add_object(element)
    document = root["/K"][0]
    document["/K"].append(entered)
    numbers = root["/ParentTree"]["/Nums"]
    last = max((int(numbers[at]) for at in range(0, len(numbers), 2)), default=-1)
    key = generic.NumberObject(last + 1)
    numbers.extend((key, entered))
    field["/StructParent"] = key
    for changed in (document, document["/K"], root["/ParentTree"], numbers):
        writer.update_container(changed)


def _envelope(signer: Any, attributes: Any) -> Any:
    """The signature as CMS, with a timestamp where an authority is named."""
    tools = _tools()
    timestamper = _timestamper()
    try:
        envelope = asyncio.run(
            signer.async_sign_prescribed_attributes(DIGEST, attributes, timestamper=timestamper)
        )
        is_stamped = timestamper is None or _is_stamped(envelope)
    except (tools.timestamps.TimestampRequestError, TimeoutError, ValueError) as refused:
        raise SigningUnavailable(NO_TIMESTAMP) from refused
    if not is_stamped:
        raise SigningUnavailable(NO_TIMESTAMP)
    return envelope


def _is_stamped(envelope: Any) -> bool:
    """Whether the timestamp is over this very signature: pyHanko takes what it is given.

    Who the authority is, everybody judges who relies on the time; we rely on our own log.
    """
    tools = _tools()
    (signer,) = envelope["content"]["signer_infos"]
    (token,) = (
        attribute["values"][0]
        for attribute in signer["unsigned_attrs"]
        if attribute["type"].native == "signature_time_stamp_token"
    )
    found = asyncio.run(
        tools.validate_timestamp(
            token["content"],
            tools.validation_context(trust_roots=[]),
            lambda algorithm: hashlib.new(algorithm, signer["signature"].native).digest(),
        )
    )
    return bool(found["intact"] and found["valid"])


def _timestamper() -> Any:
    if not settings.TIMESTAMP_AUTHORITY_URL:
        return None
    return _tools().timestamps.HTTPTimeStamper(
        settings.TIMESTAMP_AUTHORITY_URL, timeout=TIMESTAMP_SECONDS
    )


@cache
def _tools() -> Any:
    """What is taken from pyHanko, loaded once a process."""
    from asn1crypto import algos, x509  # noqa: PLC0415 -- with pyHanko, which takes a second
    from pyhanko.pdf_utils import generic  # noqa: PLC0415
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415
    from pyhanko.sign import fields, signers, timestamps  # noqa: PLC0415
    from pyhanko.sign.signers.constants import ESIC_EXTENSION_1  # noqa: PLC0415
    from pyhanko.sign.validation.generic_cms import validate_tst_signed_data  # noqa: PLC0415
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415
    from pyhanko_certvalidator.registry import SimpleCertificateStore  # noqa: PLC0415

    class Writer(IncrementalPdfFileWriter):
        """Adds the seal and touches nothing else."""

        def _update_meta(self) -> None:
            """The dates and claims in the document are its own; a seal has a date of its own."""

        def ensure_output_version(self, version: tuple[int, int]) -> None:
            """PDF/A-3 is PDF 1.7; the curve is allowed by PAdES itself and asks for no later."""

        def register_extension(self, ext: Any) -> None:
            if ext is ESIC_EXTENSION_1:
                super().register_extension(ext)

    return SimpleNamespace(
        x509=x509,
        fields=fields,
        generic=generic,
        signers=signers,
        timestamps=timestamps,
        writer=Writer,
        certificate_store=SimpleCertificateStore,
        validate_timestamp=validate_tst_signed_data,
        validation_context=ValidationContext,
        mechanism=algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
    )
