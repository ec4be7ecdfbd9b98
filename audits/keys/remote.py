"""A private key in the signer's process, which is asked over its socket."""

import json
import socket
from functools import cached_property
from pathlib import Path

from audits.keys.enums import ALGORITHM_OF, Algorithm, Purpose
from audits.keys.holding import SigningUnavailable
from audits.keys.protocol import KEY, MOST, MOST_REPLY, OK, SIGN, Garbled, Line

# Signing takes milliseconds; whoever waits for longer waits for a process that is not well.
PATIENCE_SECONDS = 5.0


class RemoteKey:
    """A key that another process holds. Nothing it says is believed before it is checked."""

    def __init__(self, path: Path, purpose: Purpose, *, seconds: float = PATIENCE_SECONDS) -> None:
        self._path = path
        self._purpose = purpose
        self._seconds = seconds
        self.algorithm: Algorithm = ALGORITHM_OF[purpose]

    @property
    def public_key(self) -> str:
        return self._public["public_key"]

    @property
    def certificate(self) -> str:
        return self._public["certificate"]

    def sign(self, message: bytes) -> bytes:
        if len(message) > MOST[self._purpose]:
            raise SigningUnavailable(f"This is too large for a {self._purpose}.")
        return self._ask(SIGN, message)

    @cached_property
    def _public(self) -> dict[str, str]:
        try:
            said = json.loads(self._ask(KEY))
            return {name: str(said[name]) for name in ("public_key", "certificate")}
        except (ValueError, TypeError, KeyError) as garbled:
            raise SigningUnavailable(f"The signer at {self._path} talks nonsense.") from garbled

    def _ask(self, verb: str, message: bytes = b"") -> bytes:
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                line = Line(connection, seconds=self._seconds)
                connection.settimeout(self._seconds)
                connection.connect(str(self._path))
                line.send(f"{verb} {self._purpose}", message)
                answer, size = line.head()
                said = line.body(size, most=MOST_REPLY)
        except (OSError, Garbled, ValueError) as silent:
            raise SigningUnavailable(
                f"The signer at {self._path} gave no answer that can be used "
                f"({type(silent).__name__}). Look whether it runs, and start it again."
            ) from silent
        if answer != OK:
            raise SigningUnavailable(
                f"The signer at {self._path} refused: {said.decode(errors='replace')[:200]}"
            )
        return said
