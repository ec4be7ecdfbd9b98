"""The report on paper: whole, cut where it would be endless, and naming nobody who was placed."""

import csv
import io
from dataclasses import replace

import pikepdf
import pypdf
import pytest

from audits.certificates.statement import Place
from audits.documents.keeping import LARGEST
from audits.reports.charts import MOST_BARS, corridor_chart
from audits.reports.document import MOST_EVIDENCE, MOST_SAMPLED, render_report, report_html
from audits.reports.references import public_code
from audits.reports.statement import CorridorLine, EvidenceLine, Sample, SampledLine
from tests.audits.reports.test_statement import DAY, STATED
from tests.factories.keys import statement_signature

pytestmark = pytest.mark.slow


def drawn(stated=STATED):
    written = stated.written()
    signature, public_key = statement_signature(written)
    return render_report(statement=written, signature=signature, public_key=public_key)


def text_of(document):
    pages = pypdf.PdfReader(io.BytesIO(document)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def attached(document, name):
    with pikepdf.open(io.BytesIO(document)) as opened:
        return opened.attachments[name].get_file().read_bytes().decode()


def test_it_says_everything_the_audit_established():
    printed = text_of(drawn())

    said = {
        "AR00-0011-C",
        "Example Care Recruitment Ltd",
        "Example Nurses",
        "Led by Leader Example",
        "Auditor: 2",
        "1 January 2024 to 31 December 2025",
        "List 2023, in force from 8 March 2023",
        "Desk review.",
        "2 of 400 placements were drawn on 22 November 2026",
        "ab" * 32,
        "a seed",
        "We do this 38",
        "A contradiction.",
        "Kenya to Ireland",
        "Nothing found 400",
        "SSL-ACTIVE",
        "1. Major: REQ-11",
        "Recruited in a listed country.",
        "P-0123, SSL-ACTIVE, List 2023",
        "We have stopped.",
        "Cause: Nobody looked.",
        "We know the Code. Conforms",
        "The agency keeps most of its commitments.",
        "https://register.example/report/AR000011C/",
    }
    assert {text for text in said if text not in printed} == set()


def test_the_same_statement_gives_the_same_bytes():
    assert drawn() == drawn()


def test_long_lists_are_cut_on_paper_and_travel_whole():
    many = MOST_SAMPLED + 50
    lines = tuple(SampledLine(n, f"P-{n:012X}", "Conforms") for n in range(1, many + 1))
    evidence = tuple(
        EvidenceLine("placement", f"P-{n:012X}", "SSL-ACTIVE", "List 2023") for n in range(300)
    )
    stated = replace(
        STATED,
        sample=Sample("ab" * 32, 9000, "a seed", many, DAY, lines),
        findings=(replace(STATED.findings[0], evidence=evidence),),
    )

    document = drawn(stated)

    printed = text_of(document)
    assert f"the first {MOST_SAMPLED} of {many}" in printed
    assert f"the first {MOST_EVIDENCE} of 300" in printed
    assert len(list(csv.reader(io.StringIO(attached(document, "sample.csv"))))) == many + 1
    assert len(list(csv.reader(io.StringIO(attached(document, "evidence.csv"))))) == 301


def test_ten_thousand_findings_are_drawn_and_the_gravest_are_printed():
    many = tuple(
        replace(
            STATED.findings[0],
            position=number,
            grade="Minor" if number < 10_000 else "Critical",
            statement=f"What number {number} found. " * 5,
        )
        for number in range(1, 10_001)
    )
    lines = tuple(SampledLine(number, f"P-{number:012X}", "Conforms") for number in range(10_000))
    places = tuple(replace(STATED.corridors[0], count=number) for number in range(10_000, 0, -1))
    stated = replace(
        STATED,
        findings=many,
        sample=replace(STATED.sample, lines=lines, size=len(lines)),
        corridors=places,
    )

    document = drawn(stated)

    printed = text_of(document)
    assert "the 100 gravest of 10000 findings" in printed
    assert ("What number 10000 found" in printed, "What number 100 found" in printed) == (
        True,
        False,
    )
    for name, rows in (("findings.csv", 10_000), ("sample.csv", 10_000), ("corridors.csv", 10_000)):
        assert len(list(csv.reader(io.StringIO(attached(document, name))))) == rows + 1
    assert len(document) < LARGEST


def test_no_cell_of_an_attached_table_is_a_formula():
    formula = '=HYPERLINK("http://127.0.0.1","x")'
    evidence = (EvidenceLine("document", formula, "", ""),)
    finding = replace(STATED.findings[0], evidence=evidence, statement=formula)
    document = drawn(replace(STATED, findings=(finding,)))

    cells = [
        list(csv.reader(io.StringIO(attached(document, name))))[1][4]
        for name in ("evidence.csv", "findings.csv")
    ]

    assert [cell.startswith("'=HYPERLINK") for cell in cells] == [True, True]


def test_what_people_wrote_is_text_and_nothing_else():
    hostile = '<link rel=attachment href=file:///etc/passwd><img src="http://127.0.0.1:9/x">'
    finding = replace(STATED.findings[0], statement=hostile, reply=hostile)
    stated = replace(
        STATED, holder_name=hostile, plan=hostile, conclusion=hostile, findings=(finding,)
    )

    html = report_html(statement=stated.written(), key_id="a key")
    with pikepdf.open(io.BytesIO(drawn(stated))) as document:
        files = sorted(document.attachments)

    assert "<link rel=attachment" not in html
    assert files == ["evidence.csv", "findings.csv", "sample.csv", "statement.json"]


def test_headings_tables_and_chart_are_tagged_with_a_text_for_the_chart():
    with pikepdf.open(io.BytesIO(drawn())) as document:
        figures = [
            str(found.Alt)
            for found in document.objects
            if isinstance(found, pikepdf.Dictionary) and found.get("/S") == "/Figure"
        ]
        claims = document.open_metadata().pdfa_status

    assert claims == "3A"
    assert figures[0].startswith("Bar chart of 400 placements by corridor.")


def corridors(many):
    return tuple(
        CorridorLine(Place(f"C{n:02d}", f"Country {n:02d}"), Place("IRL", "Ireland"), 1000 - n)
        for n in range(many)
    )


def test_the_chart_shows_the_largest_and_the_rest_together():
    chart = corridor_chart(corridors(MOST_BARS + 5))

    assert [bar.count for bar in chart.bars[:2]] == [1000, 999]
    assert (len(chart.bars), chart.bars[-1].label) == (MOST_BARS + 1, "5 other corridors")
    assert corridor_chart(()) is None


def test_a_placement_has_the_same_code_everywhere_and_its_reference_nowhere(settings):
    code = public_code("AG000017K", "Maria-1984")

    assert code == public_code("AG000017K", "Maria-1984")
    assert code != public_code("AG000025H", "Maria-1984")
    settings.REFERENCE_HASH_KEY = "another key"
    assert code != public_code("AG000017K", "Maria-1984")
    assert ("Maria" in code, len(code)) == (False, 14)
