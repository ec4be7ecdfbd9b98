"""Checking a PDF that somebody was given: the file says nothing, the register answers."""

import io
import zlib
from datetime import timedelta

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from audits.documents.keeping import LARGEST, open_kept
from audits.documents.rendering import render
from audits.documents.sealing import seal
from audits.enums import AuditKind, StatusKind
from audits.keys.enums import Purpose
from audits.keys.queries import key_in_use
from audits.keys.services import record_compromise
from tests.audits.documents.test_sealing import PAGE
from tests.factories import certificates as certify

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

UPLOAD = reverse("register:upload")


def kept(certificate):
    with open_kept(certificate.pdf_digest) as file:
        return file.read()


def send(client, content, **query):
    file = SimpleUploadedFile("given.pdf", content, content_type="application/pdf")
    return client.post(f"{UPLOAD}?format={query.get('format', 'json')}", {"document": file})


def told(response):
    answer = response.json()
    return response.status_code, answer["document"], answer["status"], answer["is_valid"]


def test_our_certificate_is_answered_as_on_the_page_of_its_number(client, reads_only):
    certificate = certify.issued()
    document = kept(certificate)

    with reads_only():
        response = send(client, document)

    page = reverse("register:verify", args=(certificate.number,))
    by_number = client.get(page, {"format": "json"}).json()
    answer = response.json()
    known = answer["certificate"]
    assert told(response) == (200, "ours", "valid", True)
    assert answer["sentence"] == by_number["sentence"]
    assert {name: known[name] for name in known if name != "as_of"} == {
        name: by_number[name] for name in by_number if name != "as_of"
    }


@pytest.mark.parametrize("kind", [StatusKind.SUSPENSION, StatusKind.WITHDRAWAL])
def test_a_genuine_file_of_what_does_not_hold_says_so(client, kind):
    people = certify.people()
    certificate = certify.issued(people.agency)
    certify.confirmed(certificate, people, kind=kind)

    status = {"suspension": "suspended", "withdrawal": "withdrawn"}[kind]
    response = send(client, kept(certificate))
    page = send(client, kept(certificate), format="html")
    assert told(response) == (200, "ours", status, False)
    assert (page.status_code, status.capitalize() in page.text) == (200, True)


def test_an_old_edition_is_genuine_and_replaced(client):
    agency = certify.people().agency
    old = certify.issued(agency)
    new = certify.issued(agency, kind=AuditKind.RENEWAL)

    response = send(client, kept(old))

    assert told(response) == (200, "ours", "superseded", False)
    assert response.json()["certificate"]["superseded_by"]["number"] == new.number


def test_a_file_that_was_added_to_is_altered_and_names_its_number(client):
    certificate = certify.issued()

    response = send(client, kept(certificate) + b"\n")

    assert told(response) == (200, "altered", None, False)
    assert response.json()["number"] == certificate.number


def test_a_file_saved_again_by_another_program_is_altered(client):
    certificate = certify.issued()
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(kept(certificate))) as document:
        del document.Root.AcroForm, document.Root.Perms, document.pages[0].Annots
        document.save(out)

    response = send(client, out.getvalue())

    assert told(response) == (200, "altered", None, False)
    assert response.json()["number"] == certificate.number


def test_a_file_of_somebody_else_is_not_ours(client):
    made = render(PAGE, dated=timezone.localdate())

    response = send(client, made)
    page = send(client, made, format="html")

    assert told(response) == (200, "not_ours", None, False)
    assert "This file is not a document of this register." in page.text


def test_what_our_key_sealed_and_nobody_published_is_not_ours(client):
    made = seal(render(PAGE, dated=timezone.localdate()), at=timezone.now())

    response = send(client, made)

    assert told(response) == (200, "not_ours", None, False)
    assert response.json()["reason"] == "never_published"


def test_a_seal_whose_key_was_stolen_before_is_never_green(client):
    certificate = certify.issued()
    key = key_in_use(Purpose.DOCUMENT, at=timezone.now())
    since = certificate.issued_at - timedelta(days=1)
    record_compromise(key_id=key.pk, since=since, reason="stolen", at=timezone.now())

    response = send(client, kept(certificate))

    assert told(response) == (503, "could_not_check", None, False)
    assert response.json()["reason"] == "seal_in_doubt"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"no PDF at all", "no_trace", id="a text"),
        pytest.param(b"%PDF-1.7\nnothing", "no_pdf", id="a broken PDF"),
        pytest.param(b"%PDF-1.7\n" + b"[" * 100_000, "no_pdf", id="too deep"),
        pytest.param(b"\0" * 1000, "no_trace", id="zeros"),
    ],
)
def test_what_is_no_pdf_is_not_ours(client, content, reason):
    response = send(client, content)

    assert told(response) == (200, "not_ours", None, False)
    assert response.json()["reason"] == reason


def bomb(size):
    """A PDF whose table of objects unpacks to `size` bytes."""
    packed = zlib.compress(bytes(size), 9)
    table = (
        b"1 0 obj\n<</Type /XRef /Size 999999999 /W [1 4 2] /Root 1 0 R /Filter /FlateDecode "
        b"/Length %d>>\nstream\n%s\nendstream\nendobj\n" % (len(packed), packed)
    )
    return b"%PDF-1.7\n" + table + b"startxref\n9\n%%EOF\n"


def test_a_bomb_is_never_green_and_takes_no_more_than_its_limits(client):
    begin = timezone.now()

    response = send(client, bomb(800 * 1024 * 1024))

    assert response.json()["document"] in ("not_ours", "could_not_check")
    assert timezone.now() - begin < timedelta(seconds=40)


def test_what_is_larger_than_any_of_our_documents_is_not_read(client):
    response = send(client, b"%PDF-1.7\n" + b"0" * (LARGEST + 1))
    page = client.post(UPLOAD, {}, CONTENT_LENGTH=str(LARGEST * 2))

    assert (response.status_code, page.status_code) == (413, 413)
    assert "larger than any document" in response.json()["sentence"]


def test_without_a_file_it_says_what_to_do(client):
    response = client.post(UPLOAD)

    assert response.status_code == 400
    assert "Choose the PDF" in response.text


def test_the_page_asks_nobody_who_they_are_and_keeps_nothing(client, tmp_path, reads_only):
    with reads_only():
        page = client.get(UPLOAD)
        send(client, b"%PDF-1.7\n" + b"x" * 4_000_000)

    assert (page.status_code, page.cookies, page["Cache-Control"]) == (200, {}, "no-store")
    assert [place for place in tmp_path.rglob("*") if place.is_file()] == []
