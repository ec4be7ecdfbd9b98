"""What a preview says would change is what changes when the edition is activated."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.enums import RegulatorRole
from attestations.crosscheck.services import judge
from attestations.models import Placement, VerdictChange
from attestations.safeguards import services, would_be
from attestations.safeguards.editions import EditionText, ListedCountry
from attestations.safeguards.impact import CountryImpact, impact_of
from attestations.safeguards.loading import keep_edition
from attestations.safeguards.models import ListEdition
from attestations.safeguards.would_be import Judged, OutcomeChange
from tests.factories import agencies as people
from tests.factories import attestations as make
from tests.factories import placements

pytestmark = pytest.mark.usefixtures("reference")

DAY = date(2027, 3, 1)
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
# listed by the edition of 2023, and not
LISTED, UNLISTED = ("GHA", "ZWE", "NGA", "NPL"), ("KEN", "PHL", "IND", "JAM")


@pytest.fixture
def stewards(db):
    return [people.staff(people.regulator(), RegulatorRole.DATA_STEWARD) for _ in range(2)]


def waiting(stewards, *, adds=("KEN",), leaves_out=("GHA",), valid_from=DAY, label="2027"):
    """The edition of 2023 with a few countries more and less, loaded and not active."""
    carried = ListEdition.objects.get(label="2023").entries.values_list("country", flat=True)
    countries = (set(carried) | set(adds)) - set(leaves_out)
    edition, _ = keep_edition(
        EditionText(
            label=label,
            title=f"Example list {label}",
            published_on=valid_from,
            valid_from=valid_from,
            certainty="",
            source="invented for a test",
            countries=tuple(sorted(ListedCountry(code, code) for code in countries)),
        ),
        at=NOW,
        by=stewards[0],
    )
    return edition


def activate(edition, stewards):
    services.activate_edition(label=edition.label, by=stewards[1], at=NOW)
    services.apply_edition(label=edition.label)


def some_placements(seed, many=120):
    """Placements of three agencies around the day, of every kind of answer; some are withdrawn."""
    chance = random.Random(seed)
    agencies = [people.agency() for _ in range(3)]
    make.agreement("EX-Q", source="KEN", destination="IRL", quota=3, valid_from=date(2026, 1, 1))
    make.agreement("EX-1", source="GHA", destination="IRL", valid_from=date(2026, 1, 1))
    make.communication("KEN", valid_from=date(2027, 1, 1))
    days = [DAY + timedelta(days=offset) for offset in (-300, -2, -1, 0, 1, 2, 200)]
    for _ in range(many):
        residence = chance.choice(LISTED + UNLISTED)
        recruited = chance.choice([*days, None])
        started = chance.choice([recruited and recruited + timedelta(days=90), *days[1:4], None])
        placements.placement(
            chance.choice(agencies),
            judged=False,
            residence=residence,
            source=residence,
            training=chance.choice((residence, *LISTED, *UNLISTED)),
            mode=chance.choice(("AGENCY", "DIRECT", "FACILITATED", "")) or None,
            agreement_cited=chance.choice(("", "", "EX-Q", "EX-1", "EX-NONE")),
            fees=chance.choice(([], None, [["placement fee", "10"]])),
            recruited_on=recruited,
            # without any other day the start would govern
            started_on=None if recruited is None else started,
        )
    judge(Placement.objects.all(), reason="made")


def now_judged():
    rows = Placement.objects.filter(withdrawn_at=None)
    return {
        pk: (outcome, findings)
        for pk, outcome, findings in rows.values_list("pk", "verdict__outcome", "verdict__findings")
    }


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_the_preview_foretells_what_activating_does(stewards, seed):
    some_placements(seed)
    edition = waiting(stewards, adds=("KEN", "JAM"), leaves_out=("GHA", "NPL"))
    before = now_judged()
    days = dict(Placement.objects.values_list("pk", "recruited_on"))

    foretold = impact_of(edition, on=TODAY)
    activate(edition, stewards)

    after = now_judged()
    changed = Counter(
        (before[pk][0], after[pk][0])
        for pk in before
        if days[pk] and days[pk] >= DAY and before[pk][0] != after[pk][0]
    )
    other = [pk for pk in before if before[pk][1] != after[pk][1]]
    earlier = [pk for pk in other if days[pk] and days[pk] < DAY]
    undated = [pk for pk in after if days[pk] is None]
    touched = set(VerdictChange.objects.values_list("placement", flat=True))
    assert foretold.judged == Judged(
        other_findings=len([pk for pk in other if days[pk] and days[pk] >= DAY]),
        outcomes=tuple(
            OutcomeChange(was, now, many) for (was, now), many in sorted(changed.items())
        ),
        added_later=len(earlier),
        earlier_otherwise=0,
        without_a_day=len(touched.intersection(undated)),
    )
    assert foretold.judged_by_it == len([pk for pk in after if days[pk] and days[pk] >= DAY])
    judged_again = {pk for pk in touched if days[pk] and days[pk] >= DAY}
    assert len(judged_again) == foretold.judged_by_it
    assert sum(changed.values()) > 0
    assert foretold.by_name_only == foretold.judged_by_it - foretold.placements


def test_a_placement_beyond_the_places_of_its_agreement_stays_beyond_them(stewards):
    make.agreement("EX-Q", source="KEN", destination="IRL", quota=1, valid_from=date(2026, 1, 1))
    agency = people.agency()
    for reference in ("A", "B"):
        placements.placement(
            agency,
            reference=reference,
            residence="KEN",
            source="KEN",
            training="KEN",
            recruited_on=DAY,
            agreement_cited="EX-Q",
        )
    edition = waiting(stewards)
    before = now_judged()

    foretold = impact_of(edition, on=TODAY).judged.outcomes
    activate(edition, stewards)

    after = now_judged()
    changed = Counter((before[pk][0], after[pk][0]) for pk in before)
    assert sum(change.placements for change in foretold) == 1
    assert foretold == tuple(
        OutcomeChange(was, now, many) for (was, now), many in sorted(changed.items()) if was != now
    )


def test_countries_are_counted_one_by_one(stewards):
    first, second = people.agency(), people.agency()
    on = {"recruited_on": DAY, "started_on": None}
    placements.placement(first, residence="KEN", source="KEN", training="KEN", **on)
    placements.placement(second, residence="KEN", source="KEN", training="GHA", **on)
    placements.placement(second, residence="PHL", source="PHL", training="PHL", **on)
    placements.placement(
        first, residence="KEN", source="KEN", training="KEN", recruited_on=DAY - timedelta(days=1)
    )
    make.agreement("EX-1", source="KEN", destination="IRL", valid_from=date(2020, 1, 1))
    make.agreement("EX-2", source="KEN", destination="SAU", valid_until=DAY - timedelta(days=1))
    make.agreement("EX-3", source="GHA", destination="IRL", valid_from=date(2028, 1, 1))
    make.agreement("EX-4", source="GHA", destination="SAU", is_confirmed=False)

    found = impact_of(waiting(stewards), on=TODAY)

    kenya, ghana = (people.country(code) for code in ("KEN", "GHA"))
    assert found.countries == (
        CountryImpact(ghana, False, placements=1, agencies=1, certificates=0, agreements=1),
        CountryImpact(kenya, True, placements=2, agencies=2, certificates=0, agreements=1),
    )
    assert (found.judged_by_it, found.placements, found.by_name_only) == (3, 2, 1)
    assert (found.agencies, found.agreements, found.certificates) == (2, 2, 0)


def test_countries_for_which_nothing_is_recorded_stand_apart(stewards):
    placements.placement(people.agency(), residence="KEN", source="KEN", recruited_on=DAY)

    found = impact_of(waiting(stewards), on=TODAY)

    assert [one.country.pk for one in found.countries_touched] == ["KEN"]
    assert [one.country.pk for one in found.countries_untouched] == ["GHA"]


def test_the_next_edition_ends_what_one_in_between_touches(stewards):
    make.list_edition("2028", valid_from=date(2028, 3, 1))
    agency = people.agency()
    for day in (date(2028, 2, 29), date(2028, 3, 1)):
        placements.placement(agency, residence="KEN", source="KEN", recruited_on=day)
    make.agreement("EX-1", source="KEN", destination="IRL", valid_from=date(2028, 3, 1))

    found = impact_of(waiting(stewards), on=TODAY)

    assert (found.until, found.judged_by_it, found.agreements) == (date(2028, 3, 1), 1, 0)


def test_what_is_too_many_to_judge_is_counted_and_said_to_be(stewards, monkeypatch):
    monkeypatch.setattr(would_be, "MOST_JUDGED", 1)
    agency = people.agency()
    for _ in range(2):
        placements.placement(agency, residence="KEN", source="KEN", recruited_on=DAY)

    found = impact_of(waiting(stewards), on=TODAY)

    assert (found.judged, found.placements) == (None, 2)


def test_it_costs_the_same_queries_for_one_and_for_many(stewards, django_assert_num_queries):
    agency = people.agency()
    edition = waiting(stewards)
    placements.placement(agency, residence="KEN", source="KEN", recruited_on=DAY)
    with CaptureQueriesContext(connection) as asked:
        impact_of(edition, on=TODAY)
    for residence in ("GHA", "KEN", "GHA"):
        placements.placement(agency, residence=residence, source=residence, recruited_on=DAY)

    with django_assert_num_queries(len(asked.captured_queries)):
        impact_of(edition, on=TODAY)
