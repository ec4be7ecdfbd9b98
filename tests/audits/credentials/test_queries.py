"""What the lists are made from: the status of every other answer, asked as seldom as can be."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audits.credentials.queries import BITS, bits_of_list, last_list
from audits.credentials.status_lists import LENGTH, Bits
from audits.enums import StatusKind
from audits.models import Certificate
from audits.register.rules import Status
from tests.factories import certificates as certify
from tests.factories import credentials

pytestmark = pytest.mark.django_db


def test_every_status_of_an_issued_certificate_has_its_bits():
    never = {Status.NEVER_ISSUED, Status.MALFORMED}

    assert set(BITS) == set(Status) - never


def test_only_what_may_be_relied_on_or_says_so_by_its_dates_is_clear():
    clear = {status for status, bits in BITS.items() if bits == Bits()}

    assert clear == {Status.VALID, Status.NOT_YET_VALID, Status.EXPIRED}


def test_nothing_is_asked_twice_while_no_act_was_recorded(django_assert_num_queries):
    who = certify.people()
    certificate = credentials.published(who.agency)
    certify.confirmed(certificate, who, kind=StatusKind.SUSPENSION)
    first = bits_of_list(1, at=timezone.now())

    with django_assert_num_queries(1):
        again = bits_of_list(1, at=timezone.now())

    assert first == again == {certificate.status_index: Bits(suspended=True)}


def test_an_act_recorded_since_is_seen_at_once():
    who = certify.people()
    certificate = credentials.published(who.agency)
    certify.confirmed(certificate, who, kind=StatusKind.SUSPENSION)
    before = bits_of_list(1, at=timezone.now())
    certify.confirmed(certificate, who, kind=StatusKind.WITHDRAWAL)

    after = bits_of_list(1, at=timezone.now())

    assert before == {certificate.status_index: Bits(suspended=True)}
    assert after == {certificate.status_index: Bits(revoked=True)}


def test_a_day_that_begins_brings_what_counts_from_it():
    who = certify.people()
    certificate = credentials.published(who.agency)
    now = timezone.now()
    tomorrow = now + timedelta(days=1)
    certify.confirmed(
        certificate, who, kind=StatusKind.SUSPENSION, effective_on=timezone.localdate(tomorrow)
    )

    assert bits_of_list(1, at=now) == {}
    assert bits_of_list(1, at=tomorrow) == {certificate.status_index: Bits(suspended=True)}


def test_a_list_that_is_full_is_followed_by_the_next():
    certificate = certify.prepared()
    assert last_list() == 1
    Certificate.objects.filter(pk=certificate.pk).update(status_index=LENGTH)

    assert last_list() == 2
    assert bits_of_list(1, at=timezone.now()) == {}
    assert bits_of_list(2, at=timezone.now()) == {0: Bits(suspended=True)}
