"""An edition of the List from a person's file: a CSV file of its countries with what a form says
of it, or a YAML file that says it all. Both pass the same checks, in the file's own numbers.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from agencies.countries.spellings import CountryRefused, resolve
from agencies.lib import plain_text
from attestations.safeguards.editions import EditionText, ListedCountry
from attestations.safeguards.reading import (
    MOST_ROWS,
    FileRefused,
    day,
    read_lines,
    repeated,
    wrong_count,
)
from attestations.safeguards.strict_yaml import Names, Node, Sequence, Text, YamlRefused, read_yaml

LARGEST_YAML = 128 * 1024
YAML_ENDINGS = frozenset({".yaml", ".yml"})

_LABEL = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,19}")
_LONGEST = {"label": 20, "title": 200, "certainty": 1000, "source": 2000}
_DAYS = ("published_on", "valid_from")
NEEDED_BESIDE_A_CSV_FILE = ("label", "title", "published_on", "valid_from", "source")
_NEEDED = (*NEEDED_BESIDE_A_CSV_FILE, "entries")
_KNOWN = (*_NEEDED, "certainty")
_OF_AN_ENTRY = ("country", "printed_name")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A country as a person wrote it, and where: “Row 3” of a sheet, “Line 7” of a text."""

    where: str
    country: str
    printed_name: str


def is_yaml(name: str) -> bool:
    return PurePath(name).suffix.lower() in YAML_ENDINGS


def read_edition_file(
    content: bytes, *, name: str, countries_expected: int | None = None, **described: Any
) -> EditionText:
    """The edition that a file holds; FileRefused names everything that is wrong with it.

    `described` are label, title, published_on, valid_from, source and certainty. A CSV file needs
    them; where a YAML file is described as well, both have to say the same.
    """
    described = {key: value for key, value in described.items() if value not in (None, "")}
    if is_yaml(name):
        said, entries, problems = _from_yaml(content, name)
        problems += [
            f"The file says “{said[key]}” for {_in_words(key)}, and you said “{value}”."
            for key, value in described.items()
            if key in said and said[key] != value
        ]
    else:
        said, entries, problems = described, _from_csv(content, name), []
        problems += [
            f"Say {_in_words(key)}: a CSV file holds the countries only."
            for key in NEEDED_BESIDE_A_CSV_FILE
            if key not in said
        ]
    countries, wrong = _countries(entries)
    problems += wrong + wrong_count(len(entries), countries_expected)
    if not entries:
        problems.append("The file has no row.")
    problems += _wrong_description(said)
    if problems:
        raise FileRefused(name, problems)
    return EditionText(**{"certainty": "", **said}, countries=tuple(sorted(countries)))


def _from_csv(content: bytes, name: str) -> list[_Entry]:
    """A column `country` (a code or any spelling), and, if the List prints it otherwise, its name
    in `printed_name`."""
    return [
        _Entry(f"Row {line.number}", line.cells["country"], line.cells.get("printed_name", ""))
        for line in read_lines(content, name=name, needs=("country",))
        if any(line.cells.values())
    ]


def _from_yaml(content: bytes, name: str) -> tuple[dict[str, Any], list[_Entry], list[str]]:
    if len(content) > LARGEST_YAML:
        raise FileRefused(name, ["The file is larger than 128 kB: a list has some 60 short lines."])
    try:
        document = read_yaml(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise FileRefused(name, ["This is not a text in UTF-8. Save it as UTF-8."]) from None
    except YamlRefused as refused:
        raise FileRefused(name, [str(refused)]) from None
    if not isinstance(document, Names):
        raise FileRefused(name, ["The file has to begin with names, such as “title: …”."])
    problems = [f"“{key}” is missing." for key in _NEEDED if key not in document.values]
    said: dict[str, Any] = {}
    for key, node in document.values.items():
        if key == "entries":
            continue
        if key not in _KNOWN:
            problems.append(f"Line {node.line}: “{key}” is nothing that an edition says.")
        elif not isinstance(node, Text):
            problems.append(f"Line {node.line}: “{key}” has to be a text.")
        elif not node.value and key in _NEEDED:
            problems.append(f"Line {node.line}: “{key}” is empty.")
        elif key in _DAYS:
            try:
                said[key] = day(node.value)
            except ValueError as refused:
                problems.append(f"Line {node.line}: {refused}")
        else:
            said[key] = plain_text.clean(node.value)
    entries, wrong = _entries(document.values.get("entries"))
    return said, entries, problems + wrong


def _entries(node: Node | None) -> tuple[list[_Entry], list[str]]:
    if node is None:
        return [], []
    if not isinstance(node, Sequence):
        return [], [f"Line {node.line}: “entries” has to be a list, a country a line after “-”."]
    if len(node.items) > MOST_ROWS:
        return [], [f"The file has more than {MOST_ROWS} entries."]
    entries, problems = [], []
    for item in node.items:
        if isinstance(item, Text):
            entries.append(_Entry(f"Line {item.line}", item.value, ""))
            continue
        if isinstance(item, Sequence):
            problems.append(f"Line {item.line}: a list in the list is no country.")
            continue
        texts = {key: value for key, value in item.values.items() if isinstance(value, Text)}
        unknown = [key for key in item.values if key not in _OF_AN_ENTRY or key not in texts]
        problems += [
            f"Line {item.values[key].line}: “{key}” is nothing that an entry says."
            for key in unknown
        ]
        if "country" not in texts:
            problems.append(f"Line {item.line}: “country” is missing.")
            continue
        printed = texts["printed_name"].value if "printed_name" in texts else ""
        entries.append(_Entry(f"Line {item.line}", texts["country"].value, printed))
    return entries, problems


def _countries(entries: Iterable[_Entry]) -> tuple[list[ListedCountry], list[str]]:
    """The countries that were meant, and a sentence for each that is not certain."""
    countries, problems = [], []
    for entry in entries:
        try:
            iso3 = resolve(entry.country)
        except CountryRefused as refused:
            problems.append(f"{entry.where}: {refused}")
            continue
        printed = plain_text.clean(entry.printed_name or entry.country)
        if len(printed) > 120:
            problems.append(f"{entry.where}: the printed name is longer than 120 characters.")
        countries.append(ListedCountry(iso3, printed))
    return countries, problems + repeated(each.iso3 for each in countries)


def _wrong_description(said: dict[str, Any]) -> list[str]:
    problems = []
    label, title = said.get("label"), said.get("title")
    if label and not _LABEL.fullmatch(label):
        problems.append(f"“{label}” is no label: up to 20 letters, digits and hyphens.")
    problems += [
        f"{_in_words(key).capitalize()} is longer than {longest} characters."
        for key, longest in _LONGEST.items()
        if key != "label" and len(said.get(key) or "") > longest
    ]
    if title and "\n" in title:
        problems.append("The title has to stand on one line.")
    if len(both := [said[key] for key in _DAYS if key in said]) == 2 and both[1] < both[0]:
        problems.append("An edition cannot be in force before the day on which it was published.")
    return problems


def _in_words(key: str) -> str:
    return {
        "label": "the label",
        "title": "the title",
        "published_on": "the day of publication",
        "valid_from": "the day from which it is in force",
        "source": "the source",
        "certainty": "how certain its days are",
    }[key]
