"""`make bench`: how fast the hot paths are on this machine, as one JSON object a line.

Also appended to `var/bench.jsonl`. Sizes come from BENCH_ROWS, BENCH_CERTIFICATES and
BENCH_REQUESTS; the database is an SQLite file in a temporary folder, or one of its own on the
server that DATABASE_URL names.
"""

import os
import sys
import tempfile
from pathlib import Path

from tests.bench.database import scratch_database


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, scratch_database(Path(folder)) as address:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "VAR_ROOT": folder,
            "DATABASE_URL": address,
            "LOG_LEVEL": "ERROR",
        }
        import django  # noqa: PLC0415 -- only now does the environment name the database

        django.setup()
        from config.celery import app  # noqa: PLC0415 -- as above

        # what an act sends to a worker is done here and now
        app.conf.task_always_eager = True
        from tests.bench.measures import run  # noqa: PLC0415 -- as above

        run(sys.stdout)


main()
