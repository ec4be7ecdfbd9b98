"""One row read otherwise, or left out, through the service: what is staged, counted, sent back."""

import csv
from io import BytesIO, StringIO

import pytest
import python_calamine

from attestations.enums import ImportState
from attestations.placements import groups, services
from attestations.placements.added_columns import ADDED_COLUMNS
from attestations.placements.applying import apply_import
from attestations.placements.corrections import of_a_row_left_out, of_every_row, of_one_row
from attestations.placements.models import Placement, StagedPlacement
from attestations.placements.reading import read_import
from tests.attestations.placements.marked_files import marked, workbook
from tests.factories import agencies, attestations
from tests.factories import placements as make

pytestmark = pytest.mark.django_db

PROBLEM = ADDED_COLUMNS[0]


@pytest.fixture
def agency():
    attestations.reference()
    return agencies.agency()


@pytest.fixture
def member(agency):
    person = agencies.user()
    agencies.agency_membership(person, agency)
    return person


@pytest.fixture
def corrected(member):
    """The reading of an import's file with these corrections, in its preview."""

    def read_again(record, *said):
        follower = services.correct_import(import_id=record.pk, corrections=said, by=member)
        read_import(import_id=follower.pk)
        follower.refresh_from_db()
        assert follower.state == ImportState.PREVIEW, follower.message
        return follower

    return read_again


def counts(record):
    return {
        name: many
        for name in ("total", "new", "changed", "unchanged", "duplicate", "refused")
        if (many := getattr(record, f"rows_{name}"))
    }


def staged(record, *columns):
    rows = StagedPlacement.objects.filter(placement_import=record)
    return sorted(rows.values_list("sheet", "row", "reference", *columns))


def problems(record):
    return list(record.problems.order_by("pk").values_list("sheet", "row", "code"))


def lines(record, folder):
    text = marked(record, folder).decode("utf-8-sig")
    header, *rows = csv.reader(StringIO(text, newline=""))
    return [dict(zip(header, row, strict=False)) for row in rows]


def of_sheets(record, folder):
    book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(marked(record, folder)))
    found = {}
    for name in ("One", "Two"):
        header, *rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        found[name] = [dict(zip(header, row, strict=False)) for row in rows]
    return found


def two_sheets(one, two):
    """A workbook of two sheets with the same columns."""
    return workbook(
        {
            name: [list(rows[0]), *(list(row.values()) for row in rows)]
            for name, rows in (("One", one), ("Two", two))
        }
    )


def in_workbook(agency, one, two):
    return make.imported(agency, two_sheets(one, two), name="two.xlsx")


def test_a_row_says_in_a_column_what_it_was_corrected_to(agency, corrected, tmp_path):
    record = make.imported(
        agency,
        [make.row(reference=name, destination="Irland") for name in "ABC"],
    )

    mended = corrected(record, of_one_row(sheet="", row=3, column="destination", becomes="Germany"))

    assert staged(mended, "destination") == [("", 3, "B", "DEU")]
    assert counts(mended) == {"total": 3, "new": 1, "refused": 2}
    assert problems(mended) == [("", 2, "unknown_country"), ("", 4, "unknown_country")]
    assert [(one.value, one.rows, one.first_row) for one in groups.groups_of(mended)] == [
        ("Irland", 2, 2)
    ]
    back = lines(mended, tmp_path)
    assert [row["destination"] for row in back] == ["Irland", "Germany", "Irland"]
    assert back[1][PROBLEM] == "destination: You sent “Irland”. You corrected it to “Germany”."


def test_a_row_is_given_what_the_file_has_no_column_for(agency, corrected, tmp_path):
    record = make.imported(agency, [make.row(reference=name) for name in "ABC"])

    mended = corrected(
        record,
        of_one_row(sheet="", row=3, column="agreement", becomes="GHA-IRL"),
        of_one_row(sheet="", row=4, column="months_resident", becomes="7"),
    )
    apply_import(import_id=mended.pk)
    mended.refresh_from_db()

    assert counts(mended) == {"total": 3, "new": 3}
    said = Placement.objects.order_by("row").values_list(
        "reference", "agreement_cited", "months_resident"
    )
    assert list(said) == [("A", "", None), ("B", "GHA-IRL", None), ("C", "", 7)]
    back = lines(mended, tmp_path)
    assert [row["reference"] for row in back] == ["A", "B", "C"]
    assert "GHA-IRL" in back[1][PROBLEM]


def test_what_is_wrong_in_a_column_that_the_file_lacks_is_told(agency, corrected):
    record = make.imported(agency, [make.row(reference=name) for name in "AB"])

    mended = corrected(
        record, of_one_row(sheet="", row=2, column="months_resident", becomes="many")
    )

    assert staged(mended) == [("", 3, "B")]
    assert counts(mended) == {"total": 2, "new": 1, "refused": 1}
    told = mended.problems.values_list("row", "name", "value")
    assert list(told) == [(2, "months_resident", "many")]


def test_a_cell_too_many_is_never_read_as_a_column_that_was_added(agency, corrected):
    header, right, wrong = make.csv_file([make.row(reference=name) for name in "AB"]).splitlines()
    record = make.imported(agency, b"\n".join([header, right, wrong + b",EX-9", b""]))

    mended = corrected(record, of_one_row(sheet="", row=2, column="agreement", becomes="EX-1"))

    assert staged(mended, "agreement_cited") == [("", 2, "A", "EX-1")]
    assert problems(mended) == [("", 3, "too_many_cells")]


def test_a_duplicate_that_is_left_out_frees_the_other_row(agency, corrected, tmp_path):
    record = make.imported(
        agency,
        [
            make.row(reference="A"),
            make.row(reference="A", destination="Germany"),
            make.row(reference="B"),
        ],
    )

    mended = corrected(record, of_a_row_left_out(sheet="", row=2))
    apply_import(import_id=mended.pk)
    mended.refresh_from_db()

    assert counts(record) == {"total": 3, "new": 1, "duplicate": 2}
    assert counts(mended) == {"total": 3, "new": 2, "refused": 1}
    assert problems(mended) == [("", 2, "left_out")]
    assert sorted(Placement.objects.values_list("reference", "destination", "row")) == [
        ("A", "DEU", 3),
        ("B", "IRL", 4),
    ]
    back = lines(mended, tmp_path)
    assert back[0][PROBLEM].startswith("You left this row out.")
    assert [row.get(PROBLEM) for row in back[1:]] == [None, None]


def test_a_row_too_long_that_is_left_out_frees_the_other_row(agency, corrected):
    header, first, second = make.csv_file([make.row(reference="A")] * 2).splitlines()
    record = make.imported(agency, b"\n".join([header, first, second + b",more", b""]))

    mended = corrected(record, of_a_row_left_out(sheet="", row=3))

    assert counts(record) == {"total": 2, "duplicate": 2}
    assert staged(mended) == [("", 2, "A")]
    assert counts(mended) == {"total": 2, "new": 1, "refused": 1}
    assert problems(mended) == [("", 3, "left_out")]


def test_one_of_two_rows_is_given_a_reference_of_its_own(agency, corrected):
    record = make.imported(agency, [make.row(reference="A"), make.row(reference="A")])

    mended = corrected(record, of_one_row(sheet="", row=3, column="reference", becomes=" B "))

    assert staged(mended) == [("", 2, "A"), ("", 3, "B")]
    assert counts(mended) == {"total": 2, "new": 2}


def test_a_text_in_the_column_of_references_is_read_as_another(agency, corrected):
    record = make.imported(
        agency,
        [make.row(reference="wrong"), make.row(reference="B"), make.row(reference=" wrong")],
    )

    mended = corrected(record, of_every_row(column="reference", value="B", becomes="C"))
    of_mended = staged(mended)
    both = corrected(mended, of_every_row(column="reference", value="wrong", becomes="D"))

    assert of_mended == staged(both) == [("", 3, "C")]
    assert counts(mended) == counts(both) == {"total": 3, "new": 1, "duplicate": 2}
    assert {one.value for one in both.problems.all()} == {"D"}


def test_a_row_of_one_sheet_is_corrected_and_its_namesake_on_the_other_is_not(
    agency, corrected, tmp_path
):
    record = in_workbook(
        agency,
        [make.row(reference="A1"), make.row(reference="A2")],
        [make.row(reference="B1"), make.row(reference="B2")],
    )

    mended = corrected(
        record,
        of_one_row(sheet="Two", row=2, column="destination", becomes="Germany"),
        of_one_row(sheet="Two", row=3, column="agreement", becomes="EX-1"),
        of_one_row(sheet="One", row=3, column="employer", becomes="Example Hospital"),
    )

    assert staged(mended, "destination", "agreement_cited", "employer") == [
        ("One", 2, "A1", "IRL", "", ""),
        ("One", 3, "A2", "IRL", "", "Example Hospital"),
        ("Two", 2, "B1", "DEU", "", ""),
        ("Two", 3, "B2", "IRL", "EX-1", ""),
    ]
    assert counts(mended) == {"total": 4, "new": 4}
    back = of_sheets(mended, tmp_path)
    assert [row["destination"] for row in back["One"]] == ["Ireland", "Ireland"]
    assert [row["destination"] for row in back["Two"]] == ["Germany", "Ireland"]


def test_a_duplicate_on_another_sheet_that_is_left_out_frees_the_other_row(
    agency, corrected, tmp_path
):
    record = in_workbook(
        agency,
        [make.row(reference="A"), make.row(reference="B")],
        [make.row(reference="C"), make.row(reference="A", destination="Germany")],
    )

    mended = corrected(record, of_a_row_left_out(sheet="Two", row=3))

    assert counts(record) == {"total": 4, "new": 2, "duplicate": 2}
    assert staged(mended, "destination") == [
        ("One", 2, "A", "IRL"),
        ("One", 3, "B", "IRL"),
        ("Two", 2, "C", "IRL"),
    ]
    assert counts(mended) == {"total": 4, "new": 3, "refused": 1}
    assert problems(mended) == [("Two", 3, "left_out")]
    back = of_sheets(mended, tmp_path)
    assert [[row["reference"] for row in rows] for rows in back.values()] == [
        ["A", "B"],
        ["C", "A"],
    ]


def test_corrections_of_rows_taken_back_leave_the_file_as_it_was(agency, corrected, member):
    record = make.imported(agency, [make.row(reference="A"), make.row(reference="A")])
    said = [
        of_a_row_left_out(sheet="", row=2),
        of_one_row(sheet="", row=3, column="agreement", becomes="EX-1"),
    ]

    mended = corrected(record, *said)
    back = services.take_back_corrections(import_id=mended.pk, corrections=said, by=member)
    read_import(import_id=back.pk)
    back.refresh_from_db()

    assert (counts(back), problems(back)) == (
        counts(record),
        [("", 2, "duplicate"), ("", 3, "duplicate")],
    )
