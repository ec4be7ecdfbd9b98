"""The public log grows by one leaf for each public act, in the act's own transaction.

Whoever appends holds the journal's counter row, so that leaves come one after the other.
"""

from datetime import UTC

from django.db import transaction

from agencies import journal
from agencies.lib.canonical import canonical
from agencies.models import Agency, JournalEntry, JournalHead
from audits.transparency import merkle
from audits.transparency.acts import ACTOR, ACTS, LEGAL_NAME, about
from audits.transparency.commitments import commitment, new_salt
from audits.transparency.models import LogLeaf, LogNode, LogOpening
from audits.transparency.queries import nodes_at, size

# a leaf travels with its length in two bytes (tlog-tiles)
LARGEST_LEAF = 2**16 - 1


class TooLarge(ValueError):
    """An act says more than one leaf can hold."""


@journal.on_record
def log_public_act(entry):
    """What the journal calls with every entry: a public one becomes a leaf."""
    if entry.verb not in ACTS:
        return
    position = size() or catch_up(before=entry.position)
    append(entry.verb, payload_of(entry), entry=entry, position=position)


def append(kind, payload, *, entry, position, logged_at=None):
    """One leaf at the end of the log, which is at `position`; `payload` as `payload_of` makes it.

    To be called in the act's transaction, under the lock of the journal's counter row.
    """
    salted = {name: (new_salt(), value) for name, value in payload["committed"].items()}
    content = canonical(
        {
            "kind": kind,
            "position": position,
            "recorded_at": instant(entry.recorded_at),
            **({"logged_at": instant(logged_at)} if logged_at else {}),
            "about": payload["about"],
            "agency": entry.agency_number,
            "facts": payload["facts"],
            "commitments": {name: commitment(*opening) for name, opening in salted.items()},
        }
    )
    if len(content) > LARGEST_LEAF:
        raise TooLarge(f"The act {kind} of {payload['about']} takes {len(content)} bytes.")
    leaf = LogLeaf.objects.create(
        position=position,
        entry=entry,
        kind=kind,
        about=payload["about"],
        content=content.decode(),
        logged_at=logged_at or entry.recorded_at,
    )
    LogOpening.objects.bulk_create(
        LogOpening(leaf=leaf, name=name, salt=salt, value=value)
        for name, (salt, value) in salted.items()
    )
    left = nodes_at(merkle.siblings(position))
    LogNode.objects.bulk_create(
        LogNode(level=level, place=place, hash=node)
        for (level, place), node in merkle.growth(
            position, merkle.leaf_hash(content), left.__getitem__
        )
    )
    return leaf


def payload_of(entry):
    """What the log says of a journal entry: public facts, and values to commit to."""
    act = ACTS[entry.verb]
    committed = {name: str(entry.data[name]) for name in act.committed if name in entry.data}
    if LEGAL_NAME in act.committed:
        named = Agency.objects.filter(register_number=entry.agency_number)
        committed[LEGAL_NAME] = named.values_list("legal_name", flat=True).get()
    if entry.actor != journal.SYSTEM:
        committed[ACTOR] = entry.actor
    return {
        "about": about(entry, act),
        "facts": {name: entry.data[name] for name in act.facts if name in entry.data},
        "committed": committed,
    }


@transaction.atomic
def catch_up(*, before=None):
    """Public acts from before there was a log become leaves, once and in their order.

    Nothing is to be done where the log has begun. Returns how many leaves were written.
    """
    if LogLeaf.objects.exists():
        return 0
    JournalHead.objects.select_for_update().first()
    earlier = JournalEntry.objects.filter(verb__in=ACTS).order_by("position")
    if before is not None:
        earlier = earlier.filter(position__lt=before)
    written = 0
    for entry in earlier.iterator(chunk_size=1000):
        append(entry.verb, payload_of(entry), entry=entry, position=written)
        written += 1
    return written


@transaction.atomic
def log_latecomers():
    """Acts that became public after the log had begun, at its end and with the time of that.

    Returns how many there were.
    """
    head = JournalHead.objects.select_for_update().first()
    logged = LogLeaf.objects.values("entry")
    missing = JournalEntry.objects.filter(verb__in=ACTS).exclude(pk__in=logged)
    found, at = list(missing.order_by("position")), head and head.last_recorded_at
    for position, entry in enumerate(found, start=size()):
        append(entry.verb, payload_of(entry), entry=entry, position=position, logged_at=at)
    return len(found)


def erase_openings(*, name, value):
    """Forget what the commitments to this value stand for; how many there were.

    The leaves stay as they are and verify. Without its salt no commitment can be tried out.
    """
    erased, _ = LogOpening.objects.filter(name=name, value=value).delete()
    return erased


def instant(at):
    """An instant as leaves write it: UTC, to the microsecond."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
