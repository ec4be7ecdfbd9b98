import hashlib
import io
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from agencies.lib.stored_files import (
    INCOMING,
    Condition,
    FileTooLarge,
    FileUnavailable,
    StoredFile,
    condition,
    open_stored,
    path_of,
    remove_abandoned,
    remove_unnamed,
    store,
    stored_digests,
    verify,
)

CONTENT = b"a licence, scanned"
DIGEST = hashlib.sha256(CONTENT).hexdigest()
PROJECT = Path(__file__).parents[3]


class Breaks:
    """A connection that is lost after the first piece."""

    def __init__(self):
        self.pieces = [b"first piece"]

    def read(self, size):
        if self.pieces:
            return self.pieces.pop()
        raise ConnectionResetError("gone")


def everything_under(root):
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_a_file_is_kept_under_its_digest_and_read_back(tmp_path):
    stored = store(io.BytesIO(CONTENT), tmp_path, limit=100)

    with open_stored(tmp_path, stored.digest) as file:
        assert file.read() == CONTENT
    assert stored == StoredFile(DIGEST, len(CONTENT))
    assert everything_under(tmp_path) == [f"{DIGEST[:2]}/{DIGEST[2:4]}/{DIGEST}"]
    assert list(stored_digests(tmp_path)) == [DIGEST]


def test_the_same_content_twice_is_one_file(tmp_path):
    first = store(io.BytesIO(CONTENT), tmp_path, limit=100)
    inode = path_of(tmp_path, DIGEST).stat().st_ino
    second = store(io.BytesIO(CONTENT), tmp_path, limit=100)

    assert first == second
    assert path_of(tmp_path, DIGEST).stat().st_ino == inode
    assert everything_under(tmp_path) == [f"{DIGEST[:2]}/{DIGEST[2:4]}/{DIGEST}"]


def test_an_empty_stream_and_one_of_exactly_the_limit_are_kept(tmp_path):
    assert store(io.BytesIO(b""), tmp_path, limit=0).size == 0
    assert store(io.BytesIO(b"x" * 10), tmp_path, limit=10).size == 10


def test_beyond_the_limit_nothing_is_kept(tmp_path):
    with pytest.raises(FileTooLarge, match="larger than 10 bytes"):
        store(io.BytesIO(b"x" * 11), tmp_path, limit=10)

    assert everything_under(tmp_path) == []


@pytest.mark.parametrize(
    ("limit", "words"), [(20_000_000, "20 MB"), (1_500, "1.5 kB"), (2 * 10**9, "2 GB")]
)
def test_the_limit_is_said_in_words(limit, words):
    assert str(FileTooLarge(limit)) == f"This file is larger than {words}. Send a smaller one."


def test_a_lost_connection_leaves_nothing(tmp_path):
    with pytest.raises(ConnectionResetError):
        store(Breaks(), tmp_path, limit=100)

    assert everything_under(tmp_path) == []


def test_a_process_killed_in_the_middle_leaves_nothing_that_can_be_opened(tmp_path):
    script = textwrap.dedent(
        """
        import os, signal, sys
        from pathlib import Path
        from agencies.lib.stored_files import store

        class Killed:
            pieces = [b"a licence, scanned"]

            def read(self, size):
                if self.pieces:
                    return self.pieces.pop()
                os.kill(os.getpid(), signal.SIGKILL)

        store(Killed(), Path(sys.argv[1]), limit=100)
        """
    )

    killed = subprocess.run([sys.executable, "-c", script, str(tmp_path)], cwd=PROJECT, check=False)

    assert killed.returncode == -9
    assert list(stored_digests(tmp_path)) == []
    assert condition(tmp_path, DIGEST) is Condition.MISSING
    assert [Path(left).parent.name for left in everything_under(tmp_path)] == [INCOMING]
    assert store(io.BytesIO(CONTENT), tmp_path, limit=100).digest == DIGEST


def test_what_a_crash_left_is_cleared_away_when_it_is_old(tmp_path):
    (tmp_path / INCOMING).mkdir()
    old, new = tmp_path / INCOMING / "a.part", tmp_path / INCOMING / "b.part"
    old.write_bytes(b"half")
    new.write_bytes(b"half")
    os.utime(old, (1000, 1000))
    os.utime(new, (3000, 3000))

    assert remove_abandoned(tmp_path, older_than=2000) == 1
    assert everything_under(tmp_path) == [f"{INCOMING}/b.part"]


def test_what_no_row_names_is_cleared_away_when_it_is_old(tmp_path):
    kept = {name: store(io.BytesIO(name.encode()), tmp_path, limit=100).digest for name in "abc"}
    for name, when in {"a": 1000, "b": 1000, "c": 3000}.items():
        os.utime(path_of(tmp_path, kept[name]), (when, when))

    assert remove_unnamed(tmp_path, {kept["a"]}, older_than=2000) == [kept["b"]]
    assert set(stored_digests(tmp_path)) == {kept["a"], kept["c"]}


def test_content_and_directories_reach_the_disk_before_the_answer(tmp_path, monkeypatch):
    flushed = []
    real_fsync, real_replace = os.fsync, os.replace

    def fsync(descriptor):
        flushed.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        real_fsync(descriptor)

    def replace(source, target):
        flushed.append("moved")
        real_replace(source, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", replace)

    root = tmp_path / "store"
    store(io.BytesIO(CONTENT), root, limit=100)

    shelf = path_of(root, DIGEST).parent
    content = next(path for path in flushed if path.endswith(".part"))
    assert flushed == [
        str(tmp_path),
        str(root),
        content,
        str(root),
        str(shelf.parent),
        "moved",
        str(shelf),
        str(shelf.parent),
        str(root),
    ]


def test_flipped_bits_are_noticed_not_served_and_mended_by_storing_again(tmp_path):
    store(io.BytesIO(CONTENT), tmp_path, limit=100)
    path_of(tmp_path, DIGEST).write_bytes(b"b" + CONTENT[1:])

    assert condition(tmp_path, DIGEST) is Condition.ALTERED
    assert not verify(tmp_path, DIGEST)
    with pytest.raises(FileUnavailable, match=f"The file {DIGEST} is altered in the store."):
        open_stored(tmp_path, DIGEST)

    store(io.BytesIO(CONTENT), tmp_path, limit=100)
    assert verify(tmp_path, DIGEST)


def test_a_file_that_is_not_there_is_missing(tmp_path):
    assert condition(tmp_path, DIGEST) is Condition.MISSING
    assert not verify(tmp_path, DIGEST)
    with pytest.raises(FileUnavailable) as refused:
        open_stored(tmp_path, DIGEST)
    assert refused.value.condition is Condition.MISSING


@pytest.mark.parametrize(
    "digest",
    ["", "../../etc/passwd", DIGEST.upper(), DIGEST[:-1], DIGEST + "0", DIGEST + "\n", "١" * 64],
)
def test_only_a_digest_makes_a_path(tmp_path, digest):
    with pytest.raises(ValueError, match="is not a SHA-256 digest"):
        open_stored(tmp_path, digest)


def test_others_on_the_machine_cannot_read_the_store(tmp_path):
    root = tmp_path / "store"
    store(io.BytesIO(CONTENT), root, limit=100)

    places = [root, *root.rglob("*")]
    assert {place.stat().st_mode & 0o077 for place in places} == {0}
