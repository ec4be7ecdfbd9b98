"""The worked cases of the field, and our own, each by the rules alone."""

import pytest

from attestations.crosscheck.case_register import as_registered
from attestations.crosscheck.codes import CODES, MISSING_FIELDS
from attestations.crosscheck.facts import facts_of
from attestations.crosscheck.keys import FactsCache
from attestations.crosscheck.verdict import judge
from tests.attestations.crosscheck.examples import LISTS, expected, parsed, said, table

ROWS = [
    pytest.param(row, id=f"{row['id']} {row['title']}")
    for name in ("cases.csv", "more_cases.csv")
    for row in table(name)
]

# what needs many placements, or what a case has no key for (rules.md §6)
NOT_IN_ONE_CASE = {"SIDS-CONC", "CAP-EXCEEDED"}


@pytest.mark.parametrize("row", ROWS)
def test_case(row):
    case = parsed(row)

    verdict = judge(facts_of(case.record, case.over(LISTS), case.agency))

    assert (verdict.edition or "", said(verdict.findings), verdict.outcome) == (
        row["edition"],
        expected(row),
        row["result"],
    )


@pytest.mark.parametrize("row", ROWS)
def test_case_as_a_register_would_hold_it(row):
    registered = as_registered(parsed(row))

    cache = FactsCache(registered.over(LISTS), registered.agency)
    verdict = judge(cache.facts(registered.record))

    assert (said(verdict.findings), verdict.outcome) == (expected(row), row["result"])


def test_there_are_all_worked_cases_and_sixty_of_our_own():
    ours = table("more_cases.csv")

    assert len(table("cases.csv")) == 42
    assert len(ours) >= 60
    assert len({row["id"] for row in ours}) == len(ours)
    assert [row["id"] for row in ours if not (row["why"] and row["cite"])] == []


def test_every_code_and_every_missing_answer_is_raised_by_a_case():
    raised = {code for param in ROWS for code, _, _ in expected(param.values[0])}
    families = {code.partition(":")[0] for code in raised}
    fields = {code.partition(":")[2] for code in raised} - {""}

    assert families == set(CODES) - NOT_IN_ONE_CASE
    assert fields == set(MISSING_FIELDS)


def test_every_severity_of_every_code_is_raised_by_a_case():
    raised = {
        (code.partition(":")[0], severity)
        for param in ROWS
        for code, severity, _ in expected(param.values[0])
    }
    possible = {
        (code.name, severity.value)
        for code in CODES.values()
        if code.name not in NOT_IN_ONE_CASE
        for severity in code.severities
    }

    assert raised == possible
