"""Stored placements are judged, and judged again where what they rest on has changed."""

import itertools
from datetime import date

import pytest

from agencies.models import Authorization
from attestations.crosscheck import differences
from attestations.crosscheck.services import (
    judge,
    rejudge_agency,
    rejudge_agreement,
    rejudge_corridors,
    rejudge_edition,
)
from attestations.placements.models import Placement, VerdictChange
from attestations.placements.services import withdraw_placement
from tests.factories import agencies, attestations
from tests.factories import placements as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    attestations.reference()
    found = agencies.agency()
    agencies.authorization(found, valid_from=date(2000, 1, 1))
    return found


def outcomes():
    return dict(Placement.objects.values_list("reference", "verdict__outcome"))


def test_a_change_of_licence_changes_verdicts_and_keeps_the_old_ones(agency):
    placement = make.placement(agency)
    was = placement.verdict
    Authorization.objects.update(valid_until=date(2024, 1, 31))

    changed = rejudge_agency(agency_id=agency.pk, reason="licence ended")

    placement.refresh_from_db()
    change = VerdictChange.objects.get()
    assert (changed, was.outcome, placement.verdict.outcome) == (1, "CLEAR", "NON_COMPLIANT")
    assert (change.placement, change.was, change.became, change.reason) == (
        placement,
        was,
        placement.verdict,
        "licence ended",
    )


def test_judging_again_with_nothing_new_changes_nothing(agency):
    make.placement(agency)
    attestations.emergency("LKA")  # the lists are others now, and the facts the same

    assert rejudge_agency(agency_id=agency.pk, reason="again") == 0
    assert VerdictChange.objects.count() == 0


def test_only_the_corridors_that_a_change_touches_are_judged(agency):
    for reference, residence in (("touched", "LKA"), ("other", "PHL")):
        make.placement(agency, reference=reference, residence=residence, training=residence)
    attestations.emergency("LKA", valid_from=date(2024, 1, 1))

    assert rejudge_corridors(residences=["PHL"], reason="emergency") == 0
    assert rejudge_corridors(residences=["LKA"], reason="emergency") == 1
    assert outcomes() == {"touched": "ACTION_REQUIRED", "other": "CLEAR"}


def test_a_new_edition_changes_only_what_it_governs(agency):
    day = date(2027, 3, 1)
    stated = {"residence": "PHL", "training": "PHL"}
    make.placement(
        agency,
        reference="before",
        recruited_on=date(2027, 2, 28),
        started_on=date(2027, 2, 28),
        **stated,
    )
    make.placement(
        agency,
        reference="under way",
        recruited_on=date(2027, 2, 28),
        started_on=date(2027, 6, 1),
        **stated,
    )
    make.placement(
        agency, reference="after", recruited_on=day, started_on=date(2027, 6, 1), **stated
    )
    before = outcomes()
    attestations.list_edition("2027", countries=("PHL",), valid_from=day)

    rejudge_edition(label="2027", changed=["PHL"], valid_from=day, reason="edition 2027")

    assert set(before.values()) == {"CLEAR"}
    assert outcomes() == {
        "before": "CLEAR",
        "under way": "CLEAR_WITH_NOTES",
        "after": "NON_COMPLIANT",
    }


def test_a_withdrawn_placement_keeps_the_verdict_it_had(agency):
    placement = make.placement(agency)
    member = agencies.user()
    agencies.agency_membership(member, agency)
    withdraw_placement(placement_id=placement.pk, reason="x", by=member)
    Authorization.objects.all().delete()

    assert rejudge_agency(agency_id=agency.pk, reason="again") == 0


def test_judging_costs_statements_by_the_thousand_and_not_by_the_row(
    agency, django_assert_max_num_queries
):
    for at in range(40):
        make.placement(agency, judged=False, reference=str(at))

    with django_assert_max_num_queries(30):
        judge(Placement.objects.all(), reason="test")


def cited(agency, reference, day, **stated):
    return make.row(
        reference=reference,
        residence="Ghana",
        training="Ghana",
        source="Ghana",
        recruited_on=day,
        agreement="AG",
        **stated,
    )


def used_up():
    return sorted(
        reference
        for reference, findings in Placement.objects.values_list("reference", "verdict__findings")
        if any(one["code"] == "CAP-EXCEEDED" for one in findings)
    )


@pytest.mark.slow
@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_places_of_an_agreement_never_go_by_the_order_of_files(order):
    """(recruited_on, agency number, reference) decides, whichever file comes first."""
    attestations.reference()
    attestations.agreement("AG", source="GHA", destination="IRL", quota=3)
    first, second = agencies.agency(), agencies.agency()
    files = [
        (first, [cited(first, "late", "2024-06-01"), cited(first, "b-same-day", "2024-05-02")]),
        (second, [cited(second, "a-same-day", "2024-05-02"), cited(second, "early", "2024-05-01")]),
        (
            first,
            [
                cited(first, "a-same-day", "2024-05-02"),
                # another post than the agreement's takes none of its places
                cited(first, "doctor", "2024-01-01", placed_as="2211", qualified_as="2211"),
            ],
        ),
    ]

    for at in order:
        make.applied(*files[at])

    assert used_up() == ["a-same-day", "late"]
    assert {
        placement.agency: placement.reference
        for placement in Placement.objects.filter(reference="a-same-day")
        if any(one["code"] == "CAP-EXCEEDED" for one in placement.verdict.findings)
    } == {second: "a-same-day"}


def test_a_withdrawal_frees_its_place(agency):
    attestations.agreement("AG", source="GHA", destination="IRL", quota=1)
    make.applied(agency, [cited(agency, "one", "2024-05-01"), cited(agency, "two", "2024-05-02")])
    before = used_up()
    member = agencies.user()
    agencies.agency_membership(member, agency)

    withdraw_placement(
        placement_id=Placement.objects.get(reference="one").pk, reason="x", by=member
    )

    assert (before, used_up()) == (["two"], [])


def test_a_quota_that_shrinks_is_settled_anew(agency):
    agreement = attestations.agreement("AG", source="GHA", destination="IRL", quota=2)
    make.applied(agency, [cited(agency, str(day), f"2024-05-0{day}") for day in (1, 2, 3)])
    before = used_up()
    type(agreement).objects.update(quota=1)

    rejudge_agreement(reference="AG", reason="terms changed")

    assert (before, used_up()) == (["3"], ["2", "3"])


def test_a_placement_is_never_half_judged(agency, monkeypatch):
    """The pointer and the history are written together, or neither is."""
    placement = make.placement(agency)
    was = placement.verdict
    Authorization.objects.update(valid_until=date(2024, 1, 31))

    def killed(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(differences, "moment", killed)
    with pytest.raises(KeyboardInterrupt):
        rejudge_agency(agency_id=agency.pk, reason="licence ended")

    placement.refresh_from_db()
    assert placement.verdict == was
