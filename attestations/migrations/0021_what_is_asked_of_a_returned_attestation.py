"""What a regulator asks about single requirements, and by when, is part of its review."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from attestations.migrations._frozen import freeze, freeze_asked, thaw, thaw_asked


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0006_whoever_is_certified_again_goes_on"),
        ("attestations", "0020_an_edition_finds_its_placements_by_residence"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(thaw, freeze),
        migrations.CreateModel(
            name="Ask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("words", models.TextField()),
            ],
            options={
                "ordering": ("attestation", "requirement__position"),
            },
        ),
        migrations.AddField(
            model_name="attestation",
            name="answer_by",
            field=models.DateField(
                blank=True,
                help_text="The last day to answer what a returned one asks for.",
                null=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="attestation",
            constraint=models.CheckConstraint(
                condition=models.Q(("answer_by", None), ("state", "returned"), _connector="OR"),
                name="attestations_attestation_only_a_returned_one_is_due",
            ),
        ),
        migrations.AddField(
            model_name="ask",
            name="attestation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="asks",
                to="attestations.attestation",
            ),
        ),
        migrations.AddField(
            model_name="ask",
            name="requirement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="attestations.requirement",
            ),
        ),
        migrations.AddConstraint(
            model_name="ask",
            constraint=models.UniqueConstraint(
                fields=("attestation", "requirement"), name="attestations_ask_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="ask",
            constraint=models.CheckConstraint(
                condition=models.Q(("words", ""), _negated=True), name="attestations_ask_says_what"
            ),
        ),
        migrations.RunPython(freeze, thaw),
        migrations.RunPython(freeze_asked, thaw_asked),
    ]
