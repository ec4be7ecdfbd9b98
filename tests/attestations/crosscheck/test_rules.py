"""One table a rule: each way out is a row, and its id says what was the case."""

import pytest

from attestations.crosscheck.rules import RULES
from tests.attestations.crosscheck import rows_on_lists, rows_on_people
from tests.attestations.crosscheck.examples import PLAIN, some_facts

ROWS = [*rows_on_lists.ROWS, *rows_on_people.ROWS]


def in_one_line(answer):
    findings = answer if isinstance(answer, tuple) else (answer,) if answer else ()
    return (
        "; ".join(
            f"{found.code} {found.severity} {found.disposition}"
            + (f" by {found.document}" if found.document else "")
            for found in findings
        )
        or ()
    )


@pytest.mark.parametrize(("rule", "changes", "expected"), ROWS)
def test_rule(rule, changes, expected):
    assert in_one_line(rule(some_facts(**changes))) == expected


def test_a_placement_in_order_raises_nothing():
    assert [rule.__name__ for rule in RULES if rule(PLAIN)] == []


def test_every_rule_has_a_row_that_raises_and_one_that_is_silent():
    raising = {param.values[0] for param in ROWS if param.values[2]}
    silent = {param.values[0] for param in ROWS if not param.values[2]}

    assert (raising, silent) == (set(RULES), set(RULES))


def test_every_rule_names_its_source():
    assert [rule.__name__ for rule in RULES if not rule.__doc__] == []
