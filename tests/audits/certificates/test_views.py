"""The case pages of certificates: what can be done is offered, and refusals are said in words."""

from datetime import date, timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audits.enums import StatusKind, StatusReason, StatusState
from audits.models import Certificate, StatusChange
from audits.reports.references import public_code
from tests.factories import audits as make_case
from tests.factories import certificates as certify

pytestmark = pytest.mark.django_db

STATED = {
    "kind": "suspension",
    "effective_on": "2024-05-01",
    "reason": "under_investigation",
    "explanation": "A complaint is being looked into.",
}


@pytest.fixture
def who():
    return certify.people()


@pytest.fixture
def certificate(who):
    return certify.published(who.agency)


def detail(certificate):
    return reverse("certificates:detail", args=(certificate.number,))


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_from_proposal_to_confirmation_by_two_people(client, who, certificate):
    client.force_login(who.officer)
    proposed = client.post(reverse("certificates:propose", args=(certificate.number,)), STATED)
    assert (proposed.status_code, proposed["Location"]) == (302, detail(certificate))
    assert "may_answer" in client.get(detail(certificate)).context
    assert client.get(detail(certificate)).context["may_answer"] is False

    client.force_login(who.decider)
    page = client.get(detail(certificate))
    change = StatusChange.objects.get()
    assert (page.context["may_answer"], page.context["may_propose"]) == (True, False)
    client.post(reverse("certificates:confirm", args=(change.pk,)))

    change.refresh_from_db()
    assert change.state == StatusState.CONFIRMED


def test_only_what_the_table_allows_is_offered(client, who, certificate):
    certify.confirmed(certificate, who, effective_on=date(2024, 5, 1))
    client.force_login(who.officer)

    page = client.get(reverse("certificates:propose", args=(certificate.number,)))

    offered = [kind for kind, _ in page.context["form"].fields["kind"].choices]
    assert offered == [StatusKind.RESTORATION, StatusKind.WITHDRAWAL]


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ({"effective_on": "2023-01-01"}, "Choose a day on which the certificate is valid"),
        ({"reason": StatusReason.CORRECTED}, "This reason does not belong to this change."),
        ({"kind": "restoration"}, "Select a valid choice"),
        ({"effective_on": "soon"}, "Enter a valid date"),
        ({"explanation": ""}, "This field is required"),
        ({"explanation": "x" * 4001}, "at most 4000"),
    ],
)
def test_a_proposal_that_cannot_be_is_explained_on_its_form(
    client, who, certificate, stated, words
):
    client.force_login(who.officer)

    response = client.post(
        reverse("certificates:propose", args=(certificate.number,)), STATED | stated
    )

    assert (response.status_code, words in response.content.decode()) == (400, True)
    assert not StatusChange.objects.exists()


def test_answering_twice_is_refused_in_words(client, who, certificate):
    change = certify.confirmed(certificate, who)
    client.force_login(who.decider)

    response = client.post(reverse("certificates:confirm", args=(change.pk,)))

    assert (response.status_code, "is not possible" in said(response)[0]) == (302, True)


def test_declining_says_why(client, who, certificate):
    change = certify.proposed(certificate, who.officer)
    client.force_login(who.decider)
    address = reverse("certificates:decline", args=(change.pk,))

    assert client.post(address, {"reason": ""}).status_code == 400
    assert client.post(address, {"reason": "Not borne out."}).status_code == 302

    change.refresh_from_db()
    assert (change.state, change.decline_reason) == (StatusState.DECLINED, "Not borne out.")


def test_what_is_forgotten_in_preparation_is_seen(client, who):
    certificate = certify.prepared(who.agency)
    client.force_login(who.officer)
    assert client.get(detail(certificate)).context["is_waiting_long"] is False

    Certificate.objects.update(prepared_at=timezone.now() - timedelta(hours=2))

    assert client.get(detail(certificate)).context["is_waiting_long"] is True


def test_a_certificate_of_somebody_else_is_not_there(client, certificate):
    client.force_login(certify.people().officer)

    assert client.get(detail(certificate)).status_code == 404


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_costs_the_same_for_any_number(client, who, many):
    for number in range(many):
        certify.published(who.agency, scopes=(("PHL", "IRL", f"22{number + 1}"),))
    client.force_login(who.officer)
    client.get(reverse("certificates:index"))

    with CaptureQueriesContext(connection) as asked:
        response = client.get(reverse("certificates:index"))

    assert (len(response.context["certificates"]), len(asked)) == (many, 4)


@pytest.mark.parametrize("before", ["x", "\x00", "9" * 40, "-1", "٣"])
def test_a_page_before_nowhere_is_the_first(client, who, certificate, before):
    client.force_login(who.officer)

    response = client.get(reverse("certificates:index"), {"before": before})

    assert len(response.context["certificates"]) == 1


def test_the_codes_of_a_report_lead_back_for_its_own_people(client):
    people = make_case.case()
    audit = make_case.opened(people)
    make_case.sampled(audit, people)
    make_case.reported(people, audit=audit)
    client.force_login(people.signer)

    page = client.get(
        reverse("certificates:report_references", args=(audit.report.number,))
    ).content.decode()

    number = people.agency.register_number
    assert all(public_code(number, f"P-{n}") in page and f"P-{n}" in page for n in (1, 2, 3))
