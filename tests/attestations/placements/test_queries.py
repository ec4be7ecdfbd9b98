from datetime import date, timedelta

import pytest

from attestations.placements import queries
from attestations.placements.models import Placement, PlacementImport
from attestations.placements.queries import Corridor
from tests.factories import agencies, attestations
from tests.factories import placements as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    attestations.reference()
    found = agencies.agency()
    agencies.authorization(found, valid_from=date(2000, 1, 1))
    return found


def references(placements):
    return sorted(placements.values_list("reference", flat=True))


def test_the_population_is_what_was_recruited_in_the_period_and_scope(agency):
    other = agencies.agency()
    make.placement(agency, reference="first day", recruited_on=date(2024, 1, 1))
    make.placement(agency, reference="last day", recruited_on=date(2024, 12, 31), placed="2211")
    make.placement(agency, reference="before", recruited_on=date(2023, 12, 31))
    make.placement(agency, reference="undated", recruited_on=None, started_on=None)
    make.placement(agency, reference="offered", recruited_on=None, offered_on=date(2024, 2, 1))
    make.placement(other, reference="another's")
    withdrawn = make.placement(agency, reference="withdrawn")
    Placement.objects.filter(pk=withdrawn.pk).update(
        withdrawn_at=make.RECORDED, withdrawn_by=agencies.user(), withdrawn_reason="x"
    )
    year = (agency, date(2024, 1, 1), date(2024, 12, 31))

    assert references(queries.population(*year)) == ["first day", "last day", "offered"]
    assert references(queries.population(*year, [("PHL", "IRL", "222")])) == [
        "first day",
        "offered",
    ]
    assert references(queries.population(*year, [])) == []
    assert "undated" in references(queries.population(agency, None, None))


def test_corridors_are_counted_with_their_outcomes(agency):
    make.placement(agency)
    make.placement(agency, fees=None)
    make.placement(agency, residence="GHA", training="GHA", source="GHA")
    make.placement(agency, residence=None)

    assert queries.corridors(Placement.objects.all()) == [
        Corridor("GHA", "IRL", "222", 1, {"NON_COMPLIANT": 1}),
        Corridor("PHL", "IRL", "222", 2, {"CLEAR": 1, "INCOMPLETE": 1}),
    ]


def test_outcomes_are_counted_worst_first_and_what_is_not_judged_too(agency):
    make.placement(agency)
    make.placement(agency, judged=False)

    assert list(queries.outcomes(Placement.objects.all()).items()) == [
        ("NON_COMPLIANT", 0),
        ("REFER_TO_AUDITOR", 0),
        ("ACTION_REQUIRED", 0),
        ("INCOMPLETE", 0),
        ("MINOR_ACTION", 0),
        ("CLEAR_WITH_NOTES", 0),
        ("CLEAR", 1),
        ("", 1),
    ]


def test_findings_are_counted_by_rule_gravest_first(agency):
    for fees in ([["visa", "120"]], [["visa", "80"]], None):
        make.placement(agency, fees=fees)

    found = queries.outcomes_by_rule(Placement.objects.all())

    assert [(one["code"], one["severity"], one["placements"]) for one in found] == [
        ("FEE-WORKER", "critical", 2),
        ("FEE-UNKNOWN", "minor", 1),
    ]


def test_many_from_a_small_island_state_within_a_year_are_told(agency):
    for day in range(11):
        make.placement(
            agency, residence="FJI", recruited_on=date(2024, 1, 1) + timedelta(days=day * 30)
        )
        make.placement(agency, residence="PHL")

    assert queries.concentrations(agency) == [
        (
            "11 placements within twelve months from Fiji, a small island state, as Nursing "
            "professionals (2221)"
        )
    ]


@pytest.mark.parametrize("rows", [1, 30])
def test_counting_costs_the_same_for_one_row_and_for_many(agency, rows, django_assert_num_queries):
    for at in range(rows):
        make.placement(agency, reference=str(at), judged=False)

    with django_assert_num_queries(4):
        queries.corridors(Placement.objects.all())
        queries.outcomes(Placement.objects.all())
        queries.outcomes_by_rule(Placement.objects.all())
        list(queries.population(agency, None, None))


def test_who_sees_a_placement():
    attestations.reference()
    agency, source_regulator = agencies.agency(country="IRL"), agencies.regulator(country="IND")
    make.placement(agency, reference="from India", residence="IND")
    make.placement(agency, reference="declared from India", source="IND")
    make.placement(agency, reference="from the Philippines")
    everything = ["declared from India", "from India", "from the Philippines"]
    member, officer, abroad, steward, gone = (agencies.user() for _ in range(5))
    agencies.agency_membership(member, agency)
    agencies.regulator_membership(officer, agency.regulator)
    agencies.regulator_membership(abroad, source_regulator)
    agencies.regulator_membership(steward, agency.regulator, "data_steward")
    agencies.agency_membership(gone, agency)
    gone.is_active = False
    gone.save()

    seen = {
        name: references(Placement.objects.visible_to(person))
        for name, person in [
            ("member", member),
            ("officer", officer),
            ("abroad", abroad),
            ("steward", steward),
            ("gone", gone),
        ]
    }

    assert seen == {
        "member": everything,
        "officer": everything,
        "abroad": everything[:2],
        "steward": [],
        "gone": [],
    }


def test_who_sees_an_import():
    attestations.reference()
    agency = agencies.agency()
    make.imported(agency, [make.row(residence="IND")])
    member, abroad = agencies.user(), agencies.user()
    agencies.agency_membership(member, agency)
    agencies.regulator_membership(abroad, agencies.regulator(country="IND"))

    assert PlacementImport.objects.visible_to(member).count() == 1
    assert PlacementImport.objects.visible_to(abroad).count() == 0
