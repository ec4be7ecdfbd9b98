"""How a sample of placements is drawn, so that anybody draws the same one again.

The population is written down as a canonical list (RFC 8785): one entry a placement, in the order
of the references, each `[reference, version, digest of its verdict, outcome]`. Its SHA-256 is the
population digest. With the seed, a text made at random and fixed with the digest, follow:

1. Every placement gets a rank: the SHA-256 of the seed, a line feed, and its reference.
2. From each outcome of the cross-check that occurs, the worst first, the lowest rank is taken, so
   that each class of outcome is looked at, as far as the size reaches.
3. The sample is filled up with the lowest ranks of all that remain, whatever their outcome.

What the cross-check finds wanting is on the record anyway, and a finding may cite all of it; the
sample asks whether the record is true, so it is not filled with what already stands out.
"""

from collections.abc import Iterable
from hashlib import sha256
from math import isqrt
from typing import NamedTuple

from agencies.lib.canonical import canonical, parse

# the worst first (domain/rules.md §3); a placement not judged yet comes before all that are
OUTCOMES_WORST_FIRST = (
    "",
    "NON_COMPLIANT",
    "REFER_TO_AUDITOR",
    "ACTION_REQUIRED",
    "INCOMPLETE",
    "MINOR_ACTION",
    "CLEAR_WITH_NOTES",
    "CLEAR",
)

LEAST = 10  # REQ-06 asks for ten files


class Member(NamedTuple):
    """One placement of a population, as it stood when the sample was drawn."""

    reference: str
    version: int
    verdict: str
    outcome: str


def population_bytes(members: Iterable[Member]) -> bytes:
    """The population written down; the SHA-256 of these bytes is the population digest."""
    return canonical([list(member) for member in sorted(members)])


def members_of(written: bytes) -> list[Member]:
    """The population that these bytes state; anything not written canonically is refused."""
    return [Member(*entry) for entry in parse(written)]


def population_digest(members: Iterable[Member]) -> str:
    return sha256(population_bytes(members)).hexdigest()


def suggested_size(population: int) -> int:
    """The square root of the population, ten at least, and never more than there are."""
    root = isqrt(population)
    return min(population, max(LEAST, root + (root * root < population)))


def draw(members: Iterable[Member], *, seed: str, size: int) -> list[str]:
    """The references of the sample, in the order in which they were drawn."""
    ranked = sorted(members, key=lambda member: (rank(seed, member.reference), member.reference))
    first_of: dict[str, Member] = {}
    for member in ranked:
        first_of.setdefault(member.outcome, member)
    by_class = sorted(first_of.values(), key=lambda member: _badness(member.outcome))[:size]
    taken = set(by_class)
    rest = [member for member in ranked if member not in taken]
    return [member.reference for member in [*by_class, *rest[: size - len(by_class)]]]


def rank(seed: str, reference: str) -> str:
    return sha256(f"{seed}\n{reference}".encode()).hexdigest()


def _badness(outcome: str) -> tuple[int, str]:
    known = outcome in OUTCOMES_WORST_FIRST
    return (OUTCOMES_WORST_FIRST.index(outcome) if known else -1, outcome)
