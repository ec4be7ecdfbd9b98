import datetime as dt
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.lib.dates import DateRefused, latest, parse_date

TODAY = dt.date(2026, 5, 20)
DAY = dt.date(2024, 3, 4)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("2024-03-04", DAY, id="ISO"),
        pytest.param(" 2024-03-04\u00a0", DAY, id="ISO with blanks around it"),
        pytest.param("2024-02-29", dt.date(2024, 2, 29), id="a leap day"),
        pytest.param(DAY, DAY, id="a spreadsheet's date"),
        pytest.param(dt.datetime(2024, 3, 4), DAY, id="a spreadsheet's date at midnight"),
        pytest.param(45355, DAY, id="a serial number"),
        pytest.param(45355.0, DAY, id="a serial number as a fraction"),
        pytest.param("2000-01-01", dt.date(2000, 1, 1), id="the first day"),
        pytest.param("2028-05-20", dt.date(2028, 5, 20), id="the last day"),
    ],
)
def test_a_day_without_doubt_is_taken(value, expected):
    assert parse_date(value, today=TODAY) == expected


def test_a_workbook_that_counts_from_1904():
    assert parse_date(45355 - 1462, today=TODAY, epoch_1904=True) == DAY


REFUSED = [
    (
        "03/04/2024",
        (
            "“03/04/2024” can be read in more than one way: 2024-03-04 (4 March) or "
            "2024-04-03 (3 April)."
        ),
    ),
    (
        "3.4.24",
        (
            "“3.4.24” can be read in more than one way: 2024-03-04 (4 March) or "
            "2024-04-03 (3 April)."
        ),
    ),
    (
        "03-04-24",
        (
            "“03-04-24” can be read in more than one way: 2003-04-24 (24 April) or "
            "2024-03-04 (4 March) or 2024-04-03 (3 April)."
        ),
    ),
    (
        "2024/03/04",
        (
            "“2024/03/04” can be read in more than one way: 2024-03-04 (4 March) or "
            "2024-04-03 (3 April)."
        ),
    ),
    ("25/12/2024", "Type 2024-12-25 instead of “25/12/2024”."),
    ("12-25-2024", "Type 2024-12-25 instead of “12-25-2024”."),
    ("04/04/2024", "Type 2024-04-04 instead of “04/04/2024”."),
    ("2024-3-14", "Type 2024-03-14 instead of “2024-3-14”."),
    ("20240304", "Type 2024-03-04 instead of “20240304”."),
    ("2024-03-14 00:00:00", "Type 2024-03-14 instead of “2024-03-14 00:00:00”."),
    ("2024-03-04 13:30", "Type 2024-03-04 instead of “2024-03-04 13:30”."),
    ("2024-03-14T00:00:00Z", "Type 2024-03-14 instead of “2024-03-14T00:00:00Z”."),
    ("4 March 2024", "Type 2024-03-04 instead of “4 March 2024”."),
    ("4th of Mar. 2024", "Type 2024-03-04 instead of “4th of Mar. 2024”."),
    ("March 4, 2024", "Type 2024-03-04 instead of “March 4, 2024”."),
    ("04-Mar-2024", "Type 2024-03-04 instead of “04-Mar-2024”."),
    ("45355", "Type 2024-03-04 instead of “45355”."),
    ("4 Ma 2024", "“4 Ma 2024” is not a date we can read. Type it as YYYY-MM-DD."),
    ("March 2024", "“March 2024” is not a date we can read. Type it as YYYY-MM-DD."),
    ("2024", "“2024” is not a date we can read. Type it as YYYY-MM-DD."),
    ("2024-W10-1", "“2024-W10-1” is not a date we can read. Type it as YYYY-MM-DD."),
    ("٢٠٢٤-٠٣-٠٤", "“٢٠٢٤-٠٣-٠٤” is not a date we can read. Type it as YYYY-MM-DD."),
    ("31/02/2024", "“31/02/2024” is not a date we can read. Type it as YYYY-MM-DD."),
    ("x" * 40, f"“{'x' * 29}…” is not a date we can read. Type it as YYYY-MM-DD."),
    (
        "2023-02-29",
        "There is no day 2023-02-29 in the calendar. Look it up and type it as YYYY-MM-DD.",
    ),
    (
        "2024-00-10",
        "There is no day 2024-00-10 in the calendar. Look it up and type it as YYYY-MM-DD.",
    ),
    ("", "No date was given. Type it as YYYY-MM-DD."),
    ("   ", "No date was given. Type it as YYYY-MM-DD."),
    (None, "This is not a date. Type it as YYYY-MM-DD."),
    (True, "This is not a date. Type it as YYYY-MM-DD."),
    ("1999-12-31", "1999-12-31 is before 2000-01-01, the first day we take. Is the year right?"),
    ("0204-03-04", "0204-03-04 is before 2000-01-01, the first day we take. Is the year right?"),
    (1, "1899-12-31 is before 2000-01-01, the first day we take. Is the year right?"),
    ("2028-05-21", "2028-05-21 is after 2028-05-20, more than 2 years ahead. Is the year right?"),
    (
        dt.date(2204, 3, 4),
        "2204-03-04 is after 2028-05-20, more than 2 years ahead. Is the year right?",
    ),
    (45355.5, "This cell holds a time of day as well. Type 2024-03-04."),
    (
        dt.datetime(2024, 3, 4, 9, 30),
        "This cell holds a time of day as well (2024-03-04 09:30). Type 2024-03-04.",
    ),
    (-1, "This number is not a spreadsheet's date. Type it as YYYY-MM-DD."),
    (float("nan"), "This number is not a spreadsheet's date. Type it as YYYY-MM-DD."),
    (float("inf"), "This number is not a spreadsheet's date. Type it as YYYY-MM-DD."),
    (10**30, "This number is not a spreadsheet's date. Type it as YYYY-MM-DD."),
]


@pytest.mark.parametrize(("value", "message"), REFUSED)
def test_doubt_is_refused_with_what_to_type(value, message):
    with pytest.raises(DateRefused) as refused:
        parse_date(value, today=TODAY)

    assert str(refused.value) == message


def test_the_readings_can_be_offered_as_choices():
    with pytest.raises(DateRefused) as refused:
        parse_date("03/04/2024", today=TODAY)

    assert refused.value.readings == (dt.date(2024, 3, 4), dt.date(2024, 4, 3))


@given(st.dates(dt.date(2000, 1, 1), dt.date(2028, 5, 20)))
def test_each_day_is_read_back_in_all_three_forms(day):
    serial = (day - dt.date(1899, 12, 30)).days

    assert {parse_date(form, today=TODAY) for form in (day, day.isoformat(), serial)} == {day}


@given(st.text() | st.floats() | st.integers())
def test_any_value_is_taken_or_refused_and_never_a_crash(value):
    with suppress(DateRefused):
        assert dt.date(2000, 1, 1) <= parse_date(value, today=TODAY) <= latest(TODAY)


def test_two_years_after_a_leap_day():
    assert latest(dt.date(2024, 2, 29)) == dt.date(2026, 3, 1)
