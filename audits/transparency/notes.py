"""Signed notes as C2SP writes them (signed-note, tlog-checkpoint, tlog-cosignature).

A note is text, an empty line, and signature lines: `— name base64(key hash, signature)`. Pure: keys
come as raw bytes, and whoever reads a note checks its signatures with a key of his own.
"""

import hashlib
import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519 = 0x01
COSIGNATURE = 0x04

_LARGEST_NOTE = 1_000_000
_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,15}")
_NAME = re.compile(r"[^\s+]+")


class NotANote(ValueError):
    """The bytes are no signed note, or its text is no checkpoint; the message says why."""


@dataclass(frozen=True, slots=True)
class Line:
    """One signature on a note; what it signs and how, the key decides."""

    name: str
    key_hash: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"— {self.name} {_base64(self.key_hash + self.signature)}"


@dataclass(frozen=True, slots=True)
class Note:
    """The text that was signed, its last line break included, and the signatures."""

    text: str
    lines: tuple[Line, ...]

    def __str__(self) -> str:
        return f"{self.text}\n" + "".join(f"{line}\n" for line in self.lines)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a checkpoint states: which log, how many leaves, and the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key under the name by which notes carry its signatures."""

    name: str
    kind: int
    public_key: bytes

    @property
    def key_hash(self) -> bytes:
        content = self.name.encode() + b"\n" + bytes([self.kind]) + self.public_key
        return hashlib.sha256(content).digest()[:4]

    def __str__(self) -> str:
        key = bytes([self.kind]) + self.public_key
        return f"{self.name}+{self.key_hash.hex()}+{_base64(key)}"

    def line(self, signature: bytes) -> Line:
        return Line(self.name, self.key_hash, signature)

    def found_on(self, note: Note) -> list[bytes]:
        """The signatures that claim to be by this key."""
        mine = (self.name, self.key_hash)
        return [line.signature for line in note.lines if (line.name, line.key_hash) == mine]

    def has_signed(self, message: bytes, signature: bytes) -> bool:
        """Whether this is the key's Ed25519 signature of exactly this message."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    def has_signed_note(self, note: Note) -> bool:
        """Whether one of the note's signatures is this log key's over its text."""
        message = note.text.encode()
        return any(self.has_signed(message, found) for found in self.found_on(note))


def read_verifier_key(written: str) -> VerifierKey:
    """`name+hash+key`, as a witness or a log publishes it; NotANote where it does not fit."""
    name, _, rest = written.strip().partition("+")
    given, _, encoded = rest.partition("+")
    key = _bytes(encoded, "The key")
    if not _NAME.fullmatch(name) or len(key) != 33 or key[0] not in (ED25519, COSIGNATURE):
        raise NotANote("This is no verifier key of Ed25519: name+hash+key is expected.")
    read = VerifierKey(name, key[0], key[1:])
    if given != read.key_hash.hex():
        raise NotANote("The hash in this verifier key does not belong to its name and key.")
    return read


def read_note(written: bytes) -> Note:
    """The text and signatures of a note; nothing is checked but its form."""
    if len(written) > _LARGEST_NOTE:
        raise NotANote("This note is larger than any checkpoint.")
    try:
        note = written.decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise NotANote("A note is UTF-8 text.") from wrong
    if any(ord(letter) < 0x20 and letter != "\n" for letter in note):
        raise NotANote("A note holds no control characters.")
    text, gap, signatures = note.rpartition("\n\n")
    if not gap or not signatures.endswith("\n"):
        raise NotANote("A note ends with an empty line and its signatures.")
    lines = tuple(_read_line(line) for line in signatures[:-1].split("\n"))
    return Note(f"{text}\n", lines)


def read_checkpoint(text: str) -> Checkpoint:
    """What the text of a note states as a checkpoint; further lines are allowed and not read."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or "" in lines[:-1] or not _NUMBER.fullmatch(lines[1]):
        raise NotANote("A checkpoint has three lines: origin, size and root.")
    root = _bytes(lines[2], "The root")
    if len(root) != 32:
        raise NotANote("The root of a checkpoint has 32 bytes.")
    return Checkpoint(lines[0], int(lines[1]), root)


def cosigned_message(text: str, at: int) -> bytes:
    """What a witness signs: the checkpoint's text under the second at which it was seen."""
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def cosignature(at: int, signature: bytes) -> bytes:
    """A cosignature carries its time before the signature."""
    return at.to_bytes(8, "big") + signature


def _read_line(written: str) -> Line:
    found = _LINE.fullmatch(written)
    if not found:
        raise NotANote("A signature line is a dash, a name and base64.")
    signed = _bytes(found[2], "A signature")
    if len(signed) < 5:
        raise NotANote("A signature line is too short to hold a signature.")
    return Line(found[1], signed[:4], signed[4:])


def _base64(content: bytes) -> str:
    return b64encode(content).decode("ascii")


def _bytes(written: str, what: str) -> bytes:
    try:
        found = b64decode(written, validate=True)
    except (NotBase64, ValueError) as wrong:
        raise NotANote(f"{what} is not base64.") from wrong
    if _base64(found) != written:
        raise NotANote(f"{what} is not base64 as it is written in one way only.")
    return found
