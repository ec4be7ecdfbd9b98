"""From the preview to what everybody sees: all of it or nothing, once, with what was before."""

from datetime import date

import pytest
from django.utils import timezone

from agencies.models import JournalEntry
from attestations.crosscheck.models import Verdict
from attestations.enums import ImportState
from attestations.placements import applying, saving
from attestations.placements.applying import apply_import
from attestations.placements.models import (
    Placement,
    PlacementVersion,
    StagedPlacement,
    VerdictChange,
)
from attestations.placements.reading import read_import
from tests.factories import agencies, attestations
from tests.factories import placements as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    attestations.reference()
    return agencies.agency()


def standing(record):
    return record.rows_new, record.rows_changed, record.rows_unchanged


def test_a_row_becomes_a_placement_that_leads_back_to_its_row(agency):
    record = make.applied(agency, [make.row(reference="A", fees="visa 120", months_resident="30")])

    placement = Placement.objects.get()
    assert (record.state, standing(record)) == (ImportState.APPLIED, (1, 0, 0))
    assert (placement.agency, placement.placement_import, placement.sheet, placement.row) == (
        agency,
        record,
        "",
        2,
    )
    assert (placement.residence, placement.destination, placement.fees, placement.mode) == (
        "PHL",
        "IRL",
        [["visa", "120"]],
        "AGENCY",
    )
    assert (placement.recruited_on, placement.months_resident) == (date(2024, 5, 10), 30)
    assert placement.verdict.outcome == "NON_COMPLIANT"
    assert StagedPlacement.objects.count() == 0
    assert JournalEntry.objects.filter(verb="placements.imported").get().data == {
        "file": record.file_digest,
        "new": 1,
        "changed": 0,
        "unchanged": 0,
        "duplicate": 0,
        "refused": 0,
    }


def test_the_same_file_twice_changes_nothing(agency):
    rows = [
        make.row(reference=str(at), fees=fees, repayment=clause, independent_application=said)
        for at, (fees, clause, said) in enumerate(
            [("none", "none", "yes"), ("visa 120", "flight; disclosed no", "no"), (None,) * 3]
        )
    ]
    make.applied(agency, rows)
    before = list(Placement.objects.order_by("pk").values())

    again = make.applied(agency, list(reversed(rows)), name="the same in another order.csv")

    assert standing(again) == (0, 0, 3)
    assert list(Placement.objects.order_by("pk").values()) == before
    assert PlacementVersion.objects.count() == VerdictChange.objects.count() == 0


def test_a_changed_row_keeps_what_was_said_before(agency):
    first = make.applied(agency, [make.row(reference="A", independent_application="no")])
    was = Placement.objects.get().verdict

    second = make.applied(
        agency,
        [make.row(reference="B"), make.row(reference="A", residence="Ghana", fees="visa 120")],
    )

    placement = Placement.objects.get(reference="A")
    version = placement.versions.get()
    change = placement.verdict_changes.get()
    assert standing(second) == (1, 1, 0)
    assert (placement.version, placement.residence, placement.row) == (2, "GHA", 3)
    assert (version.version, version.placement_import, version.row) == (1, first, 2)
    assert {
        name: version.values[name]
        for name in ("residence", "fees", "independent_application", "recruited_on", "training")
    } == {
        "residence": "PHL",
        "fees": [],
        "independent_application": False,
        "recruited_on": "2024-05-10",
        "training": "PHL",
    }
    assert (change.was, change.became, change.reason) == (was, placement.verdict, "import")


def test_saving_twice_has_one_effect(agency):
    record = make.imported(agency, [make.row()])

    answers = [apply_import(import_id=record.pk), apply_import(import_id=record.pk)]

    assert answers == [True, False]
    assert Placement.objects.count() == 1


@pytest.mark.parametrize("breaks_at", ["drop_staged", "settle_quotas", None])
def test_a_worker_killed_while_saving_leaves_nothing_half_done(agency, monkeypatch, breaks_at):
    """Killed late in the transaction; the control without the kill saves both rows."""
    make.applied(agency, [make.row(reference="A")])
    record = make.imported(
        agency, [make.row(reference="A", residence="Ghana"), make.row(reference="B")]
    )

    def killed(*args, **kwargs):
        assert Placement.objects.count() == 2  # visible to the transaction itself alone
        raise KeyboardInterrupt

    if breaks_at is None:
        apply_import(import_id=record.pk)
    else:
        monkeypatch.setattr(applying, breaks_at, killed)
        with pytest.raises(KeyboardInterrupt):
            apply_import(import_id=record.pk)

    record.refresh_from_db()
    seen = dict(Placement.objects.values_list("reference", "residence"))
    if breaks_at is None:
        assert (record.state, seen) == (ImportState.APPLIED, {"A": "GHA", "B": "PHL"})
    else:
        assert (record.state, seen) == (ImportState.PREVIEW, {"A": "PHL"})
        assert StagedPlacement.objects.count() == 2
        assert PlacementVersion.objects.count() == 0


def test_what_changed_since_the_preview_is_counted_as_it_is(agency):
    waiting = make.imported(agency, [make.row(reference="A"), make.row(reference="B")])
    make.applied(agency, [make.row(reference="A"), make.row(reference="B", residence="Ghana")])

    apply_import(import_id=waiting.pk)

    waiting.refresh_from_db()
    assert standing(waiting) == (0, 1, 1)


def test_rows_are_judged_again_if_a_licence_came_between(agency):
    record = make.imported(agency, [make.row(independent_application="yes")])
    previewed = StagedPlacement.objects.get().verdict
    agencies.authorization(agency, side="home", country="IRL", valid_from=date(2020, 1, 1))

    apply_import(import_id=record.pk)

    placement = Placement.objects.get()
    assert (previewed.outcome, placement.verdict.outcome) == ("INCOMPLETE", "CLEAR")


def test_a_withdrawn_placement_is_not_changed_by_a_file(agency):
    make.applied(agency, [make.row(reference="A"), make.row(reference="B")])
    person = agencies.user()
    Placement.objects.update(
        withdrawn_at=timezone.now(), withdrawn_by=person, withdrawn_reason="not recruited"
    )

    record = make.applied(agency, [make.row(reference="A"), make.row(reference="B", mode="direct")])

    assert (standing(record), record.rows_refused) == ((0, 0, 1), 1)
    assert list(record.problems.values_list("code", "value")) == [("withdrawn", "B")]
    assert set(Placement.objects.values_list("mode", flat=True)) == {"AGENCY"}


def test_two_agencies_may_use_the_same_reference(agency):
    other = agencies.agency()

    make.applied(agency, [make.row(reference="A")])
    make.applied(other, [make.row(reference="A", residence="Ghana")])

    assert list(Placement.objects.order_by("agency").values_list("agency", "residence")) == [
        (agency.pk, "PHL"),
        (other.pk, "GHA"),
    ]
    assert PlacementVersion.objects.count() == 0


def test_verdicts_are_shared_by_who_has_the_same_facts(agency):
    make.applied(agency, [make.row(reference=str(at), recruited_on=day) for at, day in DAYS])

    assert Verdict.objects.count() == 2  # one for each edition, and the days between do not count
    assert Placement.objects.filter(verdict=None).count() == 0


DAYS = enumerate(["2022-01-01", "2022-06-30", "2023-03-08", "2024-01-31"])


def test_every_statement_of_saving_is_a_set(agency, django_assert_max_num_queries):
    record = make.imported(agency, [make.row(reference=str(at)) for at in range(50)])

    with django_assert_max_num_queries(45):
        apply_import(import_id=record.pk)


def test_all_that_a_placement_states_is_saved_and_compared():
    stated = {field.column for field in Placement._meta.concrete_fields}

    assert set(saving.STATED) <= stated
    assert stated - set(saving.STATED) == {
        *("id", "agency_id", "reference", "version", "placement_import_id", "sheet", "row"),
        *("verdict_id", "withdrawn_at", "withdrawn_by_id", "withdrawn_reason", "recorded_at"),
    }


def test_what_waited_and_was_lost_is_read_again(agency):
    """PostgreSQL empties what is kept out of its log when its server breaks down."""
    record = make.imported(agency, [make.row(reference="A"), make.row(reference="B")])
    StagedPlacement.objects.all().delete()

    assert apply_import(import_id=record.pk) is False

    record.refresh_from_db()
    assert (record.state, Placement.objects.count()) == (ImportState.QUEUED, 0)
    read_import(import_id=record.pk)
    assert apply_import(import_id=record.pk) is True
    assert Placement.objects.count() == 2
