"""Checking a certificate: one answer as page and JSON, honest status codes, nobody asked who."""

import json
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.lib.check_characters import grouped, with_check
from agencies.models import Agency
from audits.enums import StatusKind
from audits.models import AuditReport, Certificate
from tests.factories import agencies as make
from tests.factories import certificates as certify

pytestmark = pytest.mark.django_db

DAY = date(2024, 5, 1)
NEVER = with_check("CE999999")


def ask(client, certificate, **query):
    address = reverse("register:verify", args=(certificate.number,))
    return client.get(address, {"format": "json", **query})


def test_a_valid_certificate_says_all_that_the_public_may_know(client, settings):
    certificate = certify.published(make.agency("Example Care Ltd"), conditions="Reports.")

    response = ask(client, certificate, on="2024-05-01")

    answer = response.json()
    report = AuditReport.objects.get()
    as_of = answer.pop("as_of")
    assert datetime.fromisoformat(as_of).tzinfo is not None
    assert response.status_code == 200
    assert answer.pop("cannot_tell")
    assert answer == {
        "register": "Recruitment Code Registry",
        "number": certificate.number,
        "printed_number": grouped(certificate.number),
        "address": f"http://127.0.0.1:8000/verify/{certificate.number}/",
        "on": "2024-05-01",
        "time_zone": "UTC",
        "status": "valid",
        "is_valid": True,
        "sentence": (
            f"Certificate {grouped(certificate.number)} is valid on 1 May 2024. "
            "It holds until 31 January 2099."
        ),
        "said_then": {
            "known_at": "2024-05-01T23:59:59.999Z",
            "status": "valid",
            "word": "Valid",
            "differs": False,
            "since": "2024-02-01",
            "reason": None,
        },
        "today": {"status": "valid", "word": "Valid", "differs": False},
        "known_at": None,
        "since": "2024-02-01",
        "reason": None,
        "superseded_by": None,
        "valid_from": "2024-02-01",
        "valid_until": "2099-01-31",
        "issued_at": "2024-02-01T09:05:00Z",
        "holder": {
            "register_number": certificate.agency.register_number,
            "printed_number": grouped(certificate.agency.register_number),
            "legal_name": "Example Care Ltd",
            "legal_name_now": "Example Care Ltd",
            "country": "IRL",
            "country_name": "Ireland",
            "address": f"http://127.0.0.1:8000/register/{certificate.agency.register_number}/",
        },
        "regulator": {
            "name": certificate.regulator.name,
            "country": "IRL",
            "country_name": "Ireland",
        },
        "scope": [
            {
                "source": "PHL",
                "source_name": "Philippines",
                "destination": "IRL",
                "destination_name": "Ireland",
                "occupation_group": "222",
                "occupation_title": "Nursing and midwifery professionals",
                "taken_over_by": None,
                "taken_over_on": None,
            }
        ],
        "conditions": "Reports.",
        "changes": [],
        "audit": certificate.decision.audit.number,
        "report": {
            "number": report.number,
            "printed_number": grouped(report.number),
            "statement_sha256": report.statement_digest,
            "pdf_sha256": None,
            "address": None,
        },
        "code_version": certificate.decision.audit.edition.code_version.title,
        "list_edition": json.loads(certificate.statement)["list_edition"]["title"],
        "catalogue_edition": certificate.decision.audit.edition.title,
        "document": {
            "address": f"http://127.0.0.1:8000/verify/{certificate.number}/certificate.pdf",
            "pdf_sha256": certificate.pdf_digest,
            "size": 1,
            "statement_address": (
                f"http://127.0.0.1:8000/verify/{certificate.number}/statement.json"
            ),
            "statement_sha256": certificate.statement_digest,
            "signature": certificate.signature,
            "algorithm": "Ed25519",
            "key_id": certificate.key_id,
            "public_key": certificate.key.public_key,
            "credential_address": None,
        },
        "log_position": None,
        "is_demonstration": True,
    }


@pytest.mark.parametrize(
    ("kind", "status"),
    [(StatusKind.SUSPENSION, "suspended"), (StatusKind.WITHDRAWAL, "withdrawn")],
)
def test_what_no_longer_holds_is_said_with_its_reason(client, kind, status):
    certificate = certify.published()
    certify.changed(certificate, kind, DAY, confirmed_at=datetime(2024, 6, 1, 9, 0, tzinfo=UTC))

    response = ask(client, certificate, on="2024-05-01")

    answer = response.json()
    assert (response.status_code, answer["status"], answer["is_valid"]) == (200, status, False)
    assert answer["reason"] == {"code": "under_investigation", "words": "Under investigation"}
    assert (answer["since"], answer["said_then"]["status"]) == ("2024-05-01", "valid")
    assert len(answer["changes"]) == 1


@pytest.mark.parametrize(
    ("on", "status"), [("2024-01-31", "not_yet_valid"), ("2099-02-01", "expired")]
)
def test_days_outside_its_dates(client, on, status):
    response = ask(client, certify.published(), on=on)

    assert (response.status_code, response.json()["status"]) == (200, status)


def test_a_replaced_certificate_leads_to_the_other(client):
    agency = make.agency()
    old, new = certify.issued(agency), certify.issued(agency)

    answer = ask(client, old).json()

    assert (answer["status"], answer["superseded_by"]["number"]) == ("superseded", new.number)
    assert answer["scope"][0]["taken_over_by"] == new.number
    assert ask(client, new).json()["status"] == "valid"


def test_a_certificate_of_an_agency_that_ended_is_not_valid(client):
    certificate = certify.published()
    Agency.objects.update(ended_on=DAY, end_reason="ended_voluntarily")

    answer = ask(client, certificate, on="2024-05-01").json()

    assert (answer["status"], answer["is_valid"]) == ("holder_ended", False)


def test_what_is_only_prepared_or_void_was_never_issued(client):
    certificate = certify.prepared()
    assert ask(client, certificate).json()["status"] == "never_issued"

    Certificate.objects.update(state="void", void_reason="planted")

    response = ask(client, certificate)
    assert (response.status_code, response.json()["status"]) == (404, "never_issued")
    for name in ("certificate_pdf", "statement"):
        assert (
            client.get(reverse(f"register:{name}", args=(certificate.number,))).status_code == 404
        )


@pytest.mark.parametrize("typed", ["{0}", " {0} ", "{1}", "{2}", "{0}/x"])
def test_a_number_is_found_however_it_is_typed(client, typed):
    certificate = certify.published()
    number = typed.format(
        certificate.number, grouped(certificate.number).lower(), " ".join(certificate.number)
    )

    response = client.get("/verify/", {"number": number})

    if "/x" in typed:
        assert response.status_code == 400
    else:
        assert (response.status_code, response["Location"]) == (
            302,
            f"/verify/{certificate.number}/",
        )


def test_another_spelling_of_the_address_leads_to_the_one_address(client):
    certificate = certify.published()

    response = client.get(
        f"/verify/{grouped(certificate.number).lower()}/?on=2024-05-01&format=json"
    )

    assert (response.status_code, response["Location"]) == (
        302,
        f"/verify/{certificate.number}/?on=2024-05-01&format=json",
    )


def test_an_unchanged_answer_is_not_sent_again_and_a_changed_one_is(client):
    people = certify.people()
    certificate = certify.published(people.agency)
    first = ask(client, certificate)

    again = client.get(
        reverse("register:verify", args=(certificate.number,)),
        {"format": "json"},
        headers={"if-none-match": first["ETag"]},
    )
    certify.confirmed(certificate, people)
    changed = client.get(
        reverse("register:verify", args=(certificate.number,)),
        {"format": "json"},
        headers={"if-none-match": first["ETag"]},
    )

    assert (again.status_code, changed.status_code) == (304, 200)
    assert changed.json()["status"] == "suspended"
    assert "no-cache" in first["Cache-Control"]


@pytest.mark.parametrize(("changes", "queries"), [(0, 1), (1, 2)])
def test_the_usual_answer_costs_one_query(client, changes, queries):
    certificate = certify.published()
    for _ in range(changes):
        certify.changed(
            certificate, StatusKind.SUSPENSION, DAY, confirmed_at=datetime(2024, 6, 1, tzinfo=UTC)
        )

    with CaptureQueriesContext(connection) as asked:
        response = ask(client, certificate)

    assert (response.status_code, len(asked)) == (200, queries)


def test_the_json_touches_neither_session_nor_user(client):
    certificate = certify.published()
    client.force_login(make.user())

    with CaptureQueriesContext(connection) as asked:
        response = ask(client, certificate)

    assert (len(asked), "Cookie" in response["Vary"], response.cookies) == (1, False, {})


def test_posting_is_no_way_to_ask(client):
    assert client.post("/verify/CE000012Z/").status_code == 405


def test_today_is_the_day_in_the_registers_calendar(client):
    answer = ask(client, certify.published()).json()

    assert (answer["on"], answer["said_then"]) == (timezone.localdate().isoformat(), None)
