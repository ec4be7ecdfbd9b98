"""PostgreSQL itself refuses entries that overlap (design §10); SQLite has no such constraint.

There, and for what a constraint cannot say, the services look under the agency's lock and
`manage.py fsck` names what got past.
"""

from django.db import migrations

FORWARDS = [
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    """
    ALTER TABLE agencies_authorization ADD CONSTRAINT agencies_authorization_no_overlap
    EXCLUDE USING gist (
        agency_id WITH =, side WITH =, country_id WITH =, (coalesce(partner_id, 0)) WITH =,
        (upper(number)) WITH =, (daterange(valid_from, valid_until, '[]')) WITH &&
    )
    """,
    """
    ALTER TABLE agencies_officer ADD CONSTRAINT agencies_officer_no_overlap
    EXCLUDE USING gist (
        agency_id WITH =, user_id WITH =, (daterange(valid_from, valid_until, '[]')) WITH &&
    ) WHERE (user_id IS NOT NULL)
    """,
    """
    ALTER TABLE agencies_schememembership ADD CONSTRAINT agencies_schememembership_no_overlap
    EXCLUDE USING gist (
        agency_id WITH =, scheme WITH =, (daterange(valid_from, valid_until, '[]')) WITH &&
    )
    """,
]
BACKWARDS = [
    "ALTER TABLE agencies_schememembership DROP CONSTRAINT agencies_schememembership_no_overlap",
    "ALTER TABLE agencies_officer DROP CONSTRAINT agencies_officer_no_overlap",
    "ALTER TABLE agencies_authorization DROP CONSTRAINT agencies_authorization_no_overlap",
]


def run(statements):
    def on_postgresql(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            for statement in statements:
                schema_editor.execute(statement)

    return on_postgresql


class Migration(migrations.Migration):
    dependencies = [("agencies", "0004_names_that_look_alike")]

    operations = [migrations.RunPython(run(FORWARDS), run(BACKWARDS))]
