"""The tree is that of RFC 6962: others' roots, every proof, and no proof for what is not there."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audits.transparency import merkle

VECTORS = Path(__file__).parents[2] / "vectors" / "merkle_rfc6962" / "leaves_and_roots.json"
LARGEST = 130


def tree(size):
    """Stored nodes as the log keeps them, and the leaves' hashes."""
    nodes = {}
    leaves = [merkle.leaf_hash(str(at).encode()) for at in range(size)]
    for at, leaf in enumerate(leaves):
        nodes.update(merkle.growth(at, leaf, nodes.__getitem__))
    return nodes, leaves


NODES, LEAVES = tree(LARGEST)


def root(size):
    return merkle.hash_of((0, size), NODES.__getitem__)


def proof(stretches):
    return [merkle.hash_of(stretch, NODES.__getitem__) for stretch in stretches]


def test_roots_are_those_of_certificate_transparency():
    vectors = json.loads(VECTORS.read_text())
    leaves = [merkle.leaf_hash(bytes.fromhex(leaf)) for leaf in vectors["leaf_inputs_hex"]]

    found = [merkle.root_of(leaves[:size]).hex() for size in range(len(leaves) + 1)]

    assert found == vectors["root_hex_by_tree_size"]


def test_the_root_from_stored_nodes_is_the_root_from_the_leaves():
    assert [root(size) for size in range(LARGEST + 1)] == [
        merkle.root_of(LEAVES[:size]) for size in range(LARGEST + 1)
    ]


def test_a_leaf_stores_itself_and_asks_for_as_many_nodes_as_become_whole():
    grown = [len(list(merkle.growth(at, LEAVES[at], NODES.__getitem__))) for at in range(8)]

    assert grown == [1, 2, 1, 3, 1, 2, 1, 4]
    assert [len(merkle.siblings(at)) + 1 for at in range(8)] == grown


@pytest.mark.slow
def test_every_leaf_is_proved_in_every_later_tree():
    assert all(
        merkle.includes(LEAVES[at], at, size, proof(merkle.inclusion(at, size)), root(size))
        for size in range(1, LARGEST + 1)
        for at in range(size)
    )


@pytest.mark.slow
def test_every_tree_is_proved_to_go_on_from_every_earlier_one():
    assert all(
        merkle.goes_on(
            first, root(first), second, root(second), proof(merkle.consistency(first, second))
        )
        for second in range(LARGEST + 1)
        for first in range(second + 1)
    )


SIZES = st.integers(1, LARGEST)
OTHER = merkle.leaf_hash(b"another")


@given(SIZES.flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size))), st.data())
def test_no_other_leaf_place_size_or_proof_is_accepted(asked, draw):
    at, size = asked
    steps = proof(merkle.inclusion(at, size))
    changed = list(steps)
    if steps:
        changed[draw.draw(st.integers(0, len(steps) - 1))] = OTHER
    place = draw.draw(st.integers(-1, LARGEST).filter(lambda other: other != at))

    assert not merkle.includes(OTHER, at, size, steps, root(size))
    assert not merkle.includes(LEAVES[at], place, size, steps, root(size))
    assert not merkle.includes(LEAVES[at], at, size, [*steps, OTHER], root(size))
    assert not merkle.includes(LEAVES[at], at, size, steps, OTHER)
    assert not (steps and merkle.includes(LEAVES[at], at, size, changed, root(size)))
    assert not (steps and merkle.includes(LEAVES[at], at, size, steps[:-1], root(size)))


@given(SIZES.flatmap(lambda size: st.tuples(st.integers(1, size), st.just(size))), st.data())
def test_no_other_past_is_accepted(asked, draw):
    first, second = asked
    steps = proof(merkle.consistency(first, second))
    changed = list(steps)
    if steps:
        changed[draw.draw(st.integers(0, len(steps) - 1))] = OTHER

    assert not merkle.goes_on(first, OTHER, second, root(second), steps)
    assert not merkle.goes_on(first, root(first), second, OTHER, steps)
    assert not merkle.goes_on(first, root(first), second, root(second), [*steps, OTHER])
    assert not (steps and merkle.goes_on(first, root(first), second, root(second), changed))
    assert first == second or not merkle.goes_on(second, root(second), first, root(first), steps)


@given(
    st.lists(st.binary(max_size=4), min_size=1, max_size=40),
    st.integers(0, 39),
    st.binary(max_size=4),
)
def test_a_changed_leaf_changes_the_root(contents, at, other):
    at %= len(contents)
    changed = [*contents[:at], other, *contents[at + 1 :]]

    roots = [merkle.root_of([merkle.leaf_hash(c) for c in some]) for some in (contents, changed)]

    assert (roots[0] == roots[1]) == (contents == changed)


@pytest.mark.parametrize(("at", "size"), [(0, 0), (3, 3), (-1, 2)])
def test_there_is_no_proof_for_a_leaf_that_is_not_there(at, size):
    with pytest.raises(ValueError, match="has no leaf"):
        merkle.inclusion(at, size)


@pytest.mark.parametrize(("first", "second"), [(2, 1), (-1, 2)])
def test_there_is_no_proof_of_going_backwards(first, second):
    with pytest.raises(ValueError, match="does not go on"):
        merkle.consistency(first, second)
