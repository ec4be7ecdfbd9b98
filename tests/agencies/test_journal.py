"""The journal only grows: the database itself refuses the rest."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from agencies import journal
from agencies.models import Delivery, JournalEntry, JournalHead
from tests.factories import agencies as make

TABLE = "agencies_journalentry"


@pytest.fixture
def entry(db):
    return journal.record("agency.registered", make.agency(), by=None, digest="ab")


def test_an_entry_says_what_happened_to_what_by_whom(db):
    agency, person = make.agency(), make.user()

    entry = journal.record("officer.added", make.officer(agency), by=person, agency=agency, a=1)

    assert (entry.verb, entry.agency_number, entry.actor, entry.data) == (
        "officer.added",
        agency.register_number,
        f"user:{person.pk}",
        {"a": 1},
    )
    assert entry.subject == f"agencies.officer:{agency.officers.get().pk}"


def test_entries_count_on_without_a_gap(db):
    agency = make.agency()
    written = [journal.record("agency.renamed", agency, by=None) for _ in range(3)]

    assert [entry.position for entry in written] == [1, 2, 3]
    assert list(journal.history_of(agency)) == written


def test_an_entry_carries_a_later_time_than_the_one_before_whatever_the_clock_says(db):
    agency = make.agency()
    journal.record("agency.registered", agency, by=None)
    ahead = datetime(2100, 1, 1, tzinfo=UTC)
    JournalHead.objects.update(last_recorded_at=ahead)

    later = [journal.record("agency.renamed", agency, by=None).recorded_at for _ in range(2)]

    assert later == [ahead + timedelta(microseconds=1), ahead + timedelta(microseconds=2)]


def test_an_act_that_is_rolled_back_leaves_no_entry_and_no_message(db):
    agency = make.agency()

    with transaction.atomic():
        entry = journal.record("agency.renamed", agency, by=None)
        journal.post(entry, channel="email", at=make.BEGINNING, address="a@b.example")
        transaction.set_rollback(True)

    assert (JournalEntry.objects.count(), Delivery.objects.count()) == (0, 0)
    assert journal.record("agency.renamed", agency, by=None).position == 1


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE {TABLE} SET verb = 'agency.praised'",
        f"UPDATE {TABLE} SET recorded_at = recorded_at",
        f"DELETE FROM {TABLE}",
    ],
)
def test_the_database_refuses_to_change_or_remove_an_entry(entry, statement):
    with (
        pytest.raises(DatabaseError, match="the journal is append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert JournalEntry.objects.get() == entry


def test_the_models_have_no_way_around_it(entry):
    for change in (
        lambda: JournalEntry.objects.update(verb="agency.praised"),
        lambda: JournalEntry.objects.all().delete(),
        entry.delete,
        entry.save,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.postgresql_only
def test_the_database_refuses_to_empty_it(entry):
    # what waits for the end of the transaction would refuse it otherwise
    at_once_and_all = f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {TABLE} CASCADE"
    with (
        pytest.raises(DatabaseError, match="the journal is append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(at_once_and_all)

    assert JournalEntry.objects.get() == entry


def test_control_without_its_triggers_the_same_statement_does_the_damage(entry):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"DROP TRIGGER {TABLE}_no_update")
        else:
            cursor.execute(f"DROP TRIGGER {TABLE}_no_change ON {TABLE}")
        cursor.execute(f"UPDATE {TABLE} SET verb = 'agency.praised'")

    assert JournalEntry.objects.get().verb == "agency.praised"


@pytest.mark.postgresql_only
@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_leave_no_gap_and_no_step_back():
    agency = make.agency()
    together = threading.Barrier(8)

    def write():
        together.wait()
        try:
            for _ in range(5):
                journal.record("agency.renamed", agency, by=None)
        finally:
            connection.close()

    writers = [threading.Thread(target=write) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    written = list(JournalEntry.objects.order_by("position"))
    assert [entry.position for entry in written] == list(range(1, 41))
    assert [e.recorded_at for e in written] == sorted(e.recorded_at for e in written)
