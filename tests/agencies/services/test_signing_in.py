from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from agencies.models import Delivery, SignInAttempt
from agencies.services.outbox import message_of
from agencies.services.passwords import set_new_password, whose_link
from agencies.services.signing_in import (
    ATTEMPTS_FROM_AN_ADDRESS,
    ATTEMPTS_ON_AN_ACCOUNT,
    RESET_LINKS,
    WITHIN,
    ask_for_new_password,
    forget_attempts_on,
    forget_old_attempts,
    may_try,
)
from tests.factories import agencies as make

pytestmark = pytest.mark.django_db

NOW = make.BEGINNING
EMAIL = "niamh@people.example"


def tries(times, *, email=EMAIL, address="192.0.2.1", at=NOW):
    return [may_try(email=email, address=address, at=at) for _ in range(times)]


def test_an_account_is_tried_ten_times_in_a_quarter_of_an_hour():
    assert tries(ATTEMPTS_ON_AN_ACCOUNT + 1) == [True] * ATTEMPTS_ON_AN_ACCOUNT + [False]
    assert tries(1, email=" NIAMH@People.Example ", address="198.51.100.7") == [False]
    assert tries(1, at=NOW + WITHIN) == [True]


def test_an_address_that_tries_many_accounts_is_stopped():
    for number in range(ATTEMPTS_FROM_AN_ADDRESS):
        assert tries(1, email=f"{number}@people.example") == [True]

    assert tries(1, email="another@people.example") == [False]
    assert tries(1, email="another@people.example", address="198.51.100.7") == [True]


def test_a_proxy_on_the_same_machine_is_not_taken_for_one_person():
    for number in range(ATTEMPTS_FROM_AN_ADDRESS + 5):
        assert tries(1, email=f"{number}@people.example", address="127.0.0.1") == [True]


def test_after_signing_in_the_mistakes_before_do_not_count():
    tries(ATTEMPTS_ON_AN_ACCOUNT)

    forget_attempts_on(email=EMAIL)

    assert tries(1) == [True]


def test_attempts_are_kept_no_longer_than_they_count_and_name_nobody():
    tries(2)
    assert EMAIL not in str(list(SignInAttempt.objects.values()))

    forget_old_attempts(at=NOW + WITHIN - timedelta(seconds=1))
    assert SignInAttempt.objects.count() == 4
    forget_old_attempts(at=NOW + WITHIN)
    assert SignInAttempt.objects.count() == 0


def test_a_link_for_a_new_password_works_once():
    person = make.user(EMAIL, password=make.PASSWORD)
    ask_for_new_password(email=" Niamh@People.example", at=NOW)
    body = message_of(Delivery.objects.get()).body
    uidb64, token = body.split("/account/password/")[1].split("/")[:2]

    assert whose_link(uidb64, token) == person
    set_new_password(user_id=person.pk, password="another long enough phrase")

    person.refresh_from_db()
    assert person.check_password("another long enough phrase")
    assert whose_link(uidb64, token) is None


@pytest.mark.parametrize(
    ("uidb64", "token"),
    [("MQ", "made-up"), ("!", "x"), ("OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "x-y"), ("", "")],
)
def test_a_made_up_link_is_nobodys(uidb64, token):
    make.user(EMAIL, password=make.PASSWORD)

    assert whose_link(uidb64, token) is None


def test_a_weak_password_changes_nothing():
    person = make.user(EMAIL, password=make.PASSWORD)

    with pytest.raises(ValidationError):
        set_new_password(user_id=person.pk, password="short")

    person.refresh_from_db()
    assert person.check_password(make.PASSWORD)


@pytest.mark.parametrize(
    "email",
    ["nobody@people.example", "ſ" + EMAIL, "nıamh@people.example", "closed@people.example"],
)
def test_nobody_else_is_sent_a_link(email):
    make.user(EMAIL, password=make.PASSWORD)
    make.user("closed@people.example", password=make.PASSWORD, is_active=False)

    ask_for_new_password(email=email, at=NOW)

    assert Delivery.objects.exists() is False


def test_links_are_not_sent_without_end():
    make.user(EMAIL, password=make.PASSWORD)

    for _ in range(RESET_LINKS + 3):
        ask_for_new_password(email=EMAIL, at=NOW)

    assert Delivery.objects.count() == RESET_LINKS
