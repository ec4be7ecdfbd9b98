"""The one query of the answer: the same row as the models give, prepared on PostgreSQL."""

import pytest
from django.db import DatabaseError, connection
from psycopg import connect

from audits.models import Certificate
from audits.register import reading
from tests.factories import certificates as certify


def known(found):
    certificate = found.certificate
    return {
        "of the row": {name: getattr(certificate, name) for name in reading._OWN},
        "agency": (certificate.agency.pk, certificate.agency.legal_name),
        "key": (certificate.key.pk, certificate.key.public_key),
        "report": (found.report.state, found.report.pdf_digest),
        "replaced by": certificate.superseded_by_id and certificate.superseded_by.number,
    }


def expected(number):
    row = Certificate.objects.get(number=number)
    return {
        "of the row": {name: getattr(row, name) for name in reading._OWN},
        "agency": (row.agency.pk, row.agency.legal_name),
        "key": (row.key.pk, row.key.public_key),
        "report": (row.decision.audit.report.state, row.decision.audit.report.pdf_digest),
        "replaced by": row.superseded_by_id and row.superseded_by.number,
    }


@pytest.mark.django_db
def test_it_reads_what_the_models_read():
    people = certify.people()
    old = certify.issued(people.agency)
    new = certify.issued(people.agency, conditions="Reports every quarter.")
    certify.confirmed(new, people)

    found = {one.number: reading.find(one.number) for one in (old, new)}

    assert {number: known(one) for number, one in found.items()} == {
        number: expected(number) for number in found
    }
    noted = [
        (one.has_changes, one.lost_a_corridor, one.has_credential, one.a_key_was_stolen)
        for one in found.values()
    ]
    assert noted == [(False, True, True, False), (True, False, True, False)]
    assert found[new.number].log_position > found[old.number].log_position
    assert found[new.number].last_recorded_at is not None


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["", "CE000000", "%s", "'; --", "number asked about", "é"])
def test_what_is_no_number_finds_nothing(number):
    assert reading.find(number) is None


@pytest.mark.postgresql_only
@pytest.mark.django_db(transaction=True)
def test_it_is_prepared_once_a_connection_and_gives_the_same():
    certificate = certify.published()

    answers = [known(reading.find(certificate.number)) for _ in range(8)]

    assert answers == [expected(certificate.number)] * 8
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements")
        assert cursor.fetchall() == [("register_certificate",)]


@pytest.mark.postgresql_only
@pytest.mark.django_db(transaction=True)
def test_behind_a_pooler_that_mixes_connections_the_question_is_put_whole():
    certificate = certify.published()
    reading.find(certificate.number)
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")

    assert known(reading.find(certificate.number)) == expected(certificate.number)


@pytest.mark.postgresql_only
@pytest.mark.django_db(transaction=True)
def test_a_connection_that_is_gone_is_not_hidden():
    certificate = certify.published()
    reading.find(certificate.number)
    settings = connection.settings_dict
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        process = cursor.fetchone()[0]
    with connect(
        host=settings["HOST"], port=settings["PORT"], user=settings["USER"], dbname="postgres"
    ) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [process])

    with pytest.raises(DatabaseError, match=r"terminat|closed|lost"):
        reading.find(certificate.number)
    connection.close()

    assert known(reading.find(certificate.number)) == expected(certificate.number)
