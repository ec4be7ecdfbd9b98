import json
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from agencies.models import JournalEntry
from attestations.placements import services
from attestations.placements.cells import reader_for
from attestations.placements.columns import BY_NAME
from attestations.placements.correcting_one import CorrectionRefused, correct_placement
from attestations.placements.models import PlacementVersion, VerdictChange
from attestations.placements.one_forms import CorrectPlacementForm
from attestations.placements.rows import vocabulary
from attestations.placements.writing import cell_of
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
        ({"reference": "OTHER"}, "not corrected by hand: reference"),
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


OTHERWISE = {
    "residence": ("Ghana", "GHA"),
    "destination": ("Germany", "DEU"),
    "qualified_as": ("Generalist medical practitioners", "2211"),
    "placed_as": ("3221", "3221"),
    "mode": ("employer", "EMPLOYER"),
    "recruited_on": ("2024-05-11", date(2024, 5, 11)),
    "started_on": ("2024-09-02", date(2024, 9, 2)),
    "offered_on": ("2024-06-01", date(2024, 6, 1)),
    "contracted_on": ("2024-06-15", date(2024, 6, 15)),
    "fees": ("visa 120", [["visa", "120"]]),
    "training": ("KEN", "KEN"),
    "source": ("Kenya", "KEN"),
    "nationality": ("Ghanaian", "GHA"),
    "destination_part": ("Bavaria", "Bavaria"),
    "months_resident": ("18", 18),
    "other_occupations": ("2222; 3221", "2222 3221"),
    "independent_application": ("no", False),
    "agreement": ("X-1", "X-1"),
    "repayment": ("flight", {"reclaimed": ["flight"], "disclosed": None, "tapers": None}),
    "lower_post_disclosed": ("yes", True),
    "obligation_outstanding": ("yes", True),
    "consultation_recorded": ("no", False),
    "by_federal_agency": ("no", False),
    "employer": ("St James’s", "St James’s"),
    "evidence_reference": ("File 12", "File 12"),
}


def form_of(placement, **said):
    said = {"reason": "So it was."} | said
    return CorrectPlacementForm(said, placement=placement)


def test_every_stated_column_can_be_corrected(agency, member):
    """Each alone: its field becomes what its text says, and no other field changes."""
    assert set(OTHERWISE) == set(BY_NAME) - {"reference"}
    placement = make.placement(agency)

    for name, (text, value) in OTHERWISE.items():
        form = form_of(placement, **{name: text})
        assert form.is_valid(), form.errors
        assert form.changes() == {BY_NAME[name].field: value}


def test_a_corrected_fact_is_judged_and_kept(agency, member):
    placement = make.placement(agency, **FROM_GHANA)
    changes = form_of_all(placement, residence="Philippines", training="PHL", source="PHL")

    corrected = correct_placement(
        placement_id=placement.pk, changes=changes, reason="Wrong row.", by=member
    )

    assert placement.verdict.outcome != corrected.verdict.outcome
    assert (corrected.residence, corrected.version) == ("PHL", 2)
    assert PlacementVersion.objects.get().values["residence"] == "GHA"


def form_of_all(placement, **said):
    """What a browser sends: every field as it was shown, and some written otherwise."""
    shown = CorrectPlacementForm(placement=placement).initial
    form = form_of(placement, **{**shown, **said})
    assert form.is_valid(), form.errors
    return form.changes()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("residence", "Gahna"),
        ("employer", "#REF!"),
        ("months_resident", "a year"),
        ("recruited_on", "2099-01-01"),
        ("fees", "1,200"),
        ("qualified_as", "nurce"),
        ("other_occupations", "2221; nurce"),
        ("agreement", "x" * 61),
    ],
)
def test_a_cell_is_refused_as_in_a_file(agency, member, name, text):
    """The very words that the same text gets in a file."""
    placement = make.placement(agency)
    form = form_of(placement, **{name: text})
    record = make.imported(agency, [make.row(reference="NEW", **{name: text})])
    in_the_file = record.problems.get()

    assert not form.is_valid()
    assert form.errors == {
        name: [f"{in_the_file.message} {in_the_file.suggestion}".strip()],
    }


def test_what_was_left_as_it_was_shown_changes_nothing(agency, member):
    """Also where an older reading took what would be read otherwise today."""
    placement = make.placement(agency, fees=[["visa", "0"]], employer="#REF!", mode=None)

    assert form_of_all(placement) == {}


def test_a_part_moves_with_its_destination_and_is_not_denied(agency, member):
    placement = make.placement(agency)

    moved = form_of(placement, destination="Scotland")
    denied = form_of(placement, destination="Scotland", destination_part="Wales")

    assert moved.is_valid()
    assert moved.changes() == {"destination": "GBR", "destination_part": "Scotland"}
    assert denied.errors["destination_part"] == [
        "The destination says Scotland, and this says Wales. Say the same in both."
    ]


def test_a_spelling_that_named_no_country_is_over_when_the_country_is_stated(agency, member):
    said = {"residence": {"text": "Congo", "candidates": ["COG", "COD"]}, "source": {"text": "x"}}
    placement = make.placement(agency, residence=None, source=None, unresolved=said)

    corrected = correct_placement(
        placement_id=placement.pk, changes={"residence": "COG"}, reason="x", by=member
    )

    assert corrected.unresolved == {"source": {"text": "x"}}


def test_a_day_corrected_by_hand_gives_places_out_anew(agency, member):
    attestations.agreement("ONE", source="GHA", destination="IRL", quota=1)
    first, second = (
        make.placement(agency, **FROM_GHANA, agreement_cited="ONE", recruited_on=date(2024, 5, day))
        for day in (1, 2)
    )

    correct_placement(
        placement_id=first.pk,
        changes={"recruited_on": date(2024, 5, 3)},
        reason="Misread.",
        by=member,
    )

    first.refresh_from_db()
    second.refresh_from_db()
    assert [one.verdict.outcome for one in (first, second)] == ["NON_COMPLIANT", "CLEAR_WITH_NOTES"]


@pytest.mark.parametrize("name", [name for name in BY_NAME if name != "reference"])
def test_what_a_file_said_is_shown_as_a_file_would_say_it(name):
    """Reading what is shown gives what is stored."""
    column = BY_NAME[name]
    text, _ = OTHERWISE[name]
    read = reader_for(column, vocabulary(date(2026, 11, 22)))
    stored = read(text)
    if name == "destination":
        stored, _ = stored
    if name in ("fees", "repayment"):
        stored = json.loads(stored)

    again = read(cell_of(column, stored))

    if name == "destination":
        again, _ = again
    if name in ("fees", "repayment"):
        again = json.loads(again)
    assert again == stored
