"""The feeds: every public act about agencies, in codes and numbers, at once."""

from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies import journal
from agencies.lib.check_characters import grouped, with_check
from tests.factories import agencies as make
from tests.factories import certificates as certify

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


def entries(response):
    feed = ElementTree.fromstring(response.content)
    return [
        (
            entry.find(f"{ATOM}title").text,
            entry.find(f"{ATOM}link").get("href"),
            entry.find(f"{ATOM}id").text,
        )
        for entry in feed.iter(f"{ATOM}entry")
    ]


def test_a_suspension_stands_in_both_feeds_with_the_same_identity(client):
    people = certify.people()
    certificate = certify.published(people.agency)
    journal.record("agency.registered", make.agency(), by=None)
    certify.confirmed(certificate, people)

    overall = entries(client.get("/register/changes.atom"))
    own = entries(client.get(f"/register/{people.agency.register_number}/changes.atom"))

    assert [title for title, _, _ in overall][1:] == ["Entered in the register"]
    title, link, _ = overall[0]
    assert title.startswith(f"Certificate {grouped(certificate.number)} suspended, with effect")
    assert link == f"http://127.0.0.1:8000/verify/{certificate.number}/"
    assert own == overall[:1]


def test_what_is_not_public_stays_out(client):
    people = certify.people()
    certify.proposed(certify.published(people.agency), people.officer)

    assert entries(client.get("/register/changes.atom")) == []


def test_an_unchanged_feed_is_not_sent_again(client):
    people = certify.people()
    certificate = certify.published(people.agency)
    certify.confirmed(certificate, people)
    first = client.get("/register/changes.atom")

    again = client.get("/register/changes.atom", headers={"if-none-match": first["ETag"]})
    certify.confirmed(certificate, people, kind="restoration")
    changed = client.get("/register/changes.atom", headers={"if-none-match": first["ETag"]})

    assert (again.status_code, changed.status_code) == (304, 200)
    assert first["Content-Type"].startswith("application/atom+xml")


@pytest.mark.parametrize("many", [1, 3])
def test_it_costs_one_query_for_any_number(client, many):
    people = certify.people()
    certificate = certify.published(people.agency)
    for at in range(many):
        certify.confirmed(certificate, people, kind=("suspension", "restoration")[at % 2])

    with CaptureQueriesContext(connection) as asked:
        response = client.get("/register/changes.atom")

    assert (len(entries(response)), len(asked)) == (many, 1)


def test_no_agency_no_feed(client):
    assert client.get(f"/register/{with_check('AG999999')}/changes.atom").status_code == 404
