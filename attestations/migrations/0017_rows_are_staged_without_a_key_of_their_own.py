"""What a million rows wait for on PostgreSQL, once more (see 0014): three things less.

References are compared as bytes: they are codes, and a locale's order of them helps nobody. Rows
that wait have no index by a key of their own, because nobody asks for one by it. And all keys of
placements are looked at in one pass, the rare one of who withdrew it with the others: as a foreign
key it queued an event for each row, to find nothing in it.
"""

from django.db import migrations

TABLE = "attestations_placement"
STAGED = "attestations_stagedplacement"
PARENTS = {
    "agency_id": "agencies_agency",
    "placement_import_id": "attestations_placementimport",
    "verdict_id": "attestations_verdict",
    "withdrawn_by_id": "agencies_user",
}


def lighten(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table in (TABLE, STAGED):
        schema_editor.execute(
            f'ALTER TABLE {table} ALTER COLUMN reference TYPE varchar(60) COLLATE "C"'
        )
    schema_editor.execute(f"ALTER TABLE {STAGED} DROP CONSTRAINT {STAGED}_pkey")
    schema_editor.execute(
        f"ALTER TABLE {TABLE} DROP CONSTRAINT {_constraint(schema_editor, 'withdrawn_by_id')}"
    )
    _check_in_one_pass(schema_editor, PARENTS)
    _keep(schema_editor, "withdrawn_by_id", "agencies_user")


def as_before(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute(f"DROP TRIGGER {TABLE}_keeps_withdrawn_by_id ON agencies_user")
    schema_editor.execute(f"DROP FUNCTION {TABLE}_keeps_withdrawn_by_id()")
    before = {column: parent for column, parent in PARENTS.items() if column != "withdrawn_by_id"}
    _check_in_one_pass(schema_editor, before)
    schema_editor.execute(
        f"ALTER TABLE {TABLE} ADD CONSTRAINT {TABLE}_withdrawn_by_id_fk FOREIGN KEY"
        " (withdrawn_by_id) REFERENCES agencies_user (id) DEFERRABLE INITIALLY DEFERRED"
    )
    schema_editor.execute(f"ALTER TABLE {STAGED} ADD PRIMARY KEY (id)")
    for table in (TABLE, STAGED):
        schema_editor.execute(
            f'ALTER TABLE {table} ALTER COLUMN reference TYPE varchar(60) COLLATE "default"'
        )


def _check_in_one_pass(schema_editor, parents):
    """The rows of a statement name few parents: each combination of them is looked up once."""
    missing = " ".join(
        f"WHEN {column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {parent} p WHERE p.id = {column})"
        f" THEN '{parent}'"
        for column, parent in parents.items()
    )
    schema_editor.execute(
        f"CREATE OR REPLACE FUNCTION {TABLE}_keys() RETURNS trigger LANGUAGE plpgsql AS $$"
        " DECLARE lost text; BEGIN"
        f" SELECT CASE {missing} END INTO lost"
        f" FROM (SELECT DISTINCT {', '.join(parents)} FROM fresh) f"
        f" WHERE CASE {missing} END IS NOT NULL LIMIT 1;"
        " IF lost IS NOT NULL THEN RAISE foreign_key_violation"
        " USING MESSAGE = 'a placement names a row of ' || lost || ' that is not there'; END IF;"
        " RETURN NULL; END $$"
    )


def _keep(schema_editor, column, parent):
    """Nobody goes whom a placement names."""
    schema_editor.execute(
        f"CREATE FUNCTION {TABLE}_keeps_{column}() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN IF EXISTS (SELECT 1 FROM gone JOIN {TABLE} p ON p.{column} = gone.id) THEN"
        f" RAISE foreign_key_violation USING MESSAGE = 'a placement names a row of {parent}"
        " that would go'; END IF; RETURN NULL; END $$"
    )
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_keeps_{column} AFTER DELETE ON {parent}"
        " REFERENCING OLD TABLE AS gone FOR EACH STATEMENT"
        f" EXECUTE FUNCTION {TABLE}_keeps_{column}()"
    )


def _constraint(schema_editor, column):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.conname FROM pg_constraint c JOIN pg_attribute a"
            " ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]"
            " WHERE c.contype = 'f' AND c.conrelid = %s::regclass AND a.attname = %s",
            [TABLE, column],
        )
        return schema_editor.quote_name(cursor.fetchone()[0])


class Migration(migrations.Migration):
    dependencies = [("attestations", "0016_sheets_can_have_columns_of_their_own")]

    operations = [migrations.RunPython(lighten, as_before)]
