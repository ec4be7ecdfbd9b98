"""A command on a machine where nothing is set up yet says what to do first."""

import os
import subprocess
import sys

from django.conf import settings

EMPTY = (
    "The database is empty. Run manage.py migrate and manage.py load_reference first, "
    "or make demo for a register to try things on.\n"
)
QUESTION = (
    "ask", "--source", "GHA", "--destination", "IRL", "--occupation", "2221",
    "--mode", "agency", "--on", "2024-05-10",
)  # fmt: skip


def run(database, *arguments):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": f"sqlite:///{database}"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_empty_database_is_named_and_no_trace_is_shown(tmp_path):
    done = run(tmp_path / "empty.sqlite3", *QUESTION)

    assert (done.returncode, done.stderr) == (1, EMPTY)


def test_without_a_list_there_is_no_answer_rather_than_a_clear_one(tmp_path):
    database = tmp_path / "bare.sqlite3"
    run(database, "migrate", "--verbosity", "0")

    done = run(database, *QUESTION)

    assert (done.returncode, done.stdout) == (3, "")
    assert "No edition of the Safeguards List is loaded" in done.stderr
