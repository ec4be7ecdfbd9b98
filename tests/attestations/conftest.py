import pytest
from django.db import connection


@pytest.fixture
def planted(db):
    """Writes by raw SQL what no trigger, check or index of these tables would let through."""

    def plant(*statements, tables, without=()):
        """`without` names constraints (table, name) that are taken away for the test as well."""
        with connection.cursor() as cursor:
            for statement in _set_aside(tables, without):
                cursor.execute(statement)
            for statement in statements:
                cursor.execute(statement)
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA ignore_check_constraints = OFF")

    return plant


def _set_aside(tables, without):
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            names = "', '".join(tables)
            cursor.execute(
                f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('{names}')"
            )
            yield from [f"DROP TRIGGER {name}" for (name,) in cursor.fetchall()]
        yield "PRAGMA ignore_check_constraints = ON"
        yield from [f"DROP INDEX {name}" for _, kind, name in without if kind == "index"]
        return
    yield "SET CONSTRAINTS ALL IMMEDIATE"
    yield from [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables]
    for table, kind, name in without:
        yield (
            f"DROP INDEX {name}"
            if kind == "index"
            else (f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        )
