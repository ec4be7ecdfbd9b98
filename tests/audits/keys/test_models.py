"""What the database itself refuses of keys, on either of its two makes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from audits.keys.enums import Purpose
from audits.keys.models import SigningKey
from audits.keys.services import record_compromise
from audits.keys.signing import sign

pytestmark = pytest.mark.django_db

AT = datetime(2024, 1, 15, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(days=30)
RETIRED = {"retired_at": LATER, "valid_until": LATER}
WHOLE = {
    "key_id": "ed25519-0123456789abcdef",
    "purpose": Purpose.RECEIPT,
    "algorithm": "Ed25519",
    "public_key": "AAAA",
    "valid_from": AT,
}
HALF = {
    "no such purpose": {"purpose": "anything"},
    "no such algorithm": {"algorithm": "none"},
    "a document key that is none": {"purpose": Purpose.DOCUMENT, "certificate": "x"},
    "a statement key on P-256": {"algorithm": "ES256"},
    "a document key without a certificate": {"purpose": Purpose.DOCUMENT, "algorithm": "ES256"},
    "a certificate where none belongs": {"certificate": "x"},
    "ends before it begins": {"valid_until": AT - timedelta(days=1)},
    "retired and without an end": {"retired_at": LATER},
    "retired and in use for longer": {"retired_at": AT, "valid_until": LATER},
    "compromised and nobody recorded it": {**RETIRED, "compromised_from": AT},
    "a reason without a compromise": {"compromise_reason": "A copy."},
    "compromised without a reason": {
        **RETIRED,
        "compromised_from": AT,
        "compromise_recorded_at": LATER,
    },
    "compromised from a moment to come": {
        **RETIRED,
        "compromised_from": LATER,
        "compromise_recorded_at": AT,
        "compromise_reason": "A copy.",
    },
    "compromised and still in use": {
        "compromised_from": AT,
        "compromise_recorded_at": LATER,
        "compromise_reason": "A copy.",
    },
    "replaced by itself": {**RETIRED, "replaced_by_id": WHOLE["key_id"]},
}


def test_control_the_row_that_the_others_depart_from_is_accepted():
    SigningKey.objects.create(**WHOLE)
    SigningKey.objects.create(**WHOLE | RETIRED | {"key_id": "ed25519-another"})


@pytest.mark.parametrize("half", HALF.values(), ids=HALF.keys())
def test_a_half_truth_is_refused(half):
    with pytest.raises(IntegrityError), transaction.atomic():
        SigningKey.objects.create(**WHOLE | half)


def test_two_keys_that_sign_for_one_purpose_are_refused():
    SigningKey.objects.create(**WHOLE)

    with pytest.raises(IntegrityError), transaction.atomic():
        SigningKey.objects.create(**WHOLE | {"key_id": "ed25519-another"})


@pytest.mark.parametrize(
    "change",
    [
        {"key_id": "ed25519-another"},
        {"purpose": Purpose.RECEIPT},
        {"algorithm": "ES256"},
        {"public_key": "AAAA"},
        {"certificate": "x"},
        {"is_demonstration": False},
        {"valid_from": AT - timedelta(days=1)},
        {"valid_until": None},
        {"valid_until": AT + timedelta(days=9000)},
        {"retired_at": None},
        {"retired_at": AT},
        {"compromised_from": None, "compromise_recorded_at": None, "compromise_reason": ""},
        {"compromised_from": LATER + timedelta(days=1)},
    ],
    ids=str,
)
def test_what_was_registered_retired_or_reported_stays_so(change):
    key = sign(Purpose.STATEMENT, b"", at=AT).key
    record_compromise(key_id=key.pk, since=LATER, reason="A copy.", at=LATER + timedelta(days=2))

    with pytest.raises(DatabaseError), transaction.atomic():
        SigningKey.objects.filter(pk=key.pk).update(**change)


def test_a_key_is_never_removed():
    sign(Purpose.STATEMENT, b"", at=AT)

    with pytest.raises(DatabaseError), transaction.atomic():
        SigningKey.objects.all().delete()


@pytest.mark.postgresql_only
def test_keys_are_never_emptied_out():
    with (
        pytest.raises(DatabaseError, match="never removed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("TRUNCATE audits_signingkey CASCADE")
