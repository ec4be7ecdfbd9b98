from django.db import migrations
from django.db.models import F


def confirm(apps, schema_editor):
    """Emergencies and requirements so far came with the register's files: both at once."""
    for name in ("Emergency", "AuthorizationRequirement"):
        apps.get_model("attestations", name).objects.filter(
            confirmed_at=None, revision=None
        ).update(confirmed_at=F("recorded_at"))


def unconfirm(apps, schema_editor):
    """The column that was filled leaves with the migration before."""


class Migration(migrations.Migration):
    dependencies = [("attestations", "0008_what_two_people_change_together")]

    operations = [migrations.RunPython(confirm, unconfirm)]
