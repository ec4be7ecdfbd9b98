"""Seals as others read and forge them: validators, other keys, other signatures."""

import datetime as dt
import io

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.utils import timezone
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext


def certificates(chain):
    return [asn1.Certificate.load(each) for each in chain]


def validated(document, seals, *, authorities=()):
    """What pyHanko says of the first signature, with the registered certificates as its roots."""
    signature = PdfFileReader(io.BytesIO(document)).embedded_signatures[0]
    roots = [each for chain in seals.values() for each in certificates(chain)]
    stamps = certificates(authorities)
    return validate_pdf_signature(
        signature,
        ValidationContext(trust_roots=roots),
        ts_validation_context=ValidationContext(trust_roots=stamps) if stamps else None,
    )


def permission_of(document):
    """What the first signature allows to be changed."""
    return PdfFileReader(io.BytesIO(document)).embedded_signatures[0].docmdp_level.name


def self_signed(key, name, *, timestamping=False, like=None):
    """An X.509 certificate in DER for a key of any kind, issued by itself.

    `like` is another certificate in DER whose names and serial number it takes.
    """
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    number = x509.random_serial_number()
    if like:
        known = x509.load_der_x509_certificate(like)
        subject, number = known.subject, known.serial_number
    now = timezone.now()
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(number)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=3650))
    )
    if timestamping:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(usage, critical=True)
    usage = x509.KeyUsage(True, True, *[False] * 7)
    builder = builder.add_extension(usage, critical=True)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)
