"""Triggers by which the database itself refuses to change what has to stay, on both databases.

SQLite builds an altered table anew and forgets its triggers: a migration that alters one of these
tables ends with `refuse` for its refusals once more, which does no harm where they are there.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

UPDATE, DELETE, TRUNCATE = "UPDATE", "DELETE", "TRUNCATE"

_INTEGRITY = "USING ERRCODE = 'integrity_constraint_violation'"


class Refusal(NamedTuple):
    """One event on one table, refused where `when` holds, in these words.

    `when` is SQL over OLD and NEW; `{differs}` stands for "is another value, NULL counted".
    """

    name: str
    table: str
    event: str
    words: str
    when: str = "1 = 1"


def differs(*columns: str) -> str:
    """The condition that at least one of these columns would change."""
    return " OR ".join(f"OLD.{column} {{differs}} NEW.{column}" for column in columns)


def append_only(table: str, words: str) -> list[Refusal]:
    """Nothing in this table is ever changed, removed, or emptied."""
    return [
        Refusal(f"{table}_no_{event.lower()}", table, event, words)
        for event in (UPDATE, DELETE, TRUNCATE)
    ]


def refuse(schema_editor, refusals: Iterable[Refusal]) -> None:
    """Make the triggers, in place of those of the same name."""
    refusals = list(refusals)
    allow(schema_editor, refusals)
    write = {"sqlite": _sqlite, "postgresql": _postgresql}[schema_editor.connection.vendor]
    for refusal in refusals:
        for statement in write(refusal):
            schema_editor.execute(statement)


def allow(schema_editor, refusals: Iterable[Refusal]) -> None:
    """Take the triggers away again; those that are not there are no hindrance."""
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for refusal in refusals:
        if is_postgresql:
            # its trigger goes with it
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {refusal.name}() CASCADE")
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {refusal.name}")


def _sqlite(refusal: Refusal) -> Iterator[str]:
    if refusal.event != TRUNCATE:  # SQLite knows none
        yield (
            f"CREATE TRIGGER {refusal.name} BEFORE {refusal.event} ON {refusal.table} "
            f"WHEN {refusal.when.format(differs='IS NOT')} "
            f"BEGIN SELECT RAISE(ABORT, '{refusal.words}'); END"
        )


def _postgresql(refusal: Refusal) -> Iterator[str]:
    is_truncate = refusal.event == TRUNCATE
    condition = "TRUE" if is_truncate else refusal.when.format(differs="IS DISTINCT FROM")
    answer = {UPDATE: "NEW", DELETE: "OLD", TRUNCATE: "NULL"}[refusal.event]
    yield (
        f"CREATE FUNCTION {refusal.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {condition} THEN RAISE EXCEPTION '{refusal.words}' {_INTEGRITY}; END IF; "
        f"RETURN {answer}; END $$"
    )
    yield (
        f"CREATE TRIGGER {refusal.name} BEFORE {refusal.event} ON {refusal.table} "
        f"FOR EACH {'STATEMENT' if is_truncate else 'ROW'} EXECUTE FUNCTION {refusal.name}()"
    )
