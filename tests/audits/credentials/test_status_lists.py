"""The bits of a list: against other people's lists, and against everything that is no list."""

import gzip
import json
import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audits.credentials.dids import base64url, from_base64url
from audits.credentials.status_lists import (
    LENGTH,
    PURPOSES,
    ListUnreadable,
    StatusPurpose,
    bit_at,
    decoded,
    encoded,
    entry_of,
    index_of,
    position_of,
)

VECTORS = Path(__file__).parents[2] / "vectors" / "bitstring_status_list" / "encoded_lists.json"
LISTS = json.loads(VECTORS.read_text())
ORIGIN = "https://registry.example"
CONTENT = bytes(LENGTH // 8)


def written(content, **packing):
    return "u" + base64url(gzip.compress(content, mtime=0, **packing))


def set_bits(content):
    return [index for index in range(len(content) * 8) if bit_at(content, index)]


@pytest.mark.parametrize("vector", LISTS, ids=lambda v: f"{v['source']} {v['bits']} {v['n_set']}")
def test_the_lists_of_others_have_the_bits_that_they_say(vector):
    content = gzip.decompress(from_base64url(vector["encodedList"][1:]))

    assert set_bits(content) == vector["set_bit_indexes_msb_first"]


@pytest.mark.parametrize("vector", LISTS, ids=lambda v: f"{v['source']} {v['bits']} {v['n_set']}")
def test_a_list_of_others_is_read_if_it_is_as_long_as_one_must_be(vector):
    if vector["bits"] == LENGTH:
        assert set_bits(decoded(vector["encodedList"])) == vector["set_bit_indexes_msb_first"]
    else:
        with pytest.raises(ListUnreadable, match="131072"):
            decoded(vector["encodedList"])


def test_the_first_bit_is_the_most_significant_one():
    assert decoded(encoded([0]))[0] == 0b1000_0000
    assert decoded(encoded([7, 8]))[:2] == bytes([0b0000_0001, 0b1000_0000])
    assert decoded(encoded([LENGTH - 1]))[-1] == 0b0000_0001


def test_one_bit_is_one_certificate_and_not_a_byte_of_them():
    """Somebody else's list was written in bytes, so that revoked certificates read as good."""
    assert len(decoded(encoded([3]))) * 8 == LENGTH
    assert set_bits(decoded(encoded([3]))) == [3]


@given(st.sets(st.integers(0, LENGTH - 1), max_size=50))
def test_what_is_set_is_read_again_and_the_same_bits_give_the_same_list(indexes):
    made = encoded(indexes)

    content = decoded(made)
    assert all(bit_at(content, index) for index in indexes)
    assert sum(byte.bit_count() for byte in content) == len(indexes)
    assert made == encoded(sorted(indexes, reverse=True))


@pytest.mark.parametrize("index", [-1, LENGTH, LENGTH * 8])
def test_a_place_outside_the_list_is_neither_set_nor_read(index):
    with pytest.raises(ValueError, match="no index"):
        encoded([index])
    with pytest.raises(ListUnreadable, match="no entry"):
        bit_at(CONTENT, index)


BROKEN = {
    "nothing": "",
    "no text": None,
    "a number": 7,
    "no multibase": encoded([])[1:],
    "another multibase": "z" + encoded([])[1:],
    "padding": encoded([]) + "=",
    "the other alphabet": "u" + encoded([])[1:].replace("-", "+").replace("_", "/") + "+",
    "not packed": "u" + base64url(CONTENT[:9000]),
    "packed otherwise": "u" + base64url(__import__("zlib").compress(CONTENT)),
    "cut off": encoded(range(0, LENGTH, 977))[:-40],
    "without its end": "u" + base64url(gzip.compress(CONTENT, mtime=0)[:-8]),
    "with another sum": "u" + base64url(gzip.compress(CONTENT, mtime=0)[:-8] + bytes(8)),
    "followed by more": "u" + base64url(gzip.compress(CONTENT, mtime=0) + b"more"),
    "two members": "u" + base64url(2 * gzip.compress(CONTENT[: len(CONTENT) // 2], mtime=0)),
    "too short": written(CONTENT[:-1]),
    "too long": written(CONTENT + b"\0"),
    "far too long to be unpacked": "u" + "A" * 1_000_000,
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_what_is_no_whole_list_is_not_read(broken):
    with pytest.raises(ListUnreadable):
        decoded(broken)


@pytest.mark.slow
def test_a_bomb_costs_no_more_than_a_list():
    bomb = "u" + base64url(gzip.compress(bytes(20_000_000), mtime=0))
    assert len(bomb) < 2 * len(CONTENT)  # short enough to be unpacked at all
    tracemalloc.start()
    begun = time.perf_counter()

    with pytest.raises(ListUnreadable):
        decoded(bomb)

    spent, (_, peak) = time.perf_counter() - begun, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000
    assert spent < 1


@given(st.integers(0, 5 * LENGTH), st.sampled_from(PURPOSES))
def test_an_entry_leads_back_to_its_index_and_to_one_list(status_index, purpose):
    entry = entry_of(purpose, status_index, ORIGIN)

    assert index_of(entry, ORIGIN) == status_index
    assert entry["statusListCredential"] == (
        f"{ORIGIN}/status/{purpose}/{position_of(status_index).number}"
    )
    assert int(entry["statusListIndex"]) < LENGTH


@pytest.mark.parametrize(
    "change",
    [
        {"statusListIndex": "-1"},
        {"statusListIndex": "131072"},
        {"statusListIndex": "007"},
        {"statusListIndex": "٣"},
        {"statusListIndex": "1e1"},
        {"statusPurpose": "message"},
        {"statusPurpose": "suspension"},
        {"statusListCredential": "https://elsewhere.example/status/revocation/1"},
        {"statusListCredential": f"{ORIGIN}/status/revocation/0"},
        {"statusListCredential": f"{ORIGIN}/status/revocation/1/../2"},
        {"statusListCredential": f"{ORIGIN}/status/revocation/1#5"},
    ],
)
def test_an_entry_of_another_form_leads_nowhere(change):
    entry = entry_of(StatusPurpose.REVOCATION, 5, ORIGIN) | change

    with pytest.raises(ValueError, match=r"no entry|not a valid"):
        index_of(entry, ORIGIN)
