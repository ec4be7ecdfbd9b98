from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attestations", "0015_revisions_stay_as_recorded"),
    ]

    operations = [
        migrations.AddField(
            model_name="placementimport",
            name="sheets",
            field=models.JSONField(
                default=dict,
                help_text="Of sheets by name: a mapping of their own, or null for one that is left aside.",
            ),
        ),
    ]
