"""Which country a text names: exactly one ISO 3166-1 alpha-3 code, or a refusal that helps.

Nothing is guessed (domain rule R-NAME). Case, marks, punctuation, articles and the order around a
comma do not matter; every spelling that is taken stands in a file of the folder `agencies/data`. A
name that several countries share is refused with the candidates, and a name that is not known is
refused with those that resemble it, as a question and never as an answer.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from agencies.lib.plain_text import similarity, trigrams
from agencies.lib.slips import Slips

DATA = Path(__file__).parent.parent / "data"

_LONGEST = 120
_REMEMBERED = 50_000
_ENOUGH_ALIKE = 0.36
# what must be nearly as like as a name that one slip explains
_BESIDE_A_SLIP = 0.75

_APOSTROPHES_AND_DOTS = re.compile(r"[.'’‘ʼ`´＇*]|[\u00ad\u200b-\u200f\u2060\ufeff]")
_ELIDED_ARTICLE = re.compile(r"\bl['’‘ʼ`´](?=\w)", re.IGNORECASE)
_ARTICLE_BEHIND = re.compile(
    r"\s*[(（](?:the|el|la|los|las|le|les|l['’‘ʼ`´])[)）]\s*", re.IGNORECASE
)
_MARKS = re.compile(r"[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u0640]")
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_TWO_PARTS = re.compile(r"([^,(（]+?)\s*(?:,|[(（])\s*([^,()（）]+?)\s*[)）]?")
_SAME_WORD = {"st": "saint", "ste": "sainte"}
_WITHOUT_WEIGHT = {"the", "of", "and"}
_ARTICLES = {"la", "le", "les", "el", "los", "las"}
_CODE = re.compile(r"[A-Za-z]{2,3}")
_NO_ANSWERS = """
na|n a|nan|nil|none|null|unknown|unknown row|not known|not stated|not applicable|other|various|tbc
tba|nk|n k|missing|blank|any|x|xx|xxx|zz|zzz
"""
_NO_ANSWER = frozenset(["", *re.split(r"[|\n]", _NO_ANSWERS.strip())])
# Codes of two letters that are words, or marks for a missing value, unless written in capitals.
_TWO_LETTER_WORDS = "am as at be by do id in is it la me my na no pm so to"
_WORDS_TOO = frozenset(_TWO_LETTER_WORDS.split())
_PARTS_BY_CODE = {
    "GB-ENG": "England",
    "GB-SCT": "Scotland",
    "GB-WLS": "Wales",
    "GB-NIR": "Northern Ireland",
}


class Candidate(NamedTuple):
    """A country as it is offered in a message, or a part of one by the part's name."""

    iso3: str
    name: str
    is_part: bool = False

    def __str__(self) -> str:
        return f"{self.iso3} for {self.name}"

    @property
    def typed(self) -> str:
        """The shortest text that names it: a part has no code that everybody knows."""
        return self.name if self.is_part else self.iso3


class CountryRefused(ValueError):
    """The text does not name exactly one country; the message says what to type."""

    def __init__(self, message: str, text: str, candidates: tuple[Candidate, ...]) -> None:
        super().__init__(message)
        self.text = text
        self.candidates = candidates


class CountryUnknown(CountryRefused):
    """No country is known by this text; `suggestions` resemble it and are only a question."""

    def __init__(
        self, text: str, suggestions: tuple[Candidate, ...] = (), reason: str = ""
    ) -> None:
        if not text.strip():
            message = "No country was given. Type its English name or its ISO code, such as GHA."
        else:
            message = reason or f"“{_shortened(text)}” is not a country name that is known here."
            if suggestions:
                offered = " or ".join(f"{one.name} ({one.iso3})" for one in suggestions)
                message += f" Did you mean {offered}?"
            elif not reason:
                message += " Type its English name or its ISO code, such as GHA."
        super().__init__(message, text, suggestions)
        self.suggestions = suggestions


class CountryAmbiguous(CountryRefused):
    """Several countries go by this text."""

    def __init__(self, text: str, candidates: tuple[Candidate, ...]) -> None:
        offered = ", ".join(map(str, candidates[:-1])) + f" or {candidates[-1]}"
        super().__init__(
            f"“{_shortened(text)}” can mean more than one country. Type {offered}.",
            text,
            candidates,
        )


class Country(NamedTuple):
    """A row of `countries.csv`, as far as a spelling needs it."""

    iso2: str
    iso3: str
    name: str
    republic: bool


class Place(NamedTuple):
    """What a spelling stands for: a country, and the part of it where one was named."""

    iso3: str
    part: str | None = None


class Resolver:
    """Answers from files read once; safe to share, since it changes nothing but its memory."""

    def __init__(self, folder: Path) -> None:
        variants = [
            *_rows(folder / "country_name_variants.csv"),
            *_rows(folder / "country_name_variants_more.csv"),
        ]
        self._countries = _countries(folder, variants)
        self._codes = {c.iso2: c.iso3 for c in self._countries.values()}
        self._codes |= {iso3: iso3 for iso3 in self._countries}
        self._refused = dict(self._names_refused(folder, variants))
        self._exact, self._places = self._spellings(folder, variants)
        self._seen: dict[str, Place] = {}

    def resolve(self, text: str) -> str:
        """The ISO 3166-1 alpha-3 code of the one country that `text` names."""
        place = self._seen.get(text)
        return place[0] if place is not None else self.resolve_with_part(text)[0]

    def resolve_with_part(self, text: str) -> Place:
        """The same, with the part of the country if the text names one: Zanzibar is in TZA."""
        place = self._seen.get(text)
        if place is None:
            place = self._look_up(text)
            if len(self._seen) < _REMEMBERED:
                self._seen[text] = place
        return place

    def name(self, iso3: str) -> str:
        """The English name by which a country is shown; it resolves to the same country."""
        return self._countries[iso3].name

    def codes(self) -> frozenset[str]:
        """Every alpha-3 code that can come out."""
        return frozenset(self._countries)

    def _look_up(self, text: str) -> Place:
        written = unicodedata.normalize("NFKC", text).strip()
        if len(written) > _LONGEST:
            raise CountryUnknown(text)
        if place := self._by_code(text, written) or self._exact.get(written.casefold()):
            return place
        key = _key(written)
        if key in _NO_ANSWER:
            raise CountryUnknown(text if key else "")
        if place := self._by_name(text, key) or self._in_two_parts(text, written):
            return place
        raise CountryUnknown(text, tuple(map(self._offered, self._alike(text, key))))

    def _by_code(self, text: str, written: str) -> Place | None:
        if part := _PARTS_BY_CODE.get(written.upper()):
            return Place("GBR", part)
        if not _CODE.fullmatch(written):
            return None
        iso3 = self._codes.get(written.upper())
        if iso3 and written.lower() in _WORDS_TOO and not written.isupper():
            raise CountryUnknown(text, (self._candidate(iso3),))
        return Place(iso3) if iso3 else None

    def _by_name(self, text: str, key: str) -> Place | None:
        """The place with this key, without its article, or as a republic by its short name."""
        for attempt in _with_and_without_article(key):
            if attempt in self._refused:
                raise self._refusal(text, *self._refused[attempt])
            if place := self._places.get(attempt):
                return place
        if key.startswith("republic "):
            place = self._places.get(key.removeprefix("republic "))
            if place and not place.part and self._countries[place.iso3].republic:
                return place
        return None

    def _in_two_parts(self, text: str, written: str) -> Place | None:
        """`Guinea, Equatorial` turned round, or a part with its country: `Zanzibar (Tanzania)`."""
        match = _TWO_PARTS.fullmatch(written)
        if not match:
            return None
        front, behind = _key(match[1]), _key(match[2])
        if place := self._by_name(text, f"{behind} {front}"):
            return place
        part, whole = self._places.get(front), self._places.get(behind)
        if part and whole and part.part and part.iso3 == whole.iso3 and not whole.part:
            return part
        return None

    def _refusal(self, text: str, codes: tuple[str, ...], reason: str) -> CountryRefused:
        candidates = tuple(map(self._candidate, codes))
        if len(candidates) > 1:
            return CountryAmbiguous(text, candidates)
        return CountryUnknown(text, candidates, reason)

    def _candidate(self, iso3: str) -> Candidate:
        return Candidate(iso3, self._countries[iso3].name)

    def _offered(self, place: Place) -> Candidate:
        """A part by its own name where that names it, and else its country."""
        if place.part and self._places.get(_key(place.part)) == place:
            return Candidate(place.iso3, place.part, is_part=True)
        return self._candidate(place.iso3)

    def _alike(self, text: str, key: str) -> list[Place]:
        """Up to three places with a name like this one: those one slip away, then the likest."""
        asked = trigrams(text)
        slipped = {place for word in self._slips.near(key) for place in self._meant_by(word)}
        likeness: dict[Place, float] = dict.fromkeys(slipped, 0.0)
        near = {entry for piece in asked for entry in self._index.get(piece, ())}
        for spelling in near:
            place = self._places[spelling]
            score = similarity(asked, self._pieces[spelling])
            likeness[place] = max(score, likeness.get(place, 0.0))
        ranked = sorted(
            likeness,
            key=lambda one: (one not in slipped, -likeness[one], one.iso3, one.part or ""),
        )
        enough = max([_ENOUGH_ALIKE, *(_BESIDE_A_SLIP * likeness[one] for one in slipped)])
        return [one for one in ranked[:3] if one in slipped or likeness[one] >= enough]

    def _meant_by(self, spelling: str) -> Iterator[Place]:
        """One place, or all countries that share the name."""
        if place := self._places.get(spelling):
            yield place
        elif spelling in self._refused:
            yield from map(Place, self._refused[spelling][0])

    @cached_property
    def _slips(self) -> Slips:
        return Slips([*self._places, *self._refused])

    @cached_property
    def _pieces(self) -> dict[str, set[str]]:
        return {spelling: trigrams(spelling) for spelling in self._places}

    @cached_property
    def _index(self) -> dict[str, list[str]]:
        index: dict[str, list[str]] = {}
        for spelling, pieces in self._pieces.items():
            for piece in pieces:
                index.setdefault(piece, []).append(spelling)
        return index

    def _names_refused(
        self, folder: Path, variants: list[dict[str, str]]
    ) -> Iterator[tuple[str, tuple[tuple[str, ...], str]]]:
        for row in variants:
            if others := self._known(row["same_string_other_iso3"]):
                yield _key(row["name_variant"]), ((row["iso3"], *others), "")
        for row in _rows(folder / "demonym_to_iso3.csv"):
            candidates = self._known(row["iso3"])
            if row["ambiguous"] == "Y" and candidates:
                yield _key(row["demonym"]), (candidates, "")
        for row in _rows(folder / "country_names_refused.csv"):
            yield _key(row["name"]), (tuple(row["candidates"].split()), row["reason"])

    def _known(self, codes: str) -> tuple[str, ...]:
        return tuple(code for code in re.findall(r"[A-Z]{3}", codes) if code in self._countries)

    def _spellings(
        self, folder: Path, variants: list[dict[str, str]]
    ) -> tuple[dict[str, Place], dict[str, Place]]:
        """Names as an authority prints them (`Congo (the)`), and all keys; clashes are refused."""
        exact: dict[str, Place] = {}
        places: dict[str, Place] = {}
        added = _rows(folder / "country_spellings_added.csv")
        for row in added:
            places[_key(row["spelling"])] = Place(row["iso3"], row["part"] or None)
        own = frozenset(places)
        named = [(row["name_variant"], row["iso3"]) for row in variants]
        named += [
            (row["demonym"], row["iso3"])
            for row in _rows(folder / "demonym_to_iso3.csv")
            if row["ambiguous"] == "N"
        ]
        named += [
            (row[language], row["iso3"])
            for row in _rows(folder / "countries.csv")
            for language in row
            if language.startswith("name_")
        ]
        for spelling, iso3 in named:
            key = _key(spelling)
            if key in self._refused:
                if _ARTICLE_BEHIND.search(spelling):
                    exact[unicodedata.normalize("NFKC", spelling).casefold()] = Place(iso3)
                continue
            known = places.setdefault(key, Place(iso3))
            if known.iso3 != iso3:
                if key in own:
                    raise ValueError(f"{spelling!r} is added as {known.iso3}, but known as {iso3}.")
                self._refused[key] = ((known.iso3, iso3), "")
                del places[key]
        return exact, places


@cache
def default_resolver() -> Resolver:
    """The resolver over the project's own files, read once a process."""
    return Resolver(DATA)


def resolve(text: str) -> str:
    """`Resolver.resolve` over the project's own files."""
    return default_resolver().resolve(text)


def resolve_with_part(text: str) -> Place:
    """`Resolver.resolve_with_part` over the project's own files."""
    return default_resolver().resolve_with_part(text)


def _countries(folder: Path, variants: Iterable[dict[str, str]]) -> dict[str, Country]:
    republics = {
        row["iso3"]
        for row in variants
        if "UNTERM English Formal" in row["seen_in"] and "Republic" in row["name_variant"]
    }
    shown = {
        row["iso3"]: row["spelling"]
        for row in _rows(folder / "country_spellings_added.csv")
        if row["reason"] == "name shown"
    }
    return {
        row["iso3"]: Country(
            row["iso2"],
            row["iso3"],
            shown.get(row["iso3"]) or _ARTICLE_BEHIND.sub("", row["name_en"]).strip(" *"),
            row["iso3"] in republics,
        )
        for row in _rows(folder / "countries.csv")
    }


def _key(text: str) -> str:
    """The words that carry the name, in their order, without case, marks and punctuation."""
    text = _ELIDED_ARTICLE.sub("", _ARTICLE_BEHIND.sub(" ", text))
    text = _APOSTROPHES_AND_DOTS.sub("", text.replace("&", " and "))
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).casefold()
        text = unicodedata.normalize("NFC", _MARKS.sub("", text))
    named = [
        _SAME_WORD.get(word, word) for word in _BETWEEN_WORDS.sub(" ", text.casefold()).split()
    ]
    return " ".join(word for word in named if word not in _WITHOUT_WEIGHT)


def _with_and_without_article(key: str) -> Iterator[str]:
    yield key
    article, _, rest = key.partition(" ")
    if rest and article in _ARTICLES:
        yield rest


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:59]}…"
