"""The one worker of the demonstration: started before the story, ended after it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

# longer than any claim of a worker that was killed, after which the sweep hands its job on
PATIENCE = 900.0


class WorkerGone(RuntimeError):
    """The worker stopped, or a job took too long; the message says where to look."""


class Worker:
    """A Celery worker on the broker of the settings, in a process of its own."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path):
        self.process = process
        self.log = log

    def wait_for(self, done: Callable[[], bool], what: str) -> None:
        """Until the database says that the job is done: the broker is only a hint."""
        until = time.monotonic() + PATIENCE
        while not done():
            if self.process.poll() is not None:
                raise WorkerGone(f"The worker stopped while {what}. Its log: {self.log}")
            if time.monotonic() > until:
                raise WorkerGone(f"{what} took more than {PATIENCE:.0f} s. Log: {self.log}")
            time.sleep(0.05)


@contextmanager
def running_worker(log: Path) -> Iterator[Worker]:
    """The worker that does every job of the story."""
    command = [
        sys.executable, "-m", "celery", "-A", "config", "worker",
        "--beat", "--pool", "threads", "--concurrency", "2", "--loglevel", "INFO",
        "--without-gossip", "--without-mingle", "--without-heartbeat",
    ]  # fmt: skip
    with log.open("ab") as written:
        process = subprocess.Popen(  # noqa: S603 -- our own interpreter and arguments
            command, stdout=written, stderr=subprocess.STDOUT, env=os.environ, cwd=settings.BASE_DIR
        )
        try:
            yield Worker(process, log)
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
