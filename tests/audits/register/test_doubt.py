"""Where the register cannot tell it says so, everywhere in the same way, and never in green."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection
from django.utils import timezone

from agencies import journal
from agencies.lib.check_characters import with_check
from agencies.models import JournalHead
from audits.register.doubt import TOLERATED
from tests.factories import agencies as make
from tests.factories import certificates as certify

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate():
    certificate = certify.published()
    journal.record("agency.registered", certificate.agency, by=None)
    return certificate


def addresses(certificate):
    return [f"/verify/{certificate.number}/", f"/register/{certificate.agency.register_number}/"]


def refused(client, address):
    page, answer = client.get(address), client.get(address, {"format": "json"})
    said = answer.json()
    assert (page.status_code, answer.status_code) == (503, 503)
    assert (said["status"], said["is_valid"]) == ("could_not_check", False)
    assert said["what_to_do"]
    text = page.content.decode()
    assert "Could not check" in text
    assert "govuk-tag--purple" in text
    assert "govuk-tag--green" not in text
    return said["doubt"]


def test_a_clock_behind_the_last_entry_answers_nothing(client, certificate):
    JournalHead.objects.update(last_recorded_at=timezone.now() + 2 * TOLERATED)

    assert {refused(client, address) for address in addresses(certificate)} == {"clock_wrong"}
    assert refused(client, f"/verify/{with_check('CE999999')}/") == "clock_wrong"


def test_a_clock_a_little_behind_another_machines_does_not_matter(client, certificate):
    """And what another machine recorded a moment ahead of us counts at once."""
    people = certify.people(certificate.agency)
    JournalHead.objects.update(last_recorded_at=timezone.now() + TOLERATED / 2)
    certify.confirmed(certificate, people)

    answers = [client.get(at, {"format": "json"}) for at in addresses(certificate)]

    assert [answer.json()["status"] for answer in answers] == ["suspended", "suspended"]


def test_records_that_cannot_be_read_answer_nothing(client, certificate):
    def unreadable(*asked):
        raise DatabaseError("the disk is gone")

    with connection.execute_wrapper(unreadable):
        doubts = {refused(client, address) for address in addresses(certificate)}

    assert doubts == {"database_unreadable"}


def test_every_other_channel_says_so_too(client):
    certificate = certify.issued()
    pdf = client.get(f"/verify/{certificate.number}/certificate.pdf").getvalue()
    credential = client.get(f"/verify/{certificate.number}/credential.json").content.decode()
    receipt = client.post(f"/verify/{certificate.number}/receipt/", {"format": "json"}).content
    JournalHead.objects.update(last_recorded_at=timezone.now() + 2 * TOLERATED)
    asked = {
        "/verify/upload/?format=json": {"document": SimpleUploadedFile("a.pdf", pdf)},
        "/verify/credential/": {"credential": credential},
        f"/verify/{certificate.number}/receipt/?format=json": {"format": "json"},
        "/receipt/?format=json": {"text": receipt.decode()},
    }

    answers = [client.post(address, posted) for address, posted in asked.items()]
    answers += [client.get(f"/status/{purpose}/1") for purpose in ("revocation", "suspension")]

    assert [answer.status_code for answer in answers] == [503] * 6
    assert all(
        b"could_not_check" in answer.content or b"Could not check" in answer.content
        for answer in answers
    )
    assert not any(b"govuk-tag--green" in answer.content for answer in answers)


def test_nobody_can_be_told_to_wait_for_a_day_to_come(client, certificate):
    """A day to come is answered as far as it is known, which is not what was known on it."""
    tomorrow = timezone.localdate() + timedelta(days=1)

    answer = client.get(addresses(certificate)[0], {"format": "json", "on": tomorrow}).json()

    assert (answer["status"], answer["said_then"]) == ("valid", None)


def test_an_agency_without_entries_is_answered(client):
    agency = make.agency()

    assert client.get(f"/register/{agency.register_number}/").status_code == 200
