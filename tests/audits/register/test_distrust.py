"""A certificate signed when its key was in other hands is never valid again, once that is known."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audits.keys.services import record_compromise
from audits.register.distrust import distrusted_at
from audits.register.standing import standing, status_of_certificate, statuses_of
from tests.factories import agencies as make
from tests.factories import certificates as certify

pytestmark = pytest.mark.django_db

TICK = timedelta(microseconds=1)


@pytest.fixture
def stolen():
    """One certificate from before the theft, one from after it, and one that was withdrawn."""
    people = certify.people()
    before = certify.issued(make.agency())
    since = timezone.now()
    after, withdrawn = certify.issued(make.agency()), certify.issued(people.agency)
    certify.confirmed(withdrawn, people, kind="withdrawal")
    record_compromise(
        key_id=after.key_id, since=since, reason="The token was lost.", at=timezone.now()
    )
    return before, after, withdrawn


def learned_of(certificate):
    return distrusted_at([certificate]).get(certificate.number)


def words(certificates, **asked):
    found = statuses_of(certificates, on=timezone.localdate(), **asked)
    return [str(found[certificate.pk].status) for certificate in certificates]


def test_what_the_log_held_before_the_theft_stands_and_the_rest_does_not(client, stolen):
    _, after, _ = stolen
    learned = learned_of(after)
    address = f"/verify/{after.number}/"

    answer, page = client.get(address, {"format": "json"}).json(), client.get(address)

    assert words(stolen) == ["valid", "not_reliable", "withdrawn"]
    assert words(stolen, known_at=learned - TICK) == ["valid", "valid", "withdrawn"]
    assert words(stolen, known_at=learned) == ["valid", "not_reliable", "withdrawn"]
    assert str(standing(after.agency, on=timezone.localdate()).word) == "not_reliable"
    assert (answer["status"], answer["is_valid"]) == ("not_reliable", False)
    assert "Cannot be relied on" in page.content.decode()
    assert "govuk-tag--green" not in page.content.decode()


def test_any_number_is_told_as_one_is(stolen):
    each = {one.number: learned_of(one) for one in stolen}

    assert distrusted_at(stolen) == {number: at for number, at in each.items() if at}
    assert [at is not None for at in each.values()] == [False, True, True]


def test_any_number_costs_as_many_queries_as_one(stolen):
    counted = []
    for some in (stolen[:1], stolen):
        with CaptureQueriesContext(connection) as asked:
            distrusted_at(some)
        counted.append(len(asked))

    assert counted == [3, 3]


def test_it_was_never_said_of_what_was_answered_before(stolen):
    _, after, _ = stolen
    learned = learned_of(after)
    asked = {"on": timezone.localdate(), "known_at": learned - TICK}

    assert str(status_of_certificate(after, **asked).status) == "valid"
