"""From a file to its preview: rows checked, judged, counted, and visible to nobody else."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.conf import settings
from django.utils import timezone

from agencies.lib import stored_files
from attestations.enums import ImportState
from attestations.placements import chunks, services, staging
from attestations.placements.models import (
    ImportProblem,
    Placement,
    PlacementImport,
    StagedPlacement,
)
from attestations.placements.reading import LEASES, read_import
from tests.factories import agencies, attestations
from tests.factories import placements as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    attestations.reference()
    return agencies.agency()


def counts(record):
    return {
        "rows": record.rows_total,
        "new": record.rows_new,
        "changed": record.rows_changed,
        "unchanged": record.rows_unchanged,
        "duplicate": record.rows_duplicate,
        "refused": record.rows_refused,
    }


def problems(record):
    return list(
        record.problems.order_by("row", "pk").values_list("sheet", "row", "column", "code", "value")
    )


def test_good_rows_wait_judged_and_bad_ones_are_told_all_at_once(agency):
    record = make.imported(
        agency,
        [
            make.row(reference="A"),
            make.row(reference="B", residence="Congo", mode="by boat", recruited_on="05/04/2024"),
            make.row(reference="C", residence="Ghana"),
        ],
    )

    assert record.state == ImportState.PREVIEW
    assert counts(record) == {
        "rows": 3,
        "new": 2,
        "changed": 0,
        "unchanged": 0,
        "duplicate": 0,
        "refused": 1,
    }
    assert problems(record) == [
        ("", 3, "residence", "unknown_country", "Congo"),
        ("", 3, "mode", "unknown_mode", "by boat"),
        ("", 3, "recruited_on", "not_a_date", "05/04/2024"),
    ]
    staged = StagedPlacement.objects.order_by("row")
    assert list(staged.values_list("reference", "row", "residence", "verdict__outcome")) == [
        ("A", 2, "PHL", "INCOMPLETE"),
        ("C", 4, "GHA", "NON_COMPLIANT"),
    ]
    assert Placement.objects.count() == 0


def test_the_same_reference_twice_refuses_each_and_is_counted_apart(agency):
    record = make.imported(
        agency,
        [
            make.row(reference="A"),
            make.row(reference="B"),
            make.row(reference=" A "),
            make.row(reference="A", residence="Congo"),
            make.row(reference="C", residence="Congo"),
        ],
    )

    assert counts(record) == {
        "rows": 5,
        "new": 1,
        "changed": 0,
        "unchanged": 0,
        "duplicate": 3,
        "refused": 1,
    }
    assert [found for found in problems(record) if found[3] == "duplicate"] == [
        ("", row, "reference", "duplicate", "A") for row in (2, 4, 5)
    ]
    assert list(StagedPlacement.objects.values_list("reference", flat=True)) == ["B"]


def test_blank_rows_are_not_rows(agency):
    content = make.csv_file([make.row(reference="A")]) + b"\n,,,,,,,,,,\n  ,,,\n"

    record = make.imported(agency, content)

    assert (record.rows_total, problems(record)) == (1, [])


def test_a_row_with_more_cells_than_the_header_is_told(agency):
    content = make.csv_file([make.row(reference="A")]).rstrip() + b",one,more\n"

    record = make.imported(agency, content)

    assert problems(record) == [("", 2, "", "too_many_cells", "one | more")]


def test_a_destination_names_its_part_and_a_contradiction_is_told(agency):
    record = make.imported(
        agency,
        [
            make.row(reference="A", destination="Scotland", destination_part=""),
            make.row(reference="B", destination="GBR", destination_part="wales"),
            make.row(reference="C", destination="England", destination_part="Scotland"),
        ],
    )

    assert problems(record) == [("", 4, "destination_part", "two_parts", "Scotland")]
    staged = StagedPlacement.objects.order_by("row")
    assert list(staged.values_list("destination", "destination_part")) == [
        ("GBR", "Scotland"),
        ("GBR", "Wales"),
    ]


def test_what_was_noticed_and_which_header_was_which_is_kept(agency):
    rows = [{"Ref": "A", **make.row(reference=None), "Remarks": "x"}]
    rows[0].pop("reference")

    record = make.imported(agency, make.csv_file(rows, delimiter=";"))

    assert record.notes == [
        "Columns are taken apart at each semicolon.",
        "Columns that we do not know were left aside: Remarks.",
    ]
    assert record.layout["sheets"][0]["columns"]["Ref"] == "reference"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"reference,residence\nA,GHA\n", "The column destination is missing"),
        (b"\n\n\n", "The file has no rows: not even a header."),
        (make.csv_file([make.row()]) + b'"A,GHA\n', "Row 3 holds a quotation mark that opens"),
    ],
)
def test_a_file_that_cannot_be_read_fails_with_the_reason(agency, content, words):
    record = make.imported(agency, content)

    assert record.state == ImportState.FAILED
    assert words in record.message
    assert StagedPlacement.objects.count() == ImportProblem.objects.count() == 0


def test_a_file_with_workers_names_is_refused_and_not_kept(
    agency, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        record = make.imported(agency, make.csv_file([{**make.row(), "Surname": "Example"}]))

    assert record.state == ImportState.FAILED
    assert record.message.endswith(
        "“Surname”; the register holds no worker's name: remove the column and send the file "
        "again. The file was not kept."
    )
    assert not stored_files.path_of(settings.IMPORT_ROOT, record.file_digest).exists()


def test_more_rows_than_are_taken_fail(agency, settings, monkeypatch):
    settings.IMPORT_MAX_ROWS = 2

    record = make.imported(agency, [make.row(reference=str(at)) for at in range(3)])

    assert (record.state, record.message) == (
        ImportState.FAILED,
        "The file has more than 2 rows. Split it and send the parts one after the other.",
    )


def test_only_so_many_problems_are_listed_and_all_are_counted(agency, monkeypatch):
    monkeypatch.setattr(staging, "MOST_PROBLEMS", 2)
    monkeypatch.setattr(chunks, "CHUNK", 2)

    record = make.imported(
        agency, [make.row(reference=str(at), residence="Congo") for at in range(5)]
    )

    assert (record.rows_refused, record.problems.count()) == (5, 2)
    assert record.notes == ["There are 5 problems; the first 2 are listed."]


def queued(agency, rows):
    return services.start_import(
        agency_id=agency.pk, file=BytesIO(make.csv_file(rows)), name="x.csv", by=None, send=False
    )


def test_a_claim_is_taken_once(agency):
    record = queued(agency, [make.row()])
    PlacementImport.objects.update(state=ImportState.RUNNING, claimed_at=timezone.now())

    read_import(import_id=record.pk)

    record.refresh_from_db()
    assert (record.state, StagedPlacement.objects.count()) == (ImportState.RUNNING, 0)


def test_what_a_dead_worker_left_is_read_anew(agency, monkeypatch):
    monkeypatch.setattr(chunks, "CHUNK", 1)
    record = queued(agency, [make.row(reference=str(at)) for at in range(3)])

    def die(self, about):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(staging._Staging, "finish", die)
        with pytest.raises(KeyboardInterrupt):
            read_import(import_id=record.pk)
    left_behind = StagedPlacement.objects.count()
    PlacementImport.objects.update(claimed_at=timezone.now() - LEASES["csv"] - timedelta(seconds=1))
    read_import(import_id=record.pk)

    record.refresh_from_db()
    assert (left_behind, record.state, record.rows_new) == (3, ImportState.PREVIEW, 3)
    assert StagedPlacement.objects.count() == 3


def test_whoever_takes_over_goes_on_behind_the_last_chunk(agency, monkeypatch):
    monkeypatch.setattr(chunks, "CHUNK", 2)
    rows = [make.row(reference=str(at)) for at in range(5)] + [make.row(reference="0")]
    record = queued(agency, [*rows, make.row(reference="6", mode="agancy")])
    store, stored = staging._Staging.store, []

    def die_at_the_third(self, chunk):
        if len(stored) == 2:
            raise KeyboardInterrupt
        stored.append(chunk.row)
        store(self, chunk)

    monkeypatch.setattr(staging._Staging, "store", die_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        read_import(import_id=record.pk)
    PlacementImport.objects.update(claimed_at=timezone.now() - LEASES["csv"] - timedelta(seconds=1))
    kept = list(StagedPlacement.objects.order_by("pk").values_list("pk", flat=True))
    stored.clear()
    read_import(import_id=record.pk)

    record.refresh_from_db()
    assert stored == [7, 8]
    assert (record.state, record.rows_total, record.rows_new) == (ImportState.PREVIEW, 7, 4)
    assert (record.rows_duplicate, record.rows_refused) == (2, 1)
    assert kept[1:] == list(StagedPlacement.objects.order_by("pk").values_list("pk", flat=True))[:3]


def test_other_lists_than_those_of_the_dead_worker_begin_anew(agency, monkeypatch):
    record = queued(agency, [make.row(reference=str(at)) for at in range(3)])

    def die(self, about):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(staging._Staging, "finish", die)
        with pytest.raises(KeyboardInterrupt):
            read_import(import_id=record.pk)
    first = set(StagedPlacement.objects.values_list("pk", flat=True))
    PlacementImport.objects.update(
        claimed_at=timezone.now() - LEASES["csv"] - timedelta(seconds=1),
        checkpoint={**PlacementImport.objects.get().checkpoint, "judged_with": "other lists"},
    )
    read_import(import_id=record.pk)

    record.refresh_from_db()
    assert (record.state, record.rows_new) == (ImportState.PREVIEW, 3)
    assert not first & set(StagedPlacement.objects.values_list("pk", flat=True))


def test_reading_stops_where_the_import_was_cancelled(agency, monkeypatch):
    monkeypatch.setattr(chunks, "CHUNK", 1)
    record = queued(agency, [make.row(reference=str(at)) for at in range(3)])
    store = staging._Staging.store

    def cancelled_meanwhile(self, chunk):
        PlacementImport.objects.update(state=ImportState.CANCELLED)
        store(self, chunk)

    monkeypatch.setattr(staging._Staging, "store", cancelled_meanwhile)
    read_import(import_id=record.pk)

    record.refresh_from_db()
    assert (record.state, StagedPlacement.objects.count()) == (ImportState.CANCELLED, 0)


def test_an_error_of_ours_fails_the_import_in_words_and_is_raised(agency, monkeypatch):
    record = queued(agency, [make.row()])

    def break_down(self, about):
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr(staging._Staging, "finish", break_down)
    with pytest.raises(RuntimeError):
        read_import(import_id=record.pk)

    record.refresh_from_db()
    assert (record.state, record.message) == (
        ImportState.FAILED,
        "Something went wrong on our side. Send the file again, or tell the register.",
    )
