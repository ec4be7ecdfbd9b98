"""Makes what a generator yields in a process beside this one, so that a large file uses two cores.

One reads and judges, the other stores. The process is a fork that touches no connection: it writes
into a pipe and ends without running anything that was registered here. If this process dies, its
next write fails and it ends too; if it dies, this one sees the pipe end and says so.
"""

import gc
import marshal
import os
import pickle
import signal
import threading
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import IO, Any

from attestations.placements.chunks import About, Chunk
from attestations.placements.files import FileUnreadable
from attestations.placements.layout import ColumnsRefused

# plain texts and numbers, without looking for those that are the same object
_MARSHAL_VERSION = 2
_PIPE_BYTES = 1 << 20


class ReaderDied(RuntimeError):
    """The process that read the file ended before the file did."""


def can_fork() -> bool:
    """A fork copies one thread alone, and whatever locks the others held stay locked in it."""
    return hasattr(os, "fork") and threading.active_count() == 1


def made_beside(make: Callable[[], Iterator[Chunk | About]]) -> Iterator[Chunk | About]:
    """What `make()` yields or raises, made in a process of its own."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _write_all(make, writing)
    os.close(writing)
    try:
        with os.fdopen(reading, "rb", _PIPE_BYTES) as pipe:
            yield from _read_all(pipe)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _write_all(make: Callable[[], Iterator[Chunk | About]], writing: int) -> None:
    """In the new process; never returns."""
    try:
        # it lives for one file, and what it drops is dropped at once
        gc.disable()
        with os.fdopen(writing, "wb", _PIPE_BYTES) as pipe:
            try:
                for one in make():
                    _write(one, pipe)
            except FileUnreadable as refused:
                _dump(("unreadable", str(refused)), pipe)
            except ColumnsRefused as refused:
                _dump(("columns", refused.reasons, refused.personal, refused.sample), pipe)
            except Exception:
                _dump(("error", traceback.format_exc()), pipe)
    finally:
        os._exit(0)


def _write(one: Chunk | About, pipe: IO[bytes]) -> None:
    if isinstance(one, About):
        _dump(("about", one), pipe)
        return
    rows = marshal.dumps((one.profiles, one.rows), _MARSHAL_VERSION)
    _dump(("chunk", replace(one, profiles=[], rows=[]), rows), pipe)


def _dump(said: tuple[Any, ...], pipe: IO[bytes]) -> None:
    pickle.dump(said, pipe, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.flush()


def _read_all(pipe: IO[bytes]) -> Iterator[Chunk | About]:
    while True:
        try:
            said = pickle.load(pipe)  # noqa: S301 -- from our own fork
        except (EOFError, pickle.UnpicklingError) as ended:
            raise ReaderDied("The process that read the file ended early.") from ended
        match said:
            case ("chunk", chunk, rows):
                chunk.profiles, chunk.rows = marshal.loads(rows)  # noqa: S302 -- from our own fork
                yield chunk
            case ("about", about):
                yield about
                return
            case ("unreadable", reason):
                raise FileUnreadable(reason)
            case ("columns", reasons, personal, sample):
                refused = ColumnsRefused(reasons, personal=personal)
                refused.sample = sample
                raise refused
            case ("error", told):
                raise ReaderDied(told)
