"""Many rows at once, in the quickest way that each database has."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models

quoted = connection.ops.quote_name


def table_of(model: type[models.Model]) -> str:
    return quoted(model._meta.db_table)


def columns_of(names: Iterable[str], alias: str = "") -> str:
    """The columns as SQL, each of the table `alias`."""
    prefix = f"{alias}." if alias else ""
    return ", ".join(f"{prefix}{quoted(name)}" for name in names)


def insert_rows(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Store rows whose values are in the order of `columns`: checked, and JSON as its text."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            statement = f"COPY {table_of(model)} ({columns_of(columns)}) FROM STDIN"
            with cursor.copy(statement) as copy:
                for row in rows:
                    copy.write_row(row)
            return
        places = ", ".join(["%s"] * len(columns))
        cursor.executemany(
            f"INSERT INTO {table_of(model)} ({columns_of(columns)}) VALUES ({places})",
            rows,
        )


def insert_texts(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Store rows of texts and numbers; an empty text is NULL where the column may be NULL.

    Neither NULL nor a truth is bound: SQLite's driver looks for an adapter for each, which takes
    longer than all the rest of a row.
    """
    nullable = [model._meta.get_field(name).null for name in columns]
    copy_in(table_of(model), columns, rows, nullable=nullable)


def copy_in(
    table: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    nullable: Sequence[bool],
) -> None:
    """`insert_texts` for any table, whose name is quoted already."""
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            filled = [name for name, null in zip(columns, nullable, strict=True) if not null]
            text = io.StringIO(newline="")
            csv.writer(text).writerows(rows)
            statement = (
                f"COPY {table} ({columns_of(columns)}) FROM STDIN"
                f" (FORMAT csv, FORCE_NOT_NULL ({columns_of(filled)}))"
            )
            with cursor.copy(statement) as copy:
                copy.write(text.getvalue())
            return
        places = ", ".join("NULLIF(%s, '')" if null else "%s" for null in nullable)
        cursor.executemany(f"INSERT INTO {table} ({columns_of(columns)}) VALUES ({places})", rows)


def run(statement: str, parameters: Sequence[Any] = ()) -> int:
    """Execute one statement; the number of rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.rowcount


def read(statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def differ(columns: Iterable[str], left: str, right: str) -> str:
    """SQL that is true where any of the columns differs; two NULLs are the same."""
    operator = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
    return " OR ".join(
        f"{left}.{quoted(name)} {operator} {right}.{quoted(name)}" for name in columns
    )


def moment() -> str:
    """A parameter for an instant, among columns: there it has no type of its own on PostgreSQL."""
    return "CAST(%s AS timestamptz)" if connection.vendor == "postgresql" else "%s"


def number() -> str:
    """A parameter for a number or NULL, among columns."""
    return "CAST(%s AS bigint)" if connection.vendor == "postgresql" else "%s"
