"""A receipt says what was answered, anybody can check it, and no other file passes for one."""

import json
import random
from base64 import b64decode, b64encode
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from agencies import journal
from agencies.lib.canonical import canonical
from agencies.lib.check_characters import with_check
from agencies.models import JournalHead
from audits.enums import StatusKind
from audits.keys.enums import Purpose
from audits.keys.queries import trusted_keys
from audits.keys.services import record_compromise
from audits.keys.signing import sign
from audits.models import StatusChange
from audits.transparency.queries import root_at, size
from tests.factories import agencies as make
from tests.factories import certificates as certify
from tests.factories.keys import set_triggers_aside

pytestmark = pytest.mark.django_db

DAY = date(2024, 5, 1)
CHECK = "/receipt/"


@pytest.fixture
def people():
    people = certify.people()
    journal.record("agency.registered", people.agency, by=None)
    return people


@pytest.fixture
def certificate(people):
    return certify.published(people.agency)


def kept(client, certificate, **stated):
    response = client.post(f"/verify/{certificate.number}/receipt/", {"format": "json", **stated})
    assert response.status_code == 200
    return response.content


def checked(client, written):
    file = SimpleUploadedFile("receipt.json", written)
    response = client.post(f"{CHECK}?format=json", {"file": file})
    assert response.status_code == 200
    return response.json()


def test_a_receipt_states_question_answer_edition_and_place_in_the_log(client, certificate):
    written = kept(client, certificate)

    whole = json.loads(written)
    stated = whole["receipt"]
    today = timezone.localdate().isoformat()
    assert written == canonical(whole)
    assert stated["question"] == {
        "about": "certificate",
        "number": certificate.number,
        "on": today,
    }
    assert stated["answer"] == {
        "status": "valid",
        "is_valid": True,
        "sentence": stated["answer"]["sentence"],
        "since": "2024-02-01",
        "reason": None,
        "superseded_by": None,
        "varies_by_corridor": False,
        "certificate": {
            "number": certificate.number,
            "holder": {
                "register_number": certificate.agency.register_number,
                "legal_name": certificate.agency.legal_name,
            },
            "valid_from": "2024-02-01",
            "valid_until": "2099-01-31",
            "statement_sha256": certificate.statement_digest,
            "pdf_sha256": certificate.pdf_digest,
        },
    }
    assert set(stated["list_edition"]) == {"label", "title"}
    assert stated["log"]["size"] == size()
    assert b64decode(stated["log"]["root"]) == root_at(size())
    assert stated["log"]["checkpoint"].splitlines()[1] == str(size())
    assert (stated["said_then"], stated["demonstration"]) == (None, True)


def test_it_is_signed_by_the_key_for_receipts_and_verifies_without_us(client, certificate):
    whole = json.loads(kept(client, certificate))

    key = trusted_keys(Purpose.RECEIPT).get(key_id=whole["signature"]["key_id"])
    public = Ed25519PublicKey.from_public_bytes(b64decode(key.public_key))

    public.verify(b64decode(whole["signature"]["value"]), canonical(whole["receipt"]))


def test_a_genuine_receipt_says_that_nothing_changed_and_then_what_did(client, certificate, people):
    written = kept(client, certificate)
    same = checked(client, written)

    certify.confirmed(certificate, people)

    changed = checked(client, written)
    assert (same["status"], same["has_changed"], same["was_rewritten"]) == ("genuine", False, False)
    assert (changed["status"], changed["has_changed"], changed["was_rewritten"]) == (
        "genuine",
        True,
        False,
    )
    assert (changed["then"]["status"], changed["now"]["status"]) == ("valid", "suspended")


def test_a_back_dated_change_shows_in_a_receipt_about_a_day_gone_by(client, certificate, people):
    written = kept(client, certificate, on="2024-05-01")
    certify.confirmed(certificate, people, effective_on=date(2024, 4, 1))

    answer = checked(client, written)
    later = json.loads(kept(client, certificate, on="2024-05-01"))["receipt"]

    assert (answer["then"]["status"], answer["now"]["status"]) == ("valid", "suspended")
    assert (later["answer"]["status"], later["said_then"]["status"]) == ("suspended", "valid")


def test_a_receipt_of_an_agency(client, certificate, people):
    number = people.agency.register_number
    response = client.post(f"/register/{number}/receipt/", {"format": "json"})
    certify.confirmed(certificate, people)

    answer = checked(client, response.content)

    assert (answer["then"]["status"], answer["now"]["status"]) == ("certified", "suspended")


def test_a_receipt_that_a_number_was_never_issued(client):
    number = with_check("CE999999")

    response = client.post(f"/verify/{number}/receipt/", {"format": "json"})

    stated = json.loads(response.content)["receipt"]
    assert (stated["answer"]["status"], stated["answer"]["certificate"]) == ("never_issued", None)


def test_as_a_pdf_it_carries_the_signed_receipt(client, certificate):
    response = client.post(f"/verify/{certificate.number}/receipt/", {"format": "pdf"})

    assert response["Content-Type"] == "application/pdf"
    with pikepdf.open(BytesIO(response.content)) as pdf:
        attached = pdf.attachments["receipt.json"].get_file().read_bytes()
    assert checked(client, attached)["status"] == "genuine"


def test_nothing_is_kept_of_who_asked(client, certificate):
    client.force_login(make.user())
    kept(client, certificate)
    before = JournalHead.objects.get().size

    response = client.post(f"/verify/{certificate.number}/receipt/", {"format": "json"})

    assert (JournalHead.objects.get().size, response.cookies) == (before, {})
    assert client.get(f"/verify/{certificate.number}/receipt/").status_code == 405


def test_no_mutant_of_a_receipt_is_genuine(client, certificate):
    written = kept(client, certificate)
    chance = random.Random("receipts")
    accepted = []
    for _ in range(100):
        at = chance.randrange(len(written))
        mutant = bytearray(written)
        mutant[at] ^= 1 << chance.randrange(7)
        if checked(client, bytes(mutant))["status"] != "not_ours":
            accepted.append((at, bytes(mutant)))

    assert checked(client, written)["status"] == "genuine"
    assert accepted == []


def forged(client, certificate, change):
    whole = json.loads(kept(client, certificate))
    change(whole)
    return checked(client, canonical(whole))["status"]


def by_another_purpose(whole):
    signed = sign(Purpose.CHECKPOINT, canonical(whole["receipt"]), at=timezone.now())
    whole["signature"] |= {
        "key_id": signed.key.key_id,
        "value": b64encode(signed.signature).decode(),
    }


def of_another_register(whole):
    whole["receipt"]["register"] = "https://elsewhere.example"
    signed = sign(Purpose.RECEIPT, canonical(whole["receipt"]), at=timezone.now())
    whole["signature"]["value"] = b64encode(signed.signature).decode()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda whole: whole["receipt"]["answer"].update(status="valid2"), id="status"),
        pytest.param(lambda whole: whole["receipt"]["question"].update(on="2030-01-01"), id="day"),
        pytest.param(lambda whole: whole["signature"].update(algorithm="none"), id="no algorithm"),
        pytest.param(lambda whole: whole["signature"].update(key_id="ed25519-00"), id="key id"),
        pytest.param(lambda whole: whole["signature"].update(jwk={"x": ""}), id="a key within"),
        pytest.param(lambda whole: whole.update(extra=1), id="something beside"),
        pytest.param(lambda whole: whole["receipt"].pop("question"), id="no question"),
        pytest.param(lambda whole: whole["receipt"].update(asked_at="never"), id="no moment"),
        pytest.param(lambda whole: whole["receipt"].update(schema="2"), id="another form"),
        pytest.param(by_another_purpose, id="a key of another purpose"),
        pytest.param(of_another_register, id="another register's"),
    ],
)
def test_what_is_not_exactly_ours_is_refused(client, certificate, change):
    assert forged(client, certificate, change) == "not_ours"


def test_one_signature_is_written_in_one_way(client, certificate):
    """The last character of base64 has bits to spare: two texts would be one signature."""
    whole = json.loads(kept(client, certificate))
    value = whole["signature"]["value"]
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    spare = letters[letters.index(value[85]) ^ 1]
    whole["signature"]["value"] = value[:85] + spare + "=="
    assert b64decode(whole["signature"]["value"]) == b64decode(value)

    assert checked(client, canonical(whole))["status"] == "not_ours"


def test_a_receipt_under_a_stolen_key_is_worth_nothing(client, certificate):
    written = kept(client, certificate)
    key = trusted_keys(Purpose.RECEIPT).get()
    record_compromise(
        key_id=key.key_id,
        since=timezone.now() - timedelta(days=1),
        reason="The laptop with it was stolen.",
        at=timezone.now(),
    )

    assert checked(client, written)["status"] == "not_reliable"


def test_a_register_that_was_rewritten_is_told_by_its_receipts(client, certificate, people):
    certify.confirmed(certificate, people)
    written = kept(client, certificate)
    planted = StatusChange.objects.filter(kind=StatusKind.SUSPENSION)
    set_triggers_aside("audits_statuschange")
    planted.delete()

    answer = checked(client, written)

    assert (answer["status"], answer["was_rewritten"]) == ("genuine", True)


@pytest.mark.parametrize(
    "text", ["", "{}", "nonsense", '{"receipt": [], "signature": 1}', "[" * 999]
)
def test_anything_else_that_is_pasted(client, text):
    response = client.post(f"{CHECK}?format=json", {"text": text})
    page = client.post(CHECK, {"text": text})

    assert response.json()["status"] == ("not_ours" if text else "bad_request")
    assert page.status_code == response.status_code == (200 if text else 400)
    assert "govuk-tag--green" not in page.content.decode()


def test_a_file_too_large_is_refused(client):
    file = SimpleUploadedFile("receipt.json", b"x" * 70_000)

    assert client.post(CHECK, {"file": file}).status_code == 400


def test_the_pages(client, certificate, people):
    written = kept(client, certificate)
    certify.confirmed(certificate, people)

    page = client.post(CHECK, {"text": written.decode()}).content.decode()

    assert client.get(CHECK).status_code == 200
    assert "Genuine receipt" in page
    assert "Something changed since" in page
    assert "Suspended" in page


def test_without_a_key_there_is_no_receipt(client, certificate, settings):
    settings.SIGNING_KEY_IS_DEMONSTRATION = False
    settings.SIGNING_KEYS_DIR = None

    response = client.post(f"/verify/{certificate.number}/receipt/?format=json", {"format": "json"})

    assert (response.status_code, response.json()["status"]) == (503, "could_not_check")


def test_moments_are_written_in_one_way(client, certificate):
    stated = json.loads(kept(client, certificate))["receipt"]

    for moment in (stated["asked_at"], stated["known_at"]):
        assert datetime.strptime(moment, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
