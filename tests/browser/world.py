"""A register that people may visit: the story of `make demo`, told on its own database.

Nothing of it runs in the process of the tests: the server, the worker and the database are those
of `make demo`, and what the tests know of them is what a browser and a letter box show.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 600.0
PUBLIC = "/verify/"


@dataclass(frozen=True)
class World:
    """Where the register answers, and the folder in which it keeps everything."""

    origin: str
    folder: Path

    @cached_property
    def passwords(self) -> dict[str, str]:
        return json.loads((self.folder / "demo" / "sign-in.json").read_text())

    @cached_property
    def summary(self) -> dict:
        return json.loads((self.folder / "demo" / "summary.json").read_text())

    def certificate_of(self, letter: str) -> str:
        """The number of the certificate of an agency of the story."""
        return next(
            part["certificate"] for part in self.summary["agencies"] if part["letter"] == letter
        )

    def letters_to(self, email: str) -> list[str]:
        """The texts of every letter to an address, the oldest first."""
        written = sorted(
            (self.folder / "mail").glob("*.log"), key=lambda path: path.stat().st_mtime
        )
        letters = (message_from_bytes(path.read_bytes(), policy=policy.default) for path in written)
        return [letter.get_content() for letter in letters if email in str(letter["To"])]

    def link_in_letter(self, email: str, part: str, *, patience: float = 30.0) -> str:
        """The address with `part` in it in the newest letter to somebody; waits for the letter."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            for text in reversed(self.letters_to(email)):
                found = [link for link in re.findall(r"https?://\S+", text) if part in link]
                if found:
                    return found[0]
            time.sleep(0.1)
        raise AssertionError(f"No letter to {email} has a link with {part!r}.")


@contextmanager
def running_world(folder: Path) -> Iterator[World]:
    """Tells the story into `folder`, serves it, and leaves neither process nor database behind."""
    with database(folder) as address:
        origin = f"http://127.0.0.1:{free_port()}"
        log = folder / "server.log"
        with log.open("wb") as written:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "demo"],
                cwd=ROOT,
                env=surroundings(folder, origin, address),
                stdout=written,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                wait_until_served(origin, process, log)
                yield World(origin, folder)
            finally:
                stop(process)


def surroundings(folder: Path, origin: str, address: str) -> dict[str, str]:
    ours = {
        "VAR_ROOT": str(folder),
        "CANONICAL_ORIGIN": origin,
        "PORT": origin.rpartition(":")[2],
        "DATABASE_URL": address,
        "SERVE": "1",
        "LOG_LEVEL": "WARNING",
    }
    return {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | ours


@contextmanager
def database(folder: Path) -> Iterator[str]:
    """A new one on the server of `DATABASE_URL`, or an SQLite file where nothing is said."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        yield f"sqlite:///{folder / 'registry.sqlite3'}"
        return
    name = f"browser_{os.getpid()}"
    admin = urlsplit(server)._replace(path="/postgres").geturl()
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def wait_until_served(origin: str, process: subprocess.Popen, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        if process.poll() is not None or time.monotonic() > until:
            raise AssertionError(f"The register was not served:\n{log.read_text()[-4000:]}")
        try:
            with urllib.request.urlopen(f"{origin}{PUBLIC}", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)


def stop(process: subprocess.Popen) -> None:
    """As Ctrl+C does: server and worker go with it."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
