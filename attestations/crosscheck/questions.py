"""A question about a recruitment that has not happened, read from words and answered.

What is not said is not asked, and listed as such; what is said in a way that is not understood is
refused with the reason, each point at once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from agencies.countries.spellings import (
    CountryRefused,
    Place,
    default_resolver,
    resolve_with_part,
)
from agencies.lib.dates import DateRefused, parse_date
from agencies.lib.plain_text import clean
from attestations import occupations
from attestations.crosscheck.ask import Answer, answer
from attestations.crosscheck.engine import load_lists
from attestations.crosscheck.enums import NOT_ASKED, Mode
from attestations.crosscheck.record import PlacementRecord

MODE_SPELLINGS = {mode.value.casefold().replace("_", " "): mode for mode in Mode}
LONGEST_MONTHS = 1200

# what is needed for an answer that says anything
NEEDED = ("source", "destination", "occupation", "on")


class QuestionRefused(ValueError):
    """Points that were not understood, by name; `problems` says what to write instead."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, as it was understood."""

    record: PlacementRecord
    in_words: tuple[tuple[str, str], ...]


def country_name(code: str) -> str:
    return default_resolver().name(code)


def read_question(stated: Mapping[str, str], *, today: date) -> Question:
    """Reads `source`, `destination`, `occupation`, `on` and whatever else was said."""
    problems: dict[str, str] = {}

    def read(name: str, how: Callable[[str], Any], otherwise: Any = NOT_ASKED) -> Any:
        text = clean(stated.get(name) or "")
        if not text:
            if name in NEEDED:
                problems[name] = f"{_LABELS[name]}: say this, so that there can be an answer."
            return otherwise
        try:
            return how(text)
        except (CountryRefused, occupations.OccupationRefused, DateRefused, ValueError) as refused:
            problems[name] = f"{_LABELS[name]}: {refused}"
            return otherwise

    source = read("source", _country)
    destination = read("destination", resolve_with_part)
    occupation = read("occupation", occupations.resolve_occupation)
    placed = read("placed", occupations.resolve_occupation, occupation)
    recruited_on = read("on", lambda text: parse_date(text, today=today))
    record = PlacementRecord(
        residence=source,
        source=source,
        training=read("training", _country),
        nationality=read("nationality", _country),
        dest=destination.iso3 if isinstance(destination, Place) else NOT_ASKED,
        destination_part=destination.part if isinstance(destination, Place) else None,
        months=read("months", _months),
        qualified=occupation,
        placed=placed,
        # not said is unknown: a listed source is then left open, and never found clear
        mode=read("mode", _mode, None),
        evidence=read("evidence", _yes_no),
        recruited_on=recruited_on,
        started_on=read("start", lambda text: parse_date(text, today=today)),
        agreement_cited=read("agreement", _reference, None),
    )
    if problems:
        raise QuestionRefused(problems)
    return Question(record, tuple(_in_words(record)))


class NothingToAnswerBy(RuntimeError):
    """No edition of the List is in the register: silence would read as clear."""


def answer_question(question: Question) -> Answer:
    """The answer over the lists as they are now; the agency is not asked about."""
    lists = load_lists()
    if not lists.editions:
        raise NothingToAnswerBy(
            "No edition of the Safeguards List is loaded, so this cannot be answered. "
            "Whoever runs the register loads it: manage.py load_reference"
        )
    return answer(question.record, lists, name=country_name)


_LABELS = {
    "source": "Source",
    "destination": "Destination",
    "occupation": "Occupation",
    "placed": "Occupation of the post",
    "on": "Day of recruitment",
    "training": "Country of training",
    "nationality": "Nationality",
    "months": "Months of residence",
    "mode": "How they come together",
    "evidence": "Proof of an independent application",
    "start": "Day of the start",
    "agreement": "Agreement",
}


def _country(text: str) -> str:
    return resolve_with_part(text).iso3


def _months(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or int(text) > LONGEST_MONTHS:
        raise ValueError(f"“{text[:40]}” is not a number of whole months.")
    return int(text)


def _mode(text: str) -> Mode:
    mode = MODE_SPELLINGS.get(" ".join(text.casefold().replace("_", " ").replace("-", " ").split()))
    if mode is None:
        raise ValueError(
            f"“{text[:40]}” is none of the ways of recruitment: {', '.join(MODE_SPELLINGS)}."
        )
    return mode


def _yes_no(text: str) -> bool:
    plain = text.casefold()
    if plain not in ("yes", "no"):
        raise ValueError(f"“{text[:40]}” is neither yes nor no.")
    return plain == "yes"


def _reference(text: str) -> str:
    if len(text) > 60:
        raise ValueError("a reference has up to 60 characters.")
    return text


def _in_words(record: PlacementRecord):
    """What was understood, so that a reader sees whether it is what was meant."""
    names = {
        "source": record.residence,
        "training": record.training,
        "nationality": record.nationality,
    }
    for name, code in names.items():
        if isinstance(code, str):
            yield _LABELS[name], f"{country_name(code)} ({code})"
    if isinstance(record.dest, str):
        part = f"{record.destination_part}, " if record.destination_part else ""
        yield _LABELS["destination"], f"{part}{country_name(record.dest)} ({record.dest})"
    for name, code in (("occupation", record.qualified), ("placed", record.placed)):
        if isinstance(code, str) and (name == "occupation" or code != record.qualified):
            yield _LABELS[name], f"{occupations.title(code)} ({code})"
    if isinstance(record.mode, Mode):
        yield _LABELS["mode"], record.mode.label
    for name, day in (("on", record.recruited_on), ("start", record.started_on)):
        if isinstance(day, date):
            yield _LABELS[name], day.isoformat()
    if isinstance(record.months, int):
        yield _LABELS["months"], str(record.months)
    if isinstance(record.evidence, bool):
        yield _LABELS["evidence"], "yes" if record.evidence else "no"
    if record.agreement_cited:
        yield _LABELS["agreement"], record.agreement_cited
