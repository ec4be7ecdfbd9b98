"""Known words that one slip of the fingers turns into a text: the question “did you mean …?”.

A slip is a letter left out, one too many, another letter, or two neighbours in the wrong order.
What resembles a word is a question and never an answer.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

# in shorter words most texts of their length are one slip away
SHORTEST = 3


class Slips:
    """Finds known words that are one slip from a text, in time that follows the text's length."""

    def __init__(self, known: Iterable[str]) -> None:
        self._by_piece: defaultdict[str, set[str]] = defaultdict(set)
        for word in known:
            if len(word) >= SHORTEST:
                for piece in _pieces(word):
                    self._by_piece[piece].add(word)

    def near(self, text: str) -> list[str]:
        """In alphabetical order, without the text itself."""
        if len(text) < SHORTEST:
            return []
        found = {word for piece in _pieces(text) for word in self._by_piece.get(piece, ())}
        return sorted(word for word in found if word != text and is_one_slip(word, text))


def is_one_slip(word: str, text: str) -> bool:
    """Whether exactly one slip lies between the two."""
    if word == text or abs(len(word) - len(text)) > 1:
        return False
    short, long = sorted((word, text), key=len)
    at = next((at for at, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), None)
    if at is None:
        return True
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    if short[at + 1 :] == long[at + 1 :]:
        return True
    swapped = short[at + 1 : at + 2] + short[at]
    return swapped == long[at : at + 2] and short[at + 2 :] == long[at + 2 :]


def _pieces(word: str) -> Iterator[str]:
    """The word, and the word without each of its letters: two that share one are near."""
    yield word
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]
