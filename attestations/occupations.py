"""Which occupation a text names: one ISCO-08 code, or a refusal that helps.

Taken are codes (unit group, four digits, or minor group, three) and titles: those of the groups
and those of the ILO's index for health and care, in either order of words and either number
("Nurse, registered" and "registered nurses"). A title that stands for several codes is refused
with all of them, and one that is not known with those that resemble it; nothing is guessed.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from agencies.lib.plain_text import similarity, trigrams, words

DATA = Path(__file__).parent / "data"

# Domain rule R-SCOPE. 2240 stands alone in 224; 225 and 324 are veterinary.
HEALTH = ("221", "222", "223", "2240", "226", "321", "322", "323", "325")
CARE = ("5321", "5322", "5329")

_LONGEST = 160
_MOST_OFFERED = 6
_ENOUGH_ALIKE = 0.4
_PLURAL = re.compile(r"(?<=[a-z]{3})(?<![isu])s$")
_CODE = re.compile(r"(?:ISCO[- ]?(?:08|2008)?[\s:-]*)?([0-9]{1,4})", re.IGNORECASE)
_CODE_AND_TITLE = re.compile(r"([0-9]{3,4})\s*[-–—:,.]?\s+(\D.*)")


class Occupation(NamedTuple):
    """A code with its title in ISCO-08."""

    code: str
    title: str

    def __str__(self) -> str:
        return f"{self.code} for {self.title}"


class OccupationRefused(ValueError):
    """The text does not name exactly one occupation; the message says what to type."""

    def __init__(self, message: str, text: str, candidates: tuple[Occupation, ...] = ()) -> None:
        super().__init__(message)
        self.text = text
        self.candidates = candidates


class OccupationUnknown(OccupationRefused):
    """No occupation is known by this text; `suggestions` resemble it and are only a question."""

    def __init__(
        self, text: str, suggestions: tuple[Occupation, ...] = (), reason: str = ""
    ) -> None:
        message = reason or f"“{_shortened(text)}” is not an occupation that is known here."
        if suggestions:
            message += f" Did you mean {_offered(suggestions)}?"
        else:
            message += " Type its ISCO-08 code of four digits, such as 2221."
        super().__init__(message, text, suggestions)
        self.suggestions = suggestions


class OccupationAmbiguous(OccupationRefused):
    """The title stands for occupations with several codes."""

    def __init__(self, text: str, candidates: tuple[Occupation, ...]) -> None:
        super().__init__(
            f"“{_shortened(text)}” can mean more than one occupation. Type {_offered(candidates)}.",
            text,
            candidates,
        )


class Classification:
    """ISCO-08 as far as the two files of a folder hold it, read once and never changed."""

    def __init__(self, folder: Path) -> None:
        self._titles = {row["code"]: row["title"] for row in _rows(folder / "isco08_codes.csv")}
        entries = [
            (row["isco08"], row["isco88"], row["title"].replace("\ufffd", "").strip())
            for row in _rows(folder / "isco08_health_titles.csv")
        ]
        self._formerly: dict[str, set[str]] = {}
        for code, former, _ in entries:
            self._formerly.setdefault(former, set()).add(code)
        self._exact = self._exact_titles(entries)
        self._short = self._shortened_titles(entries)
        self._seen: dict[str, str] = {}

    def resolve(self, text: str) -> str:
        """The code that `text` is or names."""
        code = self._seen.get(text)
        if code is None:
            code = self._look_up(text)
            if len(self._seen) < 20_000:
                self._seen[text] = code
        return code

    def title(self, code: str) -> str:
        """The title of a group in ISCO-08; a code that is not in it is refused."""
        if code not in self._titles:
            raise OccupationUnknown(code)
        return self._titles[code]

    def units(self, code: str) -> list[str]:
        """The unit groups (four digits) under a code, in order; a unit group is its own."""
        self.title(code)
        return sorted(c for c in self._titles if len(c) == 4 and c.startswith(code))

    def codes(self) -> frozenset[str]:
        """Every code of three or four digits: all that `resolve` can answer."""
        return frozenset(code for code in self._titles if len(code) >= 3)

    def _look_up(self, text: str) -> str:
        written = " ".join(text.split())
        if not written:
            raise OccupationUnknown(text, reason="No occupation was given.")
        if len(written) > _LONGEST:
            raise OccupationUnknown(text)
        if match := _CODE.fullmatch(written):
            return self._by_code(text, match[1])
        if match := _CODE_AND_TITLE.fullmatch(written):
            return self._by_code_and_title(text, match[1], match[2])
        return self._by_title(text, _key(written))

    def _by_code(self, text: str, code: str) -> str:
        if code not in self._titles:
            newer = tuple(map(self._named, sorted(self._formerly.get(code, ()))))[:_MOST_OFFERED]
            reason = f"{code} is not a code of ISCO-08." + (
                " It is one of the older ISCO-88." if newer else ""
            )
            raise OccupationUnknown(text, newer, reason)
        if len(code) < 3:
            within = [c for c in sorted(self._titles) if len(c) == 3 and c.startswith(code)]
            raise OccupationUnknown(
                text,
                tuple(map(self._named, within))[:_MOST_OFFERED],
                f"{code} ({self._titles[code]}) is too broad: give three or four digits.",
            )
        return code

    def _by_code_and_title(self, text: str, code: str, title: str) -> str:
        """`2221 Nursing professionals`: both have to say the same."""
        by_code = self._by_code(text, code)
        if by_code not in self._exact.get(_key(title), {by_code}):
            raise OccupationAmbiguous(
                text,
                tuple(map(self._named, [by_code, *sorted(self._exact[_key(title)])])),
            )
        if _key(title) not in self._exact:
            raise OccupationUnknown(
                text, (self._named(by_code),), f"{code} is not known by the title “{title[:60]}”."
            )
        return by_code

    def _by_title(self, text: str, key: str) -> str:
        codes = self._exact.get(key)
        if codes and len(codes) == 1:
            return next(iter(codes))
        wider = codes or self._short.get(key)
        if wider and len(wider) > 1:
            raise OccupationAmbiguous(text, tuple(map(self._named, sorted(wider))))
        alike = sorted(wider) if wider else self._alike(key)
        raise OccupationUnknown(text, tuple(map(self._named, alike)))

    def _named(self, code: str) -> Occupation:
        return Occupation(code, self._titles[code])

    def _exact_titles(self, entries: Iterable[tuple[str, str, str]]) -> dict[str, set[str]]:
        """Titles as printed, and turned round; of a group and its only member, the member."""
        exact: dict[str, set[str]] = {}
        for code, title in self._titles.items():
            if len(code) < 3 or (len(code) == 3 and self._titles.get(f"{code}0") == title):
                continue
            exact.setdefault(_key(title), set()).add(code)
        for code, _, title in entries:
            for form in (title, _turned(title)):
                exact.setdefault(_key(form), set()).add(code)
        return exact

    def _shortened_titles(self, entries: Iterable[tuple[str, str, str]]) -> dict[str, set[str]]:
        """What titles leave open without their last words: `nurse`, `nursing aide`.

        Only ever a reason to ask back, never an answer.
        """
        short: dict[str, set[str]] = {}
        for code, _, title in entries:
            base = title.partition(":")[0]
            for form in (base, _turned(base), base.partition(",")[0]):
                short.setdefault(_key(form), set()).add(code)
        return short

    def _alike(self, key: str) -> list[str]:
        """Up to three codes with a title like this one, the likest first."""
        asked = trigrams(key)
        likeness: dict[str, float] = {}
        for pieces, codes in self._pieces:
            score = similarity(asked, pieces)
            for code in codes:
                likeness[code] = max(score, likeness.get(code, 0.0))
        ranked = sorted(likeness.items(), key=lambda scored: (-scored[1], scored[0]))
        return [code for code, score in ranked[:3] if score >= _ENOUGH_ALIKE]

    @cached_property
    def _pieces(self) -> list[tuple[set[str], set[str]]]:
        return [(trigrams(title), codes) for title, codes in self._exact.items()]


@cache
def default_classification() -> Classification:
    """The classification in the project's own files, read once a process."""
    return Classification(DATA)


def resolve_occupation(text: str) -> str:
    """The ISCO-08 code (three or four digits) that the text is or names, or a refusal."""
    return default_classification().resolve(text)


def title(code: str) -> str:
    """The title of the code in ISCO-08."""
    return default_classification().title(code)


@cache
def is_health(code: str) -> bool:
    """Whether all that the code stands for are health occupations (rule R-SCOPE)."""
    return _all_within(code, HEALTH)


@cache
def is_care(code: str) -> bool:
    """Whether all that the code stands for are personal care occupations (rule R-SCOPE)."""
    return _all_within(code, CARE)


@cache
def group(code: str) -> Occupation:
    """The minor group (three digits) that a certificate's scope names, with its title."""
    if len(code) < 3:
        raise OccupationUnknown(code, reason=f"{code} is too broad to be an occupation group.")
    title(code)
    return Occupation(code[:3], title(code[:3]))


def groups() -> list[Occupation]:
    """The groups that a scope can name: those that hold a health or a care occupation."""
    units = (code for code in default_classification().codes() if len(code) == 4)
    return sorted({group(code) for code in units if is_health(code) or is_care(code)})


def _all_within(code: str, beginnings: tuple[str, ...]) -> bool:
    units = default_classification().units(code)
    return bool(units) and all(unit.startswith(beginnings) for unit in units)


def _key(text: str) -> str:
    """The words of a title; one nurse or several are the same occupation."""
    return " ".join(_PLURAL.sub("", word) for word in words(text))


def _turned(title: str) -> str:
    """`Nurse, registered: ward` as people say it: `registered nurse ward`."""
    base, _, qualifier = title.partition(":")
    head, _, rest = base.partition(",")
    return f"{rest} {head} {qualifier}"


def _offered(occupations: Iterable[Occupation]) -> str:
    *others, last = map(str, occupations)
    return f"{', '.join(others)} or {last}" if others else last


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:59]}…"
