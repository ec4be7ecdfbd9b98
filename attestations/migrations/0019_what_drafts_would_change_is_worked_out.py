import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attestations", "0018_revisions_are_rolled_back_by_two"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reckoning",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("asked_at", models.DateTimeField()),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                ("as_of", models.DateTimeField(blank=True, null=True)),
                ("lists_digest", models.CharField(blank=True, max_length=64)),
                ("last_key", models.PositiveBigIntegerField(default=0)),
                ("placements_done", models.PositiveBigIntegerField(default=0)),
                ("placements_total", models.PositiveBigIntegerField(default=0)),
                (
                    "counted",
                    models.JSONField(default=dict, help_text="As `would_be.Tally` counts."),
                ),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "edition",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reckoning",
                        to="attestations.listedition",
                    ),
                ),
                (
                    "revision",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reckoning",
                        to="attestations.revision",
                    ),
                ),
            ],
            options={
                "ordering": ("-asked_at",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("edition", None), ("revision__isnull", False)),
                            models.Q(("edition__isnull", False), ("revision", None)),
                            _connector="OR",
                        ),
                        name="attestations_reckoning_of_one_draft",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("as_of__isnull", True),
                            ("finished_at__isnull", True),
                            ("finished_at__gte", models.F("as_of")),
                            _connector="OR",
                        ),
                        name="attestations_reckoning_finished_after_begun",
                        violation_error_message="Finished at cannot come before as of.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finished_at", None), ("as_of__isnull", False), _connector="OR"
                        ),
                        name="attestations_reckoning_finished_if_begun",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("placements_done__lte", models.F("placements_total"))),
                        name="attestations_reckoning_no_more_than_all",
                    ),
                ],
            },
        ),
    ]
