"""Documents: the same bytes everywhere, tagged and archivable, and nothing fetched, ever."""

import hashlib
import io
import os
import subprocess
import sys
import threading
from datetime import date
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pikepdf
import pypdf
import pytest
from django.conf import settings

from audits.documents.apart import render_apart
from audits.documents.qr import qr_path
from audits.documents.rendering import AttachedFile, RenderingRefused, render

DAY = date(2026, 11, 22)
PAGE = (
    '<!DOCTYPE html><html lang="en-GB"><head><title>A title</title>'
    '<meta name="dcterms.created" content="2026-11-22"></head><body>{}</body></html>'
)
FILE = AttachedFile("data.json", b'{"a":1}', "What it says, as data", "application/json")


@pytest.fixture
def canary():
    """A server on this machine that counts who comes: nobody may."""
    hits = []

    class Counting(BaseHTTPRequestHandler):
        def do_GET(self):
            hits.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Counting)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", hits
    server.shutdown()
    thread.join()
    server.server_close()


PAYLOADS = (
    '<link rel="attachment" href="file:///etc/passwd">',
    '<link rel="attachment" href="{url}/a">',
    '<img src="{url}/b">',
    '<img src="file:///etc/passwd">',
    '<link rel="stylesheet" href="{url}/c">',
    '<style>@import url("{url}/d");</style>',
    '<style>body {{ background: url("{url}/e") }}</style>',
    '<style>@font-face {{ font-family: x; src: url("{url}/f") }} p {{ font-family: x }}</style>',
    '<p style="list-style-image: url({url}/g); display: list-item">x</p>',
    '<p style="content: url({url}/h)">x</p>',
    '<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}/i" width="9" height="9"/></svg>',
    '<svg xmlns="http://www.w3.org/2000/svg"><use href="{url}/j#a"/></svg>',
    '<object data="{url}/k"></object>',
    '<embed src="{url}/l">',
    '<iframe src="{url}/m"></iframe>',
    '<base href="{url}/"><img src="n">',
    '<a rel="attachment" href="{url}/o">x</a>',
    '<video poster="{url}/p"></video><input type="image" src="{url}/q">',
    '<img src="ftp://127.0.0.1/r"><img src="HTTP://127.0.0.1:1/s">',
    '<img src="//127.0.0.1/t"><img srcset="{url}/u 2x" src="{url}/v">',
)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_markup_that_asks_for_something_stops_the_document_or_draws_nothing(payload, canary):
    url, hits = canary
    try:
        document = render(PAGE.format(payload.format(url=url)), dated=DAY)
    except RenderingRefused:
        document = b""

    assert hits == []
    assert b"root:" not in document
    if document:
        assert pypdf.PdfReader(io.BytesIO(document)).attachments == {}


def test_the_canary_would_have_been_hit(canary):
    """The control: WeasyPrint's own fetcher does fetch, so that nothing above is vacuous."""
    from weasyprint import HTML  # noqa: PLC0415 -- the control loads it as others would

    url, hits = canary

    HTML(string=PAGE.format(f'<img src="{url}/hit">')).write_pdf()

    assert hits == ["/hit"]


def test_the_child_process_fetches_nothing_either(canary):
    url, hits = canary

    with pytest.raises(RenderingRefused, match="asks for"):
        render_apart(PAGE.format(f'<img src="{url}/child">'), dated=DAY)

    assert hits == []


def test_escaped_markup_is_text(canary):
    url, hits = canary
    text = escape("".join(payload.format(url=url) for payload in PAYLOADS))

    document = render(PAGE.format(f"<p>{text}</p>"), dated=DAY)

    assert hits == []
    assert "file:///etc/passwd" in pypdf.PdfReader(io.BytesIO(document)).pages[0].extract_text()


def test_it_is_tagged_archivable_and_accessible():
    html = PAGE.format("<h1>One</h1><table><tr><th>A</th></tr><tr><td>1</td></tr></table>")

    with pikepdf.open(io.BytesIO(render(html, dated=DAY, attachments=[FILE]))) as document:
        metadata = document.open_metadata()
        claims = {
            "pdf/a": metadata.pdfa_status,
            "pdf/ua": metadata["{http://www.aiim.org/pdfua/ns/id/}part"],
            "language": str(document.Root.Lang),
            "tagged": bool(document.Root.MarkInfo.Marked),
            "title shown": bool(document.Root.ViewerPreferences.DisplayDocTitle),
            "title": metadata["dc:title"],
            "attached": list(document.attachments),
            "relationship": str(document.Root.AF[0].AFRelationship),
            "output intent": str(document.Root.OutputIntents[0].S),
        }
        content = document.attachments["data.json"].get_file().read_bytes()

    assert claims == {
        "pdf/a": "3A",
        "pdf/ua": "1",
        "language": "en-GB",
        "tagged": True,
        "title shown": True,
        "title": "A title",
        "attached": ["data.json"],
        "relationship": "/Data",
        "output intent": "/GTS_PDFA1",
    }
    assert content == FILE.content


def test_every_header_cell_says_what_it_heads():
    html = PAGE.format(
        "<table><thead><tr><th>From</th><th>To</th></tr></thead>"
        '<tbody><tr><th scope="row">Kenya</th><td>Ireland</td></tr></tbody></table>'
    )

    with pikepdf.open(io.BytesIO(render(html, dated=DAY))) as document:
        found = [
            str(each.A.Scope)
            for each in document.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/TH"
        ]

    assert sorted(found) == ["/Column", "/Column", "/Row"]


MISSING = ".notdef glyph"
FAMILIES = ("Atkinson-Hyperlegible", "IBM-Plex-Sans-Arabic", "Mukta")


def fonts_of(document):
    return {
        str(font.BaseFont).partition("+")[2]: font
        for page in document.pages
        for font in page.Resources.Font.values()
    }


def test_only_our_own_fonts_are_in_it():
    html = PAGE.format("<p>Text <b>bold</b> <i>slanted</i> → ☃ 漢字 مرحبا नमस्ते</p>")

    with pikepdf.open(io.BytesIO(render(html, dated=DAY))) as document:
        families = set(fonts_of(document))

    assert {family for family in families if not family.startswith(FAMILIES)} == set()


@pytest.mark.parametrize(
    ("name", "font", "claim"),
    [
        pytest.param("Acme Nurses", "Atkinson-Hyperlegible-Bold", "3A", id="Latin"),
        pytest.param("شركة الرعاية", "IBM-Plex-Sans-Arabic-Bold", "3A", id="Arabic"),
        # level A asks for a character behind every glyph, which joined letters do not have
        pytest.param("काठमाडौं स्वास्थ्य सेवा", "Mukta-Bold", "3B", id="Devanagari"),
    ],
)
def test_a_name_is_printed_in_its_own_script(name, font, claim, caplog):
    made = render(PAGE.format(f"<h1>{name}</h1>"), dated=DAY)

    with pikepdf.open(io.BytesIO(made)) as document:
        fonts = fonts_of(document)
        embedded = all(
            "/FontFile2" in each.DescendantFonts[0].FontDescriptor for each in fonts.values()
        )
        status = document.open_metadata().pdfa_status
    assert font in fonts
    assert (embedded, status) == (True, claim)
    assert MISSING not in caplog.text


def test_a_script_that_no_font_has_is_said_in_the_log(caplog):
    """The control: a box for a missing glyph is told of, so that silence above means something."""
    render(PAGE.format("<h1>漢字</h1>"), dated=DAY)

    assert MISSING in caplog.text


HTML_OF_BYTES = PAGE.format("<h1>Same</h1><p>The same bytes in every process.</p>")


def test_the_same_page_gives_the_same_bytes():
    first = render(HTML_OF_BYTES, dated=DAY, attachments=[FILE])

    assert render(HTML_OF_BYTES, dated=DAY, attachments=[FILE]) == first


@pytest.mark.slow
def test_the_same_bytes_in_another_process_and_another_place(tmp_path):
    here = hashlib.sha256(render(HTML_OF_BYTES, dated=DAY, attachments=[FILE])).hexdigest()
    program = (
        "import datetime, hashlib, sys\n"
        "from audits.documents.rendering import AttachedFile, render\n"
        "file = AttachedFile(\n"
        "    'data.json', b'{\"a\":1}', 'What it says, as data', 'application/json'\n"
        ")\n"
        "made = render(sys.argv[1], dated=datetime.date(2026, 11, 22), attachments=[file])\n"
        "print(hashlib.sha256(made).hexdigest())\n"
    )
    elsewhere = subprocess.run(
        [sys.executable, "-c", program, HTML_OF_BYTES],
        cwd=tmp_path,
        env={"PYTHONPATH": str(settings.BASE_DIR), "TZ": "Asia/Manila", "LANG": "tr_TR.UTF-8"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert elsewhere.stdout.strip() == here


@pytest.mark.slow
def test_a_child_draws_the_same_bytes():
    assert render_apart(HTML_OF_BYTES, dated=DAY, attachments=[FILE]) == render(
        HTML_OF_BYTES, dated=DAY, attachments=[FILE]
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("html", "limits"),
    [
        pytest.param("<div>" * 3000, {}, id="too deep"),
        pytest.param("<p>x</p>" * 20000, {"cpu_seconds": 3}, id="too long"),
        pytest.param("<p>x</p>", {"memory_bytes": 64 * 1024**2}, id="too little memory"),
    ],
)
def test_a_child_that_dies_is_an_error_with_words(html, limits):
    with pytest.raises(RenderingRefused, match="limits"):
        render_apart(PAGE.format(html), dated=DAY, **limits)


def test_the_machines_own_fonts_conf_is_left_alone(monkeypatch):
    monkeypatch.setenv("FONTCONFIG_FILE", "/somebody/elses.conf")

    render(PAGE.format("<p>x</p>"), dated=DAY)

    assert os.environ["FONTCONFIG_FILE"] == "/somebody/elses.conf"


def test_the_square_code_is_a_whole_symbol():
    """Version 3 at level M holds this address: 29 modules, and 4 of quiet on each side."""
    width, path = qr_path("https://registry.example/verify/CE000012Z/")

    assert width == 37
    assert path.startswith("M4 4h7v1h-7z")
