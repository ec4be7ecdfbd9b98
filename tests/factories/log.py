"""Public acts for the log, made plainly, and a published register to check or to tamper with."""

import importlib.util
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from agencies import journal
from audits.transparency.checkpoints import sign_checkpoint
from audits.transparency.publishing import publish
from tests.factories import agencies as make

VERIFIER = Path(settings.BASE_DIR) / "docs" / "verify_register.py"


def acts(count, *, agency=None, by=None):
    """So many public acts about an agency, journalled as its services journal them."""
    agency = agency or make.agency()
    return [
        journal.record("agency.renamed", agency, by=by, former=at, on="2026-01-01")
        for at in range(count)
    ]


def signed():
    """The log signed as it stands."""
    return sign_checkpoint(at=timezone.now())


def published(folder):
    """The register as files, and the checkpoint they go up to."""
    checkpoint = signed()
    publish(folder, checkpoint, at=timezone.now())
    return checkpoint


def verifier():
    """The script for auditors as a module."""
    found = importlib.util.spec_from_file_location("verify_register", VERIFIER)
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def planted(*statements):
    """What somebody does who owns the database: no trigger stands in the way."""
    with connection.cursor() as cursor:
        for statement in (*_without_triggers(cursor), *statements):
            cursor.execute(statement)


def _without_triggers(cursor):
    if connection.vendor == "sqlite":
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audits_%'"
        )
        return [f"DROP TRIGGER {name}" for (name,) in cursor.fetchall()]
    cursor.execute(
        "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger"
        " WHERE NOT tgisinternal AND tgrelid::regclass::text LIKE 'audits_%'"
    )
    return [
        "SET CONSTRAINTS ALL IMMEDIATE",
        *(f"ALTER TABLE {table} DISABLE TRIGGER USER" for (table,) in cursor.fetchall()),
    ]
