from datetime import date

import pytest

from audits.cases.clocks import Clock, gone_on, started, stopped

MONDAY = date(2026, 3, 2)
NINTH = date(2026, 3, 9)
RETURNED = Clock(due_on=date(2026, 4, 8), days_left=23)


def test_a_clock_runs_from_the_day_it_starts():
    assert started(MONDAY, 30) == Clock(due_on=date(2026, 4, 1))


@pytest.mark.parametrize(
    ("clock", "until", "expected"),
    [
        pytest.param(
            started(MONDAY, 30),
            date(2026, 4, 8),
            Clock(date(2026, 4, 8), days_left=23),
            id="theirs until a day, and ours keeps what is left",
        ),
        pytest.param(started(MONDAY, 30), None, Clock(None, days_left=23), id="no day was said"),
        pytest.param(
            started(MONDAY, 5), None, Clock(None, days_left=-2), id="we were late already"
        ),
        pytest.param(Clock(), None, Clock(), id="no clock was running"),
    ],
)
def test_a_clock_stands_still_while_the_other_side_is_asked(clock, until, expected):
    assert stopped(clock, NINTH, until=until) == expected


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        pytest.param(RETURNED, date(2026, 4, 1), id="with what was left"),
        pytest.param(Clock(None, days_left=2), date(2026, 3, 16), id="with a week at least"),
        pytest.param(Clock(None, days_left=-2), date(2026, 3, 16), id="after we were late"),
        pytest.param(Clock(), date(2026, 4, 8), id="with all of it where it never ran"),
    ],
)
def test_a_clock_goes_on(clock, expected):
    assert gone_on(clock, NINTH, days=30) == Clock(due_on=expected)
