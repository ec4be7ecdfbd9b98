"""The certificate on paper: from the statement alone, the same bytes, and honest about its key."""

import hashlib
import io
import json
from dataclasses import replace
from datetime import date

import pikepdf
import pypdf
import pytest

from agencies.lib.canonical import canonical
from audits.certificates.document import certificate_html, render_certificate
from audits.certificates.queries import verify_address
from tests.audits.certificates.test_statement import STATED
from tests.factories.keys import statement_is_signed, statement_signature


def drawn(stated=STATED):
    written = stated.written()
    signature, public_key = statement_signature(written)
    return render_certificate(statement=written, signature=signature, public_key=public_key)


def text_of(document):
    pages = pypdf.PdfReader(io.BytesIO(document)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def test_the_same_statement_gives_the_same_bytes():
    assert drawn() == drawn()


def test_it_fits_on_one_page_and_says_what_counts():
    document = drawn()

    printed = text_of(document)
    said = {
        "CE00-0012-Z",
        "Example Care Recruitment Ltd",
        "AG00-0017-K",
        "Kenya, India",
        "Nursing and midwifery professionals (222); Medical doctors (221)",
        "23 November 2026",
        "22 November 2028",
        "Reports every quarter.",
        "https://register.example/verify/CE000012Z/",
        "It is not a licence.",
        "voluntary",
        "is not a ban",
        "Europe/Dublin",
        hashlib.sha256(STATED.written()).hexdigest(),
    }
    assert len(pypdf.PdfReader(io.BytesIO(document)).pages) == 1
    assert {text for text in said if text not in printed} == set()


@pytest.mark.parametrize("is_demonstration", [True, False])
def test_a_demonstration_says_so_in_large_letters(is_demonstration):
    printed = text_of(drawn(replace(STATED, is_demonstration=is_demonstration)))

    assert ("DEMONSTRATION" in printed, "proves nothing" in printed) == (
        is_demonstration,
        is_demonstration,
    )


def test_whoever_has_the_file_can_check_the_statement_without_us():
    with pikepdf.open(io.BytesIO(drawn())) as document:
        attached = json.loads(document.attachments["statement.json"].get_file().read_bytes())

    signature = attached["signature"]
    assert statement_is_signed(
        canonical(attached["statement"]), signature["value"], signature["public_key"]
    )


def test_headings_table_and_code_are_tagged():
    def kinds(element):
        yield str(element.get("/S", ""))
        children = element.get("/K", [])
        for child in children if isinstance(children, pikepdf.Array) else [children]:
            if isinstance(child, pikepdf.Dictionary) and "/S" in child:
                yield from kinds(child)

    with pikepdf.open(io.BytesIO(drawn())) as document:
        found = set(kinds(document.Root.StructTreeRoot.K[0]))

    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Caption", "/L", "/Figure", "/P"} <= found


def test_the_code_leads_to_the_canonical_address(settings):
    settings.CANONICAL_ORIGIN = "https://registry.example"

    assert verify_address("CE000012Z") == "https://registry.example/verify/CE000012Z/"


HOSTILE = (
    '<link rel=attachment href=file:///etc/passwd><img src="http://127.0.0.1:9/x">'
    "{{ 7|add:7 }}{% now 'Y' %}</main><h1>Forged</h1>"
)


def test_what_people_wrote_is_text_and_nothing_else():
    stated = replace(STATED, holder_name=HOSTILE, conditions=HOSTILE, regulator_name=HOSTILE)

    html = certificate_html(statement=stated.written(), key_id="a key")
    with pikepdf.open(io.BytesIO(drawn(stated))) as document:
        attached = list(document.attachments)

    assert ("<h1>Forged" in html, "<link rel=attachment" in html) == (False, False)
    assert "{{ 7|add:7 }}" in html
    assert attached == ["statement.json"]


def test_a_long_scope_goes_on_over_pages():
    lines = tuple(
        replace(STATED.scope[0], group=f"{number:03d}", group_title=f"Group {number}")
        for number in range(400)
    )

    document = drawn(replace(STATED, scope=lines, conditions="A condition. " * 300))

    assert len(pypdf.PdfReader(io.BytesIO(document)).pages) > 1
    assert "Group 399" in text_of(document)


def test_dates_are_of_the_statement_and_not_of_the_clock():
    with pikepdf.open(io.BytesIO(drawn(replace(STATED, issued_on=date(2025, 1, 2))))) as document:
        made = str(document.docinfo["/CreationDate"])

    assert made.startswith("D:20250102")
