import datetime as dt
import zipfile

import pytest
import xlsxwriter

from attestations.placements.files import FileUnreadable, kind_of
from attestations.placements.workbooks import open_workbook
from tests.attestations.placements.test_files import BUDGET

pytestmark = pytest.mark.slow  # each test starts a process of its own


def workbook(path, sheets, **options):
    with xlsxwriter.Workbook(str(path), options) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in rows.items():
                for column, cell in enumerate(row):
                    if isinstance(cell, dt.date):
                        sheet.write_datetime(at, column, cell, day)
                    else:
                        sheet.write(at, column, cell)
    return path


def read(path, budget=BUDGET):
    with open_workbook(path, budget) as spreadsheet:
        return [(sheet.name, sheet.hidden, list(sheet.rows)) for sheet in spreadsheet.sheets]


@pytest.mark.parametrize("date_1904", [False, True])
def test_cells_come_as_people_would_type_them_with_the_rows_own_numbers(tmp_path, date_1904):
    path = workbook(
        tmp_path / "file.xlsx",
        {
            "2024": {
                1: ["ref", "code", "day", "said", "amount"],
                3: [7, 2221, dt.datetime(2024, 5, 10), True, 1.5],
                4: ["x", "", dt.datetime(2024, 5, 10, 12, 30), False, ""],
            }
        },
        date_1904=date_1904,
    )

    assert kind_of(path, BUDGET) == "xlsx"
    assert read(path) == [
        (
            "2024",
            False,
            [
                (1, ["", "", "", "", ""]),
                (2, ["ref", "code", "day", "said", "amount"]),
                (3, ["", "", "", "", ""]),
                (4, ["7", "2221", "2024-05-10", "yes", "1.5"]),
                (5, ["x", "", "2024-05-10 12:30:00", "no", ""]),
            ],
        )
    ]


def test_a_sheet_that_nobody_reads_is_passed_over(tmp_path):
    path = workbook(tmp_path / "file.xlsx", {"a": {0: ["x"]}, "b": {0: ["y"]}})

    with open_workbook(path, BUDGET) as spreadsheet:
        names = [sheet.name for sheet in spreadsheet.sheets]

    assert names == ["a", "b"]


def test_a_workbook_that_takes_too_much_ends_its_own_process_and_nothing_else(tmp_path):
    """One cell at the far corner makes the reader lay out seventeen thousand million of them."""
    path = workbook(tmp_path / "file.xlsx", {"a": {0: ["x"]}})
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    parts["xl/worksheets/sheet1.xml"] = sheet.replace("</sheetData>", far).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)

    with pytest.raises(FileUnreadable) as unreadable:
        read(path)

    assert str(unreadable.value).startswith("This workbook takes more memory to read")


def test_a_damaged_workbook_is_told(tmp_path):
    path = tmp_path / "file.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<not xml")

    with pytest.raises(FileUnreadable) as unreadable:
        read(path)

    assert str(unreadable.value).startswith("This workbook is damaged")
