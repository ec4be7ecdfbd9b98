"""What must never be of the log: a gap, a leaf without its act, two pasts."""

from agencies.invariants import invariant
from agencies.lib.canonical import parse
from agencies.models import JournalEntry
from audits.certificates.models import Certificate
from audits.models.report import AuditReport
from audits.transparency import merkle
from audits.transparency.acts import ACTS
from audits.transparency.caught_up import what_is_missing
from audits.transparency.checkpoints import origin, verifier_key
from audits.transparency.commitments import commitment
from audits.transparency.log import instant
from audits.transparency.models import (
    LogCheckpoint,
    LogLeaf,
    LogNode,
    LogOpening,
    SeenCheckpoint,
)
from audits.transparency.notes import NotANote, read_checkpoint, read_note


@invariant("Every public act stands in the public log once, as the journal has it.")
def public_acts_are_leaves():
    logged = LogLeaf.objects.values("entry")
    for entry in JournalEntry.objects.filter(verb__in=ACTS).exclude(pk__in=logged):
        yield f"{entry} is public and no leaf of the log. Run: manage.py catch_up_log"
    for leaf in LogLeaf.objects.select_related("entry").iterator(chunk_size=1000):
        said = parse(leaf.content.encode())
        entry = leaf.entry
        is_told = (said["kind"], said["recorded_at"], said["agency"], said["position"]) == (
            entry.verb,
            instant(entry.recorded_at),
            entry.agency_number,
            leaf.position,
        )
        if not is_told or (leaf.kind, leaf.about) != (said["kind"], said["about"]):
            yield f"Leaf {leaf} does not say what the journal says of entry {entry.position}."
        for name, value in said["facts"].items():
            if entry.data.get(name) != value:
                yield f"Leaf {leaf} gives another {name} than entry {entry.position}."


@invariant("The log has no gap, never steps back in time, and its tree follows from its leaves.")
def the_tree_follows_from_the_leaves():
    before = None
    rows = LogLeaf.objects.order_by("position").values_list("position", "logged_at")
    for at, (position, logged_at) in enumerate(rows.iterator(chunk_size=5000)):
        if position != at:
            yield f"Leaf {at} is missing: {position} is there in its place."
            return
        if before is not None and logged_at < before:
            yield f"Leaf {position} is older than the one before it."
        before = logged_at
    expected = {
        (level, place): node
        for level, nodes in enumerate(_levels())
        for place, node in enumerate(nodes)
    }
    for level, place, node in LogNode.objects.values_list("level", "place", "hash").iterator():
        if expected.pop((level, place), None) != bytes(node):
            yield f"Node {place} of level {level} does not follow from the leaves below it."
    for level, place in expected:
        yield f"Node {place} of level {level} is missing."


@invariant("Every checkpoint that was signed or seen outside is the beginning of this log.")
def checkpoints_are_of_this_log():
    levels = _levels()
    for checkpoint in LogCheckpoint.objects.select_related("key").order_by("size"):
        yield from _contradictions(checkpoint, f"The checkpoint at {checkpoint.size}", levels)
        yield from _unsigned(checkpoint)
    for seen in SeenCheckpoint.objects.filter(origin=origin()).order_by("size", "pk"):
        what = f"The checkpoint at {seen.size} that {seen.witness} has seen"
        yield from _contradictions(seen, what, levels)
    if missing := what_is_missing():
        yield missing


@invariant("Of another register's log no two pasts were seen.")
def watched_logs_have_one_past():
    known = {}
    others = SeenCheckpoint.objects.exclude(origin=origin())
    for of, size, root in others.values_list("origin", "size", "root").order_by("pk"):
        if known.setdefault((of, size), root) != root:
            yield f"{of} was seen with two different roots at {size}."


@invariant("What the log commits to without showing it is what is kept of it, or was erased.")
def openings_open():
    openings = LogOpening.objects.select_related("leaf").order_by("leaf", "name")
    for opening in openings.iterator(chunk_size=1000):
        committed = parse(opening.leaf.content.encode())["commitments"]
        if committed.get(opening.name) != commitment(opening.salt, opening.value):
            yield f"Leaf {opening.leaf} commits to another {opening.name} than is kept of it."


@invariant("A document in the log is the one that is on record.")
def documents_are_as_logged():
    for model, kind in ((Certificate, "certificate.issued"), (AuditReport, "report.issued")):
        issued = LogLeaf.objects.filter(kind=kind)
        rows = {
            number: (statement, pdf)
            for number, statement, pdf in model.objects.filter(
                number__in=issued.values("about")
            ).values_list("number", "statement_digest", "pdf_digest")
        }
        for leaf in issued.order_by("position").iterator(chunk_size=1000):
            facts = parse(leaf.content.encode())["facts"]
            if rows.get(leaf.about) != (facts["statement_sha256"], facts["pdf_sha256"]):
                yield f"{leaf.about} on record is not what leaf {leaf.position} says was issued."


def _levels():
    """All full nodes as they follow from the bytes of the leaves, the leaves' hashes first."""
    contents = LogLeaf.objects.order_by("position").values_list("content", flat=True)
    level = [merkle.leaf_hash(content.encode()) for content in contents.iterator(chunk_size=5000)]
    levels = [level]
    while len(level) > 1:
        level = list(map(merkle.node_hash, level[::2], level[1::2]))
        levels.append(level)
    return levels


def _contradictions(checkpoint, what, levels):
    size = len(levels[0])
    if checkpoint.size > size:
        yield f"{what} has more leaves than the log, which has {size}."
        return
    root = merkle.hash_of((0, checkpoint.size), lambda place: levels[place[0]][place[1]])
    if root.hex() != checkpoint.root:
        yield f"{what} has another root than the first {checkpoint.size} leaves give."


def _unsigned(checkpoint):
    try:
        note = read_note(checkpoint.note.encode())
        stated = read_checkpoint(note.text)
    except NotANote as unreadable:
        yield f"The note of the checkpoint at {checkpoint.size} cannot be read: {unreadable}"
        return
    key = verifier_key(checkpoint.key, of=stated.origin)
    is_told = (stated.size, stated.root.hex()) == (checkpoint.size, checkpoint.root)
    if not is_told or not key.has_signed_note(note):
        yield f"The note of the checkpoint at {checkpoint.size} is not signed by its key."
