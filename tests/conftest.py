"""What every test stands on: folders of its own, quick passwords, tasks in line, no network."""

import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations
from hypothesis import settings as hypothesis_settings

from config.celery import app as celery_app
from config.env import Environment
from tests.factories import attestations

READS = ("SELECT", "WITH", "EXPLAIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
LOOPBACK = ("127.", "::1", "localhost")

# One slow machine shared by many processes: time is no property of the code under test.
hypothesis_settings.register_profile("registry", deadline=None, max_examples=50)
hypothesis_settings.load_profile("registry")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests about one database are not collected on the other: nothing is ever skipped."""
    address = Environment().text("DATABASE_URL", "sqlite:")
    other = "postgresql_only" if address.startswith("sqlite:") else "sqlite_only"
    elsewhere = [item for item in items if item.get_closest_marker(other)]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if not item.get_closest_marker(other)]


@pytest.fixture(autouse=True)
def _rooms_of_its_own(tmp_path: Path, settings: Any) -> None:
    """Files land in the test's own folder, and passwords cost no time."""
    settings.VAR_ROOT = tmp_path
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    settings.DOCUMENT_ROOT = tmp_path / "documents"
    settings.IMPORT_ROOT = tmp_path / "imports"
    settings.BROKER_ROOT = tmp_path / "broker"
    settings.CHECKPOINT_ROOT = tmp_path / "checkpoints"
    settings.SIGNING_KEY_FILE = tmp_path / "keys" / "demonstration-ed25519.pem"
    settings.SIGNING_KEYS_DIR = tmp_path / "keys"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(settings.DOCUMENT_ROOT)},
        }
    }


@pytest.fixture(autouse=True, scope="session")
def _tasks_in_line() -> None:
    """A task runs where it is sent and raises there; tests of real workers start a process."""
    celery_app.conf.update(task_always_eager=True, task_eager_propagates=True)


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    connect = socket.socket.connect

    def stay_here(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not str(address[0]).startswith(LOOPBACK):
            raise AssertionError(f"a test asked the network for {address[0]}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", stay_here)
        yield


@pytest.fixture(autouse=True, scope="session")
def _flushing_sets_triggers_aside() -> Iterator[None]:
    """Emptying the database between transactional tests is the one thing no trigger may refuse."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def without_triggers(self: BaseDatabaseOperations, sql_list: list[str]) -> None:
        before, after = _around_flush(self.connection)
        flush(self, [*before, *sql_list, *after])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", without_triggers)
        yield


def _around_flush(connection: Any) -> tuple[list[str], list[str]]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            return [f"DROP TRIGGER {name}" for name, _ in triggers], [sql for _, sql in triggers]
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
        )
        tables = [row[0] for row in cursor.fetchall()]
    return (
        [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables],
        [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables],
    )


@pytest.fixture
def reads_only() -> Callable[[], AbstractContextManager[None]]:
    """A context in which any statement but a read fails: a GET never writes."""
    return _reads_only


@contextmanager
def _reads_only() -> Iterator[None]:
    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        assert sql.lstrip(" \n(").upper().startswith(READS), f"a read wrote to the database: {sql}"
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


@pytest.fixture
def reference(db: None) -> None:
    """The countries, the Code, the catalogue and the lists, as `manage.py load_reference` loads."""
    attestations.reference()
