"""The tree over the leaves of the log, after RFC 6962, section 2.1: pure, it knows no table.

A node is named by its level and its place: level 0 are the leaves' hashes, and node (l, p) stands
over the leaves p·2^l to (p+1)·2^l − 1. Only nodes over full stretches are ever stored, so that none
of them changes when the log grows. What an answer needs is asked through `Nodes`.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence

Place = tuple[int, int]
Stretch = tuple[int, int]
Nodes = Callable[[Place], bytes]

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(content: bytes) -> bytes:
    """The hash of one leaf: the prefix 0 keeps it apart from the nodes above it."""
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two nodes beside each other."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over these leaf hashes, made from nothing else."""
    level = list(leaves)
    if not level:
        return EMPTY_ROOT
    while len(level) > 1:
        pairs = [node_hash(*level[at : at + 2]) for at in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0]


def growth(position: int, leaf: bytes, nodes: Nodes) -> Iterator[tuple[Place, bytes]]:
    """The nodes that become whole with the leaf at `position`, the leaf's own first.

    As many nodes to its left are asked for as there are above it: about one a leaf.
    """
    place, found = (0, position), leaf
    yield place, found
    while place[1] % 2:
        level, at = place
        found = node_hash(nodes((level, at - 1)), found)
        place = (level + 1, at // 2)
        yield place, found


def siblings(position: int) -> list[Place]:
    """The nodes that `growth` asks for."""
    found, level = [], 0
    while position % 2:
        found.append((level, position - 1))
        level, position = level + 1, position // 2
    return found


def cover(stretch: Stretch) -> list[Place]:
    """The full nodes that together stand over a stretch of the tree, from left to right."""
    begin, end = stretch
    found = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        found.append((level, begin >> level))
        begin += 1 << level
    return found


def hash_of(stretch: Stretch, nodes: Nodes) -> bytes:
    """The hash over one stretch, such as proofs are made of."""
    if stretch[0] == stretch[1]:
        return EMPTY_ROOT
    *left, last = (nodes(place) for place in cover(stretch))
    for node in reversed(left):
        last = node_hash(node, last)
    return last


def inclusion(position: int, size: int) -> list[Stretch]:
    """The stretches whose hashes prove that the leaf at `position` is in the tree of `size`."""
    if not 0 <= position < size:
        raise ValueError(f"A log of {size} leaves has no leaf {position}.")
    begin, end, found = 0, size, []
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if position < middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((begin, middle))
            begin = middle
    return found[::-1]


def consistency(first: int, second: int) -> list[Stretch]:
    """The stretches whose hashes prove that the tree of `second` goes on from that of `first`."""
    if not 0 <= first <= second:
        raise ValueError(f"A log of {second} leaves does not go on from one of {first}.")
    if first in (0, second):
        return []
    begin, end, found = 0, second, []
    while first < end:
        middle = begin + _split(end - begin)
        if first <= middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((begin, middle))
            begin = middle
    if begin:
        found.append((begin, end))
    return found[::-1]


def includes(leaf: bytes, position: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof shows that this leaf stands at this position of the tree with this root."""
    if not 0 <= position < size:
        return False
    at, last, found = position, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if at % 2 or at == last:
            found = node_hash(step, found)
            while at and not at % 2:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, step)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def goes_on(
    first: int, first_root: bytes, second: int, second_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the proof shows that nothing in the first tree was changed on the way to the second.

    Anything goes on from the empty tree.
    """
    if first == 0 or first == second:
        roots = (EMPTY_ROOT, second_root) if first == 0 else (second_root, second_root)
        return not proof and (first_root, second_root) == roots
    if not 0 < first < second:
        return False
    steps = list(proof)
    if first & (first - 1) == 0:
        steps.insert(0, first_root)
    if not steps:
        return False
    at, last = first - 1, second - 1
    while at % 2:
        at, last = at >> 1, last >> 1
    older = newer = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if at % 2 or at == last:
            older, newer = node_hash(step, older), node_hash(step, newer)
            while at and not at % 2:
                at, last = at >> 1, last >> 1
        else:
            newer = node_hash(newer, step)
        at, last = at >> 1, last >> 1
    return last == 0 and (older, newer) == (first_root, second_root)


def _split(length: int) -> int:
    """The largest power of two below `length`."""
    return 1 << (length - 1).bit_length() - 1
