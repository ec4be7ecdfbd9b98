import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from attestations.migrations._frozen import (
    freeze_revisions,
    freeze_revisions_rolled_back,
    thaw_revisions,
    thaw_revisions_rolled_back,
)


class Migration(migrations.Migration):
    dependencies = [
        ("attestations", "0017_rows_are_staged_without_a_key_of_their_own"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(thaw_revisions, freeze_revisions),
        migrations.AddField(
            model_name="revision",
            name="rollback_asked_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="revision",
            name="rollback_asked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="revision",
            name="rollback_reason",
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("rollback_asked_at__isnull", True), ("rollback_asked_by__isnull", True)
                    ),
                    models.Q(
                        ("rollback_asked_at__isnull", False), ("rollback_asked_by__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="attestations_revision_rollback_asked_pair",
                violation_error_message="Give rollback asked at and rollback asked by together, or leave all of them empty.",
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("rollback_asked_at", None), ("rollback_reason", "")),
                    models.Q(
                        ("confirmed_at__isnull", False),
                        ("rollback_asked_at__isnull", False),
                        models.Q(("rollback_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="attestations_revision_rollback_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_at", None),
                    ("undone_at", None),
                    ("rollback_asked_at__isnull", False),
                    _connector="OR",
                ),
                name="attestations_revision_rolled_back_if_asked",
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("rollback_asked_by__isnull", True),
                    ("undone_by__isnull", True),
                    models.Q(("rollback_asked_by", models.F("undone_by")), _negated=True),
                    _connector="OR",
                ),
                name="attestations_revision_rolled_back_by_two",
                violation_error_message="Somebody else has to confirm this.",
            ),
        ),
        migrations.RunPython(freeze_revisions, thaw_revisions),
        migrations.RunPython(freeze_revisions_rolled_back, thaw_revisions_rolled_back),
    ]
