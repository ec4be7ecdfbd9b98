"""The statement: written in one way, read back whole, and nothing else is taken for one."""

import json
from dataclasses import replace
from datetime import date

import pytest

from agencies.lib.canonical import NotCanonical, canonical
from audits.certificates.statement import (
    CertificateStatement,
    Edition,
    Place,
    ScopeLine,
    ScopeRow,
    UnknownStatement,
    read,
    scope_rows,
)

IRELAND, KENYA, INDIA = Place("IRL", "Ireland"), Place("KEN", "Kenya"), Place("IND", "India")
NURSES, DOCTORS = ("222", "Nursing and midwifery professionals"), ("221", "Medical doctors")

STATED = CertificateStatement(
    number="CE000012Z",
    holder_name="Example Care Recruitment Ltd",
    holder_number="AG000017K",
    holder_country=IRELAND,
    regulator_name="Recruitment Authority",
    regulator_country=IRELAND,
    scope=(
        ScopeLine(KENYA, IRELAND, *NURSES),
        ScopeLine(KENYA, IRELAND, *DOCTORS),
        ScopeLine(INDIA, IRELAND, *NURSES),
        ScopeLine(INDIA, IRELAND, *DOCTORS),
        ScopeLine(INDIA, KENYA, *NURSES),
    ),
    conditions="Reports every quarter.",
    valid_from=date(2026, 11, 23),
    valid_until=date(2028, 11, 22),
    issued_on=date(2026, 11, 22),
    decision="6f1c7a52-0a2e-4b77-9d12-3b0c9c1f2f10",
    decided_on=date(2026, 11, 21),
    audit_number="AU000013X",
    report_number="AR000011C",
    report_digest="ab" * 32,
    code_version=Edition("2010", "WHO Global Code of Practice (2010)"),
    list_edition=Edition("2023", "WHO health workforce support and safeguards list 2023"),
    catalogue_edition=Edition("2026-1", "Commitments, edition 2026-1"),
    verify_address="https://register.example/verify/CE000012Z/",
    time_zone="Europe/Dublin",
    is_demonstration=False,
)


@pytest.mark.parametrize(
    "stated",
    [
        pytest.param(STATED, id="whole"),
        pytest.param(replace(STATED, list_edition=None), id="before any edition of the List"),
        pytest.param(replace(STATED, conditions=""), id="without conditions"),
        pytest.param(replace(STATED, holder_name='"<b>Ω\u2028</b>"'), id="an awkward name"),
        pytest.param(replace(STATED, is_demonstration=True), id="a demonstration"),
    ],
)
def test_what_is_written_reads_back_the_same(stated):
    assert read(stated.written()) == stated


def test_it_is_written_in_one_way():
    written = STATED.written()

    assert (written, json.loads(written)["number"]) == (STATED.written(), "CE000012Z")


@pytest.mark.parametrize(
    ("written", "refused"),
    [
        pytest.param(canonical({"type": "another", "schema": "1"}), UnknownStatement, id="type"),
        pytest.param(canonical(["a list"]), UnknownStatement, id="a list"),
        pytest.param(STATED.written() + b"\n", NotCanonical, id="other spacing"),
        pytest.param(
            STATED.written().replace(b'"schema":"1"', b'"schema":"2"'), UnknownStatement, id="form"
        ),
    ],
)
def test_other_bytes_are_no_statement(written, refused):
    with pytest.raises(refused):
        read(written)


def test_sources_with_the_same_occupations_share_a_row():
    assert scope_rows(STATED.scope) == (
        ScopeRow((KENYA, INDIA), IRELAND, (NURSES, DOCTORS)),
        ScopeRow((INDIA,), KENYA, (NURSES,)),
    )
