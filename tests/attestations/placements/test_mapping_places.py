"""Columns without a name or with another's name, and workbooks of several sheets."""

import pytest
from django.urls import reverse

from attestations.enums import ImportState
from attestations.placements import services
from attestations.placements.added_columns import NOTES_SHEET
from attestations.placements.annotating import write_annotated
from attestations.placements.column_naming import name_columns
from attestations.placements.columns import named_apart
from attestations.placements.layout import ColumnsRefused, lay_out
from attestations.placements.models import ImportProblem, StagedPlacement
from attestations.placements.reading import read_import
from tests.attestations.placements.marked_files import workbook
from tests.factories import agencies, attestations
from tests.factories import placements as make

pytestmark = pytest.mark.django_db

NEEDED = [
    "reference",
    "residence",
    "destination",
    "qualified_as",
    "placed_as",
    "mode",
    "recruited_on",
]
VALUES = ["PHL", "IRL", "2221", "2221", "agency", "2024-05-10"]


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


def columns_page(record):
    number = record.agency.register_number
    return reverse("placements:columns", kwargs={"number": number, "public_id": record.public_id})


def result_page(record):
    number = record.agency.register_number
    return reverse(
        "placements:import_detail", kwargs={"number": number, "public_id": record.public_id}
    )


def csv(*rows):
    return "".join(",".join(row) + "\r\n" for row in rows).encode()


def read(record):
    read_import(import_id=record.pk)
    record.refresh_from_db()
    return record


# --- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "named"),
    [
        (["Land", "Ziel"], ["Land", "Ziel"]),
        (["Land", "land", "LAND "], ["Land", "land (column B)", "LAND  (column C)"]),
        (["", "Land", ""], ["Column A", "Land", "Column C"]),
        (["Column B", ""], ["Column B", "Column B again"]),
        (["Land", "Land (column C)", "Land"], ["Land", "Land (column C)", "Land (column C) again"]),
        (["#"], ["# (column A)"]),
        ([*"abcdefghijklmnopqrstuvwxyz", ""], [*"abcdefghijklmnopqrstuvwxyz", "Column AA"]),
    ],
)  # fmt: skip
def test_columns_are_named_apart(headers, named):
    assert named_apart(headers) == tuple(named)
    assert named_apart(named) == tuple(named)


def test_a_repeated_name_of_ours_is_refused_until_it_is_said_which_is_meant():
    headers = [*NEEDED, "Residence"]

    with pytest.raises(ColumnsRefused) as refused:
        lay_out(headers)
    layout = lay_out(headers, {"residence": None, "Residence (column H)": "residence"})

    assert refused.value.reasons == (
        "“residence” and “Residence (column H)” both say residence. Keep one of them.",
    )
    assert (layout.positions["residence"], layout.aside) == (7, ("residence",))


def test_memory_of_a_name_does_not_choose_between_two_of_that_name():
    headers = ["Land" if name == "residence" else name for name in NEEDED]

    with pytest.raises(ColumnsRefused):
        lay_out([*headers, "Land"], {}, {"land": "residence"})


# --- the journey of a file with such columns ------------------------------------------------------


def test_columns_without_a_name_and_repeated_ones_are_asked_about_and_read(client, agency, member):
    header = ["reference", "Land", "Land", "qualified_as", "placed_as", "mode", "", ""]
    content = csv(header, ["A", *VALUES, ""], ["B", "Gahna", *VALUES[1:], ""])

    failed = make.imported(agency, content, by=member)
    asked = client.get(columns_page(failed)).context["sheets"][0]
    questions = [field.label for field in asked.form]
    answers = ["reference", "residence", "destination", "qualified_as", "placed_as", "mode"]
    answers = {f"column_{at}": name for at, name in enumerate([*answers, "recruited_on"])}
    client.post(columns_page(failed), answers)
    follower = read(failed.followed_by.get())

    assert failed.state == ImportState.FAILED
    assert questions == [
        *("reference", "Land", "Land (column C)", "qualified_as", "placed_as", "mode", "Column G"),
    ]
    assert asked.form["column_6"].help_text == (
        "Column G. It says: 2024-05-10. We guess so from what it holds. Please check."
    )
    assert (follower.state, follower.rows_new, follower.rows_refused) == ("preview", 1, 1)
    staged = StagedPlacement.objects.get(verdict__isnull=False)
    assert (staged.residence, staged.destination) == ("PHL", "IRL")
    problem = ImportProblem.objects.get()
    assert (problem.column, problem.row, problem.name) == ("Land", 3, "residence")


def test_the_next_file_of_that_form_needs_no_question(client, agency, member):
    header = ["reference", "Land", "Land", "qualified_as", "placed_as", "mode", ""]
    failed = make.imported(agency, csv(header, ["A", *VALUES]), by=member)
    mapping = {"Land": "residence", "Land (column C)": "destination", "Column G": "recruited_on"}
    name_columns(import_id=failed.pk, mapping=mapping, by=member)

    following = make.imported(agency, csv(header, ["B", *VALUES]), by=member)

    assert (following.state, following.rows_new) == ("preview", 1)


def test_a_fault_in_such_a_column_is_marked_in_its_cell(agency, member, tmp_path):
    header = ["reference", "Land", "Land", "qualified_as", "placed_as", "mode", ""]
    content = csv(header, ["A", "PHL", "Irland", *VALUES[2:-1], "soon"])
    failed = make.imported(agency, content, by=member)
    mapping = {"Land": "residence", "Land (column C)": "destination", "Column G": "recruited_on"}
    follower = read(name_columns(import_id=failed.pk, mapping=mapping, by=member))

    write_annotated(follower, tmp_path / "back")

    back = (tmp_path / "back").read_text("utf-8-sig").splitlines()
    assert back[0].startswith("reference,Land,Land,qualified_as,placed_as,mode,,")
    assert "destination: Ireland; recruited_on: Type it as YYYY-MM-DD." in back[1]


# --- sheets ---------------------------------------------------------------------------------------

OURS = [NEEDED, ["A", *VALUES]]
THEIRS = [
    ["Fall", "Land", "Ziel", "Abschluss", "Stelle", "Weg", "Tag"],
    ["T", "GHA", "DEU", *VALUES[2:]],
]
THEIR_MAPPING = dict(zip(THEIRS[0], NEEDED, strict=True))
NOTES = [["Please note"], ["Nurses from our partner are on the second sheet."]]


def of_sheet(at, mapping=None):
    """What is posted about the sheet at this place, left aside without a mapping."""
    prefix = f"sheet_{at}-" if at else ""
    said = {f"{prefix}sheet": "read" if mapping else "aside"}
    return said | {
        f"{prefix}column_{column}": name for column, name in enumerate((mapping or {}).values())
    }


def test_each_sheet_with_rows_that_lacks_columns_is_asked_about(client, agency, member):
    content = workbook({"Ours": OURS, "Theirs": THEIRS, "Read me": NOTES, "Empty": []})

    before = make.imported(agency, content, by=member, name="file.xlsx")
    result = client.get(result_page(before)).content.decode()
    asked = client.get(columns_page(before)).context["sheets"]
    said = of_sheet(0, dict(zip(NEEDED, NEEDED, strict=True)))
    said |= of_sheet(1, THEIR_MAPPING) | of_sheet(2)
    client.post(columns_page(before), said)
    after = read(before.followed_by.get())

    assert (before.state, before.rows_new) == ("preview", 1)
    assert "2 sheets with rows were not read" in result
    assert [(one.sheet, one.form["sheet"].value()) for one in asked] == [
        ("Ours", "read"),
        ("Theirs", "read"),
        ("Read me", "aside"),
    ]
    assert (after.state, after.rows_new, after.header["others"]) == ("preview", 2, [])
    assert {(one.sheet, one.residence) for one in StagedPlacement.objects.all()} == {
        ("Ours", "PHL"),
        ("Theirs", "GHA"),
    }
    assert after.notes == [
        "The sheet “Read me” was left aside, as you said. To have it read, send the file again."
    ]


def test_a_workbook_without_any_sheet_of_ours_is_asked_about_whole(client, agency, member):
    content = workbook({"Read me": NOTES, "Theirs": THEIRS})

    failed = make.imported(agency, content, by=member, name="file.xlsx")
    asked = client.get(columns_page(failed)).context["sheets"]
    order = [one.sheet for one in asked]
    said = {"Read me": {}, "Theirs": THEIR_MAPPING}
    posted = [of_sheet(at, said[sheet]) for at, sheet in enumerate(order)]
    client.post(columns_page(failed), {name: text for one in posted for name, text in one.items()})
    follower = read(failed.followed_by.get())

    assert failed.state == ImportState.FAILED
    assert sorted(order) == ["Read me", "Theirs"]
    assert (follower.state, follower.rows_new) == ("preview", 1)


def test_sheets_of_the_same_columns_are_one_question(client, agency, member):
    more = [THEIRS[0], ["U", "KEN", "DEU", *VALUES[2:]]]
    content = workbook({"2023": THEIRS, "2024": more})

    failed = make.imported(agency, content, by=member, name="file.xlsx")
    asked = client.get(columns_page(failed)).context["sheets"]
    follower = read(name_columns(import_id=failed.pk, mapping=THEIR_MAPPING, by=member))

    assert [one.sheet for one in asked] == ["2023"]
    assert (follower.rows_new, follower.header["others"]) == (2, [])


def test_a_header_may_mean_another_thing_on_another_sheet(agency, member):
    other = [["Ziel", *THEIRS[0][1:2], *THEIRS[0][3:], "Nr"], ["GHA", "DEU", *VALUES[2:], "T-2"]]
    content = workbook({"A": THEIRS, "B": other})
    failed = make.imported(agency, content, by=member, name="file.xlsx")
    own = THEIR_MAPPING | {"Ziel": "residence", "Land": "destination", "Nr": "reference"}
    del own["Fall"]

    follower = name_columns(
        import_id=failed.pk, mapping=THEIR_MAPPING, sheets={"B": own}, by=member
    )
    read(follower)

    assert {
        (one.reference, one.residence, one.destination) for one in StagedPlacement.objects.all()
    } == {("T", "GHA", "DEU"), ("T-2", "GHA", "DEU")}


def test_what_a_sheet_lacks_is_named_and_nothing_is_read(client, agency, member):
    content = workbook({"Ours": OURS, "Theirs": THEIRS})
    before = make.imported(agency, content, by=member, name="file.xlsx")
    lacking = THEIR_MAPPING | {"Tag": ""}
    said = of_sheet(0, dict(zip(NEEDED, NEEDED, strict=True))) | of_sheet(1, lacking)

    answer = client.post(columns_page(before), said)

    assert answer.status_code == 400
    assert (
        "The column recruited_on is missing (Day of recruitment: the first active step towards the "
        "worker)."
    ) in answer.context["sheets"][1].form.non_field_errors()
    assert before.followed_by.count() == 0


def test_all_sheets_cannot_be_left_aside(client, agency, member):
    content = workbook({"Theirs": THEIRS, "Read me": NOTES})
    failed = make.imported(agency, content, by=member, name="file.xlsx")

    answer = client.post(columns_page(failed), of_sheet(0) | of_sheet(1))

    assert answer.context["sheets"][0].form.non_field_errors() == [
        "Every sheet is left aside: nothing would be read."
    ]


def test_a_sheet_with_personal_columns_is_never_shown_nor_kept(client, agency, member):
    persons = [["Surname", "Phone"], ["Nkrumah", "020"]]
    content = workbook({"Ours": OURS, "Contacts": persons})

    before = make.imported(agency, content, by=member, name="file.xlsx")

    assert before.header["others"] == []
    assert before.notes == [
        "The sheet “Contacts” was left out: it looks as if it held personal details of workers."
    ]


def test_what_the_register_added_and_sheets_without_rows_are_no_question(agency, member):
    content = workbook({"Ours": OURS, "Bare": [["Title"]], NOTES_SHEET: [["x"], ["y"]]})

    before = make.imported(agency, content, by=member, name="file.xlsx")

    assert before.header["others"] == []
    assert before.notes == ["The sheet “Bare” was left out: it lacks columns of ours."]


def test_what_was_said_of_sheets_holds_when_rows_are_corrected(agency, member):
    wrong = [THEIRS[0], ["T", "Gahna", "DEU", *VALUES[2:]]]
    content = workbook({"Ours": OURS, "Theirs": wrong, "Read me": NOTES})
    before = make.imported(agency, content, by=member, name="file.xlsx")
    ours = dict(zip(NEEDED, NEEDED, strict=True))
    sheets = {"Theirs": THEIR_MAPPING, "Read me": None}
    named = read(name_columns(import_id=before.pk, mapping=ours, sheets=sheets, by=member))

    correction = {"column": "residence", "value": "Gahna", "becomes": "Ghana"}
    follower = services.correct_import(import_id=named.pk, corrections=[correction], by=member)
    read(follower)

    assert (named.rows_new, named.rows_refused) == (1, 1)
    assert (follower.rows_new, follower.rows_refused) == (2, 0)
