#!/usr/bin/env python
"""Every command of the registry starts here."""

import os
import sys

from django.core.management import execute_from_command_line
from django.db import DatabaseError, connection


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        execute_from_command_line(sys.argv)
    except DatabaseError:
        if "django_migrations" in connection.introspection.table_names():
            raise
        sys.exit(
            "The database is empty. Run manage.py migrate and manage.py load_reference first, "
            "or make demo for a register to try things on."
        )


if __name__ == "__main__":
    main()
