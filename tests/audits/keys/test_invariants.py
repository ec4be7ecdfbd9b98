"""Each invariant holds for what the services make, and names what is planted by raw SQL."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from audits.keys import invariants
from audits.keys.enums import Purpose
from audits.keys.replacing import rotate
from audits.keys.services import record_compromise, retire_key
from audits.keys.signing import sign
from tests.factories import certificates as certify
from tests.factories.keys import set_triggers_aside

pytestmark = pytest.mark.django_db

AT = datetime(2024, 1, 15, 9, 0, tzinfo=UTC)
TABLE = "audits_signingkey"


@pytest.fixture
def key():
    return sign(Purpose.STATEMENT, b"", at=AT).key


def plant(sql, *parameters):
    set_triggers_aside(TABLE)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        cursor.execute(sql, parameters)
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


def violations():
    checks = (
        invariants.keys_have_their_names,
        invariants.document_keys_have_their_certificates,
        invariants.keys_are_kept,
        invariants.keys_are_as_journalled,
        invariants.documents_are_signed_in_time,
    )
    return [said for check in checks for said in check()]


@pytest.mark.slow
def test_a_register_with_a_history_of_its_own_violates_nothing():
    certify.issued()
    for purpose in Purpose:
        sign(purpose, b"", at=timezone.now())
        rotate(purpose, at=timezone.now())
    certify.issued()
    key = rotate(Purpose.RECEIPT, at=timezone.now())[1]
    retire_key(key_id=key.pk, at=timezone.now())
    now = timezone.now()
    record_compromise(key_id=key.pk, since=now, reason="A copy.", at=now)
    record_compromise(key_id=key.pk, since=AT, reason="Since long.", at=timezone.now())

    assert violations() == []


def test_another_public_key_under_the_name(key):
    other = sign(Purpose.RECEIPT, b"", at=AT).key
    plant(f"UPDATE {TABLE} SET public_key = %s WHERE key_id = %s", other.public_key, key.pk)

    assert list(invariants.keys_have_their_names()) == [
        f"{key}: its public key is that of {other}."
    ]
    assert list(invariants.keys_are_as_journalled()) == [
        f"{key} was registered with another public key (entry 1)."
    ]


def test_a_public_key_that_is_none(key):
    plant(f"UPDATE {TABLE} SET public_key = 'AAAA'")

    assert list(invariants.keys_have_their_names()) == [f"{key}: This is no public key of Ed25519."]


@pytest.mark.parametrize("planted", ["x", "another's"])
def test_a_document_key_with_the_certificate_of_another(planted):
    key = sign(Purpose.DOCUMENT, b"", at=AT).key
    certificate = planted
    if planted == "another's":
        certificate = rotate(Purpose.DOCUMENT, at=timezone.now())[1].certificate
    plant(f"UPDATE {TABLE} SET certificate = %s WHERE key_id = %s", certificate, key.pk)

    assert list(invariants.document_keys_have_their_certificates()) == [
        f"{key}: the first of its certificates is not its own."
    ]


def test_a_retired_key_brought_back(key):
    retire_key(key_id=key.pk, at=timezone.now())
    plant(f"UPDATE {TABLE} SET retired_at = NULL, valid_until = NULL")

    assert list(invariants.keys_are_as_journalled()) == [
        f"{key} was retired (entry 2), and its row does not say so."
    ]


def test_a_removed_key(key):
    plant(f"DELETE FROM {TABLE}")
    registered = "signing_key.registered"

    assert list(invariants.keys_are_as_journalled()) == [
        f"audits.signingkey:{key} is in the journal ({registered}) and not registered any more."
    ]


@pytest.mark.parametrize(
    "sql",
    [
        "compromised_from = NULL, compromise_recorded_at = NULL, compromise_reason = ''",
        "compromised_from = compromise_recorded_at",
    ],
)
def test_a_compromise_made_undone_or_later(key, sql):
    record_compromise(key_id=key.pk, since=AT, reason="A copy.", at=timezone.now())
    plant(f"UPDATE {TABLE} SET {sql}")

    assert list(invariants.keys_are_as_journalled()) == [
        f"{key}: its row and the journal differ on since when it is compromised."
    ]


def test_a_second_key_for_a_purpose_and_guards_that_are_gone(key):
    later = sign(Purpose.RECEIPT, b"", at=AT).key
    plant("DROP INDEX audits_signingkey_one_a_purpose")
    plant(f"UPDATE {TABLE} SET purpose = 'statement' WHERE key_id = %s", later.pk)

    assert list(invariants.keys_are_kept()) == [
        f"For a statement sign {', '.join(sorted((key.pk, later.pk)))} at once.",
        "The unique index audits_signingkey_one_a_purpose is missing from the database.",
        *(
            f"The trigger {TABLE}_{name} is missing from the database."
            for name in ("identity", "end", "retired", "replaced", "compromised", "kept")
        ),
    ]


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("purpose = 'receipt'", "was signed by {}, a key for receipt."),
        (
            "valid_from = '2024-02-02 00:00:00+00:00'",
            "was issued before its key {} was registered.",
        ),
        (
            "retired_at = '2024-02-02 00:00:00+00:00', valid_until = '2024-02-01 09:05:00+00:00'",
            "was signed by {} after that was out of use.",
        ),
    ],
)
def test_a_document_signed_outside_the_time_or_purpose_of_its_key(sql, words):
    certificate = certify.published()
    if connection.vendor == "sqlite":
        sql = sql.replace("+00:00", "")
    plant(f"UPDATE {TABLE} SET {sql}")

    assert list(invariants.documents_are_signed_in_time()) == [
        f"{certificate} {words.format(certificate.key_id)}"
    ]


def test_signed_before_and_issued_after_a_rotation_is_in_order():
    certificate = certify.published()
    type(certificate).objects.update(claimed_at=certificate.issued_at - timedelta(seconds=2))
    retire_key(key_id=certificate.key_id, at=certificate.issued_at - timedelta(seconds=1))

    assert list(invariants.documents_are_signed_in_time()) == []
