from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from agencies.models import JournalEntry
from attestations.placements import services
from attestations.placements.correcting_one import CorrectionRefused, correct_placement
from attestations.placements.models import PlacementVersion, VerdictChange
from tests.factories import agencies, attestations
from tests.factories import placements as make

pytestmark = pytest.mark.django_db

FROM_GHANA = {"residence": "GHA", "training": "GHA", "source": "GHA"}


@pytest.fixture
def agency():
    attestations.reference()
    found = agencies.agency()
    agencies.authorization(found, valid_from=date(2000, 1, 1))
    return found


@pytest.fixture
def member(agency):
    person = agencies.user()
    agencies.agency_membership(person, agency)
    return person


def test_a_correction_is_a_new_version_judged_at_once(agency, member):
    attestations.agreement("GHA-IRL", source="GHA", destination="IRL")
    placement = make.placement(agency, **FROM_GHANA, fees=[["visa", "0"]])
    was = placement.verdict

    corrected = correct_placement(
        placement_id=placement.pk,
        changes={"agreement_cited": "GHA-IRL"},
        reason="The citation was forgotten.",
        by=member,
    )

    kept = PlacementVersion.objects.get()
    change = VerdictChange.objects.get()
    entry = JournalEntry.objects.get(verb="placement.corrected")
    assert (was.outcome, corrected.verdict.outcome) == ("NON_COMPLIANT", "CLEAR_WITH_NOTES")
    assert (corrected.version, corrected.agreement_cited) == (2, "GHA-IRL")
    assert (kept.version, kept.replaced_by, kept.replaced_reason) == (
        1,
        member,
        "The citation was forgotten.",
    )
    assert kept.values["agreement_cited"] == ""
    assert kept.values["recruited_on"] == "2024-05-10"
    assert kept.values["fees"] == [["visa", "0"]]
    assert (change.was, change.became, change.reason) == (
        was,
        corrected.verdict,
        "corrected by hand",
    )
    assert entry.data == {"version": 2, "columns": ["agreement_cited"]}


def test_a_version_kept_by_hand_says_the_same_as_one_kept_by_a_file(agency, member):
    """Both hold the same columns in the same form."""
    make.applied(agency, [make.row(fees="visa 120", mode="agency", by_federal_agency="no")])
    placement = agency.placements.get()
    changes = {"mode": "DIRECT", "evidence_reference": "File 12"}
    correct_placement(placement_id=placement.pk, changes=changes, reason="So it was.", by=member)
    make.applied(agency, [make.row(fees="visa 120", mode="agency", by_federal_agency="no")])

    by_hand, by_file = placement.versions.order_by("version")

    assert (by_hand.replaced_reason, by_file.replaced_reason) == ("So it was.", "")
    assert by_file.values == by_hand.values | changes


def test_an_own_application_is_stated_with_its_proof(agency, member):
    placement = make.placement(agency, **FROM_GHANA)

    with pytest.raises(CorrectionRefused, match="Name the proof"):
        correct_placement(
            placement_id=placement.pk, changes={"mode": "DIRECT"}, reason="x", by=member
        )
    corrected = correct_placement(
        placement_id=placement.pk,
        changes={
            "mode": "DIRECT",
            "independent_application": True,
            "evidence_reference": "Vacancy 12",
        },
        reason="The mode was taken from another row.",
        by=member,
    )

    assert corrected.verdict.outcome == "CLEAR_WITH_NOTES"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({}, "nothing would change"),
        ({"agreement_cited": "", "mode": "AGENCY"}, "nothing would change"),
        ({"residence": "PHL"}, "not corrected by hand: residence"),
    ],
)
def test_what_changes_nothing_or_something_else_is_refused(agency, member, changes, message):
    placement = make.placement(agency)

    with pytest.raises(CorrectionRefused, match=message):
        correct_placement(placement_id=placement.pk, changes=changes, reason="x", by=member)

    assert PlacementVersion.objects.count() == 0


def test_what_was_withdrawn_stays_as_it_was(agency, member):
    placement = make.placement(agency)
    services.withdraw_placement(placement_id=placement.pk, reason="never came", by=member)

    with pytest.raises(services.PlacementAlreadyWithdrawn):
        correct_placement(
            placement_id=placement.pk, changes={"agreement_cited": "X"}, reason="x", by=member
        )


def test_only_people_of_the_agency_correct(agency):
    placement = make.placement(agency)
    officer = agencies.user()
    agencies.regulator_membership(officer, agency.regulator)

    with pytest.raises(PermissionDenied):
        correct_placement(
            placement_id=placement.pk, changes={"agreement_cited": "X"}, reason="x", by=officer
        )


def test_places_of_both_agreements_are_given_out_anew(agency, member):
    """One place each: the later placement takes the one that the earlier leaves, and the other
    agreement's place goes to whoever was recruited first."""
    for reference in ("ONE", "TWO"):
        attestations.agreement(reference, source="GHA", destination="IRL", quota=1)
    first = make.placement(
        agency, **FROM_GHANA, agreement_cited="ONE", recruited_on=date(2024, 5, 1)
    )
    waits = make.placement(
        agency, **FROM_GHANA, agreement_cited="ONE", recruited_on=date(2024, 5, 2)
    )
    holds = make.placement(
        agency, **FROM_GHANA, agreement_cited="TWO", recruited_on=date(2024, 5, 3)
    )
    before = [one.verdict.outcome for one in (first, waits, holds)]

    correct_placement(
        placement_id=first.pk, changes={"agreement_cited": "TWO"}, reason="Misread.", by=member
    )

    for one in (first, waits, holds):
        one.refresh_from_db()
    assert before == ["CLEAR_WITH_NOTES", "NON_COMPLIANT", "CLEAR_WITH_NOTES"]
    assert [one.verdict.outcome for one in (first, waits, holds)] == [
        "CLEAR_WITH_NOTES",
        "CLEAR_WITH_NOTES",
        "NON_COMPLIANT",
    ]
