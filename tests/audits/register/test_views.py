"""The public pages and their JSON: one answer, honest status codes, no session and no user."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.enums import Scheme
from agencies.lib.check_characters import with_check
from agencies.models import Agency
from audits import services as case_work
from audits.certificates import services
from audits.documents.keeping import open_kept
from audits.models import AuditReport
from audits.register.search import index_agency
from audits.reports.services import issue_report
from tests.factories import agencies as make
from tests.factories import audits as make_case
from tests.factories import certificates as certify

pytestmark = pytest.mark.django_db

DAY = date(2024, 5, 1)
NEVER = with_check("CE999999")


def ask(client, certificate, **query):
    address = reverse("register:verify", args=(certificate.number,))
    return client.get(address, {"format": "json", **query})


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

    answered = client.get(path, {"format": "json"})
    page = client.get(path)

    assert (answered.status_code, answered.json()["status"]) == (404, status)
    assert answered.json()["what_to_do"]
    assert page.status_code == 404
    assert "govuk-tag--green" not in page.content.decode()


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


def test_a_document_that_is_held_already_is_not_sent_again(client):
    certificate = certify.issued()
    address = reverse("register:certificate_pdf", args=(certificate.number,))
    held = {"if-none-match": f'"{certificate.pdf_digest}"'}

    response = client.get(address, headers=held)

    assert (response.status_code, response.content) == (304, b"")
    changed = client.get(address, headers={"if-none-match": '"another"'})
    assert (changed.status_code, len(changed.getvalue())) == (200, certificate.pdf_size)


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

    assert (response.status_code, len(asked)) == (200, 26)


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_costs_the_same_for_any_number(client, many):
    for _ in range(many):
        certify.published()

    with CaptureQueriesContext(connection) as asked:
        response = client.get("/register/", {"format": "json"})

    assert (len(response.json()["results"]), len(asked)) == (many, 8)


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
        {"country": "QQQ"},
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


def test_an_issued_report_is_public_with_what_was_corrected_since(client):
    people = make_case.case()
    make_case.reported(people)
    issued = issue_report(report_id=AuditReport.objects.get().pk)
    address = reverse("register:report", args=(issued.number,))
    before = client.get(address).content.decode()
    addendum = case_work.propose_addendum(
        audit_id=issued.audit_id, text="The period was longer.", reason="A slip.", by=people.leader
    )
    unseen = client.get(address).content.decode()
    case_work.issue_addendum(addendum_id=addendum.pk, by=people.officer)
    after = client.get(address).content.decode()
    document = client.get(reverse("register:report_pdf", args=(issued.number,)))

    shown = ["The period was longer." in page for page in (before, unseen, after)]
    assert shown == [False, False, True]
    assert "DEMONSTRATION" in after
    assert document.getvalue()[:5] == b"%PDF-"


def test_a_report_that_is_only_prepared_is_not_public(client):
    people = make_case.case()
    make_case.reported(people)
    number = AuditReport.objects.get().number

    pages = [
        client.get(reverse(f"register:{name}", args=(number,))).status_code
        for name in ("report", "report_pdf")
    ]

    assert pages == [404, 404]
