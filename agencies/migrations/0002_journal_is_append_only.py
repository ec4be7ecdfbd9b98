"""The database itself refuses to change or remove what the journal holds (design §10)."""

from django.db import migrations

SQLITE = [
    f"""
    CREATE TRIGGER agencies_journalentry_no_{verb.lower()}
    BEFORE {verb} ON agencies_journalentry
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
    """
    for verb in ("UPDATE", "DELETE")
]
SQLITE_BACK = [f"DROP TRIGGER agencies_journalentry_no_{verb}" for verb in ("update", "delete")]
POSTGRESQL = [
    """
    CREATE FUNCTION agencies_refuse_journal_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$
    """,
    """
    CREATE TRIGGER agencies_journalentry_no_change
    BEFORE UPDATE OR DELETE ON agencies_journalentry
    FOR EACH ROW EXECUTE FUNCTION agencies_refuse_journal_change()
    """,
    """
    CREATE TRIGGER agencies_journalentry_no_truncate
    BEFORE TRUNCATE ON agencies_journalentry
    FOR EACH STATEMENT EXECUTE FUNCTION agencies_refuse_journal_change()
    """,
]
POSTGRESQL_BACK = [
    "DROP TRIGGER agencies_journalentry_no_truncate ON agencies_journalentry",
    "DROP TRIGGER agencies_journalentry_no_change ON agencies_journalentry",
    "DROP FUNCTION agencies_refuse_journal_change()",
]


def lock(apps, schema_editor):
    forwards = {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]
    for statement in forwards:
        schema_editor.execute(statement)


def unlock(apps, schema_editor):
    backwards = {"sqlite": SQLITE_BACK, "postgresql": POSTGRESQL_BACK}
    for statement in backwards[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("agencies", "0001_people_agencies_and_journal")]

    operations = [migrations.RunPython(lock, unlock)]
