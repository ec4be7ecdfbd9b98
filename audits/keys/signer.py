"""The process that holds the private keys and nothing else: no database, no web, no Django.

    python -m audits.keys.signer --socket /run/signer/socket --keys /run/keys --purpose statement …

It signs for the purposes it was given, one request a connection, and writes a line for each
signature: the purpose and the SHA-256 of what was signed. Who may open the socket may have things
signed, so it is open to the process's own user and group alone.
"""

import argparse
import hashlib
import json
import logging
import os
import resource
import socket
import socketserver
import stat
import sys
from pathlib import Path

from audits.keys.algorithms import key_id_of
from audits.keys.enums import Purpose
from audits.keys.holding import Holder, SigningUnavailable
from audits.keys.protocol import KEY, MOST, NO, OK, SIGN, Garbled, Line
from audits.keys.stores import key_path, open_key

# A client that says nothing is left after this.
PATIENCE_SECONDS = 5.0

log = logging.getLogger("signer")


class Refused(Exception):
    """A request that is not signed; the words go to whoever asked."""


def answer(keys: dict[Purpose, Holder], line: Line) -> bytes:
    """What one request gets: a signature, or what is public of a key."""
    match line.head():
        case [verb, asked, size] if verb in (SIGN, KEY) and asked in list(Purpose):
            purpose = Purpose(asked)
        case _:
            raise Refused("This is no request.")
    if purpose not in keys:
        raise Refused(f"This signer holds no key for a {purpose}.")
    message = line.body(size, most=MOST[purpose] if verb == SIGN else 0)
    holder = keys[purpose]
    if verb == KEY:
        public = {"public_key": holder.public_key, "certificate": holder.certificate}
        return json.dumps(public).encode()
    signature = holder.sign(message)
    log.info("signed a %s, sha256=%s", purpose, hashlib.sha256(message).hexdigest())
    return signature


class Handler(socketserver.BaseRequestHandler):
    """One connection: one request, one reply."""

    server: "Signer"
    request: socket.socket

    def handle(self) -> None:
        line = Line(self.request, seconds=PATIENCE_SECONDS)
        try:
            line.send(OK, answer(self.server.keys, line))
        except (Refused, Garbled, SigningUnavailable) as refused:
            log.warning("refused: %s", refused)
            line.send(NO, str(refused).encode())
            line.hang_up()


class Signer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """Listens on a socket of its own, readable by user and group."""

    daemon_threads = True

    def __init__(self, path: Path, keys: dict[Purpose, Holder]) -> None:
        self.keys = keys
        _take_over(path)
        mask = os.umask(0o117)
        try:
            super().__init__(str(path), Handler)
        finally:
            os.umask(mask)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away or hung is news, and no reason to stop."""
        log.warning("a request came to nothing: %s", sys.exc_info()[1].__class__.__name__)


def _take_over(path: Path) -> None:
    """Remove the socket of a signer that is gone; one that answers keeps it."""
    if not path.exists():
        return
    if not stat.S_ISSOCK(path.stat().st_mode):
        raise SigningUnavailable(f"{path} is no socket; it is left as it is.")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        try:
            connection.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()
            return
    raise SigningUnavailable(f"Another signer listens at {path}.")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="signer", description="Holds keys, and signs with them.")
    parser.add_argument("--socket", type=Path, required=True)
    parser.add_argument("--keys", type=Path, required=True, help="the folder of the keys")
    parser.add_argument("--purpose", type=Purpose, action="append", choices=list(Purpose))
    given = parser.parse_args(arguments)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    # a dump of this process would be a copy of the keys
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        keys = {
            purpose: open_key(key_path(given.keys, purpose), purpose, name=str(given.keys))
            for purpose in given.purpose or Purpose
        }
        names = {purpose: key_id_of(holder.public_key) for purpose, holder in keys.items()}
        server = Signer(given.socket, keys)
    except (SigningUnavailable, OSError) as unavailable:
        log.error("%s", unavailable)
        return 1
    for purpose, key_id in names.items():
        log.info("holds %s for a %s", key_id, purpose)
    with server:
        server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
