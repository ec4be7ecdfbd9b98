"""Known faults in known cells of a valid file: those are told, those alone, and they can be mended.

A few seeds here; five hundred in `tests/test_long.py`.
"""

from random import Random

import pytest

from agencies.countries.spellings import resolve
from attestations.enums import ImportState
from attestations.placements.models import Placement
from tests.attestations.placements import faulty_files
from tests.factories import agencies
from tests.factories import placements as make

pytestmark = pytest.mark.slow


def applied(agency, made, how):
    content = faulty_files.written(made, how)
    return make.applied(agency, content, name=f"placements.{how.kind}")


def counts(record):
    assert record.state == ImportState.APPLIED, record.message
    return {
        "rows": record.rows_total,
        "new": record.rows_new,
        "changed": record.rows_changed,
        "unchanged": record.rows_unchanged,
        "duplicate": record.rows_duplicate,
        "refused": record.rows_refused,
    }


def told(record):
    return sorted(record.problems.values_list("sheet", "row", "column", "name", "code"))


def expected(made, how):
    sheet = how.sheet if how.kind == "xlsx" else ""
    cells = [(sheet, how.row_of(at), name, name, code) for (at, name), code in made.faults.items()]
    rows = [(sheet, how.row_of(at), "", "", "too_many_cells") for at in made.too_long(how.kind)]
    return sorted(cells + rows)


def mended(record, made, how):
    """The same table after somebody who takes the first suggestion, or knows what is right."""
    at_row = {how.row_of(at): at for at in range(len(made.right))}
    rows = [dict(row) for row in made.written]
    for problem in record.problems.exclude(name=""):
        at = at_row[problem.row]
        suggested = problem.replacements or [made.right[at][problem.name]]
        rows[at][problem.name] = suggested[0]
    return faulty_files.Table(made.names, made.right, rows)


def check_round_trip(seed, kind):
    """Three uploads: the faults are told, then mended, then nothing is left to do."""
    draw = Random(f"{kind} {seed}")
    agency = agencies.agency()
    made = faulty_files.table(draw, faults=draw.randrange(1, 13))
    how = faulty_files.dialect(draw, kind, len(made.right))
    rows, refused = len(made.right), len(made.refused(kind))
    good = rows - refused - len(made.repeated)
    nothing = dict.fromkeys(("new", "changed", "unchanged", "duplicate", "refused"), 0)
    nothing["rows"] = rows

    first = applied(agency, made, how)

    assert told(first) == expected(made, how)
    assert counts(first) == {
        **nothing,
        "new": good,
        "duplicate": len(made.repeated),
        "refused": refused,
    }

    better = mended(first, made, how)
    second = applied(agency, better, how)

    assert told(second) == []
    assert counts(second) == {**nothing, "new": rows - good, "unchanged": good}
    assert Placement.objects.filter(agency=agency).count() == rows

    third = applied(agency, better, how)

    assert told(third) == []
    assert counts(third) == {**nothing, "unchanged": rows}
    places = Placement.objects.filter(agency=agency).values_list("reference", "row")
    assert dict(places) == {
        row["reference"].strip(): how.row_of(at) for at, row in enumerate(better.written)
    }


@pytest.mark.parametrize("seed", range(6))
def test_exactly_the_faults_of_a_csv_file_are_told_and_can_be_mended(reference, seed):
    check_round_trip(seed, "csv")


@pytest.mark.parametrize("seed", range(4))
def test_exactly_the_faults_of_a_workbook_are_told_and_can_be_mended(reference, seed):
    check_round_trip(seed, "xlsx")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_table_without_faults_has_none(reference, kind):
    draw = Random(f"none {kind}")
    agency = agencies.agency()
    made = faulty_files.table(draw, faults=0)
    how = faulty_files.dialect(draw, kind, len(made.right))

    record = applied(agency, made, how)

    assert (told(record), record.rows_new) == ([], len(made.right))


def test_every_kind_of_fault_is_drawn():
    """The seeds of this module and of the long one together leave out no code."""
    drawn = set()
    for seed in range(200):
        made = faulty_files.table(Random(seed), faults=12)
        drawn |= set(made.faults.values()) | ({"too_many_cells"} if made.extra else set())

    codes = {code for faults in faulty_files.FAULTS.values() for _, code in faults}
    assert drawn == codes | {"characters", "two_parts", "duplicate", "too_many_cells"}


@pytest.mark.parametrize("name", faulty_files.COUNTRIES + faulty_files.DESTINATIONS)
def test_what_is_drawn_as_right_is(reference, name):
    assert resolve(name)
