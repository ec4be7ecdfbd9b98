"""What must be true before the registry serves anybody; `manage.py check` and `migrate` say so."""

import ctypes
import sqlite3
from collections.abc import Iterable
from typing import Any

from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Advice
from django.db import connections

# Below this SQLite may corrupt a database in WAL mode when two connections checkpoint at once.
SQLITE_FLOOR = (3, 51, 3)

WAL = "wal"
FULL = 2

# What WeasyPrint loads, and the Debian package each comes in. Without the last it still works,
# but a certificate takes four times as long.
PDF_LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}


def sqlite_is_sound(
    *, databases: Iterable[str] | None = None, **options: Any
) -> list[CheckMessage]:
    return [
        message
        for alias in databases or ()
        if connections[alias].vendor == "sqlite"
        for message in _sqlite_messages(alias)
    ]


def _sqlite_messages(alias: str) -> list[CheckMessage]:
    messages: list[CheckMessage] = []
    if sqlite3.sqlite_version_info < SQLITE_FLOOR:
        messages.append(
            Error(
                f"SQLite {sqlite3.sqlite_version} can corrupt the register.",
                hint="Install the locked requirements: pysqlite3 brings a current SQLite.",
                id="config.E001",
            )
        )
    with connections[alias].cursor() as cursor:
        journal = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        synchronous = cursor.execute("PRAGMA synchronous").fetchone()[0]
    if journal not in (WAL, "memory"):
        messages.append(
            Error(
                f"The database {alias!r} keeps its journal in mode {journal!r}, not WAL.",
                hint="Keep the file on a local disk; WAL does not work on a network share.",
                id="config.E002",
            )
        )
    if synchronous < FULL:
        messages.append(
            Error(
                f"The database {alias!r} runs with synchronous={synchronous}, below FULL.",
                hint="Remove the setting that lowers it: a confirmed act must survive a power cut.",
                id="config.E003",
            )
        )
    return messages


def postgresql_is_durable(
    *, databases: Iterable[str] | None = None, **options: Any
) -> list[CheckMessage]:
    messages: list[CheckMessage] = []
    for alias in databases or ():
        if connections[alias].vendor != "postgresql":
            continue
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            with connections[alias].cursor() as cursor:
                cursor.execute(f"SHOW {setting}")
                value = cursor.fetchone()[0]
            if value == "off":
                messages.append(
                    Error(
                        f"The database {alias!r} runs with {setting}=off.",
                        hint=f"Set {setting} = on: a confirmed act must survive a power cut.",
                        id="config.E004",
                    )
                )
    return messages


def pdf_libraries_are_there(**options: Any) -> list[CheckMessage]:
    missing = missing_pdf_packages()
    if not missing:
        return []
    return [
        Advice(
            "Certificates and reports cannot be drawn: a library of WeasyPrint is missing.",
            hint=f"Install it: apt-get install --no-install-recommends {' '.join(missing)}",
            id="config.W001",
        )
    ]


def missing_pdf_packages() -> list[str]:
    """The Debian packages to install before WeasyPrint works at its full speed."""
    return [package for library, package in PDF_LIBRARIES.items() if not _loads(library)]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
