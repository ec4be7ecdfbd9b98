"""What two people change together cannot be another thing than what the second of them read."""

from django.db import migrations

from attestations.migrations._frozen import freeze_revisions, thaw_revisions


class Migration(migrations.Migration):
    dependencies = [("attestations", "0014_keys_of_placements_are_checked_set_by_set")]

    operations = [migrations.RunPython(freeze_revisions, thaw_revisions)]
