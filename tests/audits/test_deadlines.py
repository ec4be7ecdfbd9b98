from datetime import date

import pytest

from audits.deadlines import add_working_days, appeal_until, correction_due_on, years_before
from audits.enums import FindingGrade

FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        pytest.param(FRIDAY, 0, FRIDAY, id="no day"),
        pytest.param(FRIDAY, 1, date(2026, 11, 23), id="Friday and one is Monday"),
        pytest.param(date(2026, 11, 21), 1, date(2026, 11, 23), id="from a Saturday"),
        pytest.param(FRIDAY, 5, date(2026, 11, 27), id="a week"),
        pytest.param(FRIDAY, 15, date(2026, 12, 11), id="three weeks"),
    ],
)
def test_working_days_are_monday_to_friday(day, count, expected):
    assert add_working_days(day, count) == expected


@pytest.mark.parametrize(
    ("grade", "expected"),
    [
        (FindingGrade.CRITICAL, date(2026, 12, 11)),
        (FindingGrade.MAJOR, date(2027, 1, 19)),
        (FindingGrade.MINOR, date(2027, 5, 19)),
        (FindingGrade.OBSERVATION, None),
    ],
)
def test_the_grade_sets_the_last_day(grade, expected):
    due = correction_due_on(grade, FRIDAY, critical_working_days=15, major_days=60, minor_days=180)

    assert due == expected


def test_every_grade_has_an_answer():
    answers = {
        grade: correction_due_on(grade, FRIDAY, critical_working_days=1, major_days=1, minor_days=1)
        for grade in FindingGrade
    }

    assert [grade for grade, due in answers.items() if due is None] == [FindingGrade.OBSERVATION]


def test_the_last_day_to_appeal_is_counted_from_the_decision():
    assert appeal_until(date(2026, 1, 31), days=30) == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("day", "years", "expected"),
    [
        (date(2026, 11, 22), 2, date(2024, 11, 22)),
        (date(2024, 2, 29), 1, date(2023, 2, 28)),
        (date(2024, 2, 29), 4, date(2020, 2, 29)),
        (date(2026, 11, 22), -2, date(2028, 11, 22)),
    ],
)
def test_years_before(day, years, expected):
    assert years_before(day, years) == expected
