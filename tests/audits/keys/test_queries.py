"""Whether a signature counts: by its key, its purpose, its time, and where it stands in the log."""

from base64 import b64decode
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from agencies import journal
from audits.keys.enums import LOGGED, Algorithm, Answer, Purpose
from audits.keys.models import SigningKey
from audits.keys.queries import check_signature, key_in_use, stands, trusted_keys, validity
from audits.keys.services import record_compromise, retire_key
from audits.keys.signing import sign
from audits.transparency.queries import position_of, size
from tests.factories import agencies as make
from tests.factories.keys import set_triggers_aside

pytestmark = pytest.mark.django_db

AT = datetime(2024, 1, 15, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(days=30)
MESSAGE = b"what is signed"


@pytest.fixture
def signed():
    return sign(Purpose.STATEMENT, MESSAGE, at=AT)


def answer(signed, *, at=AT, position=0, **instead):
    asked = {
        "purpose": Purpose.STATEMENT,
        "key_id": signed.key.key_id,
        "algorithm": "Ed25519",
        "message": MESSAGE,
        "signature": signed.signature,
    }
    return check_signature(**asked | instead, at=at, position=position)


def act():
    """Something public that happens now; gives its entry."""
    agency = make.agency()
    return journal.record("agency.ended", agency, by=None, on="2024-01-01")


def test_a_signature_by_the_registered_key_of_the_purpose_is_good(signed):
    assert answer(signed) is Answer.GOOD
    assert answer(signed, position=None) is Answer.GOOD


@pytest.mark.parametrize(
    ("instead", "expected"),
    [
        ({"message": MESSAGE + b" "}, Answer.BAD_SIGNATURE),
        ({"signature": b""}, Answer.BAD_SIGNATURE),
        ({"signature": bytes(64)}, Answer.BAD_SIGNATURE),
        ({"key_id": ""}, Answer.UNKNOWN_KEY),
        ({"key_id": "../keys/statement.pem"}, Answer.UNKNOWN_KEY),
        ({"key_id": "https://elsewhere.example/keys/1"}, Answer.UNKNOWN_KEY),
        ({"key_id": "' OR 1=1 --"}, Answer.UNKNOWN_KEY),
        ({"algorithm": "none"}, Answer.WRONG_ALGORITHM),
        ({"algorithm": "None"}, Answer.WRONG_ALGORITHM),
        ({"algorithm": ""}, Answer.WRONG_ALGORITHM),
        ({"algorithm": "HS256"}, Answer.WRONG_ALGORITHM),
        ({"algorithm": "ES256"}, Answer.WRONG_ALGORITHM),
        ({"algorithm": "ed25519"}, Answer.WRONG_ALGORITHM),
        *(({"purpose": each}, Answer.WRONG_PURPOSE) for each in list(Purpose)[1:]),
        ({"purpose": "another"}, Answer.WRONG_PURPOSE),
    ],
)
def test_algorithm_key_and_purpose_are_pinned(signed, instead, expected):
    assert answer(signed, **instead) is expected


def test_a_key_id_is_taken_to_the_letter(signed):
    key_id = signed.key.key_id
    for other in (
        key_id.upper(),
        f"{key_id} ",
        f" {key_id}",
        f"{key_id}\0"[:-1] + "0",
        key_id[:-1],
    ):
        assert answer(signed, key_id=other) is Answer.UNKNOWN_KEY


def test_every_single_bit_counts(signed):
    for bit in range(512):
        signature = bytearray(signed.signature)
        signature[bit // 8] ^= 1 << (bit % 8)
        assert answer(signed, signature=bytes(signature)) is Answer.BAD_SIGNATURE


def test_a_key_that_cannot_be_read_answers_nothing_about_the_signature(signed):
    set_triggers_aside("audits_signingkey")
    SigningKey.objects.update(public_key="AAAA")

    assert answer(signed) is Answer.COULD_NOT_CHECK


def test_a_register_that_does_not_answer_is_could_not_check(signed):
    def refuse(*_):
        raise DatabaseError("gone")

    with connection.execute_wrapper(refuse):
        assert answer(signed) is Answer.COULD_NOT_CHECK


def test_a_key_counts_from_its_first_instant_to_before_its_last(signed):
    retire_key(key_id=signed.key.pk, at=LATER)
    instant = timedelta(microseconds=1)

    assert [
        answer(signed, at=AT - instant),
        answer(signed, at=AT),
        answer(signed, at=LATER - instant),
        answer(signed, at=LATER),
    ] == [Answer.NOT_YET_VALID, Answer.GOOD, Answer.GOOD, Answer.EXPIRED]


@pytest.mark.parametrize("purpose", Purpose)
def test_under_an_old_key_only_the_log_shows_that_it_was_in_time(purpose):
    key = sign(purpose, MESSAGE, at=AT).key
    retire_key(key_id=key.pk, at=LATER)
    key.refresh_from_db()

    assert stands(key, at=AT, position=0) is True
    assert stands(key, at=AT, position=None) is (purpose not in LOGGED)


def test_of_a_compromised_key_counts_what_the_log_held_before(signed):
    before, stolen, after = act(), act(), act()
    record_compromise(
        key_id=signed.key.pk, since=stolen.recorded_at, reason="A copy.", at=timezone.now()
    )
    key = SigningKey.objects.get()

    assert [validity(key, at=AT, position=position_of(e)) for e in (before, stolen, after)] == [
        Answer.GOOD,
        Answer.COMPROMISED,
        Answer.COMPROMISED,
    ]
    assert validity(key, at=AT, position=None) is Answer.COMPROMISED
    assert validity(key, at=AT, position=size()) is Answer.COMPROMISED
    assert answer(signed, position=position_of(before)) is Answer.GOOD
    assert answer(signed, position=position_of(after)) is Answer.COMPROMISED


def test_the_purposes_have_their_own_histories(signed):
    receipt = sign(Purpose.RECEIPT, MESSAGE, at=AT).key

    assert list(trusted_keys(Purpose.STATEMENT)) == [signed.key]
    assert list(trusted_keys(Purpose.RECEIPT)) == [receipt]
    assert key_in_use(Purpose.RECEIPT, at=AT) == receipt
    assert key_in_use(Purpose.RECEIPT, at=AT - timedelta(days=1)) is None


def test_a_signature_of_documents_is_checked_the_same_way():
    signed = sign(Purpose.DOCUMENT, MESSAGE, at=AT)
    asked = {"purpose": Purpose.DOCUMENT, "algorithm": "ES256"}

    assert answer(signed, **asked) is Answer.GOOD
    assert answer(signed, **asked, signature=signed.signature[:-1]) is Answer.BAD_SIGNATURE
    assert answer(signed, purpose=Purpose.DOCUMENT) is Answer.WRONG_ALGORITHM
    assert (len(b64decode(signed.key.public_key)), signed.key.algorithm) == (65, Algorithm.ES256)
