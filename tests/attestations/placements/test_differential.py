"""The same file gives the same rows, findings and problems, wherever and however it is read.

One test run has one database, so what came of the files is compared with a digest that is kept
here: recorded on SQLite, and seen equal on PostgreSQL. Where a rule, a list, a message or a column
changes on purpose, the digests change with it: run this module on both databases, see in the
counts and outcomes that what changed is what was meant, and put in the digests that both show.
"""

import pytest

from attestations.crosscheck.enums import Mode, Outcome
from attestations.models import Placement
from attestations.placements import chunks, staging
from tests.attestations.placements import mixed_files

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

EXPECTED = {
    "counts": {
        "first": {
            "total": 484,
            "new": 387,
            "changed": 0,
            "unchanged": 0,
            "duplicate": 12,
            "refused": 85,
        },
        "second": {
            "total": 30,
            "new": 30,
            "changed": 0,
            "unchanged": 0,
            "duplicate": 0,
            "refused": 0,
        },
    },
    "outcomes": {
        "CLEAR": 178,
        "NON_COMPLIANT": 157,
        "CLEAR_WITH_NOTES": 25,
        "ACTION_REQUIRED": 19,
        "INCOMPLETE": 33,
        "MINOR_ACTION": 4,
        "REFER_TO_AUDITOR": 1,
    },
    "problems": {
        "characters": 16,
        "duplicate": 12,
        "missing_reference": 1,
        "not_a_date": 7,
        "not_a_number": 10,
        "not_an_amount": 6,
        "not_yes_or_no": 3,
        "spreadsheet_error": 9,
        "too_long": 2,
        "unknown_country": 20,
        "unknown_mode": 11,
        "unknown_occupation": 10,
    },
    "digests": {
        "placements": "275ebbb93d4a36e7093324bde261ed9ae6b4aa95acd7abf7e2f0407ce2c4a4da",
        "problems": "dce9d43121745767883013581164e95a0614906702d290c73ebb9aa6baacd6bd",
        "counts": "d661ae6d0ba83c38e2ccc59648d782fb8bc15234e6de5f91846e423699cd8239",
        "notes": "c12c9e8ff32865c2f4ba1c9685fc4e176cac70f51c3ed24ebe68e7a993a61758",
    },
    "digest": "cc6004540d35524e89911bf9ddb69bdcb405cbebf6619f077a5156e9a3444d5a",
}
EDITIONS = {"", "2006", "2020", "2023"}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_comes_to_the_same_on_every_database_and_in_every_kind(kind):
    assert mixed_files.outline(mixed_files.answers(kind)) == EXPECTED


@pytest.mark.parametrize(("kind", "rows"), [("csv", 1), ("csv", 7), ("xlsx", 7)])
def test_whatever_the_size_of_a_chunk(kind, rows, monkeypatch):
    monkeypatch.setattr(chunks, "CHUNK", rows)

    assert mixed_files.outline(mixed_files.answers(kind)) == EXPECTED


@pytest.mark.parametrize(("kind", "seed"), [("csv", 0), ("csv", 1), ("xlsx", 2)])
def test_whatever_the_order_of_rows_and_files(kind, seed):
    """The places of an agreement go by day, agency number and reference."""
    assert mixed_files.outline(mixed_files.answers(kind, order=seed)) == EXPECTED


@pytest.mark.parametrize(("kind", "rows"), [("csv", 7), ("csv", 10_000), ("xlsx", 10_000)])
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_whether_read_in_one_process_or_in_two(kind, rows, monkeypatch):
    """Threads of a test run know nothing of what the reader beside it touches."""
    begun = []

    def made_beside(make):
        begun.append(make)
        return staging_made_beside(make)

    staging_made_beside = staging.made_beside
    monkeypatch.setattr(chunks, "CHUNK", rows)
    monkeypatch.setattr(staging, "LARGE_FILE_BYTES", 0)
    monkeypatch.setattr(staging, "can_fork", lambda: True)
    monkeypatch.setattr(staging, "made_beside", made_beside)

    assert mixed_files.outline(mixed_files.answers(kind)) == EXPECTED
    assert len(begun) == 2


def test_the_files_hold_every_mode_edition_and_outcome_and_more_citations_than_places():
    everything = mixed_files.answers("csv")

    placements = [row for rows in everything["placements"].values() for row in rows.values()]
    found = [one["code"] for row in placements for one in row["verdict__findings"]]
    assert {row["mode"] for row in placements} == {None, *(mode.value for mode in Mode)}
    assert {row["verdict__edition_label"] for row in placements} == EDITIONS
    assert {row["verdict__outcome"] for row in placements} == {one.value for one in Outcome}
    assert found.count("CAP-EXCEEDED") == len(everything["placements"]["second"]) * 2 - (
        mixed_files.PLACES
    )


def test_one_changed_letter_changes_the_digest():
    """The control: what is compared sees what stands."""
    files = mixed_files.answers("csv")
    before = mixed_files.outline(files)
    placement = next(iter(files["placements"]["first"].values()))
    placement["employer"] += "x"

    after = mixed_files.outline(files)

    assert Placement.objects.count() == sum(before["outcomes"].values())
    assert after | {"digest": "", "digests": {}} == before | {"digest": "", "digests": {}}
    assert after["digests"]["placements"] != before["digests"]["placements"]
    assert after["digest"] != before["digest"]
