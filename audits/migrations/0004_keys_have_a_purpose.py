"""A key signs one kind of thing, is retired or compromised, and what it signed stays known."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audits", "0003_supersession_by_corridor_and_name_index"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="signingkey",
            options={"ordering": ("-valid_from", "key_id")},
        ),
        migrations.AddField(
            model_name="signingkey",
            name="certificate",
            field=models.TextField(
                blank=True, help_text="X.509 certificates in PEM, the key's own first."
            ),
        ),
        migrations.AddField(
            model_name="signingkey",
            name="compromise_reason",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="signingkey",
            name="compromise_recorded_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="signingkey",
            name="compromised_from",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="signingkey",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("statement", "statement"),
                    ("credential", "credential"),
                    ("status_list", "status_list"),
                    ("checkpoint", "checkpoint"),
                    ("receipt", "receipt"),
                    ("document", "document"),
                ],
                default="statement",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="signingkey",
            name="replaced_by",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaces",
                to="audits.signingkey",
            ),
        ),
        migrations.AddField(
            model_name="signingkey",
            name="retired_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="signingkey",
            name="public_key",
            field=models.TextField(help_text="Base64 of the raw public key, or of a P-256 point."),
        ),
        migrations.AddConstraint(
            model_name="signingkey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "purpose__in",
                        [
                            "checkpoint",
                            "credential",
                            "document",
                            "receipt",
                            "statement",
                            "status_list",
                        ],
                    )
                ),
                name="audits_signingkey_purpose_known",
                violation_error_message="Purpose must be one of: checkpoint, credential, document, receipt, statement, status_list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="signingkey",
            constraint=models.CheckConstraint(
                condition=models.Q(("algorithm__in", ["ES256", "Ed25519"])),
                name="audits_signingkey_algorithm_known",
                violation_error_message="Algorithm must be one of: ES256, Ed25519.",
            ),
        ),
        migrations.AddConstraint(
            model_name="signingkey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("purpose", "document"), ("algorithm", "ES256")),
                    models.Q(
                        models.Q(("purpose", "document"), _negated=True),
                        models.Q(("algorithm", "ES256"), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="audits_signingkey_algorithm_fits",
            ),
        ),
        migrations.AddConstraint(
            model_name="signingkey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("purpose", "document"), models.Q(("certificate", ""), _negated=True)),
                    models.Q(models.Q(("purpose", "document"), _negated=True), ("certificate", "")),
                    _connector="OR",
                ),
                name="audits_signingkey_documents_have_a_certificate",
            ),
        ),
        migrations.AddConstraint(
            model_name="signingkey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("retired_at", None),
                    models.Q(
                        ("valid_until__isnull", False), ("valid_until__lte", models.F("retired_at"))
                    ),
                    _connector="OR",
                ),
                name="audits_signingkey_retired_is_over",
            ),
        ),
        migrations.AddConstraint(
            model_name="signingkey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("replaced_by", None),
                    models.Q(
                        ("retired_at__isnull", False),
                        models.Q(("replaced_by", models.F("key_id")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="audits_signingkey_replaced_is_retired",
            ),
        ),
        migrations.AddConstraint(
            model_name="signingkey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("compromised_from__isnull", True), ("compromise_recorded_at__isnull", True)
                    ),
                    models.Q(
                        ("compromised_from__isnull", False),
                        ("compromise_recorded_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="audits_signingkey_compromised_pair",
                violation_error_message="Give compromised from and compromise recorded at together, or leave all of them empty.",
            ),
        ),
        migrations.AddConstraint(
            model_name="signingkey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("compromised_from", None), ("retired_at__isnull", False), _connector="OR"
                ),
                name="audits_signingkey_compromised_is_retired",
            ),
        ),
        migrations.AddConstraint(
            model_name="signingkey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("compromised_from__isnull", True),
                    ("compromise_recorded_at__isnull", True),
                    ("compromise_recorded_at__gte", models.F("compromised_from")),
                    _connector="OR",
                ),
                name="audits_signingkey_compromise_known_after",
                violation_error_message="Compromise recorded at cannot come before compromised from.",
            ),
        ),
        migrations.AddConstraint(
            model_name="signingkey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("compromise_reason", ""), ("compromised_from", None)),
                    models.Q(
                        ("compromised_from__isnull", False),
                        models.Q(("compromise_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="audits_signingkey_compromise_says_why",
            ),
        ),
    ]
