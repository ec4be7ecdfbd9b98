"""Asking what was known: by an instant or by a size of the log, and never of a time to come."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from agencies import journal
from audits.transparency.queries import instant_of, size
from tests.factories import certificates as certify

pytestmark = pytest.mark.django_db

DAY = date(2024, 5, 1)


@pytest.fixture
def case():
    people = certify.people()
    journal.record("agency.registered", people.agency, by=None)
    certificate = certify.published(people.agency)
    before = size()
    certify.confirmed(certificate, people, effective_on=DAY)
    return certificate, before, size()


def status(client, address, **asked):
    return client.get(address, {"format": "json", "on": DAY, **asked}).json()["status"]


def test_a_size_of_the_log_and_its_instant_give_the_same_answer(client, case):
    certificate, before, after = case
    for address, good in [
        (f"/verify/{certificate.number}/", "valid"),
        (f"/register/{certificate.agency.register_number}/", "certified"),
    ]:
        for known, said in [(before, good), (after, "suspended")]:
            assert status(client, address, known_at=known) == said
            assert status(client, address, known_at=instant_of(known).isoformat()) == said


def test_what_came_later_stands_nowhere_in_the_answer(client, case):
    certificate, before, _ = case
    address = f"/verify/{certificate.number}/"

    answer = client.get(address, {"format": "json", "known_at": before}).json()

    assert (answer["changes"], answer["reason"]) == ([], None)


def test_the_page_says_what_was_said_and_what_is_known_today(client, case):
    certificate = case[0]

    page = client.get(f"/verify/{certificate.number}/", {"on": "2024-05-01"}).content.decode()
    same = client.get(f"/verify/{certificate.number}/", {"on": "2024-04-30"}).content.decode()

    text = " ".join(page.split())
    assert "At the end of 1 May 2024 the register said: <strong>valid</strong>." in text
    assert "Today we know about that day: <strong>suspended</strong>." in text
    assert "the register said the same: <strong>valid</strong>" in " ".join(same.split())


def test_an_answer_for_another_day_does_not_hide_that_of_today(client, case):
    certificate = case[0]
    for address in (
        f"/verify/{certificate.number}/",
        f"/register/{certificate.agency.register_number}/",
    ):
        before = client.get(address, {"on": "2024-04-30"}).content.decode()
        since = client.get(address, {"on": "2024-05-02"}).content.decode()

        assert "This is the answer for another day. Today it is: suspended." in before
        assert "This is the answer for another day." not in since
        assert "This is the answer for another day." not in client.get(address).content.decode()


def test_the_page_says_that_it_counts_only_what_was_known(client, case):
    certificate, before, _ = case

    page = client.get(f"/verify/{certificate.number}/", {"known_at": before}).content.decode()

    assert "This answer counts only what was recorded until" in page


@pytest.mark.parametrize(
    "known_at",
    [
        "yesterday", "2024-05-01", "2024-05-01T10:00:00", "-1", "9" * 15, "9" * 99, "1e3", "٣",
        "0001-01-01T00:00:00+10:00", "9999-12-31T23:59:59-10:00",
    ],
)  # fmt: skip
def test_a_moment_that_is_none_or_not_past_is_refused(client, case, known_at):
    response = client.get(f"/verify/{case[0].number}/", {"format": "json", "known_at": known_at})

    assert (response.status_code, response.json()["status"]) == (400, "bad_request")


def test_a_time_to_come_is_refused(client, case):
    later = timezone.now() + timedelta(seconds=30)

    response = client.get(
        f"/verify/{case[0].number}/", {"format": "json", "known_at": later.isoformat()}
    )

    assert response.status_code == 400


def test_another_address_than_the_registers_own_is_named(client, case, settings):
    settings.ALLOWED_HOSTS = ["127.0.0.1", "registry.example"]
    address = f"/verify/{case[0].number}/"

    own = client.get(address, headers={"host": "127.0.0.1:8000"}).content.decode()
    other = client.get(address, headers={"host": "registry.example"}).content.decode()

    assert "You are on the register’s own page" in own
    assert "You are on http://registry.example." in other
    assert f'aria-label="Code that leads to http://127.0.0.1:8000{address}"' in other
