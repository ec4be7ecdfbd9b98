"""Every public act as a leaf of a tree that only grows, and what was signed about it."""

import django.db.models.deletion
from django.db import migrations, models

from agencies.lib.refusals import allow, refuse
from audits.migrations._log_stays import REFUSALS


def lock(apps, schema_editor):
    refuse(schema_editor, REFUSALS)


def unlock(apps, schema_editor):
    allow(schema_editor, REFUSALS)


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0006_whoever_is_certified_again_goes_on"),
        ("audits", "0004_keys_stay_as_registered"),
    ]

    operations = [
        migrations.CreateModel(
            name="LogNode",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "level",
                        "place",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("level", models.PositiveSmallIntegerField()),
                ("place", models.PositiveBigIntegerField()),
                ("hash", models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="WatchedLog",
            fields=[
                ("origin", models.CharField(max_length=200, primary_key=True, serialize=False)),
                ("verifier_key", models.CharField(max_length=300)),
                ("added_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="LogCheckpoint",
            fields=[
                ("size", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("root", models.CharField(max_length=64)),
                ("note", models.TextField()),
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
                "ordering": ("-size",),
            },
        ),
        migrations.CreateModel(
            name="LogLeaf",
            fields=[
                ("position", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=60)),
                ("about", models.CharField(max_length=100)),
                ("content", models.TextField(help_text="Canonical JSON (RFC 8785).")),
                ("logged_at", models.DateTimeField()),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.journalentry",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "log leaves",
                "ordering": ("position",),
            },
        ),
        migrations.CreateModel(
            name="LogOpening",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("salt", models.CharField(max_length=64)),
                ("value", models.TextField()),
                (
                    "leaf",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="openings",
                        to="audits.logleaf",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SeenCheckpoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("origin", models.CharField(max_length=200)),
                ("size", models.PositiveBigIntegerField()),
                ("root", models.CharField(max_length=64)),
                ("witness", models.CharField(max_length=200)),
                ("note", models.TextField()),
                ("cosignature", models.TextField(blank=True)),
                ("seen_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("origin", "-size", "-seen_at"),
                "indexes": [
                    models.Index(fields=["origin", "-size"], name="audits_seencheckpoint_largest")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("witness", ""), _negated=True),
                        name="audits_seencheckpoint_by_whom",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="logleaf",
            index=models.Index(fields=["about", "kind"], name="audits_logleaf_about"),
        ),
        migrations.AddIndex(
            model_name="logleaf",
            index=models.Index(fields=["logged_at"], name="audits_logleaf_logged_at"),
        ),
        migrations.AddIndex(
            model_name="logopening",
            index=models.Index(fields=["name", "value"], name="audits_logopening_value"),
        ),
        migrations.AddConstraint(
            model_name="logopening",
            constraint=models.UniqueConstraint(
                fields=("leaf", "name"), name="audits_logopening_once"
            ),
        ),
        migrations.RunPython(lock, unlock),
    ]
