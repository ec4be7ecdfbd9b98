"""How a certificate looks on paper: from its signed statement, and from nothing else."""

import hashlib
from collections.abc import Sequence

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format

from agencies.lib.canonical import canonical, parse
from agencies.lib.check_characters import grouped
from audits.certificates.statement import read, scope_rows
from audits.documents.apart import render_apart
from audits.documents.qr import qr_path
from audits.documents.rendering import AttachedFile, render
from audits.keys.algorithms import key_id_of
from audits.keys.enums import ALGORITHM_OF, Purpose

SIGNED_STATEMENT = "statement.json"
CREDENTIAL, CREDENTIAL_JWT = "credential.json", "credential.jwt"

# A page or two are drawn here in the time that a child process needs to begin.
LARGEST_DRAWN_HERE = 200_000  # characters of HTML


def certificate_html(*, statement: bytes, key_id: str) -> str:
    """The page as HTML; `statement` are the canonical bytes that were signed."""
    stated = read(statement)
    width, path = qr_path(stated.verify_address)
    with translation.override("en-gb"):
        return render_to_string(
            "pdf/certificate.html",
            {
                "stated": stated,
                "product_name": settings.PRODUCT_NAME,
                "number": grouped(stated.number),
                "number_head": grouped(stated.number)[:-1],
                "number_check": stated.number[-1],
                "holder_number": grouped(stated.holder_number),
                "audit_number": grouped(stated.audit_number),
                "report_number": grouped(stated.report_number),
                "decided_day": date_format(stated.decided_on, "j F Y"),
                "scope_rows": scope_rows(stated.scope),
                "qr_width": width,
                "qr_path": path,
                "statement_digest": hashlib.sha256(statement).hexdigest(),
                "key_id": key_id,
            },
        )


def signed_statement(*, statement: bytes, signature: str, public_key: str) -> AttachedFile:
    """The statement with its signature, as the file that travels inside the document.

    A verifier takes `statement`, writes it down again after RFC 8785, and checks the signature over
    these bytes with the key that the register publishes under `key_id`.
    """
    content = canonical(
        {
            "statement": parse(statement),
            "signature": {
                "algorithm": ALGORITHM_OF[Purpose.STATEMENT],
                "key_id": key_id_of(public_key),
                "public_key": public_key,
                "value": signature,
            },
        }
    )
    return AttachedFile(
        SIGNED_STATEMENT, content, "The signed statement (RFC 8785, Ed25519)", "application/json"
    )


def credential_files(*, jsonld: bytes, jwt: str) -> list[AttachedFile]:
    """The credential in its two forms, as the files that travel inside the document."""
    words = "The same as a verifiable credential (W3C, version 2.0)"
    return [
        AttachedFile(CREDENTIAL, jsonld, f"{words}, eddsa-rdfc-2022", "application/vc"),
        AttachedFile(CREDENTIAL_JWT, jwt.encode("ascii"), f"{words}, vc+jwt", "application/vc+jwt"),
    ]


def render_certificate(
    *, statement: bytes, signature: str, public_key: str, credential: Sequence[AttachedFile] = ()
) -> bytes:
    """The PDF/A-3 of a signed statement, before its seal; the same bytes for the same words.

    `credential` are the files of `credential_files`.
    """
    html = certificate_html(statement=statement, key_id=key_id_of(public_key))
    draw = render if len(html) <= LARGEST_DRAWN_HERE else render_apart
    signed = signed_statement(statement=statement, signature=signature, public_key=public_key)
    return draw(html, dated=read(statement).issued_on, attachments=[signed, *credential])
