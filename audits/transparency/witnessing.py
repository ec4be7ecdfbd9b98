"""Checkpoints seen outside: ours by others, and those of other registers by us (C2SP tlog-witness).

A log can show one past to one reader and another to the next as long as they do not compare.
Whoever keeps a checkpoint outside the register can compare for ever after.
"""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass

from django.db import transaction

from audits.keys.enums import Purpose
from audits.keys.signing import sign
from audits.transparency import merkle
from audits.transparency.checkpoints import origin
from audits.transparency.models import SeenCheckpoint, WatchedLog
from audits.transparency.notes import (
    COSIGNATURE,
    NotANote,
    VerifierKey,
    cosignature,
    cosigned_message,
    read_checkpoint,
    read_note,
    read_verifier_key,
)
from audits.transparency.queries import consistency_proof

_MOST_STEPS = 63


@dataclass(frozen=True, slots=True)
class Reply:
    """What a witness answers: an HTTP status, and a text that `kind` tells how to read."""

    status: int
    text: str
    kind: str = "text/plain; charset=utf-8"


def request_for(checkpoint, *, old):
    """What is sent to a witness that last saw our log at size `old`."""
    proof = consistency_proof(old, checkpoint.size) if old else []
    steps = "".join(f"{b64encode(step).decode()}\n" for step in proof)
    return f"old {old}\n{steps}\n{checkpoint.note}".encode()


@transaction.atomic
def add_checkpoint(body, *, at):
    """Take a checkpoint of a watched log, if it goes on from the last one seen, and cosign it.

    Statuses as tlog-witness has them: 400 unreadable, 404 not a log we watch, 403 not its
    signature, 409 another size was seen last (the text says which), 422 it does not go on from it.
    """
    try:
        old, proof, note = _read_request(body)
        stated = read_checkpoint(note.text)
    except NotANote as unreadable:
        return Reply(400, f"{unreadable}\n")
    watched = WatchedLog.objects.select_for_update().filter(pk=stated.origin).first()
    if watched is None:
        return Reply(404, f"This register does not watch the log {stated.origin}.\n")
    if not read_verifier_key(watched.verifier_key).has_signed_note(note):
        return Reply(403, "The checkpoint is not signed by the key known for this log.\n")
    last = largest_seen(stated.origin, by=origin())
    seen_size = last.size if last else 0
    if old > stated.size:
        return Reply(400, "The old size is larger than the checkpoint's.\n")
    if old != seen_size:
        return Reply(409, f"{seen_size}\n", "text/x.tlog.size")
    seen_root = bytes.fromhex(last.root) if last else merkle.EMPTY_ROOT
    if stated.size == seen_size and stated.root != seen_root:
        return Reply(409, f"{seen_size}\n", "text/x.tlog.size")
    if not merkle.goes_on(old, seen_root, stated.size, stated.root, proof):
        return Reply(422, "The proof does not show that this log goes on from what was seen.\n")
    line = _cosign(note.text, at)
    SeenCheckpoint.objects.create(
        origin=stated.origin,
        size=stated.size,
        root=stated.root.hex(),
        witness=origin(),
        note=str(note),
        cosignature=line,
        seen_at=at,
    )
    return Reply(200, line)


@transaction.atomic
def watch_log(written, *, at):
    """Begin to watch another register's log, by the verifier key it publishes."""
    key = read_verifier_key(written)
    watched, is_new = WatchedLog.objects.get_or_create(
        origin=key.name, defaults={"verifier_key": str(key), "added_at": at}
    )
    if not is_new and watched.verifier_key != str(key):
        raise NotANote(
            f"{key.name} is watched under another key. Ask its register whether the key was "
            "replaced, and have the operator enter the new one."
        )
    return watched, is_new


def remember_seen(checkpoint, *, witness, at, cosigned=""):
    """Note that somebody outside has our checkpoint, so that `fsck` holds the log to it."""
    return SeenCheckpoint.objects.create(
        origin=origin(),
        size=checkpoint.size,
        root=checkpoint.root,
        witness=witness,
        note=checkpoint.note,
        cosignature=cosigned,
        seen_at=at,
    )


def largest_seen(of, *, by=None):
    """The largest checkpoint seen of a log, by one witness or by any; None if there is none."""
    seen = SeenCheckpoint.objects.filter(origin=of)
    if by is not None:
        seen = seen.filter(witness=by)
    return seen.order_by("-size", "-pk").first()


def is_cosigned(text, lines, witness_key):
    """Whether one of these lines is the witness's cosignature over this checkpoint's text."""
    key = read_verifier_key(witness_key)
    if key.kind != COSIGNATURE:
        raise NotANote("This is the key of a log and not that of a witness.")
    try:
        note = read_note(f"{text}\n{lines}".encode())
    except NotANote:
        return False
    return any(
        len(found) == 72
        and key.has_signed(cosigned_message(text, int.from_bytes(found[:8], "big")), found[8:])
        for found in key.found_on(note)
    )


def witness_key(key):
    """This register's key as a witness of other logs."""
    return VerifierKey(origin(), COSIGNATURE, b64decode(key.public_key))


def _cosign(text, at):
    second = int(at.timestamp())
    signed = sign(Purpose.CHECKPOINT, cosigned_message(text, second), at=at)
    return f"{witness_key(signed.key).line(cosignature(second, signed.signature))}\n"


def _read_request(body):
    try:
        head, _, note = body.decode("utf-8").partition("\n\n")
    except UnicodeDecodeError as wrong:
        raise NotANote("A request is UTF-8 text.") from wrong
    old, *steps = head.split("\n")
    word, _, number = old.partition(" ")
    if word != "old" or not number.isascii() or not number.isdigit() or len(number) > 16:
        raise NotANote("A request begins with the line: old, and the size seen last.")
    if len(steps) > _MOST_STEPS:
        raise NotANote("No proof is as long as this one.")
    try:
        proof = [b64decode(step, validate=True) for step in steps]
    except (NotBase64, ValueError) as wrong:
        raise NotANote("The lines of the proof are base64.") from wrong
    if any(len(step) != 32 for step in proof):
        raise NotANote("Each line of the proof has 32 bytes.")
    return int(number), proof, read_note(note.encode())
