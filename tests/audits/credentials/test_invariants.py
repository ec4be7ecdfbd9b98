"""`fsck` finds credentials that are not what was published, and lists that say something else."""

import pytest
from django.db import connection
from django.utils import timezone

from audits.credentials import invariants, publishing
from audits.credentials.status_lists import Bits
from audits.enums import StatusKind
from audits.keys.enums import Purpose
from audits.keys.services import retire_key
from audits.keys.signing import current
from tests.factories import certificates as certify
from tests.factories import credentials

pytestmark = pytest.mark.django_db


CREDENTIALS, CERTIFICATES = "audits_certificatecredential", "audits_certificate"


def without_triggers(cursor, table):
    """As somebody who rules the database may set them aside."""
    if connection.vendor == "postgresql":
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        return
    cursor.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table]
    )
    for (name,) in cursor.fetchall():
        cursor.execute(f"DROP TRIGGER {name}")


def changed(certificate, table=CREDENTIALS, key="certificate_id", **columns):
    with connection.cursor() as cursor:
        without_triggers(cursor, table)
        for column, value in columns.items():
            cursor.execute(
                f"UPDATE {table} SET {column} = %s WHERE {key} = %s", [value, certificate.pk]
            )


def test_a_register_in_order_has_nothing_to_report():
    who = certify.people()
    certificate = credentials.published(who.agency)
    credentials.published()
    certify.confirmed(certificate, who, kind=StatusKind.SUSPENSION)

    assert list(invariants.credentials_are_as_published()) == []
    assert list(invariants.lists_say_what_the_register_says()) == []


def test_a_changed_credential_is_named():
    certificate = credentials.published()
    altered = certificate.credential.jsonld.replace("Ireland", "Iceland")
    changed(certificate, jsonld=altered)

    assert list(invariants.credentials_are_as_published()) == [
        f"The JSON credential of {certificate.number} is not what its digest says."
    ]


def test_a_credential_of_another_certificate_is_named():
    certificate, other = credentials.published(), credentials.published()
    changed(certificate, jwt=other.credential.jwt, jwt_digest=other.credential.jwt_digest)

    assert list(invariants.credentials_are_as_published()) == [
        f"The JWT credential of {certificate.number} speaks of another certificate."
    ]


def test_a_certificate_that_was_given_another_place_is_named():
    certificate = credentials.published()
    changed(certificate, CERTIFICATES, "id", status_index=77)

    assert list(invariants.credentials_are_as_published()) == [
        f"The JSON credential of {certificate.number} speaks of another certificate.",
        f"The JWT credential of {certificate.number} speaks of another certificate.",
    ]


def test_lists_that_cannot_be_signed_are_named():
    credentials.published()
    at = timezone.now()
    retire_key(key_id=current(Purpose.STATUS_LIST, at=at).pk, at=at)

    (said,) = invariants.lists_say_what_the_register_says()

    assert said.startswith("Status list 1 cannot be signed: ")


@pytest.mark.parametrize("act", ["UPDATE {} SET jwt = 'x'", "DELETE FROM {}"])
def test_the_database_refuses_to_change_what_was_published(act):
    credentials.published()

    with pytest.raises(Exception, match="stays as it was published"), connection.cursor() as cursor:
        cursor.execute(act.format("audits_certificatecredential"))


def test_a_list_that_says_something_else_is_named(monkeypatch):
    """As if the lists were made from other bits than the register's: the reading must see it."""
    certificate = credentials.published()
    other = {certificate.status_index: Bits(suspended=True)}
    monkeypatch.setattr(publishing, "bits_of_list", lambda number, at: other)

    assert list(invariants.lists_say_what_the_register_says()) == [
        f"The status lists say of {certificate.number}: suspended.  The register says: clear."
    ]
