from datetime import date

import pytest

from agencies import journal
from agencies.models import Authorization
from attestations.crosscheck.catching_up import catch_up
from attestations.crosscheck.models import CaughtUp
from attestations.placements.models import Placement
from tests.factories import agencies, attestations
from tests.factories import placements as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    attestations.reference()
    found = agencies.agency()
    agencies.authorization(found, valid_from=date(2000, 1, 1))
    make.placement(found)
    return found


def outcome():
    return Placement.objects.get().verdict.outcome


def test_a_licence_that_ended_is_caught_up_with_once(agency):
    authorization = Authorization.objects.get()
    Authorization.objects.update(valid_until=date(2024, 1, 31))
    journal.record("authorization.ended", authorization, by=None, agency=agency)

    changed = [catch_up(), catch_up()]

    assert (changed, outcome()) == ([1, 0], "NON_COMPLIANT")


def test_a_change_of_the_lists_reaches_everybody(agency):
    emergency = attestations.emergency("PHL", valid_from=date(2024, 1, 1))
    journal.record("emergency.loaded", emergency, by=None)

    assert (catch_up(), outcome()) == (1, "ACTION_REQUIRED")


def test_other_entries_judge_nothing_and_are_passed(agency):
    Authorization.objects.update(valid_until=date(2024, 1, 31))
    entry = journal.record("agency.renamed", agency, by=None)

    assert (catch_up(), outcome()) == (0, "CLEAR")
    assert CaughtUp.objects.get().position == entry.position
