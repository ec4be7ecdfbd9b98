"""The public pages and their JSON: one answer, honest status codes, no session and no user."""

import json
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.enums import Scheme
from agencies.lib.check_characters import grouped, with_check
from agencies.models import Agency
from audits.certificates import services
from audits.documents.keeping import open_kept
from audits.enums import StatusKind
from audits.models import AuditReport, Certificate
from audits.register.search import index_agency
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
            "since": "2024-02-01",
            "reason": None,
        },
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
        },
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


@pytest.mark.parametrize(
    ("number", "status"),
    [
        (NEVER, "never_issued"),
        ("CE9999990", "malformed"),
        ("nonsense", "malformed"),
        ("%3Cscript%3E", "malformed"),
        ("%01", "malformed"),
        ("A" * 300, "malformed"),
        ("٣٤٥", "malformed"),
    ],
)
@pytest.mark.parametrize("address", ["/verify/{}/", "/register/{}/"])
def test_an_unknown_number_is_a_404_with_words(client, address, number, status):
    if address.startswith("/register") and status == "never_issued":
        status = "never_registered"
    path = address.format(number)

    answered = client.get(path, {"format": "json"}, follow=True)
    page = client.get(path, follow=True)

    assert (answered.status_code, answered.json()["status"]) == (404, status)
    assert answered.json()["what_to_do"]
    assert page.status_code == 404
    assert "govuk-tag--green" not in page.content.decode()


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


def test_numbers_of_other_kinds_lead_there(client):
    agency = make.agency()

    answer = client.get(f"/verify/{agency.register_number}/", {"format": "json"}).json()

    assert answer["status"] == "never_issued"
    assert answer["see"]["address"].endswith(f"/register/{agency.register_number}/")


@pytest.mark.parametrize(
    "on", ["yesterday", "2024-02-30", "20240501", "1999-12-31", "\x00", "9" * 99]
)
@pytest.mark.parametrize("address", ["/verify/CE000012Z/", "/register/AG000017K/"])
def test_a_bad_day_is_refused_in_words(client, address, on):
    answered = client.get(address, {"on": on, "format": "json"})
    page = client.get(address, {"on": on})

    assert (answered.status_code, answered.json()["status"]) == (400, "bad_request")
    assert answered.json()["sentence"]
    assert page.status_code == 400
    assert "govuk-error-summary" in page.content.decode()


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


def test_json_by_the_accept_header_and_html_for_browsers(client):
    certificate = certify.published()
    address = reverse("register:verify", args=(certificate.number,))

    kinds = {
        accept: client.get(address, headers={"accept": accept})["Content-Type"]
        for accept in ("application/json", "text/html,application/xhtml+xml,*/*;q=0.8", "image/png")
    }

    assert list(kinds.values()) == [
        "application/json",
        "text/html; charset=utf-8",
        "text/html; charset=utf-8",
    ]


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


def test_a_page_for_everybody_costs_no_query_for_its_frame(client, reads_only):
    with reads_only(), CaptureQueriesContext(connection) as asked:
        response = client.get("/")

    assert (response.status_code, len(asked)) == (200, 0)


def test_a_suspension_shows_in_the_next_answer(client):
    people = certify.people()
    certificate = certify.published(people.agency)
    before = ask(client, certificate).json()["status"]
    change = certify.proposed(certificate, people.officer)

    services.confirm_status_change(change_id=change.pk, by=people.decider)

    after = ask(client, certificate).json()["status"]
    listed = client.get("/register/", {"format": "json"}).json()["results"][0]["status"]
    assert (before, after, listed) == ("valid", "suspended", "suspended")


def test_the_document_is_served_as_it_was_kept(client):
    certificate = certify.issued()
    address = reverse("register:certificate_pdf", args=(certificate.number,))

    response = client.get(address)

    content = response.getvalue()
    with open_kept(certificate.pdf_digest) as kept:
        assert content == kept.read()
    assert (response["Content-Type"], response["ETag"]) == (
        "application/pdf",
        f'"{certificate.pdf_digest}"',
    )


def test_a_damaged_document_is_not_served(client, settings):
    certificate = certify.issued()
    digest = certificate.pdf_digest
    (settings.DOCUMENT_ROOT / digest[:2] / digest[2:4] / digest).write_bytes(b"%PDF-forged")

    response = client.get(reverse("register:certificate_pdf", args=(certificate.number,)))

    assert response.status_code == 503


def test_the_address_in_the_answer_never_comes_from_the_host_header(client, settings):
    settings.ALLOWED_HOSTS = ["evil.example"]
    certificate = certify.published()

    response = client.get(
        reverse("register:verify", args=(certificate.number,)),
        {"format": "json"},
        headers={"host": "evil.example", "x-forwarded-host": "evil.example"},
    )

    assert b"evil.example" not in response.content


def test_an_agency_without_a_certificate_has_a_page_that_says_so(client):
    agency = make.agency("Plain Example Ltd")

    response = client.get(reverse("register:agency", args=(agency.register_number,)))

    page = response.content.decode()
    assert response.status_code == 200
    assert "No certificate was ever issued to this agency." in page
    assert "govuk-tag--green" not in page


def test_an_agency_that_was_merged_answers_and_leads_on(client):
    agency, into = make.agency("Old Example Ltd"), make.agency("New Example Ltd")
    Agency.objects.filter(pk=agency.pk).update(ended_on=DAY, end_reason="merged", merged_into=into)

    answer = client.get(f"/register/{agency.register_number}/", {"format": "json"}).json()

    assert (answer["status"], answer["end"]["merged_into"]["legal_name"]) == (
        "ended",
        "New Example Ltd",
    )


@pytest.mark.parametrize("many", [1, 3])
def test_an_agency_page_costs_the_same_however_much_there_is(client, many):
    agency = make.agency()
    for number in range(many):
        certify.published(agency, scopes=(("PHL", "IRL", f"22{number + 1}"),))
        make.authorization(agency, number=f"EA {number}")
        make.scheme_membership(agency, scheme=Scheme.values[number])
        make.agency_name(agency, f"Trading {number}", kind="trading")
        other = make.agency(agency.legal_name)
        index_agency(other)

    with CaptureQueriesContext(connection) as asked:
        response = client.get(f"/register/{agency.register_number}/", {"format": "json"})

    assert (response.status_code, len(asked)) == (200, 22)


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_costs_the_same_for_any_number(client, many):
    for _ in range(many):
        certify.published()

    with CaptureQueriesContext(connection) as asked:
        response = client.get("/register/", {"format": "json"})

    assert (len(response.json()["results"]), len(asked)) == (many, 6)


def test_the_list_goes_on_from_page_to_page_and_back(client, monkeypatch):
    monkeypatch.setattr("audits.register.views.PAGE", 2)
    names = [f"Example {letter}" for letter in "ABCDE"]
    for name in names:
        make.agency(name)

    def page(**query):
        answer = client.get("/register/", {"format": "json", **query}).json()
        return [row["legal_name"] for row in answer["results"]], answer["previous"], answer["next"]

    first, no_previous, after = page()
    second, before, after_second = page(after=after)
    third, _, no_next = page(after=after_second)
    back, *_ = page(before=before)

    assert [first, second, third, back] == [names[:2], names[2:4], names[4:], names[:2]]
    assert (no_previous, no_next) == (None, None)


def test_the_list_can_be_narrowed_to_a_country(client):
    make.agency("Irish Example")
    make.agency("Indian Example", country="IND")

    answer = client.get("/register/", {"country": "IND", "format": "json"}).json()

    assert [row["legal_name"] for row in answer["results"]] == ["Indian Example"]


@pytest.mark.parametrize(
    "query",
    [
        {"country": "XXX"},
        {"country": "\x00"},
        {"q": "\x00"},
        {"q": "a" * 201},
        {"country": "' OR 1=1 --"},
    ],
)
def test_a_search_that_cannot_be_is_refused_in_words(client, query):
    response = client.get("/register/", {**query, "format": "json"})

    assert (response.status_code, response.json()["status"]) == (400, "bad_request")


@pytest.mark.parametrize("after", ["\x00", "nonsense", "A" * 300, NEVER])
def test_a_page_after_nowhere_is_the_first(client, after):
    make.agency("Only Example")

    answer = client.get("/register/", {"after": after, "format": "json"}).json()

    assert [row["legal_name"] for row in answer["results"]] == ["Only Example"]


def test_a_name_with_markup_is_printed_as_text(client):
    agency = make.agency('<script>alert("x")</script> Care')
    index_agency(agency)
    certificate = certify.published(agency)

    pages = [
        client.get(address).content.decode()
        for address in (
            f"/register/{agency.register_number}/",
            "/register/?q=care",
            f"/verify/{certificate.number}/",
        )
    ]

    assert [page.count('<script>alert("x")') for page in pages] == [0, 0, 0]
    assert all("&lt;script&gt;" in page for page in pages)


def test_people_and_internal_notes_stay_off_the_public_pages(client):
    people = certify.people()
    certificate = certify.published(people.agency)
    certify.confirmed(certificate, people, explanation="A secret canary of the case.")

    pages = [
        client.get(address, follow=True).content.decode()
        for address in (
            f"/register/{people.agency.register_number}/",
            f"/verify/{certificate.number}/",
            f"/verify/{certificate.number}/?format=json",
        )
    ]

    hidden = ("canary", people.officer.name, people.decider.email)
    assert [text for page in pages for text in hidden if text in page] == []


def test_posting_is_no_way_to_ask(client):
    assert client.post("/verify/CE000012Z/").status_code == 405


def test_today_is_the_day_in_the_registers_calendar(client):
    answer = ask(client, certify.published()).json()

    assert (answer["on"], answer["said_then"]) == (timezone.localdate().isoformat(), None)
