from datetime import date

import pytest

from attestations.crosscheck.places import place_in_line
from attestations.crosscheck.values import JUDGED_FIELDS


def values(**said):
    return tuple(said.get(field) for field in JUDGED_FIELDS)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        pytest.param({"recruited_on": "2024-05-10"}, date(2024, 5, 10), id="a day as text"),
        pytest.param({"recruited_on": date(2024, 5, 10)}, date(2024, 5, 10), id="a day"),
        pytest.param(
            {"started_on": "2024-03-01", "offered_on": "2024-05-10"},
            date(2024, 5, 10),
            id="the offer where recruitment is not said",
        ),
        pytest.param({}, date.max, id="none at all comes last"),
    ],
)
def test_the_day_of_recruitment_comes_first(said, day):
    assert place_in_line(values(**said), "AG-1", "R-1") == (day, "AG-1", "R-1")


def test_on_one_day_the_agencys_number_and_then_the_reference_say_who_comes_first():
    said = values(recruited_on="2024-05-10")

    line = [
        place_in_line(said, number, reference)
        for number, reference in [("AG-2", "R-1"), ("AG-1", "R-2"), ("AG-1", "R-1")]
    ]

    assert [place[1:] for place in sorted(line)] == [
        ("AG-1", "R-1"),
        ("AG-1", "R-2"),
        ("AG-2", "R-1"),
    ]
