"""What every test stands on: folders of its own, quick passwords, tasks in line, no stray write."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from config.env import Environment

READS = ("SELECT", "WITH", "EXPLAIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests about one database are not collected on the other: nothing is ever skipped."""
    other = "postgresql_only" if _on_sqlite() else "sqlite_only"
    elsewhere = [item for item in items if item.get_closest_marker(other)]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if not item.get_closest_marker(other)]


def _on_sqlite() -> bool:
    address = Environment().text("DATABASE_URL", "sqlite:")
    return address.startswith("sqlite:")


@pytest.fixture(autouse=True)
def _rooms_of_its_own(tmp_path: Path, settings: Any) -> None:
    """Files land in the test's own folder; passwords hash quickly; tasks run where they are sent."""
    settings.VAR_ROOT = tmp_path
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    settings.DOCUMENT_ROOT = tmp_path / "documents"
    settings.IMPORT_ROOT = tmp_path / "imports"
    settings.BROKER_ROOT = tmp_path / "broker"
    settings.SIGNING_KEY_FILE = tmp_path / "keys" / "demonstration-ed25519.pem"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(settings.DOCUMENT_ROOT)},
        }
    }


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
