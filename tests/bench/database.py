"""A database that nobody else uses, gone afterwards; and a model of it, made once and copied."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import psycopg

_numbers = iter(range(1_000_000))


@contextmanager
def scratch_database(folder: Path, given: str, model: str = "") -> Iterator[str]:
    """The address of a database of its own, on the server that `given` names if it names one.

    Empty, or like the database at the address `model`, to which nobody may be connected.
    """
    if given.startswith("sqlite:"):
        path = folder / "bench.sqlite3"
        if model:
            shutil.copy(model.removeprefix("sqlite:///"), path)
        yield f"sqlite:///{path}"
        return
    server = urlsplit(given)
    name = f"bench_{os.getpid()}_{next(_numbers)}"
    like = f" TEMPLATE {urlsplit(model).path.lstrip('/')}" if model else ""
    with _connected(server) as connection:
        connection.execute(f"CREATE DATABASE {name}{like}")
        try:
            yield server._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _connected(server: SplitResult) -> psycopg.Connection:
    address = server._replace(path="/postgres").geturl()
    return psycopg.connect(address, autocommit=True)
