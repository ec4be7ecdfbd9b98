from datetime import date, timedelta

import pytest

from attestations.crosscheck.codes import SIDS_CONC
from attestations.crosscheck.concentration import (
    many_of_one_occupation_from_a_small_island_state,
    most_within_a_year,
)

FIRST = date(2024, 2, 29)


@pytest.mark.parametrize(
    ("days", "most"),
    [
        pytest.param([], 0, id="none"),
        pytest.param([FIRST] * 3, 3, id="one day"),
        pytest.param([FIRST, date(2025, 2, 28)], 2, id="the last day of twelve months"),
        pytest.param([FIRST, date(2025, 3, 1)], 1, id="the first day after them"),
        pytest.param([date(2024, 12, 31), date(2025, 12, 30)], 2, id="over the turn of a year"),
        pytest.param([date(2024, 12, 31), date(2025, 12, 31)], 1, id="the same day next year"),
    ],
)
def test_most_within_a_year(days, most):
    assert most_within_a_year(reversed(days)) == most


@pytest.mark.parametrize(
    ("small", "count", "finding"),
    [
        pytest.param(True, 4, SIDS_CONC.open(), id="more than the limit"),
        pytest.param(True, 3, None, id="the limit itself"),
        pytest.param(False, 9, None, id="not a small island state"),
    ],
)
def test_many_of_one_occupation(small, count, finding):
    days = [FIRST + timedelta(days=step) for step in range(count)]

    raised = many_of_one_occupation_from_a_small_island_state(
        is_small_island_state=small, recruited_on=days, limit=3
    )

    assert raised == finding
