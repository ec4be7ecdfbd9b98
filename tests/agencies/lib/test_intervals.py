import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.lib.intervals import Interval, covered, gaps, merged, overlapping_pairs


def day(number):
    return dt.date(2024, 1, number)


def days(first, last):
    return Interval(first and day(first), last and day(last))


ENDS = st.none() | st.integers(1, 31)
INTERVALS = st.builds(lambda a, b: days(*sorted((a, b))) if a and b else days(a, b), ENDS, ENDS)
MONTH = [day(number) for number in range(1, 32)]


@pytest.mark.parametrize(
    ("interval", "on", "expected"),
    [
        pytest.param(days(5, 9), 4, False, id="the day before"),
        pytest.param(days(5, 9), 5, True, id="the first day"),
        pytest.param(days(5, 9), 9, True, id="the last day"),
        pytest.param(days(5, 9), 10, False, id="the day after"),
        pytest.param(days(5, 5), 5, True, id="one day"),
        pytest.param(days(5, None), 31, True, id="no end"),
        pytest.param(days(None, 5), 1, True, id="no beginning"),
        pytest.param(days(None, None), 1, True, id="always"),
    ],
)
def test_both_ends_are_in(interval, on, expected):
    assert interval.covers(day(on)) is expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        pytest.param(days(1, 5), days(5, 9), True, id="one shared day"),
        pytest.param(days(1, 5), days(6, 9), False, id="touching"),
        pytest.param(days(1, 9), days(3, 4), True, id="inside"),
        pytest.param(days(1, None), days(9, None), True, id="both open"),
        pytest.param(days(None, 3), days(4, None), False, id="open away from each other"),
    ],
)
def test_overlap_is_a_shared_day(left, right, expected):
    assert left.overlaps(right) is expected
    assert right.overlaps(left) is expected
    assert overlapping_pairs([right, left]) == ([(left, right)] if expected else [])


def test_contains():
    assert days(1, None).contains(days(3, 9))
    assert days(3, 9).contains(days(3, 9))
    assert not days(3, 9).contains(days(3, None))
    assert not days(3, 9).contains(days(2, 5))


def test_an_interval_cannot_end_before_it_begins():
    with pytest.raises(ValueError, match="2024-01-04 comes before 2024-01-05"):
        days(5, 4)


@pytest.mark.parametrize(
    ("intervals", "expected"),
    [
        pytest.param([], [], id="none"),
        pytest.param([days(6, 9), days(1, 5)], [days(1, 9)], id="what touches is joined"),
        pytest.param([days(1, 4), days(6, 9)], [days(1, 4), days(6, 9)], id="a day between"),
        pytest.param([days(1, None), days(3, 4)], [days(1, None)], id="swallowed"),
        pytest.param([days(2, 4), days(None, 2)], [days(None, 4)], id="no beginning"),
    ],
)
def test_merged(intervals, expected):
    assert merged(intervals) == expected


@pytest.mark.parametrize(
    ("intervals", "within", "expected"),
    [
        pytest.param([], days(1, 9), [days(1, 9)], id="nothing covers"),
        pytest.param([days(1, 9)], days(1, 9), [], id="all is covered"),
        pytest.param([days(3, 4)], days(1, 9), [days(1, 2), days(5, 9)], id="a hole each side"),
        pytest.param([days(1, 4), days(5, 9)], days(1, 9), [], id="seamless"),
        pytest.param([days(1, 4), days(6, 9)], days(1, 9), [days(5, 5)], id="one day missing"),
        pytest.param([days(1, 2), days(8, 9)], days(4, 6), [days(4, 6)], id="all beside it"),
        pytest.param([days(3, 4)], days(None, None), [days(None, 2), days(5, None)], id="always"),
        pytest.param([days(3, None)], days(1, None), [days(1, 2)], id="open end"),
        pytest.param([days(None, None)], days(None, None), [], id="always covered"),
    ],
)
def test_gaps(intervals, within, expected):
    assert gaps(intervals, within) == expected


@given(st.lists(INTERVALS, max_size=6), INTERVALS)
def test_merging_keeps_every_day_and_gaps_are_the_rest(intervals, within):
    joined, free = merged(intervals), gaps(intervals, within)

    for on in MONTH:
        assert covered(joined, on) == covered(intervals, on)
        assert covered(free, on) == (within.covers(on) and not covered(intervals, on))
    assert overlapping_pairs(joined) == []
    assert overlapping_pairs(free) == []
