"""Whom an edition touches is found without going through all who were recruited before its day."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0006_whoever_is_certified_again_goes_on"),
        ("attestations", "0019_what_drafts_would_change_is_worked_out"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="placement",
            name="attestations_placement_since",
        ),
        migrations.AddIndex(
            model_name="placement",
            index=models.Index(
                fields=["residence", "recruited_on", "started_on"],
                name="attestations_placement_since",
            ),
        ),
    ]
