"""The statement of a report: written in one way, and read back whole."""

from dataclasses import replace
from datetime import date

import pytest

from agencies.lib.canonical import canonical
from audits.certificates.statement import Place, ScopeLine
from audits.reports.statement import (
    ChecklistLine,
    CorrectionLine,
    CorridorLine,
    Counted,
    DatedEdition,
    Declared,
    EvidenceLine,
    FindingLine,
    ReportStatement,
    RuleLine,
    Sample,
    SampledLine,
    UnknownStatement,
    read,
)

DAY = date(2026, 11, 22)
IRELAND, KENYA = Place("IRL", "Ireland"), Place("KEN", "Kenya")

STATED = ReportStatement(
    number="AR000011C",
    audit_number="AU000013X",
    kind="Initial",
    holder_name="Example Care Recruitment Ltd",
    holder_number="AG000017K",
    holder_country=IRELAND,
    other_names=("Example Nurses",),
    regulator_name="Recruitment Authority",
    regulator_country=IRELAND,
    leader="Leader Example",
    team=(Counted("team_leader", "Team leader", 1), Counted("auditor", "Auditor", 2)),
    scope=(ScopeLine(KENYA, IRELAND, "222", "Nursing and midwifery professionals"),),
    period_from=date(2024, 1, 1),
    period_until=date(2025, 12, 31),
    catalogue_edition="Commitments, edition 2026-1",
    code_version="WHO Global Code of Practice (2010)",
    list_editions=(DatedEdition("2023", "List 2023", date(2023, 3, 8)),),
    plan="Desk review.",
    method="Files read.",
    sample=Sample("ab" * 32, 400, "a seed", 2, DAY, (SampledLine(1, "P-0123", "Conforms"),)),
    attestation=Declared(DAY, (Counted("complies", "We do this", 38),), ("A contradiction.",)),
    placements=400,
    corridors=(CorridorLine(KENYA, IRELAND, 400),),
    outcomes=(Counted("CLEAR", "nothing found", 400),),
    rules=(RuleLine("SSL-ACTIVE", "Active recruitment", "critical", "the Code", 1, 2, 3),),
    checklist=(ChecklistLine("REQ-01", "We know the Code.", "Conforms"),),
    findings=(
        FindingLine(
            position=1,
            ref="REQ-11",
            wording="We do not recruit actively there.",
            grade="Major",
            statement="Recruited in a listed country.",
            raised_on=DAY,
            evidence=(EvidenceLine("placement", "P-0123", "SSL-ACTIVE", "List 2023"),),
            reply="We have stopped.",
            corrections=(CorrectionLine("Verified", DAY, "Nobody looked.", "Stopped.", "Looked."),),
        ),
    ),
    conclusion="The agency keeps most of its commitments.",
    issued_on=DAY,
    address="https://register.example/report/AR000011C/",
    time_zone="UTC",
    is_demonstration=False,
)


@pytest.mark.parametrize(
    "stated",
    [
        pytest.param(STATED, id="whole"),
        pytest.param(
            replace(STATED, sample=None, attestation=None, findings=(), corridors=()), id="bare"
        ),
    ],
)
def test_what_is_written_reads_back_the_same(stated):
    assert read(stated.written()) == stated


def test_a_certificates_statement_is_no_reports():
    with pytest.raises(UnknownStatement):
        read(canonical({"type": "recruitment-code-registry/certificate", "schema": "1"}))
