"""Files kept under the digest of their content: once each, on disk before anything names them.

The path follows from the SHA-256 alone and never from what somebody called the file. A file is
written beside the store, flushed to the disk, and moved into place in one step; then the directory
is flushed too. So a row that names a digest is only written when the bytes survive a power cut,
and a crash half-way leaves nothing that can be opened.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Container, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from io import BufferedReader
from pathlib import Path
from typing import IO, Protocol

INCOMING = "incoming"

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_CHUNK = 1 << 20


class Readable(Protocol):
    """Anything with `read(size)`: an open file, or a file that Django received."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What a row keeps of a file."""

    digest: str
    size: int


class Condition(StrEnum):
    """What a look at the disk says about one digest."""

    INTACT = "intact"
    ALTERED = "altered"
    MISSING = "missing"


class FileTooLarge(ValueError):
    """The stream went on beyond the limit; nothing was kept."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"This file is larger than {_size_in_words(limit)}. Send a smaller one.")
        self.limit = limit


class FileUnavailable(LookupError):
    """The content asked for is not there, or is not what was stored; it is not served."""

    def __init__(self, digest: str, condition: Condition) -> None:
        super().__init__(f"The file {digest} is {condition} in the store.")
        self.digest = digest
        self.condition = condition


def store(stream: Readable, root: Path, *, limit: int) -> StoredFile:
    """Keep the stream's content and return its digest and size, once the disk has it.

    Storing the same content again changes nothing, except that a damaged copy is replaced.
    """
    with _incoming_file(root) as (file, written_to):
        hashed, size = hashlib.sha256(), 0
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > limit:
                raise FileTooLarge(limit)
            hashed.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
        digest = hashed.hexdigest()
        place = path_of(root, digest)
        _make_directories(place.parent, root)
        if condition(root, digest) is not Condition.INTACT:
            os.replace(written_to, place)
        for directory in (place.parent, place.parent.parent, root):  # a crash may have left them so
            _flush_directory(directory)
    return StoredFile(digest, size)


def path_of(root: Path, digest: str) -> Path:
    """Where the content with this digest lies; anything but a SHA-256 in hexadecimal is refused."""
    if not _DIGEST.fullmatch(digest):
        raise ValueError(f"{digest[:80]!r} is not a SHA-256 digest in lower-case hexadecimal.")
    return root / digest[:2] / digest[2:4] / digest


def open_stored(root: Path, digest: str) -> BufferedReader:
    """The content, opened at its beginning, after it was checked against its digest.

    The bytes that were checked are the bytes that are read: it is the same open file.
    """
    try:
        file = path_of(root, digest).open("rb")
    except FileNotFoundError as missing:
        raise FileUnavailable(digest, Condition.MISSING) from missing
    if _digest_of(file) != digest:
        file.close()
        raise FileUnavailable(digest, Condition.ALTERED)
    file.seek(0)
    return file


def condition(root: Path, digest: str) -> Condition:
    """Whether the content is there and still has this digest; reads all of it."""
    try:
        open_stored(root, digest).close()
    except FileUnavailable as unavailable:
        return unavailable.condition
    return Condition.INTACT


def verify(root: Path, digest: str) -> bool:
    """True if the content is there, whole and unchanged."""
    return condition(root, digest) is Condition.INTACT


def stored_digests(root: Path) -> Iterator[str]:
    """Every digest that the store has a file for, in order; `fsck` compares it with the rows."""
    for place in sorted(root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*")):
        if _DIGEST.fullmatch(place.name):
            yield place.name


def remove_abandoned(root: Path, *, older_than: float) -> int:
    """Delete what crashes left half-written before `older_than` (seconds of the epoch)."""
    removed = 0
    for left in (root / INCOMING).glob("*.part"):
        with suppress(FileNotFoundError):
            if left.stat().st_mtime < older_than:
                left.unlink()
                removed += 1
    return removed


def remove_unnamed(root: Path, named: Container[str], *, older_than: float) -> list[str]:
    """Delete what was stored before `older_than` (seconds of the epoch) and no row names; the
    digests. Whoever stores a file names it within moments, or died in between."""
    removed = []
    for digest in stored_digests(root):
        place = path_of(root, digest)
        if digest not in named and place.stat().st_mtime < older_than:
            place.unlink(missing_ok=True)
            removed.append(digest)
    return removed


@contextmanager
def _incoming_file(root: Path) -> Iterator[tuple[IO[bytes], Path]]:
    """A new file on the store's own disk, which is gone afterwards unless it was moved away."""
    directory = root / INCOMING
    _make_directories(directory, root)
    with tempfile.NamedTemporaryFile(dir=directory, suffix=".part", delete=False) as file:
        written_to = Path(file.name)
        try:
            yield file, written_to
        finally:
            written_to.unlink(missing_ok=True)


def _make_directories(directory: Path, root: Path) -> None:
    """Create what is missing, and flush each parent so that the new entry is on disk."""
    missing = []
    while not directory.exists():
        missing.append(directory)
        directory = directory.parent
    for new in reversed(missing):
        new.mkdir(mode=0o700 if new == root or root in new.parents else 0o755, exist_ok=True)
        _flush_directory(new.parent)


def _flush_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _digest_of(file: BufferedReader) -> str:
    return hashlib.file_digest(file, "sha256").hexdigest()


def _size_in_words(limit: int) -> str:
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if limit >= size:
            return f"{limit / size:.3g} {unit}"
    return f"{limit} bytes"
