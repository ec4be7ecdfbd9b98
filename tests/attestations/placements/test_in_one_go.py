"""The command that imports a file: what it prints, what it leaves, how it ends."""

import json
from io import StringIO

import pytest
import xlsxwriter
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command

from agencies.lib import stored_files
from attestations.placements.models import Placement
from tests.factories import agencies, attestations
from tests.factories import placements as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    attestations.reference()
    return agencies.agency()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "placements.csv"
    path.write_bytes(
        make.csv_file(
            [
                make.row(reference="A"),
                make.row(reference="B", residence="Congo"),
                make.row(reference="C"),
                make.row(reference="C"),
            ]
        )
    )
    return path


def ran(file, agency, *more):
    out = StringIO()
    call_command(
        "import_placements", str(file), "--agency", agency.register_number, *more, stdout=out
    )
    return out.getvalue()


def told(file, agency, *more):
    result = json.loads(ran(file, agency, "--json", *more))
    names = ("rows", "accepted", "rejected", "duplicate", "new", "changed", "unchanged")
    return {name: result[name] for name in names}


COUNTS = {
    "rows": 4,
    "accepted": 1,
    "rejected": 1,
    "duplicate": 2,
    "new": 1,
    "changed": 0,
    "unchanged": 0,
}


CONGO = (
    "“Congo” can mean more than one country. Type COG for Congo (Republic of the) or COD for "
    "Democratic Republic of the Congo. Type COG or COD."
)
TWICE = (
    "The same reference stands in rows 4, 5; none of them is taken. Keep one of them, or give each "
    "its own reference."
)


def test_rows_are_counted_and_every_error_is_told(agency, file):
    lines = ran(file, agency).splitlines()

    assert lines == [
        "4 rows: 1 accepted, 1 rejected, 2 duplicate",
        "of the accepted: 1 new, 0 changed, 0 unchanged",
        f"row 3, residence [Congo]: {CONGO}",
        f"row 4, reference [C]: {TWICE}",
        f"row 5, reference [C]: {TWICE}",
        "1 INCOMPLETE",
    ]
    assert Placement.objects.get().reference == "A"


def test_the_same_file_twice_changes_nothing(agency, file):
    assert told(file, agency) == COUNTS
    assert told(file, agency) == COUNTS | {"new": 0, "unchanged": 1}


def test_a_dry_run_says_the_same_and_leaves_nothing(agency, file):
    before = {model._meta.label: model.objects.count() for model in apps.get_models()}

    assert told(file, agency, "--dry-run") == COUNTS

    after = {model._meta.label: model.objects.count() for model in apps.get_models()}
    assert after == before
    assert list(stored_files.stored_digests(settings.IMPORT_ROOT)) == []


def test_columns_are_mapped_by_a_file(agency, tmp_path):
    renamed = {"Pays d'origine": "residence", "Kind of thing": None}
    rows = [{**make.row(), "Pays d'origine": "Ghana", "Kind of thing": "x"}]
    rows[0].pop("residence")
    (tmp_path / "x.csv").write_bytes(make.csv_file(rows))
    (tmp_path / "mapping.json").write_text(json.dumps(renamed))

    ran(tmp_path / "x.csv", agency, "--columns", str(tmp_path / "mapping.json"))

    assert Placement.objects.get().residence == "GHA"


def test_a_workbook_is_read_the_same_way(agency, tmp_path):
    path = tmp_path / "placements.xlsx"
    rows = [make.row(reference="A"), make.row(reference="B", residence="Congo")]
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("Read me").write_row(0, 0, ["Columns", "Meaning"])
        sheet = book.add_worksheet("2024")
        sheet.write_row(0, 0, list(rows[0]))
        for at, row in enumerate(rows, start=2):
            sheet.write_row(at, 0, list(row.values()))

    result = json.loads(ran(path, agency, "--json"))

    assert (result["accepted"], result["rejected"]) == (1, 1)
    assert [(error["sheet"], error["row"]) for error in result["errors"]] == [("2024", 4)]
    placement = Placement.objects.get()
    assert (placement.sheet, placement.row) == ("2024", 3)


@pytest.mark.parametrize(
    ("content", "more", "words"),
    [
        (None, (), "cannot be opened"),
        (None, ("--dry-run",), "cannot be opened"),
        (b"%PDF-1.7", (), "This is a PDF document."),
        (b"%PDF-1.7", ("--dry-run",), "This is a PDF document."),
        (b"Surname,reference\nx,y\n", (), "remove the column and send the file again."),
        (b"Surname,reference\nx,y\n", ("--dry-run",), "remove the column and send the file again."),
        (b"reference\nx\n", (), "The column residence is missing"),
        (b"reference\nx\n", ("--columns", "nowhere.json"), "cannot be read as JSON"),
    ],
)
def test_what_cannot_be_used_ends_with_2_and_saves_nothing(agency, tmp_path, content, more, words):
    path = tmp_path / "x.csv"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(CommandError) as refused:
        ran(path, agency, *more)

    assert refused.value.returncode == 2
    assert words in str(refused.value)
    assert Placement.objects.count() == 0


def test_an_agency_that_nobody_knows_is_refused(agency, file):
    agency.register_number = "AG000000X"

    with pytest.raises(CommandError) as refused:
        ran(file, agency)

    assert refused.value.returncode == 2


def test_an_unknown_agency_is_told_as_data_as_well(agency, file):
    out = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("import_placements", str(file), "--agency", "AGXX", "--json", stdout=out)

    message = "No agency has the register number 'AGXX'."
    assert (str(refused.value), refused.value.returncode) == (message, 2)
    assert json.loads(out.getvalue()) == {"state": "failed", "message": message}
