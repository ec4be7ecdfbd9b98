"""A register of its own, and real workers on it that can be killed: what they leave is on the disk.

An SQLite file, or a database on the PostgreSQL server that the tests run on.
"""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connection

ROOT = Path(__file__).parents[2]
SERVER = os.environ.get("DATABASE_URL", "sqlite:")
GONE_WITHIN = 10


class Scratch:
    """A register in a folder; `copy` gives another that begins as this one is now."""

    def __init__(self, folder, copied_from=None):
        self.folder, self.name = Path(folder), f"killed_{uuid.uuid4().hex}"
        self.folder.mkdir(parents=True, exist_ok=True)
        if SERVER.startswith("sqlite:"):
            self.url = f"sqlite:///{self.folder / 'registry.sqlite3'}"
        else:
            self.url = urlunsplit(urlsplit(SERVER)._replace(path=f"/{self.name}"))
            _on_server(f'CREATE DATABASE "{self.name}" TEMPLATE "{copied_from}"')

    def copy(self, folder):
        # with what SQLite keeps beside its file
        shutil.copytree(self.folder, folder)
        return Scratch(folder, copied_from=self.name)

    def drop(self):
        if not SERVER.startswith("sqlite:"):
            _on_server(f'DROP DATABASE "{self.name}" WITH (FORCE)')
        shutil.rmtree(self.folder, ignore_errors=True)

    def begin(self, *command):
        """A worker in a session of its own, so that what it leaves behind can be found."""
        return subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "config.settings",
                "DATABASE_URL": self.url,
                "VAR_ROOT": str(self.folder),
                "PYTHONPATH": str(ROOT),
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def run(self, *command):
        """What a worker says that comes to its end."""
        worker = self.begin(*command)
        said, wrong = worker.communicate()
        assert worker.returncode == 0, wrong.decode()
        return said.splitlines()[-1] if said else b""


def register(folder):
    """An empty register with the tables of the database that the tests run on."""
    if connection.vendor == "sqlite":
        made = Scratch(folder)
        connection.ensure_connection()
        with closing(sqlite3.connect(made.folder / "registry.sqlite3")) as file:
            connection.connection.backup(file)
        return made
    connection.close()  # nobody may look on while it is copied
    return Scratch(folder, copied_from=connection.settings_dict["NAME"])


def killed_after(worker, seconds):
    """Kill a worker so long after it says that it begins; whether it was still at work."""
    assert worker.stdout.readline() == b"begins\n", worker.communicate()[1].decode()
    time.sleep(seconds)
    worker.kill()
    worker.communicate()
    return worker.returncode == -signal.SIGKILL


def left_behind(worker):
    """The processes of a dead worker's session that do not end by themselves in a while."""
    until = time.monotonic() + GONE_WITHIN
    while (left := _alive_in(worker.pid)) and time.monotonic() < until:
        time.sleep(0.02)
    return left


def _alive_in(session):
    found = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, in_session = place.read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(in_session) == session and state != "Z":
            found.append(int(place.parent.name))
    return found


def _on_server(statement):
    place = urlunsplit(urlsplit(SERVER)._replace(path="/postgres"))
    with psycopg.connect(place, autocommit=True) as connection:
        connection.execute(statement)
