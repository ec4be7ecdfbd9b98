"""A whole list of agencies, held against the register line by line."""

import csv
import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.lib.safe_cells import restore
from audits.checking import queries
from audits.checking.lists import MOST_LINES, ListRefused, from_file, from_text
from audits.checking.queries import Result, check_lines
from audits.register import receipts
from audits.register.search import index_everything
from tests.factories import agencies as make
from tests.factories import certificates as certify
from tests.naughty import naughty_texts

pytestmark = pytest.mark.django_db

MANY = "/check-many/"


@pytest.fixture
def harbour():
    return make.agency("Harbour Example Recruitment Ltd")


def check(*asked):
    at = timezone.now()
    return check_lines(asked, on=timezone.localdate(at), at=at)


def results(*asked):
    return [line.result for line in check(*asked)]


def test_each_line_is_answered_in_its_place(harbour):
    index_everything()
    twin = make.agency("Quay Example Nursing")
    make.agency("Quay Example Nursing", regulator=make.regulator("Another", country="IND"))
    found, again, several, similar, nobody, nothing = check(
        "harbour example recruitment",
        harbour.register_number.lower(),
        "Quay Example Nursing GmbH",
        "Harbuor Example Recruitment",
        "Zzyzx Unheard Of",
        " ",
    )
    assert twin
    assert [found.result, again.result] == [Result.FOUND] * 2
    assert found.agencies[0]["register_number"] == harbour.register_number
    assert (several.result, len(several.agencies)) == (Result.SEVERAL, 2)
    assert similar.result == Result.SIMILAR
    assert similar.agencies[0]["register_number"] == harbour.register_number
    assert (nobody.result, nobody.agencies) == (Result.NOT_FOUND, [])
    assert nothing.result == Result.EMPTY


def test_the_number_of_a_certificate_leads_to_its_holder():
    certificate = certify.issued()
    (line,) = check(certificate.number)
    assert line.agencies[0]["register_number"] == certificate.agency.register_number


def test_what_was_not_looked_for_is_never_told_as_not_found(harbour, monkeypatch):
    monkeypatch.setattr(queries, "MOST_SOUGHT", 1)
    assert results("Nobody One", "Nobody Two") == [Result.NOT_FOUND, Result.NOT_SOUGHT]


def test_the_same_number_of_queries_for_one_line_and_for_a_thousand(harbour):
    with CaptureQueriesContext(connection) as one:
        check(harbour.register_number)
    with CaptureQueriesContext(connection) as many:
        check(*[harbour.register_number, "Harbour Example Recruitment"] * 500)
    assert len(many) <= len(one) + 2


@pytest.mark.parametrize(
    ("content", "column", "asked"),
    [
        (b"Name,Town\r\nAcme,Cork\r\n", 0, ["Acme"]),
        (b"Town;Agency\nCork;Acme\n", 1, ["Acme"]),
        ("\ufeffNumber\tNote\nAG000017K\tx\n".encode(), 0, ["AG000017K"]),
        ("Acmé,Cork\n".encode("cp1252"), 0, ["Acmé"]),
        (b'"Acme, Inc.",Cork\n\n\n', 0, ["Acme, Inc."]),
    ],
)
def test_files_as_people_save_them(content, column, asked):
    table = from_file(content)
    assert (table.column, table.asked()) == (column, asked)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"Name\n", "no line under it"),
        (b"PK\x03\x04rest", "not a CSV"),
        (b"%PDF-1.7", "not a CSV"),
        (b'"never closes\nAcme\n', "never closes"),
        (b"a\n" * (MOST_LINES + 1), "Split it"),
        (b"," * 100 + b"\n", "empty"),
        (b"x" + b"," * 100 + b"\n", "too many columns"),
    ],
)
def test_a_list_that_cannot_be_taken_says_why(content, words):
    with pytest.raises(ListRefused, match=words):
        from_file(content)


def test_pasted_cells_of_a_spreadsheet():
    assert from_text("Town\tAgency\nCork\tAcme").asked() == ["Acme"]


def test_the_file_keeps_the_order_and_the_other_columns(client, harbour):
    upload = SimpleUploadedFile(
        "list.csv", b"Name,Note\nNobody,=1+1\nHarbour Example Recruitment,mine\n"
    )
    answer = client.post(MANY, {"file": upload, "as": "csv"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:3] == ["Name", "Note", "Register: result"]
    assert [restore(cell) for cell in rows[1][:3]] == ["Nobody", "=1+1", "Not found"]
    assert rows[1][1] != "=1+1", "a formula does not come back as one"
    assert rows[2][2:4] == ["Found", harbour.legal_name]


def test_the_page_gives_the_list_back_for_the_file(client, harbour):
    page = client.post(MANY, {"text": "Nobody\nHarbour Example Recruitment"})
    assert "Harbour Example Recruitment" in page.context["again"]
    answer = client.post(MANY, {"text": page.context["again"], "as": "csv"})
    assert len(answer.content.decode().splitlines()) == 3


def test_an_empty_first_heading_keeps_its_place_when_the_file_is_asked_for(client, harbour):
    upload = SimpleUploadedFile("list.csv", b",Name\n0,Harbour Example Recruitment\n")
    page = client.post(MANY, {"file": upload})
    answer = client.post(MANY, {"text": page.context["again"], "as": "csv"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1][:3] == ["0", "Harbour Example Recruitment", "Found"]


def test_a_break_inside_a_cell_begins_no_line():
    for sign in ("\x0b", "\x0c", "\x1c", "\u2028"):
        assert len(from_file(f"Name,Note\nAcme,one{sign}two\n".encode()).lines) == 1


def test_a_signed_receipt_for_each_that_was_found(client, harbour):
    answer = client.post(MANY, {"text": "Nobody\nHarbour Example Recruitment", "as": "zip"})
    kept = zipfile.ZipFile(io.BytesIO(answer.content))
    (name,) = (name for name in kept.namelist() if name.startswith("receipt-"))
    receipt = receipts.read(kept.read(name))
    assert receipts.check(receipt).value
    assert receipt.number == harbour.register_number
    assert json.loads(kept.read(name))["receipt"]["question"]["about"] == "agency"
    assert "checked.csv" in kept.namelist()


def test_hostile_texts(client, harbour):
    for text in naughty_texts(4_000):
        answer = client.post(MANY, {"text": text})
        assert answer.status_code == 200
        assert "<script>alert(" not in answer.content.decode()


def test_nothing_is_kept(client, harbour, reads_only):
    with reads_only():
        assert client.post(MANY, {"text": "Harbour Example Recruitment"}).status_code == 200
