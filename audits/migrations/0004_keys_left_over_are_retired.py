"""One key a purpose signs; where several were registered, the older ones are over from now on.

What they signed was signed before, so it stays as good as it was.
"""

from django.db import migrations
from django.db.models import F
from django.db.models.functions import Coalesce, Least
from django.utils import timezone


def retire(apps, schema_editor):
    signing_key = apps.get_model("audits", "SigningKey")
    keys = signing_key.objects.filter(retired_at=None).order_by("-valid_from", "key_id")
    now = timezone.now()
    for key in keys[1:]:
        signing_key.objects.filter(pk=key.pk, valid_from__lte=now).update(
            retired_at=now, valid_until=Least(Coalesce(F("valid_until"), now), now)
        )


class Migration(migrations.Migration):
    dependencies = [("audits", "0004_keys_have_a_purpose")]

    operations = [migrations.RunPython(retire, migrations.RunPython.noop)]
