"""On PostgreSQL the keys of placements are checked once a statement, not once a row.

A foreign key there asks for each row of each key by itself: a million rows with three keys wait ten
seconds for it. A trigger that sees all new rows of a statement asks the same by one join. The state
of the models is as before; SQLite keeps its foreign keys, whose look-ups cost it little.

What waits to be saved is kept out of the write-ahead log: each row of it is written once more when
it is saved, and nothing is said to be saved before.
"""

from django.db import migrations

PARENTS = {
    "agency_id": "agencies_agency",
    "placement_import_id": "attestations_placementimport",
    "verdict_id": "attestations_verdict",
}
TABLE = "attestations_placement"
STAGED = "attestations_stagedplacement"


def check_by_set(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    # what waits is made again from its file, and is found missing after a crash of the server
    schema_editor.execute(f"ALTER TABLE {STAGED} SET UNLOGGED")
    for column in PARENTS:
        schema_editor.execute(
            f"ALTER TABLE {TABLE} DROP CONSTRAINT {_key_of(schema_editor, column)}"
        )
    schema_editor.execute(
        f"CREATE FUNCTION {TABLE}_keys() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        + "".join(
            f" IF EXISTS (SELECT 1 FROM (SELECT DISTINCT {column} AS parent FROM fresh"
            f" WHERE {column} IS NOT NULL) f LEFT JOIN {parent} p ON p.id = f.parent"
            f" WHERE p.id IS NULL) THEN RAISE foreign_key_violation"
            f" USING MESSAGE = 'a placement names a row of {parent} that is not there'; END IF;"
            for column, parent in PARENTS.items()
        )
        + " RETURN NULL; END $$"
    )
    for act in ("INSERT", "UPDATE"):
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_keys_{act.lower()} AFTER {act} ON {TABLE}"
            " REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT"
            f" EXECUTE FUNCTION {TABLE}_keys()"
        )
    for column, parent in PARENTS.items():
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


def check_by_row(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for column, parent in PARENTS.items():
        schema_editor.execute(f"DROP TRIGGER {TABLE}_keeps_{column} ON {parent}")
        schema_editor.execute(f"DROP FUNCTION {TABLE}_keeps_{column}()")
    for act in ("insert", "update"):
        schema_editor.execute(f"DROP TRIGGER {TABLE}_keys_{act} ON {TABLE}")
    schema_editor.execute(f"DROP FUNCTION {TABLE}_keys()")
    for column, parent in PARENTS.items():
        schema_editor.execute(
            f"ALTER TABLE {TABLE} ADD CONSTRAINT {TABLE}_{column}_fk FOREIGN KEY ({column})"
            f" REFERENCES {parent} (id) DEFERRABLE INITIALLY DEFERRED"
        )
    schema_editor.execute(f"ALTER TABLE {STAGED} SET LOGGED")


def _key_of(schema_editor, column):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.conname FROM pg_constraint c JOIN pg_attribute a"
            " ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]"
            " WHERE c.contype = 'f' AND c.conrelid = %s::regclass AND a.attname = %s",
            [TABLE, column],
        )
        return schema_editor.quote_name(cursor.fetchone()[0])


class Migration(migrations.Migration):
    dependencies = [("attestations", "0013_rows_are_staged_and_stored_with_the_least_work")]

    operations = [migrations.RunPython(check_by_set, check_by_row)]
