"""From a concluded audit to its issued report, in the same order as a certificate.

Number reserved, statement committed, signed, checked with the public key, drawn, sealed, kept and
read back, issued. Running twice has one effect; a crash leaves `prepared`, which the sweep takes
up.
"""

import hashlib
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agencies import journal, numbering
from audits.certificates.workflow import next_state
from audits.documents.keeping import keep
from audits.documents.sealing import seal
from audits.enums import DocumentState
from audits.keys.enums import Purpose
from audits.keys.signing import (
    SigningUnavailable,
    confirm_in_use,
    current,
    sign_statement,
)
from audits.models import AuditReport
from audits.reports import tasks
from audits.reports.document import render_report
from audits.reports.queries import statement_of
from audits.reports.statement import read

LEASE = timedelta(minutes=10)


@transaction.atomic
def prepare_report(*, audit, by):
    """Reserve the number of an audit's report and commit what it states; once an audit."""
    if existing := AuditReport.objects.filter(audit=audit).first():
        return existing
    at = timezone.now()
    number = numbering.next_number(numbering.REPORT)
    written = statement_of(audit, number=number, issued_on=timezone.localdate(at)).written()
    report = AuditReport.objects.create(
        audit=audit,
        number=number,
        statement=written.decode(),
        statement_digest=hashlib.sha256(written).hexdigest(),
        prepared_at=at,
        prepared_by=by,
    )
    journal.record(
        "report.prepared",
        report,
        by=by,
        agency=audit.agency,
        number=number,
        statement_sha256=report.statement_digest,
    )
    return report


def issue_report(*, report_id, at_step=lambda step: None):
    """Sign, draw, seal, keep and publish a prepared report; does nothing if another is at it."""
    claim = timezone.now()
    if not _unclaimed(claim).filter(pk=report_id).update(claimed_at=claim):
        return AuditReport.objects.get(pk=report_id)
    try:
        at_step("claimed")
        return _issue(report_id, claim, at_step)
    except Exception:
        # somebody may try at once; after a crash the lease has to run out
        AuditReport.objects.filter(
            pk=report_id, state=DocumentState.PREPARED, claimed_at=claim
        ).update(claimed_at=None)
        raise


def resume_prepared(*, at=None):
    """Send again the task of every prepared report that nobody is working on."""
    waiting = _unclaimed(at or timezone.now()).values_list("pk", flat=True)
    for report_id in waiting:
        tasks.issue_report.delay(report_id=report_id)
    return len(waiting)


def _unclaimed(at):
    return AuditReport.objects.filter(
        Q(claimed_at=None) | Q(claimed_at__lt=at - LEASE), state=DocumentState.PREPARED
    )


def _issue(report_id, claim, at_step):
    report = AuditReport.objects.get(pk=report_id)
    statement = report.statement.encode()
    if hashlib.sha256(statement).hexdigest() != report.statement_digest:
        raise SigningUnavailable(f"The statement of {report.number} is not what was prepared.")
    at = timezone.now()
    signature, key = sign_statement(statement, at=at)
    if key.is_demonstration != read(statement).is_demonstration:
        raise SigningUnavailable(
            f"The statement of {report.number} and the key {key.key_id} disagree on whether this "
            "is a demonstration."
        )
    at_step("signed")
    document = render_report(statement=statement, signature=signature, public_key=key.public_key)
    at_step("drawn")
    sealing_key = current(Purpose.DOCUMENT, at=at)
    sealed = seal(document, at=at)
    at_step("sealed")
    stored = keep(sealed)
    at_step("kept")
    return _publish(report_id, claim, signature, (key, sealing_key), stored, at_step)


@transaction.atomic
def _publish(report_id, claim, signature, keys, stored, at_step):
    confirm_in_use(*keys)
    key, sealing_key = keys
    report = (
        AuditReport.objects.select_for_update(of=("self",))
        .select_related("audit__agency")
        .get(pk=report_id)
    )
    if report.state != DocumentState.PREPARED or report.claimed_at != claim:
        return report  # another worker took over after our lease ran out
    report.state = next_state("issue", report.state)
    report.signature, report.key_id = signature, key.key_id
    report.pdf_digest, report.pdf_size = stored.digest, stored.size
    report.issued_at = timezone.now()
    report.save(
        update_fields=["state", "signature", "key_id", "pdf_digest", "pdf_size", "issued_at"]
    )
    journal.record(
        "report.issued",
        report,
        by=None,
        agency=report.audit.agency,
        number=report.number,
        statement_sha256=report.statement_digest,
        signature_sha256=hashlib.sha256(signature.encode()).hexdigest(),
        pdf_sha256=stored.digest,
        key=key.key_id,
        document_key=sealing_key.key_id,
    )
    at_step("published")
    return report
