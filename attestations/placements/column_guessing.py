"""What the columns of a file may be, for a person to confirm: by their names and their first rows.

A guess fills a form and nothing else. Where two answers are as good as each other there is none.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from attestations.placements.cells import CellRefused, Vocabulary, reader_for
from attestations.placements.columns import BY_NAME, COLUMNS, Column, Kind, column_called, key_of
from attestations.placements.files import FileUnreadable

# spellings that differ by less are taken for the same word written otherwise
ALIKE = 0.8

# kinds whose texts tell them apart from others, in the order in which they are tried
_TELLING = (Kind.MODE, Kind.DAY, Kind.COUNTRY, Kind.DESTINATION, Kind.OCCUPATION)


class Why(StrEnum):
    """What an answer stands on, in words for the person who is asked."""

    SAID = "You said so before."
    CALLED = "We know it by this name."
    ALIKE = "We guess so from its name. Please check."
    CONTENT = "We guess so from what it holds. Please check."
    NONE = "We do not know this column."


@dataclass(frozen=True, slots=True)
class Guess:
    """Our column, or None for one that is left aside, and why."""

    name: str | None
    why: Why


def guess(
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    said: Mapping[str, str | None],
    words: Vocabulary,
) -> list[Guess]:
    """One answer for each header; none of our columns is given twice. `said` goes by keys."""
    keys = [key_of(header) for header in headers]
    guesses: dict[int, Guess] = {}

    def give(at: int, name: str | None, why: Why) -> None:
        if at not in guesses and name not in {one.name for one in guesses.values() if one.name}:
            guesses[at] = Guess(name, why)

    for at, key in enumerate(keys):
        if key in said:
            give(at, said[key], Why.SAID)
    for at, key in enumerate(keys):
        if column := column_called(key):
            give(at, column.name, Why.CALLED)
    for _, at, name in sorted(_alike(keys), reverse=True):
        if not _contradicts(_texts(rows, at), BY_NAME[name].kind, words):
            give(at, name, Why.ALIKE)
    taken = {one.name for one in guesses.values()}
    open_ones = [at for at, key in enumerate(keys) if key and at not in guesses]
    for at, name in _by_content(open_ones, rows, taken, words):
        give(at, name, Why.CONTENT)
    return [guesses.get(at, Guess(None, Why.NONE)) for at in range(len(headers))]


def _alike(keys: Sequence[str]) -> list[tuple[float, int, str]]:
    """How much each header resembles a name of ours, where it does; the words in any order."""
    found = []
    for at, key in enumerate(keys):
        if not key:
            continue
        for column in COLUMNS:
            spellings = {key_of(one) for one in (column.name, column.field, *column.aliases)}
            likeness = max(_likeness(key, spelling) for spelling in spellings)
            if likeness >= ALIKE:
                found.append((likeness, at, column.name))
    best = {at: max(one for one, where, _ in found if where == at) for _, at, _ in found}
    winners = [one for one in found if one[0] == best[one[1]]]
    doubtful = Counter(at for _, at, _ in winners)
    return [one for one in winners if doubtful[one[1]] == 1]


def _likeness(key: str, spelling: str) -> float:
    ordered = " ".join(sorted(key.split())), " ".join(sorted(spelling.split()))
    return max(SequenceMatcher(None, *pair).ratio() for pair in ((key, spelling), ordered))


def _by_content(
    open_ones: Sequence[int],
    rows: Sequence[Sequence[str]],
    taken: set[str | None],
    words: Vocabulary,
) -> list[tuple[int, str]]:
    """The one column whose texts mostly read as a kind, for the one needed of that kind."""
    texts = {at: _texts(rows, at) for at in open_ones}
    wanted = [column for column in COLUMNS if column.required and column.name not in taken]
    found: list[tuple[int, str]] = []
    told: set[int] = set()
    for kind in _TELLING:
        fitting = [at for at in open_ones if at not in told and _most_read(texts[at], kind, words)]
        told |= set(fitting)
        alike = [column for column in wanted if _same(column.kind, kind)]
        if len(fitting) == len(alike) == 1:
            found.append((fitting[0], alike[0].name))
    references = [at for at in open_ones if at not in told and _could_be_references(texts[at])]
    # an amount is a bare number; a reference mostly is not
    references = [at for at in references if not all(map(str.isdigit, texts[at]))] or references
    if len(references) == 1 and "reference" not in taken:
        found.append((references[0], "reference"))
    return found


def _same(kind: Kind, other: Kind) -> bool:
    countries = {Kind.COUNTRY, Kind.DESTINATION}
    return kind is other or {kind, other} == countries


def _texts(rows: Sequence[Sequence[str]], at: int) -> list[str]:
    return [row[at].strip() for row in rows if at < len(row) and row[at].strip()]


def _contradicts(texts: Sequence[str], kind: Kind, words: Vocabulary) -> bool:
    """Whether a column that is called so holds something else."""
    return kind in _TELLING and bool(texts) and not _most_read(texts, kind, words)


def _most_read(texts: Sequence[str], kind: Kind, words: Vocabulary) -> bool:
    """More than half: files have mistakes in their first rows too."""
    read = reader_for(next(column for column in COLUMNS if column.kind is kind), words)
    return 2 * sum(_value(read, text) is not None for text in texts) > len(texts)


def _value(read: Callable[[str], object], text: str) -> object:
    """None where the text is refused, or is read as no answer; a day in doubt is a day."""
    try:
        return read(text)
    except CellRefused as refused:
        return (
            refused.replacements if refused.code == "not_a_date" and refused.replacements else None
        )
    except FileUnreadable:
        return None


def _could_be_references(texts: Sequence[str]) -> bool:
    """All different, each with a digit in it, as no worker's name has."""
    return (
        len(texts) > 1
        and len(set(texts)) == len(texts)
        and all(any(map(str.isdigit, text)) for text in texts)
    )


def needed_of(names: Sequence[str | None]) -> list[Column]:
    """The columns that every file needs and these do not hold."""
    return [column for column in COLUMNS if column.required and column.name not in names]
