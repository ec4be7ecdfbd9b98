"""Looking at a file that anybody sent, in a child process with limits: nothing of it stays.

The child gets the certificates and keys to hold it against and the file itself on its standard
input, and answers with what it found. Its death is an answer too: `CouldNotLook`.
"""

import json
import os
import resource
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Sequence
from pathlib import Path
from threading import BoundedSemaphore

from audits.documents.seals import Certificates, Examined, Look, examine

ROOT = Path(__file__).resolve().parents[2]

CPU_SECONDS = 5
MEMORY_BYTES = 512 * 1024**2

# How many files one server process looks at; whoever comes beside is told to come again.
AT_ONCE = 2
_places = BoundedSemaphore(AT_ONCE)


class CouldNotLook(Exception):
    """The child could not tell; the message says why and what to do."""


def examine_apart(
    document: bytes,
    *,
    certificates: Certificates,
    statement_keys: Sequence[str],
    cpu_seconds: int = CPU_SECONDS,
    memory_bytes: int = MEMORY_BYTES,
) -> Examined:
    """What `seals.examine` finds, by a child that may use so much and no more."""
    order = {
        "certificates": {
            key_id: [b64encode(each).decode("ascii") for each in chain]
            for key_id, chain in certificates.items()
        },
        "statement_keys": list(statement_keys),
        "cpu_seconds": cpu_seconds,
        "memory_bytes": memory_bytes,
    }
    if not _places.acquire(timeout=1):
        raise CouldNotLook("Several files are being checked just now. Try again in a moment.")
    try:
        # our own interpreter and module, and nothing of the file on the command line
        child = subprocess.run(
            [sys.executable, "-m", "audits.documents.examining"],
            input=json.dumps(order).encode() + b"\n" + document,
            capture_output=True,
            cwd=ROOT,
            env={"PATH": os.defpath, "LANG": "C.UTF-8"},
            timeout=3 * cpu_seconds,
            check=False,
        )
        if child.returncode == 0:
            found = json.loads(child.stdout)
            return Examined(**{**found, "look": Look(found["look"])})
    except subprocess.TimeoutExpired:
        raise CouldNotLook("Reading the file took too long and was stopped.") from None
    finally:
        _places.release()
    raise CouldNotLook(
        "The file could not be read within the limits of time and memory: it is too large, too "
        "deep, or damaged."
    )


def main() -> int:
    """The child's whole life: one file in, one answer out."""
    order = json.loads(sys.stdin.buffer.readline())
    cpu_seconds = order["cpu_seconds"]
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (order["memory_bytes"],) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    found = examine(
        sys.stdin.buffer.read(),
        certificates={
            key_id: [b64decode(each) for each in chain]
            for key_id, chain in order["certificates"].items()
        },
        statement_keys=order["statement_keys"],
    )
    sys.stdout.buffer.write(found.written())
    return 0


if __name__ == "__main__":
    sys.exit(main())
