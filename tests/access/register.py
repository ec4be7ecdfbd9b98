"""The pages of `register` × every role: the same answer for everybody, known or not."""

from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from agencies.lib import stored_files
from audits.enums import DocumentState
from audits.models import AuditReport, Certificate
from audits.reports.queries import statement_of
from tests.access.table import Row
from tests.access.world import cells
from tests.factories import certificates as certify
from tests.factories.keys import set_triggers_aside

ALL = cells(anonymous=200, others=200)


def build(world):
    for case in (world, world.suspended):
        case.public_certificate = certify.published(case.agency, scopes=(("IND", "DEU", "222"),))
        kept = _keep(f"%PDF-1.7 of {case.agency.legal_name}")
        set_triggers_aside("audits_certificate")
        Certificate.objects.filter(pk=case.public_certificate.pk).update(
            pdf_digest=kept.digest, pdf_size=kept.size
        )
        case.public_report = AuditReport.objects.get(audit=case.public_certificate.decision.audit)
        report = case.public_report
        stated = statement_of(report.audit, number=report.number, issued_on=timezone.localdate())
        AuditReport.objects.filter(pk=report.pk).update(
            state=DocumentState.ISSUED,
            statement=stated.written().decode(),
            signature=case.public_certificate.signature,
            key_id=case.public_certificate.key_id,
            pdf_digest=kept.digest,
            pdf_size=kept.size,
            issued_at=timezone.now(),
        )


def _keep(text):
    root = Path(settings.DOCUMENT_ROOT)
    return stored_files.store(BytesIO(text.encode()), root, limit=10_000)


def _agency(world):
    return {"number": world.agency.register_number}


def _certificate(world):
    return {"number": world.public_certificate.number}


def _report(world):
    return {"number": world.public_report.number}


PAGES = {
    "register:front": Row(expect=ALL),
    "register:search": (
        Row(expect=ALL),
        Row(query={"q": "example"}, expect=ALL),
    ),
    "register:agency": (
        Row(args=_agency, expect=ALL),
        Row(args=_agency, query={"format": "json"}, expect=ALL),
    ),
    "register:changes": Row(expect=ALL),
    "register:agency_changes": Row(args=_agency, expect=ALL),
    "register:receipt": (
        Row(args=_certificate, method="POST", data={"format": "json"}, expect=ALL),
        Row(args=_certificate, expect=cells(anonymous=405, others=405)),
    ),
    "register:agency_receipt": Row(
        args=_agency, method="POST", data={"format": "json"}, expect=ALL
    ),
    "register:receipt_check": (
        Row(expect=ALL),
        Row(method="POST", data={"text": "{}"}, expect=ALL),
        Row(method="POST", expect=cells(anonymous=400, others=400)),
    ),
    "register:verify_start": Row(expect=ALL),
    "register:upload": (
        Row(expect=ALL),
        Row(
            method="POST",
            data=lambda world: {"document": SimpleUploadedFile("x.pdf", b"no PDF at all")},
            expect=ALL,
        ),
    ),
    "register:verify": (
        Row(args=_certificate, expect=ALL),
        Row(args=_certificate, query={"on": "2024-03-14", "format": "json"}, expect=ALL),
        Row(args=_certificate, query={"on": "never"}, expect=cells(anonymous=400, others=400)),
    ),
    "register:certificate_pdf": Row(args=_certificate, expect=ALL),
    "register:statement": Row(args=_certificate, expect=ALL),
    "register:report": Row(args=_report, expect=ALL),
    "register:report_pdf": Row(args=_report, expect=ALL),
}
