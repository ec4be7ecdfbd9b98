import datetime as dt
import hashlib
import json
from decimal import Decimal
from pathlib import Path

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from agencies.lib.canonical import NotCanonical, canonical, digest, parse

VECTORS = Path(__file__).parents[2] / "vectors" / "jcs_rfc8785"
NAMES = ["arrays", "french", "structures", "unicode", "values", "weird"]
WITH_FRACTIONS = {"structures", "values"}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in WITH_FRACTIONS])
def test_the_authors_vectors(name):
    value = json.loads((VECTORS / "input" / f"{name}.json").read_bytes())
    expected = (VECTORS / "output" / f"{name}.json").read_bytes()

    assert canonical(value) == expected
    assert canonical(value) == bytes.fromhex((VECTORS / "outhex" / f"{name}.txt").read_text())


@pytest.mark.parametrize("name", sorted(WITH_FRACTIONS))
def test_the_vectors_with_fractions_are_refused_by_us_and_written_by_the_library(name):
    value = json.loads((VECTORS / "input" / f"{name}.json").read_bytes())

    assert rfc8785.dumps(value) == (VECTORS / "output" / f"{name}.json").read_bytes()
    with pytest.raises(NotCanonical, match="is a fraction"):
        canonical(value)


@given(JSON)
def test_what_is_written_is_read_back_the_same(value):
    assert parse(canonical(value)) == value


@given(st.dictionaries(st.text(), st.integers(0, 9)))
def test_the_order_of_keys_does_not_matter(value):
    backwards = dict(reversed(value.items()))

    assert digest(backwards) == digest(value)


def test_the_digest_is_that_of_the_bytes():
    assert canonical({"b": 1, "a": "é"}) == '{"a":"é","b":1}'.encode()
    assert digest({"b": 1, "a": "é"}) == hashlib.sha256('{"a":"é","b":1}'.encode()).hexdigest()


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"rate": 0.5}, "$.rate is a fraction (0.5); write it as a text."),
        ([float("nan")], "$[0] is a fraction (nan); write it as a text."),
        (1.0, "$ is a fraction (1.0); write it as a text."),
        (2**53, "$ is a number beyond 2^53; write it as a text."),
        ({1: "a"}, "$ has the key 1; keys are texts."),
        (["\ud800"], "$[0] holds half a character (a lone surrogate)."),
        ({"\udc00": 1}, "$ holds half a character (a lone surrogate)."),
        ({"on": dt.date(2024, 1, 1)}, "$.on is a date, which JSON does not know."),
        (Decimal("1.5"), "$ is a Decimal, which JSON does not know."),
        ({"x": {1, 2}}, "$.x is a set, which JSON does not know."),
        (b"raw", "$ is a bytes, which JSON does not know."),
    ],
)
def test_what_has_no_canonical_form_is_refused_by_place_and_reason(value, reason):
    with pytest.raises(NotCanonical) as refused:
        canonical(value)

    assert str(refused.value) == reason


def test_deep_nesting_is_refused_and_not_a_crash():
    value: list[object] = []
    for _ in range(5000):
        value = [value]

    with pytest.raises(NotCanonical, match="more than 100 levels deep"):
        canonical(value)
    with pytest.raises(NotCanonical):
        parse(b"[" * 100_000)


@pytest.mark.parametrize(
    "written",
    [
        b'{"a":1, "b":2}',
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a":1}\n',
        b"1.0",
        b"1e2",
        b"NaN",
        b"-0",
        b'"\\u0041"',
        b'"\xff"',
        b"",
        b"{",
        b'\xef\xbb\xbf{"a":1}',
        b'"\\ud800"',
    ],
)
def test_a_second_way_to_write_the_same_is_refused(written):
    with pytest.raises(NotCanonical):
        parse(written)


def test_subclasses_of_plain_types_are_written_as_plain():
    class Colour(str):
        pass

    assert canonical([Colour("red"), (1, 2), True]) == b'["red",[1,2],true]'
