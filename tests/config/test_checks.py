import pysqlite3
import pytest
from django.db import connection

from config.checks import (
    PDF_LIBRARIES,
    missing_pdf_packages,
    pdf_libraries_are_there,
    postgresql_is_durable,
    sqlite_is_sound,
)

pytestmark = pytest.mark.django_db


def ids(messages):
    return [message.id for message in messages]


@pytest.mark.sqlite_only
def test_django_uses_the_sqlite_that_we_ship():
    with connection.cursor() as cursor:
        version = cursor.execute("SELECT sqlite_version()").fetchone()[0]

    assert version == pysqlite3.sqlite_version


@pytest.mark.sqlite_only
def test_a_sound_sqlite_passes():
    assert sqlite_is_sound(databases=["default"]) == []


@pytest.mark.sqlite_only
def test_an_old_sqlite_is_refused(monkeypatch):
    monkeypatch.setattr("config.checks.SQLITE_FLOOR", (99, 0, 0))

    assert ids(sqlite_is_sound(databases=["default"])) == ["config.E001"]


@pytest.mark.sqlite_only
@pytest.mark.django_db(transaction=True)
def test_a_database_that_may_forget_is_refused():
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=NORMAL")
        found = ids(sqlite_is_sound(databases=["default"]))
        cursor.execute("PRAGMA synchronous=FULL")

    assert found == ["config.E003"]


def test_nothing_is_asked_when_no_database_is_named():
    assert (sqlite_is_sound(databases=None), postgresql_is_durable(databases=None)) == ([], [])


@pytest.mark.postgresql_only
def test_postgresql_that_may_forget_is_refused():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")

    assert "config.E004" in ids(postgresql_is_durable(databases=["default"]))


def test_the_libraries_of_weasyprint_are_here():
    assert (missing_pdf_packages(), pdf_libraries_are_there()) == ([], [])


def test_a_missing_library_is_named_by_its_package(monkeypatch):
    monkeypatch.setitem(PDF_LIBRARIES, "libnowhere.so.0", "libnowhere0")

    [message] = pdf_libraries_are_there()

    assert (message.id, message.hint) == (
        "config.W001",
        "Install it: apt-get install --no-install-recommends libnowhere0",
    )
