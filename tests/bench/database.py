"""A database that nobody else uses, gone afterwards."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg


@contextmanager
def scratch_database(folder: Path) -> Iterator[str]:
    """The address of an empty database, on the server of DATABASE_URL if that names one."""
    given = os.environ.get("DATABASE_URL", "sqlite:")
    if given.startswith("sqlite:"):
        yield f"sqlite:///{folder / 'bench.sqlite3'}"
        return
    server = urlsplit(given)
    name = f"bench_{os.getpid()}"
    with psycopg.connect(server._replace(path="/postgres").geturl(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield server._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
