"""The credential of a certificate is kept as it was published, and stays so."""

import django.db.models.deletion
from django.db import migrations, models

from agencies.lib.refusals import allow, append_only, refuse

REFUSALS = append_only(
    "audits_certificatecredential", "a published credential stays as it was published"
)


def lock(apps, schema_editor):
    refuse(schema_editor, REFUSALS)


def unlock(apps, schema_editor):
    allow(schema_editor, REFUSALS)


class Migration(migrations.Migration):
    dependencies = [("audits", "0005_the_log_of_public_acts")]

    operations = [
        migrations.CreateModel(
            name="CertificateCredential",
            fields=[
                (
                    "certificate",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="credential",
                        serialize=False,
                        to="audits.certificate",
                    ),
                ),
                (
                    "jsonld",
                    models.TextField(
                        help_text="Canonical JSON (RFC 8785) with a Data Integrity proof."
                    ),
                ),
                ("jsonld_digest", models.CharField(max_length=64)),
                ("jwt", models.TextField(help_text="The same credential as vc+jwt.")),
                ("jwt_digest", models.CharField(max_length=64)),
                ("signed_at", models.DateTimeField()),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="audits.signingkey",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("jsonld", ""), _negated=True),
                            models.Q(("jwt", ""), _negated=True),
                        ),
                        name="audits_certificatecredential_whole",
                    )
                ],
            },
        ),
        migrations.RunPython(lock, unlock),
    ]
