"""A register from before keys had purposes goes on: its keys, and what they signed."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from audits.keys.models import SigningKey
from audits.keys.queries import stands
from audits.keys.signing import sign_statement
from tests.factories.keys import set_triggers_aside

AT = datetime(2024, 1, 15, 9, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_a_key_from_before_is_a_key_for_statements():
    """The columns have defaults in the row as it was written then."""
    SigningKey.objects.create(
        key_id="ed25519-old", algorithm="Ed25519", public_key="AAAA", valid_from=AT
    )

    key = SigningKey.objects.get()
    assert (key.purpose, key.retired_at, key.compromised_from) == ("statement", None, None)


@pytest.mark.django_db
def test_of_several_keys_from_before_the_newest_signs_on_and_all_signatures_stand():
    newest = sign_statement(b"{}", at=AT)[1]
    set_triggers_aside("audits_signingkey")
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX audits_signingkey_one_a_purpose")
    ends = (None, AT + timedelta(days=1))
    for number, end in enumerate(ends):
        SigningKey.objects.create(
            key_id=f"ed25519-old{number}",
            algorithm="Ed25519",
            public_key="AAAA",
            valid_from=AT - timedelta(days=number + 1),
            valid_until=end,
        )

    migration = import_module("audits.migrations.0004_keys_left_over_are_retired")
    migration.retire(apps, connection.schema_editor())

    old, older = SigningKey.objects.exclude(pk=newest.pk).order_by("-valid_from")
    newest.refresh_from_db()
    assert (newest.retired_at, old.valid_until, older.valid_until) == (
        None,
        old.retired_at,
        ends[1],
    )
    assert all(stands(key, at=AT, position=0) for key in (newest, old, older))
