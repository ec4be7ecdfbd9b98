from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attestations", "0011_an_edition_not_yet_in_force_can_be_rolled_back"),
    ]

    operations = [
        migrations.AddField(
            model_name="placementversion",
            name="replaced_reason",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Why somebody corrected it by hand; empty where a file replaced it.",
                max_length=300,
            ),
        ),
    ]
