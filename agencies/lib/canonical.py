"""One way to write a value down, so that its digest and its signature mean the same everywhere.

RFC 8785 (JSON Canonicalization Scheme), narrowed to what this register states: null, true, false,
whole numbers, texts, lists and objects. Amounts and rates are written as texts or in whole units,
because two systems may print the same binary fraction differently.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, NoReturn, TypeAlias

import rfc8785

Json: TypeAlias = Any
"""null, bool, int, str, list or tuple of these, mapping of str to these."""

_LARGEST = 2**53 - 1
_DEEPEST = 100


class NotCanonical(ValueError):
    """The value has no canonical form here; the message names the place and the reason."""


def canonical(value: Json) -> bytes:
    """The bytes that stand for `value`: RFC 8785, UTF-8, no fractions."""
    return rfc8785.dumps(_plain(value, "$", 0))


def digest(value: Json) -> str:
    """SHA-256 of the canonical bytes, 64 lower-case hexadecimal characters."""
    return hashlib.sha256(canonical(value)).hexdigest()


def parse(written: bytes) -> Json:
    """The value that canonical bytes stand for; anything not written canonically is refused.

    A verifier reads with this, so that one signature never covers two readings: repeated keys,
    other spacing, other order and fractions are all refused.
    """
    try:
        value = json.loads(
            written.decode("utf-8"), parse_float=_refuse_number, parse_constant=_refuse_number
        )
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as wrong:
        raise NotCanonical(f"These bytes are not JSON: {wrong}.") from wrong
    if canonical(value) != written:
        raise NotCanonical("These bytes are JSON, but not in canonical form (RFC 8785).")
    return value


def _plain(value: Json, place: str, depth: int) -> Json:
    if depth > _DEEPEST:
        raise NotCanonical(f"{place} is nested more than {_DEEPEST} levels deep.")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value, place)
    if isinstance(value, int):
        if abs(value) > _LARGEST:
            raise NotCanonical(f"{place} is a number beyond 2^53; write it as a text.")
        return int(value)
    if isinstance(value, list | tuple):
        return [_plain(item, f"{place}[{at}]", depth + 1) for at, item in enumerate(value)]
    if isinstance(value, Mapping):
        return {
            _key(key, place): _plain(item, f"{place}.{key}", depth + 1)
            for key, item in value.items()
        }
    if isinstance(value, float):
        raise NotCanonical(f"{place} is a fraction ({value}); write it as a text.")
    raise NotCanonical(f"{place} is a {type(value).__name__}, which JSON does not know.")


def _key(key: object, place: str) -> str:
    if not isinstance(key, str):
        raise NotCanonical(f"{place} has the key {key!r}; keys are texts.")
    return _text(key, place)


def _text(text: str, place: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as wrong:
        raise NotCanonical(f"{place} holds half a character (a lone surrogate).") from wrong
    return str(text)


def _refuse_number(written: str) -> NoReturn:
    raise NotCanonical(f"The number {written} is not a whole number; fractions are texts here.")
