from datetime import timedelta
from io import BytesIO

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from agencies.lib import stored_files
from agencies.lib.transitions import IllegalTransition
from agencies.models import JournalEntry
from attestations.enums import ImportState
from attestations.placements import services
from attestations.placements.files import FileUnreadable
from attestations.placements.models import ImportProblem, PlacementImport, StagedPlacement
from attestations.placements.reading import LEASES
from tests.factories import agencies, attestations
from tests.factories import placements as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    attestations.reference()
    return agencies.agency()


@pytest.fixture
def member(agency):
    person = agencies.user()
    agencies.agency_membership(person, agency)
    return person


def sent(agency, by, content=None, name="placements.csv"):
    content = content or make.csv_file([make.row(), make.row(reference="B", mode="by boat")])
    return services.start_import(agency_id=agency.pk, file=BytesIO(content), name=name, by=by)


def test_a_file_goes_from_its_sender_to_saved_rows(
    agency, member, django_capture_on_commit_callbacks
):
    """The tasks run where they are sent, after the commit, and know ids alone; then mail goes."""
    with django_capture_on_commit_callbacks(execute=True) as sent_to_read:
        record = sent(agency, member)
    record.refresh_from_db()
    previewed = record.state
    with django_capture_on_commit_callbacks(execute=True) as sent_to_save:
        services.ask_to_apply(import_id=record.pk, by=member)
    record.refresh_from_db()

    assert (len(sent_to_read), len(sent_to_save)) == (2, 2)
    assert (previewed, record.state) == (ImportState.PREVIEW, ImportState.APPLIED)
    assert (record.created_by, record.applied_by, record.rows_new) == (member, member, 1)
    assert list(
        JournalEntry.objects.filter(subject=f"attestations.placementimport:{record.pk}")
        .order_by("position")
        .values_list("verb", "actor", "agency_number")
    ) == [
        (verb, actor, agency.register_number)
        for verb, actor in (
            ("import.queued", f"user:{member.pk}"),
            ("import.read", "system"),
            ("import.apply_asked", f"user:{member.pk}"),
            ("placements.imported", f"user:{member.pk}"),
        )
    ]


def test_a_file_that_is_no_table_is_neither_queued_nor_kept(agency, member):
    with pytest.raises(FileUnreadable):
        sent(agency, member, content=b"%PDF-1.7")

    assert PlacementImport.objects.count() == 0
    assert list(stored_files.stored_digests(settings.IMPORT_ROOT)) == []


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\files\\placements.csv", "placements.csv"),
        ("turned\u202eround.csv", "turned�round.csv"),
        ("", "file"),
        ("x" * 300 + ".csv", "x" * 251 + ".csv"),
    ],
)
def test_the_name_of_a_file_is_for_showing_only(agency, member, name, kept):
    assert sent(agency, member, name=name).original_name == kept


def test_cancelling_drops_what_waited(agency, member):
    record = make.imported(agency, [make.row(), make.row(reference="B", mode="by boat")])

    services.cancel_import(import_id=record.pk, by=member)

    record.refresh_from_db()
    assert record.state == ImportState.CANCELLED
    assert StagedPlacement.objects.count() == ImportProblem.objects.count() == 0


@pytest.mark.parametrize("state", [ImportState.FAILED, ImportState.CANCELLED])
def test_what_is_over_is_not_saved_and_not_cancelled(agency, member, state):
    record = make.imported(agency, [make.row()])
    PlacementImport.objects.update(state=state, message="over")

    for act in (services.ask_to_apply, services.cancel_import):
        with pytest.raises(IllegalTransition):
            act(import_id=record.pk, by=member)


def test_strangers_do_nothing(agency):
    stranger = agencies.user()
    officer = agencies.user()
    agencies.regulator_membership(officer, agency.regulator)
    record = make.imported(agency, [make.row()])
    placement = make.placement(agency)

    for person in (stranger, officer):
        for act in (
            lambda by: sent(agency, by),
            lambda by: services.ask_to_apply(import_id=record.pk, by=by),
            lambda by: services.cancel_import(import_id=record.pk, by=by),
            lambda by: services.withdraw_placement(placement_id=placement.pk, reason="x", by=by),
        ):
            with pytest.raises(PermissionDenied):
                act(person)


def test_a_withdrawn_placement_stays_with_its_reason(agency, member):
    placement = make.placement(agency)

    services.withdraw_placement(placement_id=placement.pk, reason="never came", by=member)

    placement.refresh_from_db()
    assert (placement.withdrawn_by, placement.withdrawn_reason) == (member, "never came")
    assert placement.verdict is not None
    with pytest.raises(services.PlacementAlreadyWithdrawn):
        services.withdraw_placement(placement_id=placement.pk, reason="again", by=member)


def test_what_the_broker_lost_is_sent_again(agency, django_capture_on_commit_callbacks):
    """Never sent, left by a dead worker, or asked to be saved: each is found and done once."""
    now = timezone.now()
    rows = {name: [make.row(reference=name)] for name in ("lost", "dead", "unsaved", "fresh")}
    records = {
        name: services.start_import(
            agency_id=agency.pk,
            file=BytesIO(make.csv_file(rows[name])),
            name=name,
            by=None,
            send=False,
        )
        for name in ("lost", "dead", "fresh")
    }
    records["unsaved"] = make.imported(agency, rows["unsaved"])
    late = now - services.SENT_AGAIN_AFTER - timedelta(seconds=1)
    change = PlacementImport.objects.filter
    change(pk=records["lost"].pk).update(created_at=late)
    change(pk=records["dead"].pk).update(
        state=ImportState.RUNNING, claimed_at=now - LEASES["csv"] - timedelta(seconds=1)
    )
    change(pk=records["unsaved"].pk).update(apply_asked_at=late)

    first = services.send_lost_imports(at=now)
    second = services.send_lost_imports(at=now)

    assert (first, second) == (3, 0)
    assert dict(PlacementImport.objects.values_list("original_name", "state")) == {
        "lost": ImportState.PREVIEW,
        "dead": ImportState.PREVIEW,
        "fresh": ImportState.QUEUED,
        "placements.csv": ImportState.APPLIED,
    }
