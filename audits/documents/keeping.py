"""Finished documents: kept by their digest, on disk before any row names them."""

from io import BytesIO
from pathlib import Path

from django.conf import settings

from agencies.lib import stored_files

LARGEST = 20 * 1024 * 1024


def keep(document: bytes) -> stored_files.StoredFile:
    """Store the bytes, and read them back from the disk before anybody is told of them."""
    root = Path(settings.DOCUMENT_ROOT)
    stored = stored_files.store(BytesIO(document), root, limit=LARGEST)
    stored_files.open_stored(root, stored.digest).close()
    return stored


def open_kept(digest: str):
    """The document as it was kept; FileUnavailable if it is gone or no longer the same."""
    return stored_files.open_stored(Path(settings.DOCUMENT_ROOT), digest)


def condition(digest: str) -> stored_files.Condition:
    return stored_files.condition(Path(settings.DOCUMENT_ROOT), digest)
