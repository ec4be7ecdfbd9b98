"""How a report looks on paper: from its signed statement, and from nothing else.

Long lists are cut on paper, where they would take minutes to lay out, and travel whole inside the
document as files that any spreadsheet opens.
"""

import hashlib
import io

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from agencies.lib.check_characters import grouped
from agencies.lib.safe_cells import write_csv
from audits.certificates.document import signed_statement
from audits.certificates.statement import scope_rows
from audits.documents.apart import render_apart
from audits.documents.qr import qr_path
from audits.documents.rendering import AttachedFile
from audits.enums import FindingGrade
from audits.keys.algorithms import key_id_of
from audits.reports.charts import corridor_chart
from audits.reports.statement import read

MOST_FINDINGS = 100
MOST_SAMPLED = 100
MOST_EVIDENCE = 20
MOST_CORRIDORS = 60


def report_html(*, statement, key_id):
    """The report as HTML; `statement` are the canonical bytes that were signed."""
    stated = read(statement)
    width, path = qr_path(stated.address)
    with translation.override("en-gb"):
        return render_to_string(
            "pdf/report.html",
            {
                "stated": stated,
                "product_name": settings.PRODUCT_NAME,
                "number": grouped(stated.number),
                "audit_number": grouped(stated.audit_number),
                "holder_number": grouped(stated.holder_number),
                "scope_rows": scope_rows(stated.scope),
                "chart": corridor_chart(stated.corridors),
                "corridors": stated.corridors[:MOST_CORRIDORS],
                "sampled": stated.sample.lines[:MOST_SAMPLED] if stated.sample else (),
                "findings": [
                    (finding, finding.evidence[:MOST_EVIDENCE])
                    for finding in _printed_findings(stated.findings)
                ],
                "qr_width": width,
                "qr_path": path,
                "statement_digest": hashlib.sha256(statement).hexdigest(),
                "key_id": key_id,
            },
        )


def render_report(*, statement, signature, public_key):
    """The PDF/A-3a of a signed report, drawn in a child process with limits."""
    stated = read(statement)
    attachments = [
        signed_statement(statement=statement, signature=signature, public_key=public_key)
    ]
    if stated.sample:
        attachments.append(_sample_csv(stated))
    if stated.findings:
        attachments.append(_findings_csv(stated))
    if any(finding.evidence for finding in stated.findings):
        attachments.append(_evidence_csv(stated))
    if len(stated.corridors) > MOST_CORRIDORS:
        attachments.append(_corridors_csv(stated))
    return render_apart(
        report_html(statement=statement, key_id=key_id_of(public_key)),
        dated=stated.issued_on,
        attachments=attachments,
    )


def _printed_findings(findings):
    """All of them in their order; of very many the gravest, which nobody may miss."""
    if len(findings) <= MOST_FINDINGS:
        return findings
    grades = [str(label) for label in FindingGrade.labels]
    gravest = sorted(findings, key=lambda finding: (grades.index(finding.grade), finding.position))
    return gravest[:MOST_FINDINGS]


def _findings_csv(stated):
    rows = [
        (
            finding.position,
            finding.ref,
            finding.wording,
            finding.grade,
            finding.statement,
            finding.raised_on.isoformat(),
            finding.reply,
            "; ".join(f"{each.state}, due on {each.due_on}" for each in finding.corrections),
        )
        for finding in stated.findings
    ]
    head = (
        "finding",
        "requirement",
        "wording",
        "grade",
        "statement",
        "raised_on",
        "reply",
        "corrective_actions",
    )
    return _table("findings.csv", head, rows, "All findings")


def _corridors_csv(stated):
    rows = [
        (
            line.source.code,
            line.source.name,
            line.destination.code,
            line.destination.name,
            line.count,
        )
        for line in stated.corridors
    ]
    head = ("source", "source_name", "destination", "destination_name", "placements")
    return _table("corridors.csv", head, rows, "All corridors")


def _sample_csv(stated):
    rows = [(line.position, line.code, line.result) for line in stated.sample.lines]
    return _table("sample.csv", ("position", "placement", "result"), rows, "The whole sample")


def _evidence_csv(stated):
    rows = [
        (
            finding.position,
            finding.ref,
            finding.grade,
            item.kind,
            item.text,
            item.rule,
            item.edition,
        )
        for finding in stated.findings
        for item in finding.evidence
    ]
    head = ("finding", "requirement", "grade", "kind", "evidence", "rule", "list_edition")
    return _table("evidence.csv", head, rows, "All evidence of all findings")


def _table(name, head, rows, description):
    text = io.StringIO(newline="")
    write_csv([head, *rows], text)
    return AttachedFile(name, text.getvalue().encode(), description, "text/csv")
