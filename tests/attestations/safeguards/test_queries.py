from datetime import date, timedelta

import pytest

from agencies.models import Country
from attestations.models import ListEdition
from attestations.safeguards.queries import country_on
from tests.factories import attestations as make

pytestmark = pytest.mark.usefixtures("reference")


def answers(iso3, *day):
    """Edition, whether listed, and what England and Germany say: a grade, none, or "open"."""
    found = country_on(Country.objects.get(pk=iso3), date(*day))
    national = [
        answer.grade.grade if answer.grade else "open" if answer.uncertain else None
        for answer in found.national
    ]
    return found.edition and found.edition.label, found.entry is not None, *national


@pytest.mark.parametrize(
    ("iso3", "day", "expected"),
    [
        pytest.param("GHA", (2010, 5, 20), (None, False, None, None), id="the day before the Code"),
        pytest.param("GHA", (2010, 5, 21), ("2006", True, None, None), id="the day of the Code"),
        pytest.param("GHA", (2013, 11, 7), ("2006", True, None, "annex"), id="the first annex"),
        pytest.param("ZWE", (2021, 2, 24), ("2006", True, None, "annex"), id="2006, last day"),
        pytest.param("ZWE", (2021, 2, 25), ("2020", False, None, "annex"), id="2020, first day"),
        pytest.param("ZWE", (2021, 7, 1), ("2020", False, None, None), id="Germany follows later"),
        pytest.param("ZWE", (2023, 3, 8), ("2023", True, None, None), id="2023, first day"),
        pytest.param("ZWE", (2023, 3, 23), ("2023", True, "red", None), id="England follows"),
        pytest.param("ZWE", (2023, 12, 7), ("2023", True, "red", None), id="before the ordinance"),
        pytest.param("ZWE", (2023, 12, 8), ("2023", True, "red", "open"), id="perhaps in force"),
        pytest.param("ZWE", (2024, 1, 30), ("2023", True, "red", "open"), id="perhaps until then"),
        pytest.param(
            "ZWE", (2024, 1, 31), ("2023", True, "red", "annex"), id="in force for certain"
        ),
        pytest.param(
            "GHA", (2024, 1, 1), ("2023", True, "red", "annex"), id="an earlier row settles it"
        ),
        pytest.param(
            "NPL", (2022, 8, 21), ("2020", True, "red", "annex"), id="Nepal, last red day"
        ),
        pytest.param("NPL", (2022, 8, 22), ("2020", True, "amber", "annex"), id="Nepal, amber"),
        pytest.param("KEN", (2024, 1, 1), ("2023", False, "amber", None), id="amber, not listed"),
    ],
)
def test_each_list_answers_for_its_own_days(iso3, day, expected):
    assert answers(iso3, *day) == expected


def test_an_edition_that_is_not_active_is_in_force_on_no_day():
    make.list_edition("2024x", countries=("KEN",), valid_from=date(2024, 1, 1), is_active=False)

    assert answers("KEN", 2024, 1, 1)[:2] == ("2023", False)


def test_editions_follow_each_other_without_a_gap():
    days = [date(2010, 5, 21) + timedelta(days=97 * step) for step in range(62)]

    assert [day for day in days if ListEdition.objects.in_force(day) is None] == []


def test_what_was_agreed_and_told_holds_from_its_first_to_its_last_day():
    make.agreement(valid_from=date(2020, 1, 1), valid_until=date(2024, 6, 30))
    make.agreement("EX-2", is_confirmed=False)
    make.communication("BGD", valid_from=date(2024, 6, 30))
    make.emergency("BGD", valid_from=date(2024, 6, 30), valid_until=date(2024, 6, 30))
    make.authorization_requirement("BGD", valid_from=date(2024, 7, 1))

    def counted(iso3, *day):
        found = country_on(Country.objects.get(pk=iso3), date(*day))
        return (
            len(found.agreements),
            len(found.communications),
            len(found.emergencies),
            len(found.requirements),
        )

    assert counted("BGD", 2024, 6, 29) == (1, 0, 0, 0)
    assert counted("BGD", 2024, 6, 30) == (1, 1, 1, 0)
    assert counted("BGD", 2024, 7, 1) == (0, 1, 0, 1)
    assert counted("SAU", 2024, 6, 30) == (1, 0, 0, 0)
