"""Transactional tests empty the database; the journal's triggers step aside for that alone."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from agencies.models import JournalEntry

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


REFUSED = [
    "UPDATE agencies_journalentry SET verb = ''",
    "DELETE FROM agencies_journalentry",
]


def record():
    JournalEntry.objects.create(
        position=1,
        verb="agency.registered",
        subject="agencies.agency:1",
        actor="1",
        recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def test_the_journal_can_be_emptied_between_tests_and_by_nobody_else():
    record()

    call_command("flush", interactive=False, verbosity=0)
    emptied = JournalEntry.objects.count()
    record()

    assert emptied == 0
    for statement in REFUSED:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
