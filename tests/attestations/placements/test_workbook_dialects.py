"""Workbooks as programs and people really write them, each with what is to come of it."""

import datetime as dt

import pytest
import xlsxwriter

from attestations.enums import ImportState
from attestations.placements.files import FileUnreadable, kind_of
from attestations.placements.workbooks import open_workbook
from tests.attestations.placements import handmade
from tests.attestations.placements.handmade import number, row, sheet, text, text_row
from tests.attestations.placements.test_files import BUDGET
from tests.factories import agencies, attestations
from tests.factories import placements as make

pytestmark = pytest.mark.slow  # each test starts a process of its own


def opened(path):
    assert kind_of(path, BUDGET) == "xlsx"
    with open_workbook(path, BUDGET) as spreadsheet:
        return [(sheet, list(sheet.rows)) for sheet in spreadsheet.sheets]


def rows_of(tmp_path, sheet_xml, **options):
    ((_, rows),) = opened(handmade.workbook(tmp_path / "file.xlsx", sheet_xml, **options))
    return rows


def cells_of(tmp_path, *cells, **options):
    ((_, found),) = rows_of(tmp_path, sheet([row(1, *cells)]), **options)
    return found


def refusal_of(tmp_path, sheet_xml, **options):
    with pytest.raises(FileUnreadable) as unreadable:
        rows_of(tmp_path, sheet_xml, **options)
    return str(unreadable.value)


def notes_of(tmp_path, sheet_xml):
    ((found, _),) = opened(handmade.workbook(tmp_path / "file.xlsx", sheet_xml))
    return found.notes


@pytest.mark.parametrize(("epoch_1904", "serial"), [(False, 45422), (True, 43960)])
def test_numbers_shown_as_days_are_those_days_in_both_epochs(tmp_path, epoch_1904, serial):
    cells = [number("A1", serial, 1), number("B1", serial + 0.5, 3), number("C1", serial, 0)]

    assert cells_of(tmp_path, *cells, epoch_1904=epoch_1904) == [
        "2024-05-10",
        "2024-05-10 12:00:00",
        str(serial),
    ]


def test_a_day_that_misses_midnight_by_less_than_is_shown_is_that_day(tmp_path):
    cells = [number("A1", "45422.000001", 1), number("B1", "45421.999999", 3)]

    assert cells_of(tmp_path, *cells) == ["2024-05-10", "2024-05-10"]


def test_days_in_iso_8601_and_as_text_stay_what_they_say(tmp_path):
    cells = ['<c r="A1" t="d"><v>2024-05-10</v></c>', text("B1", "10/05/2024"), text("C1", "2024")]

    assert cells_of(tmp_path, *cells) == ["2024-05-10", "10/05/2024", "2024"]


def test_times_of_day_are_no_days(tmp_path):
    assert cells_of(tmp_path, number("A1", 0.5, 2), number("B1", 0.75, 1)) == [
        "12:00:00",
        "18:00:00",
    ]


def test_texts_keep_their_zeros_and_numbers_come_as_they_are_shown(tmp_path):
    cells = [
        text("A1", "00123"),
        number("B1", "123"),
        number("C1", "2221.0"),
        number("D1", "1E3"),
        number("E1", "0.1"),
        number("F1", "1234567890123456"),
        number("G1", "-5"),
        text("H1", " 7 "),
    ]

    assert cells_of(tmp_path, *cells) == [
        *("00123", "123", "2221", "1000", "0.1", "1234567890123456", "-5", " 7 ")
    ]


def test_booleans_are_yes_and_no(tmp_path):
    cells = ['<c r="A1" t="b"><v>1</v></c>', '<c r="B1" t="b"><v>0</v></c>']

    assert cells_of(tmp_path, *cells) == ["yes", "no"]


def test_formulas_come_as_their_results(tmp_path):
    cells = [
        '<c r="A1"><f>2220+1</f><v>2221</v></c>',
        '<c r="B1" t="str"><f>"a"&amp;"b"</f><v>ab</v></c>',
        '<c r="C1" t="b"><f>TRUE()</f><v>1</v></c>',
        '<c r="D1" s="1"><f t="shared" ref="D1:D9" si="0">TODAY()</f><v>45422</v></c>',
        '<c r="E1" s="1"><f t="shared" si="0"/><v>45423</v></c>',
    ]

    assert cells_of(tmp_path, *cells) == ["2221", "ab", "yes", "2024-05-10", "2024-05-11"]


def test_formulas_whose_results_were_not_saved_are_told_and_not_taken_for_empty(tmp_path):
    """As openpyxl writes them; the reader knows nothing of them, and would leave out the row."""
    rows = [
        text_row(1, "reference", "residence"),
        row(2, text("A2", "A"), '<c r="B2"><f>VLOOKUP(A2,Data!A:B,2)</f></c>'),
        row(
            3, text("A3", "B"), '<c r="B3"><f>IF(A3&lt;&gt;"",1,2)</f><v></v></c>', text("C3", "x")
        ),
        row(4, text("A4", "C"), '<c r="B4"><f t="shared" si="0"/><v/></c>'),
        row(6, '<c r="C6"><f>A1</f><v/></c>'),
    ]

    assert rows_of(tmp_path, sheet(rows)) == [
        (1, ["reference", "residence", ""]),
        (2, ["A", "=VLOOKUP(A2,Data!A:B,2)", ""]),
        (3, ["B", '=IF(A3<>"",1,2)', "x"]),
        (4, ["C", "=", ""]),
        (5, []),
        (6, ["", "", "=A1"]),
    ]


@pytest.mark.parametrize("quote", ['"', "'"])
@pytest.mark.parametrize("prefix", ["", "x:"])
def test_errors_are_told_and_not_taken_for_empty(tmp_path, quote, prefix):
    xml = sheet(
        [
            text_row(1, "a", "b", "c"),
            row(
                2,
                '<c r="A2" t="e"><v>#REF!</v></c>',
                text("B2", 't="e"'),
                '<c r="C2" s="1" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
            ),
            row(7, '<c t="e" r="B7"><v>#N/A</v></c>'),
        ]
    )
    if prefix:
        xml = xml.replace("<", f"<{prefix}").replace(f"<{prefix}/", f"</{prefix}")
        xml = xml.replace(" xmlns=", " xmlns:x=")
    xml = xml.replace('t="e"><', f"t={quote}e{quote}><")

    found = rows_of(tmp_path, xml)

    assert [one for one in found if any(one[1])] == [
        (1, ["a", "b", "c"]),
        (2, ["#REF!", 't="e"', "#DIV/0!"]),
        (7, ["", "#N/A", ""]),
    ]


def test_errors_are_found_wherever_a_piece_of_the_sheet_ends(tmp_path):
    """The sheet is looked through in pieces of a megabyte: 12 of them, and errors all over."""
    rows = [
        row(at, text(f"A{at}", "x" * 700), f'<c r="B{at}" t="e"><v>#REF!</v></c>')
        for at in range(1, 15_001)
    ]

    found = rows_of(tmp_path, sheet(rows))

    assert [cells[1] for _, cells in found] == ["#REF!"] * 15_000


def test_errors_without_a_place_refuse_the_workbook(tmp_path):
    assert refusal_of(tmp_path, sheet(['<row><c t="e"><v>#REF!</v></c></row>'])) == (
        "Cells of this workbook hold errors, or formulas whose results were not saved, and do not "
        "say where they stand. Open it, let it calculate, save it again and send that."
    )


def test_rows_that_are_blank_at_first_count_and_so_do_columns(tmp_path):
    rows = [text_row(4, "reference", "residence", first="C"), text_row(6, "A", "Ghana", first="C")]

    assert rows_of(tmp_path, sheet(rows)) == [
        (1, ["", "", "", ""]),
        (2, ["", "", "", ""]),
        (3, ["", "", "", ""]),
        (4, ["", "", "reference", "residence"]),
        (5, ["", "", "", ""]),
        (6, ["", "", "A", "Ghana"]),
    ]


def test_rows_and_cells_without_their_places_are_counted(tmp_path):
    rows = ['<row><c t="inlineStr"><is><t>a</t></is></c></row><row/><row><c><v>3</v></c></row>']

    assert rows_of(tmp_path, sheet(rows)) == [(1, ["a"]), (2, [""]), (3, ["3"])]


def test_what_a_sheet_claims_of_its_size_counts_for_nothing(tmp_path):
    claim = '<dimension ref="A1:XFD1048576"/>'

    assert rows_of(tmp_path, sheet([text_row(1, "a", "b", "c")], before=claim)) == [
        (1, ["a", "b", "c"])
    ]


def test_cells_that_are_only_coloured_count_for_nothing(tmp_path):
    rows = [text_row(1, "a"), row(1_048_576, '<c r="XFD1048576" s="1"/>')]

    assert rows_of(tmp_path, sheet(rows)) == [(1, ["a"])]


def test_a_stray_cell_far_to_the_right_is_told_with_its_row(tmp_path):
    rows = [text_row(1, "a"), row(2, text("A2", "b"), text("IR2", "stray"))]

    assert refusal_of(tmp_path, sheet(rows)) == (
        "Row 2 has 252 columns; 250 are taken. Is this the right file?"
    )


def test_a_long_cell_is_told_with_its_row(tmp_path):
    rows = [text_row(1, "a"), text_row(3, "".join(map(str, range(30_000))))]

    assert refusal_of(tmp_path, sheet(rows)) == (
        "Row 3 holds a cell of more than 131,072 characters. Shorten it."
    )


def test_shared_and_rich_texts_come_whole(tmp_path):
    first = '<r><t xml:space="preserve">Côte </t></r>'
    rich = f"<is>{first}<r><rPr><b/></rPr><t>d&apos;Ivoire</t></r></is>"
    cells = [
        '<c r="A1" t="s"><v>1</v></c>',
        f'<c r="B1" t="inlineStr">{rich}</c>',
        '<c r="C1" t="s"><v>0</v></c>',
    ]

    assert cells_of(tmp_path, *cells, strings=["x & y", "São Tomé"]) == [
        *("São Tomé", "Côte d'Ivoire", "x & y")
    ]


def test_hidden_rows_are_read_and_told(tmp_path):
    rows = [
        text_row(1, "a"),
        text_row(2, "b", hidden="1"),
        text_row(3, "c", hidden="true"),
        text_row(4, 'hidden="1"', hidden="0"),
    ]
    columns = '<cols><col min="1" max="1" hidden="1"/></cols>'
    xml = sheet(rows, before=columns)

    assert [cells for _, cells in rows_of(tmp_path, xml)] == [["a"], ["b"], ["c"], ['hidden="1"']]
    (note,) = notes_of(tmp_path, xml)
    assert note == (
        "In the sheet “Sheet1” 2 rows are hidden, perhaps by a filter. They are read like the "
        "others: delete what shall not be taken."
    )


def test_merged_cells_are_read_for_the_first_and_told(tmp_path):
    rows = [text_row(1, "a", "b"), text_row(2, "x", "y"), text_row(3, "", "z"), row(4)]
    merges = '<mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>'
    xml = sheet(rows, after=merges)

    assert rows_of(tmp_path, xml)[1:] == [(2, ["x", "y"]), (3, ["", "z"])]
    (note,) = notes_of(tmp_path, xml)
    assert note == (
        "In the sheet “Sheet1” cells are merged: A2:A3. What they say is read for the first of "
        "them only, and the others count as empty: unmerge them and fill in each."
    )


def test_many_merged_cells_are_told_by_the_first_few(tmp_path):
    merges = "".join(f'<mergeCell ref="AA{at}:AB{at}"/>' for at in range(1, 9))
    xml = sheet([text_row(1, "a")], after=f"<mergeCells>{merges}</mergeCells>")

    assert notes_of(tmp_path, xml)[0].startswith(
        "In the sheet “Sheet1” cells are merged: AA1:AB1, AA2:AB2, AA3:AB3, AA4:AB4, AA5:AB5 and "
        "others. What"
    )


def test_sheets_that_are_hidden_are_not_even_read(tmp_path):
    path = handmade.workbook(tmp_path / "file.xlsx", sheet([text_row(1, "a")]), state="veryHidden")

    ((found, rows),) = opened(path)

    assert (found.hidden, rows) == (True, [])


def test_drawings_charts_and_comments_are_passed_over(tmp_path):
    path = tmp_path / "file.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        first = book.add_worksheet("Data")
        first.write_row(0, 0, ["a", 1])
        first.write_comment(0, 0, "a comment")
        first.autofilter(0, 0, 0, 1)
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=Data!$B$1:$B$1"})
        first.insert_chart("D4", chart)
        alone = book.add_chart({"type": "line"})
        alone.add_series({"values": "=Data!$B$1:$B$1"})
        book.add_chartsheet("Chart").set_chart(alone)
        book.add_worksheet("Empty")

    assert [(found.name, rows) for found, rows in opened(path)] == [
        ("Data", [(1, ["a", "1"])]),
        ("Empty", []),
    ]


def test_a_sheet_that_is_not_there_is_told(tmp_path):
    assert refusal_of(
        tmp_path, sheet([]), parts={"xl/_rels/workbook.xml.rels": "<Relationships/>"}
    ).startswith("This workbook is damaged or not a plain .xlsx.")


@pytest.mark.parametrize(
    "part",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_entities_are_not_followed(tmp_path, part):
    xml = part + sheet([row(1, '<c r="A1" t="inlineStr"><is><t>&a;</t></is></c>')])

    assert refusal_of(tmp_path, xml).startswith("This workbook is damaged or not a plain .xlsx.")


@pytest.fixture
def agency(db):
    attestations.reference()
    return agencies.agency()


def imported(agency, path):
    return make.imported(agency, path.read_bytes(), name=path.name)


def test_a_table_in_the_middle_of_a_sheet_is_told_by_the_sheets_own_rows(agency, tmp_path):
    rows = [make.row(reference="A"), make.row(reference="B", residence="Irland")]
    path = handmade.workbook(
        tmp_path / "file.xlsx",
        sheet(
            [
                text_row(5, *rows[0], first="C"),
                text_row(6, *rows[0].values(), first="C"),
                text_row(9, *rows[1].values(), first="C", hidden="1"),
            ],
            before='<dimension ref="A1:B2"/>',
        ),
    )

    record = imported(agency, path)

    assert (record.state, record.rows_new, record.rows_refused) == (ImportState.PREVIEW, 1, 1)
    assert list(record.problems.values_list("sheet", "row", "column", "code")) == [
        ("Sheet1", 9, "residence", "unknown_country")
    ]


def test_cells_as_spreadsheets_keep_them_are_stored_as_they_were_meant(agency, tmp_path):
    path = tmp_path / "file.xlsx"
    with xlsxwriter.Workbook(str(path), {"date_1904": True}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        found = book.add_worksheet()
        asked = {**make.row(), "months_resident": "36", "lower_post_disclosed": "yes"}
        found.write_row(0, 0, list(asked))
        for at, name in enumerate(asked):
            if name.endswith("_on"):
                found.write_datetime(1, at, dt.datetime(2024, 5, 10), day)
            elif name == "reference":
                found.write_string(1, at, "00123")
            elif name == "months_resident":
                found.write_formula(1, at, "=30+6", None, 36)
            elif name == "lower_post_disclosed":
                found.write_boolean(1, at, True)
            elif name.endswith("_as"):
                found.write_number(1, at, 2221)
            else:
                found.write_string(1, at, asked[name])

    record = make.applied(agency, path.read_bytes(), name=path.name)

    stored = ("reference", "months_resident", "qualified", "recruited_on", "lower_post_disclosed")
    assert list(record.placements.values_list(*stored)) == [
        ("00123", 36, "2221", dt.date(2024, 5, 10), True)
    ]


def test_errors_and_formulas_without_result_are_reported_at_their_cells(agency, tmp_path):
    rows = [make.row(reference="A"), make.row(reference="B"), make.row(reference="C")]
    names = list(rows[0])
    cells = [
        [text(f"{chr(65 + n)}{at}", said) for n, said in enumerate(row.values())]
        for at, row in enumerate(rows, start=2)
    ]
    residence, mode = names.index("residence"), names.index("mode")
    cells[0][residence] = f'<c r="{chr(65 + residence)}2" t="e"><v>#REF!</v></c>'
    cells[1][mode] = f'<c r="{chr(65 + mode)}3"><f>VLOOKUP(1,2,3)</f></c>'
    path = handmade.workbook(
        tmp_path / "file.xlsx",
        sheet(
            [
                text_row(1, *names),
                *(row(at, *found) for at, found in enumerate(cells, start=2)),
            ]
        ),
    )

    record = imported(agency, path)

    assert list(record.problems.order_by("row").values_list("row", "column", "code", "value")) == [
        (2, "residence", "spreadsheet_error", "#REF!"),
        (3, "mode", "unknown_mode", "=VLOOKUP(1,2,3)"),
    ]
    assert record.rows_new == 1
