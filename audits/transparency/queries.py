"""What the log holds, how large it was when, and the hashes that prove it."""

from collections import defaultdict

from django.db.models import Q

from audits.transparency import merkle
from audits.transparency.models import LogCheckpoint, LogLeaf, LogNode


def size():
    """How many leaves the log has."""
    last = LogLeaf.objects.order_by("-position").values_list("position", flat=True).first()
    return 0 if last is None else last + 1


def size_at(instant):
    """How many leaves the log had at an instant, that instant included."""
    return _size_of(LogLeaf.objects.filter(logged_at__lte=instant))


def size_before(instant):
    """How many leaves the log had just before an instant: what is at a position below it, stood."""
    return _size_of(LogLeaf.objects.filter(logged_at__lt=instant))


def instant_of(size):
    """When the last leaf of the log of `size` was written; None for the empty log."""
    found = LogLeaf.objects.filter(position=size - 1)
    return found.values_list("logged_at", flat=True).first()


def latest_checkpoint():
    """What was signed last about the log, or None."""
    return LogCheckpoint.objects.order_by("-size").first()


def position_of(entry):
    """Where a journal entry stands in the log; None for an act that is not public."""
    found = LogLeaf.objects.filter(entry=entry)
    return found.values_list("position", flat=True).first()


def leaf_of_certificate(number):
    """The leaf that says that a certificate was issued; None where none was."""
    return LogLeaf.objects.filter(about=number, kind="certificate.issued").first()


def nodes_at(places):
    """The stored nodes at these places, by place; one query."""
    by_level = defaultdict(list)
    for level, place in places:
        by_level[level].append(place)
    if not by_level:
        return {}
    wanted = Q()
    for level, found in by_level.items():
        wanted |= Q(level=level, place__in=found)
    rows = LogNode.objects.filter(wanted).values_list("level", "place", "hash")
    return {(level, place): bytes(node) for level, place, node in rows}


def hashes_of(stretches):
    """The hash over each of these stretches, from the stored nodes; one query."""
    stretches = list(stretches)
    nodes = nodes_at({place for stretch in stretches for place in merkle.cover(stretch)})
    return [merkle.hash_of(stretch, nodes.__getitem__) for stretch in stretches]


def root_at(size):
    """The root of the log when it had `size` leaves."""
    return hashes_of([(0, size)])[0]


def inclusion_proof(position, size):
    """The hashes that prove that a leaf is in the log of `size`; ValueError if it is not."""
    return hashes_of(merkle.inclusion(position, size))


def consistency_proof(first, second):
    """The hashes that prove that the log of `second` goes on from that of `first`."""
    return hashes_of(merkle.consistency(first, second))


def _size_of(leaves):
    last = leaves.order_by("-logged_at", "-position").values_list("position", flat=True).first()
    return 0 if last is None else last + 1
