"""The database itself refuses to change what was signed or published."""

from django.db import migrations

from attestations.migrations._frozen import freeze, thaw


class Migration(migrations.Migration):
    dependencies = [("attestations", "0002_what_a_requirement_stands_on")]

    operations = [migrations.RunPython(freeze, thaw)]
