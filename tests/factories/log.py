"""Public acts for the log, made plainly, and a published register to check or to tamper with."""

import hashlib
import importlib.util
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from agencies import journal
from audits.transparency.checkpoints import sign_checkpoint
from audits.transparency.publishing import publish
from tests.factories import agencies as make
from tests.factories import certificates as certify

VERIFIER = Path(settings.BASE_DIR) / "docs" / "verify_register.py"


def acts(count, *, agency=None, by=None):
    """So many public acts about an agency, journalled as its services journal them."""
    agency = agency or make.agency()
    return [
        journal.record("agency.renamed", agency, by=by, former=at, on="2026-01-01")
        for at in range(count)
    ]


def certificate(agency=None, **stated):
    """A certificate as rows (no document is drawn), and the act that says it was issued."""
    made = certify.published(agency, **stated)
    as_issued(made)
    return made


def as_issued(made):
    """The act by which a certificate is issued, of one that is there as rows."""
    return journal.record(
        "certificate.issued",
        made,
        by=None,
        agency=made.agency,
        number=made.number,
        statement_sha256=made.statement_digest,
        signature_sha256=hashlib.sha256(made.signature.encode()).hexdigest(),
        pdf_sha256=made.pdf_digest,
        key=made.key_id,
    )


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
