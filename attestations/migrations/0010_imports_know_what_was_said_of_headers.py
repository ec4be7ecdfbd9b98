from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attestations", "0009_what_files_brought_is_confirmed"),
    ]

    operations = [
        migrations.AddField(
            model_name="placementimport",
            name="remembered",
            field=models.JSONField(
                default=dict,
                help_text="What the agency had said of headers when the file was queued.",
            ),
        ),
    ]
