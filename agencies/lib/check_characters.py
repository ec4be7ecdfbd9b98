"""Public numbers that catch a slip of the pen: ISO 7064, system MOD 37,36.

The check character catches every single wrong character, and every swap of neighbours but for
one pair of characters in each of the 36 states of the sum (36 of 22,680). `is_issuable` leaves
the few numbers out that such a swap could turn into another valid one, and those that hold a
letter people read as a digit, so that among the numbers that are given out every such slip shows.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CONFUSABLE = {"O": "0", "I": "1"}

_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_MODULUS = len(ALPHABET)
_SEPARATORS = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad\u2010-\u2015\u2212\-_.]+")
_LONGEST = 64


class NumberUnreadable(ValueError):
    """The text cannot be a number of this register; the message says what to look at."""


def check_character(body: str) -> str:
    """The character that ISO 7064 MOD 37,36 puts behind `body`."""
    return ALPHABET[(1 - _running_sum(body)) % _MODULUS]


def with_check(body: str) -> str:
    """`body` with its check character, as one upper-case word: the form that is stored.

    Hyphens and spaces in `body` are for the eye and left out. A body with O or I is refused,
    since nobody could tell it from 0 or 1.
    """
    word = _SEPARATORS.sub("", body).upper()
    if confusable := sorted(set(word) & CONFUSABLE.keys()):
        raise NumberUnreadable(
            f"A number may not hold {' or '.join(confusable)}: it reads like a digit."
        )
    return word + check_character(word)


def is_valid(number: str) -> bool:
    """Whether `number`, in its stored form, ends with the check character that belongs to it."""
    if len(number) < 2 or any(character not in _VALUES for character in number):
        return False
    return check_character(number[:-1]) == number[-1]


def is_issuable(number: str) -> bool:
    """Whether a valid number may be given out: every letter legible, every swap caught."""
    if not is_valid(number) or not CONFUSABLE.keys().isdisjoint(number):
        return False
    return not any(is_valid(swapped) for swapped in _swaps(number))


def first_issuable(bodies: Iterable[str]) -> str:
    """The number of the first body that may be given out; about one body in ten is passed over."""
    for body in bodies:
        number = with_check(body)
        if is_issuable(number):
            return number
    raise ValueError("None of these bodies makes a number that may be given out.")


def normalise(text: str) -> str:
    """What a person typed, in the stored form; the check character is not judged here.

    Case, spaces and dashes do not matter; O is read as 0 and I as 1, since no number holds them
    (a check character may: it is read as the one that fits).
    """
    word = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    if not word:
        raise NumberUnreadable("Type the number as it is printed; nothing was given.")
    if len(word) > _LONGEST:
        raise NumberUnreadable(f"A number has at most {_LONGEST} characters; this has {len(word)}.")
    if strange := sorted(set(word) - _VALUES.keys()):
        raise NumberUnreadable(
            f"A number holds digits and the letters A to Z only, not {_listed(strange)}. "
            "Type it as it is printed."
        )
    plain = "".join(CONFUSABLE.get(character, character) for character in word)
    if is_valid(plain):
        return plain
    twin = {digit: letter for letter, digit in CONFUSABLE.items()}.get(plain[-1])
    return plain[:-1] + twin if twin and is_valid(plain[:-1] + twin) else plain


def grouped(number: str, size: int = 4) -> str:
    """The number in groups for the eye, as it is printed: `AGY0-0012-K`."""
    return "-".join(number[start : start + size] for start in range(0, len(number), size))


def _running_sum(body: str) -> int:
    if not body:
        raise NumberUnreadable("A number needs at least one character before its check character.")
    total = _MODULUS
    for character in body:
        if character not in _VALUES:
            raise NumberUnreadable(f"A number cannot hold {_listed([character])}.")
        total = (total + _VALUES[character]) % _MODULUS or _MODULUS
        total = 2 * total % (_MODULUS + 1)
    return total


def _swaps(number: str) -> Iterable[str]:
    for place, (left, right) in enumerate(pairwise(number)):
        if left != right:
            yield number[:place] + right + left + number[place + 2 :]


def _listed(characters: list[str]) -> str:
    named = [
        character if character.isprintable() else f"U+{ord(character):04X}"
        for character in characters[:3]
    ]
    return ", ".join(f"“{name}”" for name in named)
