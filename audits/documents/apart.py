"""Rendering in a child process with limits: a report holds much that people wrote.

Of ten awkward documents, WeasyPrint ends on six by recursion, memory or time. So a report is drawn
apart: the child gets the HTML on its standard input and a bound on time and memory, answers with
the PDF, and its death is an error with a sentence here.
"""

import datetime as dt
import json
import os
import resource
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterable
from pathlib import Path

from audits.documents.rendering import AttachedFile, RenderingRefused, render

ROOT = Path(__file__).resolve().parents[2]

CPU_SECONDS = 120
MEMORY_BYTES = 2 * 1024**3

REFUSED = 3


def render_apart(
    html: str,
    *,
    dated: dt.date,
    attachments: Iterable[AttachedFile] = (),
    cpu_seconds: int = CPU_SECONDS,
    memory_bytes: int = MEMORY_BYTES,
) -> bytes:
    """The same bytes as `render`, drawn by a child that may use so much and no more."""
    order = {
        "html": html,
        "dated": dated.isoformat(),
        "attachments": [
            [file.name, b64encode(file.content).decode("ascii"), file.description, file.media_type]
            for file in attachments
        ],
        "cpu_seconds": cpu_seconds,
        "memory_bytes": memory_bytes,
    }
    try:
        # our own interpreter and module, and nothing of the order on the command line
        child = subprocess.run(
            [sys.executable, "-m", "audits.documents.apart"],
            input=json.dumps(order).encode(),
            capture_output=True,
            cwd=ROOT,
            env={"PATH": os.defpath, "PYTHONHASHSEED": "0", "LANG": "C.UTF-8"},
            timeout=4 * cpu_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise RenderingRefused("Drawing the document took too long and was stopped.") from None
    if child.returncode == 0:
        return child.stdout
    if child.returncode == REFUSED:
        raise RenderingRefused(child.stderr.decode(errors="replace").strip())
    raise RenderingRefused(
        f"Drawing the document ended with {child.returncode}: it is too large or too deep "
        f"(limits: {cpu_seconds} s, {memory_bytes // 1024**2} MB)."
    )


def main() -> int:
    """The child's whole life: one order in, one document out."""
    order = json.loads(sys.stdin.buffer.read())
    resource.setrlimit(resource.RLIMIT_CPU, (order["cpu_seconds"],) * 2)
    resource.setrlimit(resource.RLIMIT_AS, (order["memory_bytes"],) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        document = render(
            order["html"],
            dated=dt.date.fromisoformat(order["dated"]),
            attachments=[
                AttachedFile(name, b64decode(content), description, media_type)
                for name, content, description, media_type in order["attachments"]
            ],
        )
    except RenderingRefused as refused:
        sys.stderr.write(str(refused))
        return REFUSED
    sys.stdout.buffer.write(document)
    return 0


if __name__ == "__main__":
    sys.exit(main())
