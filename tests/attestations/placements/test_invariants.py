"""Each invariant holds, and names what is planted against it."""

from datetime import date

import pytest
from django.conf import settings
from django.db import connection

from agencies.lib import stored_files
from attestations.crosscheck.models import Verdict
from attestations.placements import invariants
from attestations.placements.models import Placement, PlacementImport
from tests.factories import agencies, attestations
from tests.factories import placements as make

pytestmark = pytest.mark.django_db

ALL = [
    invariants.every_row_is_counted,
    invariants.what_waits_was_counted,
    invariants.every_placement_is_judged_by_its_edition,
    invariants.placements_belong_to_their_imports_agency,
    invariants.quotas_are_not_exceeded_silently,
    invariants.files_are_kept,
]


@pytest.fixture
def agency():
    attestations.reference()
    return agencies.agency()


def test_all_holds_for_what_is_imported(agency):
    attestations.agreement("AG", source="GHA", destination="IRL", quota=1)
    days = ["2010-05-20", "2010-05-21", "2021-02-24", "2021-02-25", "2023-03-07", "2023-03-08"]
    make.applied(
        agency,
        [make.row(reference=day, recruited_on=day) for day in days]
        + [make.row(reference=str(at), residence="GHA", agreement="AG") for at in range(3)]
        + [make.row(reference="twice"), make.row(reference="twice")]
        + [make.row(reference="undated", recruited_on=None, started_on=None)],
    )
    make.imported(agency, [make.row(reference="waits"), make.row(reference="bad", mode="boat")])

    assert {check.__name__: list(check()) for check in ALL} == {check.__name__: [] for check in ALL}


def test_an_uncounted_row_is_named(agency):
    record = make.applied(agency, [make.row()])
    with connection.cursor() as cursor:
        _without_the_check(cursor)
    PlacementImport.objects.filter(pk=record.pk).update(rows_refused=1)

    assert list(invariants.every_row_is_counted()) == [
        f"import {record.public_id}: 1 + 0 + 0 + 0 + 1 is not 1"
    ]


def _without_the_check(cursor):
    """The schema refuses what the invariant would name; it is set aside in this transaction."""
    if connection.vendor == "sqlite":
        cursor.execute("PRAGMA ignore_check_constraints = ON")
    else:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "ALTER TABLE attestations_placementimport "
            "DROP CONSTRAINT attestations_import_every_row_counted"
        )


@pytest.fixture(autouse=True)
def _checks_are_back(db):
    yield
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


def test_a_row_that_waits_uncounted_is_named(agency):
    record = make.imported(agency, [make.row(), make.row(reference="B")])
    record.staged.filter(reference="B").delete()

    assert list(invariants.what_waits_was_counted()) == [
        f"import {record.public_id}: 1 rows wait, and others were counted"
    ]


def test_a_row_that_waits_for_nothing_is_named(agency):
    record = make.imported(agency, [make.row()])
    PlacementImport.objects.update(state="cancelled")

    assert list(invariants.what_waits_was_counted()) == [
        f"import {record.pk}: rows wait although it is over"
    ]


def test_a_placement_without_a_verdict_is_named(agency):
    placement = make.placement(agency, judged=False)

    assert list(invariants.every_placement_is_judged_by_its_edition()) == [
        f"placement {placement.reference} of {agency.register_number}: not judged"
    ]


@pytest.mark.parametrize(
    ("day", "edition"), [(date(2023, 3, 7), "2023"), (date(2010, 5, 20), "2006")]
)
def test_a_verdict_by_another_edition_is_named(agency, day, edition):
    placement = make.placement(agency, recruited_on=day)
    Verdict.objects.update(edition_label=edition)

    name = f"placement {placement.reference} of {agency.register_number}"
    assert list(invariants.every_placement_is_judged_by_its_edition()) == [
        f"{name}: judged by an edition not in force on its day"
    ]


def test_a_placement_of_another_agencys_import_is_named(agency):
    make.applied(agency, [make.row(reference="A")])
    other = agencies.agency()
    Placement.objects.update(agency=other)

    assert list(invariants.placements_belong_to_their_imports_agency()) == [
        f"placement A of {other.register_number}: came by an import of another agency"
    ]


def test_a_quota_that_is_exceeded_is_named(agency):
    agreement = attestations.agreement("AG", source="GHA", destination="IRL", quota=2)
    for _ in range(2):
        make.placement(agency, residence="GHA", agreement_cited="AG")
    type(agreement).objects.update(quota=1)

    assert list(invariants.quotas_are_not_exceeded_silently()) == [
        "agreement AG: 2 placements excepted, with 1 places"
    ]


def test_a_file_that_is_gone_or_altered_is_named(agency):
    gone, altered = (make.applied(agency, [make.row(reference=name)]) for name in "AB")
    stored_files.path_of(settings.IMPORT_ROOT, gone.file_digest).unlink()
    path = stored_files.path_of(settings.IMPORT_ROOT, altered.file_digest)
    path.chmod(0o600)
    path.write_bytes(b"something else")

    assert sorted(invariants.files_are_kept()) == sorted(
        [f"file {gone.file_digest}: missing", f"file {altered.file_digest}: altered"]
    )
