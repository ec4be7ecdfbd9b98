"""What holds a private key: a file, a token, or a process elsewhere that is asked over a socket.

Without Django, because the signer's process is made of the same parts.
"""

from typing import Protocol

from audits.keys.enums import Algorithm


class SigningUnavailable(Exception):
    """Nothing can be signed; the message tells the operator what to do."""


class Holder(Protocol):
    """A private key in somebody's hands, with what is public of it.

    `certificate` is the X.509 chain in PEM for a key that seals documents, and empty for others.
    Every member may raise `SigningUnavailable`.
    """

    @property
    def algorithm(self) -> Algorithm: ...

    @property
    def public_key(self) -> str: ...

    @property
    def certificate(self) -> str: ...

    def sign(self, message: bytes) -> bytes:
        """The signature of the message: 64 bytes of Ed25519, or DER of ECDSA with SHA-256."""
        ...
