"""How a workbook looks on its way back: as it came, as far as that is known."""

import io
import re
import zipfile
from datetime import date

import pytest
import python_calamine
import xlsxwriter

from attestations.placements.annotating import write_annotated
from attestations.placements.workbook_looks import SheetLooks, styles_of
from tests.factories import agencies, attestations
from tests.factories import placements as make

pytestmark = pytest.mark.django_db

ROWS = [
    make.row(reference="A", remark="x"),
    make.row(reference="B", residence="Gahna", remark="y"),
]
STYLES = {
    "heading": {"bold": True, "bg_color": "#DDEEFF", "align": "center", "text_wrap": True},
    "day": {"num_format": "dd/mm/yyyy"},
    "money": {"num_format": "#,##0.00", "font_color": "#990000", "italic": True},
    "other": {"font_name": "Georgia", "font_size": 14, "valign": "top"},
}


@pytest.fixture
def agency():
    attestations.reference()
    return agencies.agency()


def sent():
    """Days as days, an amount as a number, and each sort of cell in a style of its own."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        style = {name: book.add_format(said) for name, said in STYLES.items()}
        sheet = book.add_worksheet("Placements")
        names = list(ROWS[0])
        sheet.set_column(0, 0, 33)
        sheet.set_column(2, 3, 7.5, None, {"hidden": True})
        sheet.freeze_panes(1, 2)
        for column, name in enumerate(names):
            sheet.write_string(0, column, name, style["heading"])
        for at, row in enumerate(ROWS, start=1):
            for column, name in enumerate(names):
                if name.endswith("_on"):
                    day = date.fromisoformat(row[name])
                    sheet.write_datetime(at, column, day, style["day"])
                elif name == "residence":
                    sheet.write_string(at, column, row[name], style["other"])
                elif name == "remark":
                    sheet.write_number(at, column, 1234.5, style["money"])
                else:
                    sheet.write_string(at, column, row[name])
    return names, content.getvalue()


def marked(agency, content, tmp_path):
    record = make.imported(agency, content, name="file.xlsx")
    write_annotated(record, tmp_path / "back.xlsx")
    return record, (tmp_path / "back.xlsx").read_bytes()


def looks_of(content, sheet="xl/worksheets/sheet1.xml"):
    """The styles of the cells by (row, column), the widths and what is frozen."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        styles = styles_of(archive)
        with archive.open(sheet) as xml:
            found = SheetLooks(xml)
            cells = {
                (row, column): styles[style]
                for row in range(4)
                for column, style in found.of_row(row).items()
            }
    return cells, found.widths, found.frozen


def test_what_is_kept_comes_back_as_it_was(agency, tmp_path):
    names, content = sent()
    before, widths, frozen = looks_of(content)

    _, back = marked(agency, content, tmp_path)

    after, widths_back, frozen_back = looks_of(back)
    wrong = (2, names.index("residence"))
    assert len(before) > 12
    assert {place: after[place] for place in before if place != wrong} == {
        place: style for place, style in before.items() if place != wrong
    }
    assert after[wrong] == before[wrong] | {"bg_color": "#FFC7CE", "font_color": "#7A0010"}
    assert [one for one in widths_back if one[:2] in ((0, 0), (2, 3))] == widths
    assert (frozen, frozen_back) == ((1, 2), (1, 2))


def test_what_was_written_is_found_by_its_plain_xml():
    """A control that does not read with what is tested."""
    _, content = sent()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        styles = archive.read("xl/styles.xml").decode()
        found = styles_of(archive)

    assert len(found) == int(re.search(r'<cellXfs count="([0-9]+)"', styles)[1])
    assert sorted(found[1:], key=str) == sorted(STYLES.values(), key=str)


def test_values_and_kinds_stay_and_reading_it_again_changes_nothing(agency, tmp_path):
    _, content = sent()

    record, back = marked(agency, content, tmp_path)
    again = make.imported(agency, back, name="again.xlsx")

    def values(of):
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(of))
        return book.get_sheet_by_name("Placements").to_python()

    assert values(back) == values(content)
    assert (again.rows_new, again.rows_refused) == (record.rows_new, record.rows_refused) == (1, 1)


def archive_with(styles, sheet=b"<worksheet><sheetData/></worksheet>"):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("xl/styles.xml", styles)
        archive.writestr("sheet.xml", sheet)
    return zipfile.ZipFile(content)


XF = (
    b'<styleSheet><fonts><font/><font><sz val="1e9"/><color rgb="=A1"/><b val="0"/></font></fonts>'
    b"<cellXfs><xf %s/></cellXfs></styleSheet>"
)


@pytest.mark.parametrize(
    ("styles", "found"),
    [
        (b"", []),
        (b"<styleSheet", []),
        (b"<styleSheet/>", []),
        (XF % b'fontId="9" fillId="x" numFmtId="-1"', [{}]),
        (XF % b'fontId="1" numFmtId="14"', [{"num_format": 14}]),
        (b"<styleSheet><cellXfs>" + b"<xf/>" * 5_000 + b"</cellXfs></styleSheet>", [{}] * 2_000),
    ],
)
def test_strange_styles_are_left_at_the_default(styles, found):
    with archive_with(styles) as archive:
        assert styles_of(archive) == found


@pytest.mark.parametrize(
    ("head", "widths", "frozen"),
    [
        (b'<cols><col min="1" max="2" width="10.7109375"/></cols>', [(0, 1, 10.0, False)], None),
        (b'<cols><col min="2" max="1" width="9"/><col max="1"/></cols>', [], None),
        (b'<cols><col min="1" max="99999" width="9"/></cols>', [], None),
        (b'<cols><col min="1" max="1" width="nan"/></cols>', [], None),
        (b'<pane ySplit="1" state="frozen"/>', [], (1, 0)),
        (b'<pane ySplit="1" state="split"/>', [], None),
        (b'<pane ySplit="999999" state="frozen"/>', [], None),
        (b'<pane ySplit="1.5" state="frozen"/>', [], None),
    ],
)
def test_strange_columns_are_left_at_the_default(head, widths, frozen):
    looks = SheetLooks(io.BytesIO(b"<worksheet>" + head + b"<sheetData></sheetData></worksheet>"))

    assert (looks.widths, looks.frozen) == (widths, frozen)


def test_cells_are_found_across_the_pieces_that_are_read():
    """Each of so many that a tag is cut at every place now and then."""
    rows = 60_000
    cells = b"".join(
        b'<row r="%d"><c r="A%d" s="%d"><v>1</v></c><c r="B%d"/></row>' % (at, at, at % 7, at)
        for at in range(1, rows + 1)
    )
    looks = SheetLooks(io.BytesIO(b"<worksheet><sheetData>" + cells + b"</sheetData></worksheet>"))

    assert [looks.of_row(at) for at in range(rows)] == [{0: (at + 1) % 7} for at in range(rows)]
