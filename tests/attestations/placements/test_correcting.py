"""A file read again with corrections: the groups on its page, each with one click."""

import pytest
from django.core.exceptions import PermissionDenied

from agencies.lib.transitions import IllegalTransition
from agencies.models import JournalEntry
from attestations.enums import ImportState
from attestations.placements import services
from attestations.placements.corrections import CorrectionsRefused, of_days, of_every_row
from attestations.placements.models import ImportProblem, PlacementImport, StagedPlacement
from tests.factories import agencies, attestations
from tests.factories import placements as make

pytestmark = pytest.mark.django_db

IRELAND = of_every_row(column="destination", value="Irland", becomes="Ireland")


@pytest.fixture
def agency():
    attestations.reference()
    return agencies.agency()


@pytest.fixture
def member(agency, client):
    person = agencies.user()
    agencies.agency_membership(person, agency)
    client.force_login(person)
    return person


@pytest.fixture
def faulty(agency):
    """Three rows, of which two say what is no country."""
    return make.imported(
        agency,
        [
            make.row(reference="A", destination="Irland"),
            make.row(reference="B", destination=" Irland"),
            make.row(reference="C"),
        ],
    )


def test_a_corrected_file_is_read_again_as_another_import(
    faulty, member, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        follower = services.correct_import(import_id=faulty.pk, corrections=[IRELAND], by=member)

    faulty.refresh_from_db()
    follower.refresh_from_db()
    assert (faulty.state, faulty.message) == (ImportState.CANCELLED, services.READ_AGAIN)
    assert (follower.state, follower.rows_new, follower.rows_refused) == (
        ImportState.PREVIEW,
        3,
        0,
    )
    assert (follower.follows, follower.file_digest, follower.original_name) == (
        faulty,
        faulty.file_digest,
        "placements.csv",
    )
    assert follower.corrections == [IRELAND]
    assert set(StagedPlacement.objects.values_list("placement_import", flat=True)) == {follower.pk}
    assert ImportProblem.objects.count() == 0


def test_the_journal_tells_columns_and_counts_and_no_text(faulty, member):
    follower = services.correct_import(
        import_id=faulty.pk,
        corrections=[IRELAND, {"sheet": "", "row": 3, "left_out": True}],
        by=member,
    )

    entry = JournalEntry.objects.get(verb="import.corrected")
    assert entry.subject == f"attestations.placementimport:{follower.pk}"
    assert entry.data == {
        "follows": faulty.pk,
        "file": faulty.file_digest,
        "columns": {"destination": 1},
        "rows_left_out": 1,
    }


def test_a_second_click_leads_to_the_reading_that_is_there(faulty, member):
    first = services.correct_import(import_id=faulty.pk, corrections=[IRELAND], by=member)
    second = services.correct_import(import_id=faulty.pk, corrections=[IRELAND], by=member)

    assert first == second
    assert PlacementImport.objects.count() == 2


def test_a_later_correction_of_the_same_cells_takes_the_place_of_the_earlier(
    faulty, member, django_capture_on_commit_callbacks
):
    days = of_days(column="recruited_on", day_first=True)
    record = faulty
    for one in (IRELAND, days, IRELAND | {"becomes": "France"}):
        with django_capture_on_commit_callbacks(execute=True):
            record = services.correct_import(import_id=record.pk, corrections=[one], by=member)
        record.refresh_from_db()

    assert record.corrections == [days, IRELAND | {"becomes": "France"}]


def test_a_correction_is_taken_back(faulty, member, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        corrected = services.correct_import(import_id=faulty.pk, corrections=[IRELAND], by=member)
    with django_capture_on_commit_callbacks(execute=True):
        back = services.take_back_correction(import_id=corrected.pk, correction=IRELAND, by=member)
    again = services.take_back_correction(import_id=corrected.pk, correction=IRELAND, by=member)

    back.refresh_from_db()
    assert (back.corrections, back.rows_refused, again) == ([], 2, back)


def test_what_is_saved_or_being_saved_is_not_corrected(agency, faulty, member):
    saved = make.applied(agency, [make.row(reference="D")])
    services.ask_to_apply(import_id=faulty.pk, by=member)

    for record in (saved, faulty):
        with pytest.raises(IllegalTransition):
            services.correct_import(import_id=record.pk, corrections=[IRELAND], by=member)


def test_what_is_no_correction_changes_nothing(faulty, member):
    with pytest.raises(CorrectionsRefused):
        services.correct_import(
            import_id=faulty.pk, corrections=[IRELAND | {"column": "name"}], by=member
        )

    assert PlacementImport.objects.get().state == ImportState.PREVIEW


def test_strangers_correct_nothing(agency, faulty):
    officer = agencies.user()
    agencies.regulator_membership(officer, agency.regulator)

    for person in (agencies.user(), officer):
        with pytest.raises(PermissionDenied):
            services.correct_import(import_id=faulty.pk, corrections=[IRELAND], by=person)
        with pytest.raises(PermissionDenied):
            services.take_back_correction(import_id=faulty.pk, correction=IRELAND, by=person)
