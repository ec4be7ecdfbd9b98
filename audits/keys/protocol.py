"""What is said over the signer's socket, and how long and how large it may be; both sides read it.

A request is a line `sign PURPOSE SIZE` and that many bytes, or `key PURPOSE 0`. The reply is a line
`ok SIZE` or `no SIZE` and that many bytes: a signature, a public key as JSON, or words for the
operator. One request a connection.
"""

import socket
import time

from audits.keys.enums import Purpose

SIGN, KEY = "sign", "key"
OK, NO = "ok", "no"

LONGEST_LINE = 60
MOST_REPLY = 64 * 1024

# What is signed as a document are the attributes of its seal, as a checkpoint three lines; a report
# on a large agency states ten thousand rows.
MOST = {
    Purpose.STATEMENT: 16 * 1024 * 1024,
    Purpose.CREDENTIAL: 256 * 1024,
    Purpose.STATUS_LIST: 4 * 1024 * 1024,
    Purpose.CHECKPOINT: 4 * 1024,
    Purpose.RECEIPT: 64 * 1024,
    Purpose.DOCUMENT: 16 * 1024,
}


class Garbled(Exception):
    """What came over the socket is none of the above, too large, cut off or too late."""


class Line:
    """One side of a connection, until a deadline: a slow other side cannot hold it for longer."""

    def __init__(self, connection: socket.socket, *, seconds: float) -> None:
        self._connection = connection
        self._until = time.monotonic() + seconds

    def send(self, head: str, body: bytes = b"") -> None:
        self._wait()
        self._connection.sendall(f"{head} {len(body)}\n".encode("ascii") + body)

    def head(self) -> list[str]:
        """The words of the first line."""
        line = b""
        while not line.endswith(b"\n"):
            if len(line) >= LONGEST_LINE:
                raise Garbled("The first line has no end.")
            line += self._some(1)
        try:
            return line.decode("ascii")[:-1].split(" ")
        except UnicodeDecodeError as not_ours:
            raise Garbled("The first line is not ours.") from not_ours

    def body(self, size: str, *, most: int) -> bytes:
        """As many bytes as the first line said."""
        if not (size.isascii() and size.isdigit() and len(size) < 10 and int(size) <= most):
            raise Garbled(f"{size} bytes are too many, or no number.")
        parts, missing = [], int(size)
        while missing:
            part = self._some(min(missing, 65536))
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def hang_up(self) -> None:
        """Read to the end what is not wanted: a reply is lost if it is left unread."""
        self._connection.shutdown(socket.SHUT_WR)
        while True:
            self._wait()
            if not self._connection.recv(65536):
                return

    def _some(self, most: int) -> bytes:
        self._wait()
        part = self._connection.recv(most)
        if not part:
            raise Garbled("The other side hung up.")
        return part

    def _wait(self) -> None:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(left)
