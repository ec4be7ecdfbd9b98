"""What other people's verifiers fetch, and the page where a credential is pasted."""

import hashlib
import json
import time
from datetime import date, datetime, timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from audits.credentials.contexts import bundled
from audits.credentials.dids import from_base64url
from audits.credentials.status_lists import bit_at, decoded
from audits.enums import DocumentState, StatusKind
from audits.keys.enums import Purpose
from audits.keys.replacing import rotate
from audits.keys.services import record_compromise, retire_key
from audits.keys.signing import current
from audits.models import Certificate, SigningKey
from tests.factories import certificates as certify
from tests.factories import credentials

pytestmark = pytest.mark.django_db

CHECK = "/verify/credential/"
DID = "/.well-known/did.json"
REVOCATION, SUSPENSION = "/status/revocation/1", "/status/suspension/1"


def bits(client, certificate):
    """What both lists say of a certificate now, as (revoked, suspended)."""
    contents = [
        decoded(json.loads(client.get(address).content)["credentialSubject"]["encodedList"])
        for address in (REVOCATION, SUSPENSION)
    ]
    return tuple(bit_at(content, certificate.status_index) for content in contents)


def test_a_credential_is_served_byte_for_byte_in_each_form(client, reads_only):
    certificate = credentials.published()
    kept = certificate.credential

    with reads_only():
        answers = {
            name: client.get(reverse(f"credentials:{name}", args=(certificate.number,)))
            for name in ("json", "jsonld", "jwt")
        }

    assert {name: (got["Content-Type"], got.content) for name, got in answers.items()} == {
        "json": ("application/vc", kept.jsonld.encode()),
        "jsonld": ("application/ld+json", kept.jsonld.encode()),
        "jwt": ("application/vc+jwt", kept.jwt.encode()),
    }
    assert {got["Access-Control-Allow-Origin"] for got in answers.values()} == {"*"}


def test_a_certificate_from_before_there_were_credentials_has_none(client):
    certificate = certify.published()

    response = client.get(reverse("credentials:json", args=(certificate.number,)))

    assert response.status_code == 404


def test_our_terms_are_served_as_they_are_bundled(client):
    response = client.get("/contexts/recruitment-code/v1")

    assert response.content == bundled("recruitment-code-v1")
    assert response["Content-Type"] == "application/ld+json"


def test_a_context_never_changes():
    """Whoever must change one makes another version; credentials were signed with this one."""
    digests = {
        name: hashlib.sha256(bundled(name)).hexdigest()
        for name in ("credentials-v2", "recruitment-code-v1")
    }

    assert digests == {
        "credentials-v2": "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
        "recruitment-code-v1": "f1b88ba24b0078971fb91b5cac2ada0e0364a93f0b6716526bee77e4a73dab29",
    }


# --- the lists


def test_lists_are_signed_dated_and_kept_for_a_minute_only(client, reads_only):
    credentials.published()

    with reads_only():
        response = client.get(REVOCATION)

    listed = json.loads(response.content)
    lasts = timedelta(minutes=settings.STATUS_LIST_VALID_MINUTES)
    since, until = (datetime.fromisoformat(listed[name]) for name in ("validFrom", "validUntil"))
    assert response["Content-Type"] == "application/vc"
    assert response["Cache-Control"] == "public, max-age=60, must-revalidate"
    assert listed["credentialSubject"]["ttl"] == 60_000
    assert until - since == lasts
    assert abs(timezone.now() - since) < timedelta(minutes=2)
    assert listed["id"] == f"{settings.CANONICAL_ORIGIN}{REVOCATION}"


def test_a_list_comes_in_the_form_that_is_asked_for(client):
    credentials.published()

    asked = client.get(REVOCATION, headers={"Accept": "application/vc+jwt"})
    named = client.get(f"{REVOCATION}.jwt")

    header, payload, _ = asked.content.decode().split(".")
    proven = json.loads(client.get(REVOCATION).content)
    del proven["proof"]
    assert asked["Content-Type"] == "application/vc+jwt"
    assert asked["Vary"] == "Accept"
    assert asked.content == named.content
    assert json.loads(from_base64url(header))["typ"] == "vc+jwt"
    assert json.loads(from_base64url(payload)) == proven


def test_a_list_that_did_not_change_is_not_sent_again(client):
    credentials.published()
    first = client.get(REVOCATION)

    again = client.get(REVOCATION, headers={"If-None-Match": first["ETag"]})

    # a minute may have begun in between, and then it is signed anew
    assert again.status_code == 304 or again["ETag"] != first["ETag"]


@pytest.mark.parametrize(
    "address",
    [
        "/status/revocation/0",
        "/status/revocation/01",
        "/status/revocation/2",
        "/status/message/1",
        "/status/revocation/-1",
        "/status/revocation/99999999",
    ],
)
def test_there_is_no_other_list(client, address):
    credentials.published()

    assert client.get(address).status_code == 404


def test_before_the_first_certificate_there_is_no_list(client):
    assert client.get(REVOCATION).status_code == 404


def test_no_list_is_shown_that_cannot_be_signed(client):
    credentials.published()
    retire_key(key_id=current(Purpose.STATUS_LIST, at=timezone.now()).pk, at=timezone.now())

    response = client.get(REVOCATION)

    assert (response.status_code, response["Cache-Control"]) == (503, "no-store")
    assert response.json()["status"] == "could_not_check"


@pytest.mark.slow
def test_a_change_of_status_shows_in_the_lists_within_two_seconds(client):
    who = certify.people()
    certificate = credentials.published(who.agency)
    seen = [bits(client, certificate)]
    spent = []

    for kind in (StatusKind.SUSPENSION, StatusKind.RESTORATION, StatusKind.WITHDRAWAL):
        certify.confirmed(certificate, who, kind=kind)
        begun = time.perf_counter()
        seen.append(bits(client, certificate))
        spent.append(time.perf_counter() - begun)

    assert seen == [(False, False), (False, True), (False, False), (True, False)]
    assert max(spent) < 2


@pytest.mark.parametrize(
    ("state", "said"),
    [(DocumentState.PREPARED, (False, True)), (DocumentState.VOID, (True, False))],
)
def test_what_was_signed_and_never_published_is_not_clear(client, state, said):
    certificate = certify.prepared()
    credentials.credential_of(certificate)
    if state == DocumentState.VOID:
        Certificate.objects.filter(pk=certificate.pk).update(state=state, void_reason="Set aside.")

    assert bits(client, certificate) == said


def test_what_was_signed_with_a_key_in_other_hands_is_revoked(client):
    certificate = credentials.published()
    at = timezone.now()
    record_compromise(key_id=certificate.key_id, since=at, reason="A laptop was stolen.", at=at)

    assert bits(client, certificate) == (True, False)


def test_asking_for_a_list_costs_the_same_for_one_change_and_for_many(
    client, django_assert_max_num_queries
):
    for _ in range(3):
        certificate = credentials.published()
        certify.changed(
            certificate, StatusKind.SUSPENSION, date(2024, 3, 1), confirmed_at=certify.ISSUED_AT
        )

    with django_assert_max_num_queries(12):
        client.get(SUSPENSION)


# --- the DID document


def methods(client):
    document = client.get(DID).json()
    return {
        method["id"].split("#")[1]: method["id"] in document["assertionMethod"]
        for method in document["verificationMethod"]
    }


def test_the_did_document_names_each_key_in_two_notations(client, reads_only):
    credentials.published()
    names = SigningKey.objects.filter(purpose__in=("credential", "status_list"))

    with reads_only():
        found = methods(client)

    assert found == {name: True for key in names for name in (key.key_id, f"{key.key_id}-jwk")}


def test_a_replaced_key_still_speaks_and_a_stolen_one_does_not(client):
    first = credentials.published().credential.key
    rotate(Purpose.CREDENTIAL, at=timezone.now(), make=True)
    second = current(Purpose.CREDENTIAL, at=timezone.now())
    at = timezone.now()

    before = methods(client)
    record_compromise(key_id=second.key_id, since=at, reason="A laptop was stolen.", at=at)
    after = methods(client)

    assert (before[first.key_id], before[second.key_id]) == (True, True)
    assert (after[first.key_id], after[second.key_id]) == (True, False)
    assert after[f"{second.key_id}-jwk"] is False


def test_who_this_is_never_follows_from_the_host_that_was_asked(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    certificate = credentials.published()

    asked = {
        address: client.get(
            address, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
        ).content
        for address in (DID, REVOCATION, f"{REVOCATION}.jwt", "/contexts/recruitment-code/v1")
    }

    assert b"evil" not in b"".join(asked.values())
    assert json.loads(asked[DID])["id"] == "did:web:127.0.0.1%3A8000"
    assert "evil" not in certificate.credential.jsonld


# --- the page


def test_a_pasted_credential_is_answered_in_the_words_of_its_certificate(client):
    who = certify.people()
    certificate = credentials.published(who.agency)
    said = []

    for kind in (None, StatusKind.SUSPENSION, StatusKind.WITHDRAWAL):
        if kind:
            certify.confirmed(certificate, who, kind=kind)
        number = client.get(f"/verify/{certificate.number}/?format=json").json()
        for written, media_type in (
            (certificate.credential.jsonld, "application/vc"),
            (certificate.credential.jwt, "application/vc+jwt"),
        ):
            answer = client.post(CHECK, written, content_type=media_type).json()
            page = client.post(CHECK, {"credential": written})
            same = {name for name in number if answer.get(name) == number[name]}
            assert set(number) - same <= {"as_of"}
            assert number["sentence"] in page.content.decode()
        said.append((number["status"], answer["is_valid"]))

    assert said == [("valid", True), ("suspended", False), ("withdrawn", False)]


@pytest.mark.parametrize(
    ("written", "kind"), [("{}", "not_ours"), ("a.b.c", "not_ours"), ("hello", "not_ours")]
)
def test_what_is_not_ours_is_said_in_words_and_never_as_valid(client, written, kind):
    program = client.post(CHECK, written, content_type="text/plain")
    page = client.post(CHECK, {"credential": written})

    assert (program.status_code, program.json()["status"]) == (200, kind)
    assert program.json()["is_valid"] is False
    assert "govuk-tag--green" not in page.content.decode()
    assert "This is no credential of this register." in page.content.decode()


def test_an_altered_credential_is_said_to_be_altered(client):
    certificate = credentials.published()
    renamed = certificate.credential.jsonld.replace(certificate.agency.legal_name, "Another Ltd")

    page = client.post(CHECK, {"credential": renamed}).content.decode()

    assert "Altered" in page
    assert "govuk-tag--green" not in page


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (b"\xff\xfe", "text/plain", 400),
        (b"x" * 1_000_001, "text/plain", 400),
        (b"", "application/json", 400),
        (b"", "application/x-www-form-urlencoded", 400),
        (b"credential=", "application/x-www-form-urlencoded", 400),
        (b"credential=%00", "application/x-www-form-urlencoded", 400),
    ],
)
def test_what_cannot_be_a_credential_is_refused_politely(client, body, media_type, status):
    response = client.post(CHECK, body, content_type=media_type)

    assert response.status_code == status


def test_nothing_is_written_by_checking(client, reads_only):
    kept = credentials.published().credential

    with reads_only():
        response = client.post(CHECK, kept.jwt, content_type="application/vc+jwt")

    assert (response.status_code, response["Cache-Control"]) == (200, "no-store")
