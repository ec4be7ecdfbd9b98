"""Certificates, reports, decisions, changes of status and restrictions stay as published."""

from django.db import migrations

from agencies.lib.refusals import allow, refuse
from audits.migrations._published_stays import REFUSALS


def freeze(apps, schema_editor):
    refuse(schema_editor, REFUSALS)


def thaw(apps, schema_editor):
    allow(schema_editor, REFUSALS)


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0006_whoever_is_certified_again_goes_on"),
        ("attestations", "0015_revisions_stay_as_recorded"),
        ("audits", "0006_credentials_as_they_were_published"),
    ]

    operations = [migrations.RunPython(freeze, thaw)]
