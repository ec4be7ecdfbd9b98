"""What identifies a key never changes, and its end only ever moves to earlier."""

from django.db import migrations, models

TABLE = "audits_signingkey"
IDENTITY = (
    "key_id",
    "purpose",
    "algorithm",
    "public_key",
    "certificate",
    "is_demonstration",
    "valid_from",
)
CHANGED = " OR ".join(f"OLD.{column} {{differs}} NEW.{column}" for column in IDENTITY)
LATER = "OLD.{0} IS NOT NULL AND (NEW.{0} IS NULL OR NEW.{0} > OLD.{0})"
SET_ONCE = "OLD.{0} IS NOT NULL AND OLD.{0} {{differs}} NEW.{0}"

# name, event, what is refused, in which words
TRIGGERS = [
    ("identity", "UPDATE", CHANGED, "a registered key stays as it was registered"),
    ("end", "UPDATE", LATER.format("valid_until"), "the end of a key moves to earlier only"),
    ("retired", "UPDATE", SET_ONCE.format("retired_at"), "a retired key stays retired"),
    ("replaced", "UPDATE", SET_ONCE.format("replaced_by_id"), "a replaced key stays replaced"),
    (
        "compromised",
        "UPDATE",
        LATER.format("compromised_from"),
        "the date of a compromise moves to earlier only",
    ),
    ("kept", "DELETE", "1 = 1", "a registered key is never removed"),
]


def freeze(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    for name, event, refused, words in TRIGGERS:
        trigger = f"{TABLE}_{name}"
        if not postgresql:
            schema_editor.execute(
                f"CREATE TRIGGER {trigger} BEFORE {event} ON {TABLE} "
                f"WHEN {refused.format(differs='IS NOT')} "
                f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
            )
            continue
        schema_editor.execute(
            f"CREATE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {refused.format(differs='IS DISTINCT FROM')} "
            f"THEN RAISE EXCEPTION '{words}' USING ERRCODE = 'integrity_constraint_violation'; "
            f"END IF; RETURN {'OLD' if event == 'DELETE' else 'NEW'}; END $$"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {trigger} BEFORE {event} ON {TABLE} "
            f"FOR EACH ROW EXECUTE FUNCTION {trigger}()"
        )
    if postgresql:
        schema_editor.execute(
            f"CREATE FUNCTION {TABLE}_emptied() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'a registered key is never removed'; END $$"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_emptied BEFORE TRUNCATE ON {TABLE} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_emptied()"
        )


def thaw(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    names = [name for name, *_ in TRIGGERS] + (["emptied"] if postgresql else [])
    for name in names:
        trigger = f"{TABLE}_{name}"
        schema_editor.execute(f"DROP TRIGGER {trigger}" + (f" ON {TABLE}" if postgresql else ""))
        if postgresql:
            schema_editor.execute(f"DROP FUNCTION {trigger}()")


class Migration(migrations.Migration):
    dependencies = [("audits", "0004_keys_left_over_are_retired")]

    operations = [
        migrations.AddConstraint(
            model_name="signingkey",
            constraint=models.UniqueConstraint(
                condition=models.Q(("retired_at", None)),
                fields=("purpose",),
                name="audits_signingkey_one_a_purpose",
            ),
        ),
        migrations.RunPython(freeze, thaw),
    ]
