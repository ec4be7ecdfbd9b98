"""Signing how far the log has come, and never anything that contradicts what was signed before."""

import os
import tempfile
from base64 import b64decode
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from agencies.models import JournalHead
from audits.keys.enums import Purpose
from audits.keys.signing import current, sign
from audits.transparency.log import catch_up
from audits.transparency.models import LogCheckpoint
from audits.transparency.notes import (
    ED25519,
    Checkpoint,
    NotANote,
    Note,
    VerifierKey,
    read_checkpoint,
    read_note,
)
from audits.transparency.queries import latest_checkpoint, root_at, size


class LogRewritten(Exception):
    """The log is not the one that was signed before: nothing is signed; the message says why."""


def origin():
    """The name of this log: its canonical address without the scheme."""
    return f"{urlsplit(settings.CANONICAL_ORIGIN).netloc}/log"


def verifier_key(key, *, of=None):
    """A signing key as notes know it, under the name of this log or the one it had."""
    return VerifierKey(of or origin(), ED25519, b64decode(key.public_key))


@transaction.atomic
def sign_checkpoint(*, at):
    """The checkpoint of the log as it stands now; signed once for each size.

    `SigningUnavailable` without a key. `LogRewritten` where the log no longer holds what the last
    checkpoint says, the one in the database or the one beside it.
    """
    catch_up()
    # the key's own registration is a leaf, and comes before what it signs
    current(Purpose.CHECKPOINT, at=at)
    JournalHead.objects.select_for_update().first()
    count, last = size(), latest_checkpoint()
    _refuse_another_past(count, last)
    if last is not None and last.size == count:
        return last
    stated = Checkpoint(origin(), count, root_at(count))
    signed = sign(Purpose.CHECKPOINT, stated.text.encode(), at=at)
    note = str(Note(stated.text, (verifier_key(signed.key).line(signed.signature),)))
    made = LogCheckpoint.objects.create(
        size=count, root=stated.root.hex(), note=note, key=signed.key, signed_at=at
    )
    transaction.on_commit(partial(keep_outside, note))
    return made


def kept_outside():
    """The last checkpoint in the file beside the database, or None; NotANote if it is unreadable.

    A database that is brought back from an old copy does not bring the file back with it.
    """
    try:
        written = path_outside().read_bytes()
    except FileNotFoundError:
        return None
    return read_checkpoint(read_note(written).text)


def keep_outside(note):
    """Put a checkpoint into the file beside the database, unless a larger one is there."""
    stated = read_checkpoint(read_note(note.encode()).text)
    kept = kept_outside()
    if kept is None or kept.size < stated.size:
        write_whole(path_outside(), note.encode())


def path_outside():
    """Where that file is; logs of different names have different files."""
    name = origin().replace("/", "_").replace(":", "_")
    return Path(settings.CHECKPOINT_ROOT) / f"{name}.checkpoint"


def write_whole(path, content):
    """A reader sees the old file or the new one, never half of either, also after a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).chmod(0o644)
    os.replace(file.name, path)


def _refuse_another_past(count, last):
    earlier = [] if last is None else [(last.size, bytes.fromhex(last.root), "signed last")]
    try:
        kept = kept_outside()
    except NotANote as unreadable:
        raise LogRewritten(f"{path_outside()} cannot be read: {unreadable}") from unreadable
    if kept is not None:
        earlier.append((kept.size, kept.root, f"in {path_outside()}"))
    for known, root, where in earlier:
        if known > count:
            raise LogRewritten(
                f"The log has {count} leaves, and the checkpoint {where} has {known}: leaves are "
                "missing. Was an old copy of the database brought back?"
            )
        if root_at(known) != root:
            raise LogRewritten(
                f"The first {known} leaves are not those of the checkpoint {where}: "
                "they were changed after it was signed."
            )
