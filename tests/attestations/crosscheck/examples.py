"""What the tests of the cross-check share: the reference lists, a resolver, plain examples."""

import csv
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

from agencies.countries import spellings
from attestations.crosscheck.case_inputs import parse_case
from attestations.crosscheck.enums import Mode
from attestations.crosscheck.facts import Facts, facts_of
from attestations.crosscheck.record import PlacementRecord
from attestations.crosscheck.reference_files import read_lists

ROOT = Path(__file__).parents[3]
LISTS = read_lists(ROOT / "attestations" / "data" / "safeguards")
TABLES = Path(__file__).parents[1] / "data"

_SPELLINGS = {"Zanzibar": "TZA", "Swaziland": "SWZ"}


class AmbiguousCountry(ValueError):
    def __init__(self, text, candidates=()):
        super().__init__(text)
        self.candidates = candidates


def resolve(text):
    """Knows codes and two spellings; everything else is refused, Congo with its candidates."""
    if text in _SPELLINGS:
        return _SPELLINGS[text]
    if len(text) == 3 and text.isupper():
        return text
    raise AmbiguousCountry(text, ("COG", "COD") if text == "Congo" else ())


def table(name):
    with (TABLES / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def parsed(row):
    """Read as the command reads it, with every spelling that the register knows."""
    return parse_case(row["inputs_json"], spellings.resolve)


def expected(row):
    return {
        (found["code"], found["severity"], found["disposition"])
        for found in json.loads(row["expected_findings_json"])
    }


def said(findings):
    return {(found.code, found.severity.value, found.disposition.value) for found in findings}


# a nurse from the Philippines to Canada, by an agency: nothing to find
IN_ORDER = PlacementRecord(
    residence="PHL",
    training="PHL",
    source="PHL",
    dest="CAN",
    months=24,
    qualified="2221",
    placed="2221",
    mode=Mode.AGENCY,
    recruited_on=date(2024, 5, 1),
    started_on=date(2024, 9, 1),
    fees=(),
)

PLAIN: Facts = facts_of(IN_ORDER, LISTS)


def some_facts(**changes) -> Facts:
    return replace(PLAIN, **changes)
