"""Stewards, and nobody else, are told when the List in force is older than three years."""

from datetime import date

import pytest
from django.urls import reverse

from agencies.enums import RegulatorRole
from attestations.safeguards.staleness import is_old, notices_of_an_old_edition
from tests.factories import agencies as people
from tests.factories import attestations as make

pytestmark = pytest.mark.usefixtures("reference")

OLD = "“WHO Health Workforce Support and Safeguards List 2023” was published on 8 March 2023, "
OLD += "more than three years ago. "
SINCE = date(2026, 3, 8)


@pytest.fixture
def steward(db):
    return people.staff(people.regulator(), RegulatorRole.DATA_STEWARD)


@pytest.mark.parametrize(
    ("published_on", "on", "old"),
    [
        (date(2023, 3, 8), date(2026, 3, 7), False),
        (date(2023, 3, 8), date(2026, 3, 8), True),
        (date(2024, 2, 29), date(2027, 2, 28), False),
        (date(2024, 2, 29), date(2027, 3, 1), True),
    ],
)
def test_an_edition_is_old_three_years_after_its_publication(published_on, on, old):
    assert is_old(published_on, on) is old


def said_to(person, on=SINCE):
    return [(notice.text, notice.href) for notice in notices_of_an_old_edition(person, on)]


def test_a_steward_is_told_what_to_do_and_nobody_else_is_told(steward):
    others = [
        people.staff(people.regulator(), RegulatorRole.ADMIN),
        people.agency_person(people.agency()),
        people.user(is_operator=True),
    ]

    assert said_to(steward) == [
        (
            OLD + "Ask WHO whether a later one has been published, and load it here.",
            reverse("safeguards:load"),
        )
    ]
    assert [said_to(person) for person in others] == [[], [], []]
    assert said_to(steward, on=date(2026, 3, 7)) == []


def test_a_later_edition_that_waits_is_what_to_look_at_and_an_active_one_is_enough(steward):
    make.list_edition("2028", valid_from=date(2028, 3, 1), is_active=False)
    waits = said_to(steward)
    make.list_edition("2027")

    assert waits == [
        (
            OLD + "A later one is loaded and waits for a second person.",
            reverse("safeguards:edition", args=("2028",)),
        )
    ]
    assert said_to(steward) == []


def test_an_edition_that_was_rolled_back_makes_nothing_young(steward):
    make.rolled_back(make.list_edition())

    assert said_to(steward)[0][1] == reverse("safeguards:load")


@pytest.mark.slow
def test_it_stands_on_the_desk_and_above_the_lists(client, steward):
    pages = [reverse("agencies:regulator_home"), reverse("safeguards:index")]
    case_officer = people.staff(people.regulator())
    shown = {}
    for person in (steward, case_officer):
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        shown[person] = ["more than three years ago" in client.get(page).text for page in pages]

    assert shown == {steward: [True, True], case_officer: [False, False]}
