"""CSV files as programs and people really write them, each with what is to come of it."""

import gzip
import io
import zipfile

import pytest

from attestations.enums import ImportState
from attestations.placements import files
from attestations.placements.files import (
    LONGEST_FIELD,
    MOST_COLUMNS,
    FileUnreadable,
    kind_of,
    open_csv,
)
from tests.attestations.placements.test_files import BUDGET
from tests.factories import agencies, attestations
from tests.factories import placements as make

HEADER = ["reference", "residence", "employer"]
TABLE = [HEADER, ["A", "Côte d'Ivoire", "Krankenhaus Köln"], ["B", "São Tomé", "Hôpital"]]
NUMBERED = list(enumerate(TABLE, start=1))
PLAIN = [HEADER, ["A", "Ghana", "X"], ["B", "India", "Y"]]


def written(tmp_path, content):
    path = tmp_path / "file.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(tmp_path, content):
    with open_csv(written(tmp_path, content)) as spreadsheet:
        return [row for sheet in spreadsheet.sheets for row in sheet.rows], spreadsheet.notes


def rows_of(tmp_path, content):
    return read(tmp_path, content)[0]


def refusal_of(tmp_path, content):
    with pytest.raises(FileUnreadable) as unreadable:
        rows_of(tmp_path, content)
    return str(unreadable.value)


def lines(table, *, delimiter=",", end="\r\n"):
    return "".join(delimiter.join(cells) + end for cells in table)


UTF_16 = "The text is read as UTF-16."
UTF_32 = "The text is read as UTF-32."


@pytest.mark.parametrize(
    ("content", "notes"),
    [
        (lines(TABLE).encode(), []),
        (lines(TABLE).encode("utf-8-sig"), []),
        (b"\xff\xfe" + lines(TABLE).encode("utf-16-le"), [UTF_16]),
        (b"\xfe\xff" + lines(TABLE).encode("utf-16-be"), [UTF_16]),
        (lines(TABLE).encode("utf-16-le"), ["The text is read as UTF-16-LE."]),
        (lines(TABLE).encode("utf-16-be"), ["The text is read as UTF-16-BE."]),
        (b"\xff\xfe\0\0" + lines(TABLE).encode("utf-32-le"), [UTF_32]),
        (b"\0\0\xfe\xff" + lines(TABLE).encode("utf-32-be"), [UTF_32]),
        (lines(TABLE).encode("utf-32-le"), ["The text is read as UTF-32-LE."]),
        (lines(TABLE).encode("utf-32-be"), ["The text is read as UTF-32-BE."]),
    ],
    ids=[
        *("utf-8", "utf-8 with a mark", "utf-16-le", "utf-16-be", "utf-16-le without a mark"),
        *("utf-16-be without a mark", "utf-32-le", "utf-32-be", "utf-32-le without a mark"),
        "utf-32-be without a mark",
    ],
)
def test_unicode_in_every_form_gives_the_same_rows(tmp_path, content, notes):
    assert read(tmp_path, content) == (NUMBERED, notes)


def test_western_letters_are_read_and_told(tmp_path):
    rows, notes = read(tmp_path, lines(TABLE).encode("cp1252"))

    assert rows == NUMBERED
    assert [note[:60] for note in notes] == [
        "The file is not in UTF-8: its text is read as cp1252. Look w"
    ]


def central_european(tmp_path, *names):
    table = [HEADER, *([f"R{at}", "Poland", name] for at, name in enumerate(names * 5))]
    rows, notes = read(tmp_path, lines(table).encode("cp1250"))
    return [cells[2] for _, cells in rows[1 : len(names) + 1]], notes[0]


def test_central_european_letters_are_read_where_they_are_no_letters_in_the_west(tmp_path):
    names = ["Nemocnice Černá Hora", "Szpital w Łodzi ulica Żółta", "Gyöngyös kórház"]

    found, note = central_european(tmp_path, *names)

    assert found == names
    assert note.startswith("The file is not in UTF-8: its text is read as cp1250.")


def test_letters_that_are_others_in_the_west_are_read_as_those_and_told(tmp_path):
    found, note = central_european(tmp_path, "Nemocnice Černá Hora", "Příbram")

    assert found == ["Nemocnice Èerná Hora", "Pøíbram"]
    assert note.startswith("The file is not in UTF-8: its text is read as cp1252. Look whether")


@pytest.mark.parametrize("text", ["Hospital Nº 5, Mª José", "¿Qué?", "£300 pa", "12 m³", "½ day"])
def test_signs_of_the_west_are_not_taken_for_letters(tmp_path, text):
    table = [HEADER, ["A", "Ghana", f'"{text}, Clínica Española"']]

    rows, _ = read(tmp_path, lines(table).encode("cp1252"))

    assert rows[1][1][2] == f"{text}, Clínica Española"


def test_a_file_of_two_encodings_is_refused_with_the_line(tmp_path):
    """Read as cp1252 it would be taken, and each letter of UTF-8 would become two wrong ones."""
    content = lines(TABLE).encode() + b"C,Ghana,H\xf4pital\r\n" + lines(TABLE[1:]).encode() * 1000

    assert refusal_of(tmp_path, content) == (
        "Near line 4 there are bytes that are not text in any encoding we know. Save the table as "
        "CSV (UTF-8) and send that. The rest of the file is in UTF-8: probably texts of two files "
        "were put together."
    )


def test_the_line_is_told_far_into_the_file_as_well(tmp_path):
    content = lines(TABLE).encode() + "R,Ghana,Köln\r\n".encode() * 200_000 + b"C,Ghana,\xf4\r\n"

    assert refusal_of(tmp_path, content).startswith("Near line 200004 there are bytes")


def test_utf_16_that_ends_in_the_middle_is_refused(tmp_path):
    content = b"\xff\xfe" + lines(PLAIN).encode("utf-16-le") + b"\0"

    assert "there are bytes that are not text" in refusal_of(tmp_path, content)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("before", ["", "first blank"])
def test_delimiters_and_line_ends_are_found(tmp_path, delimiter, end, before):
    content = (end if before else "") + lines(PLAIN, delimiter=delimiter, end=end)

    first = 2 if before else 1
    blank = [(1, [])] if before else []
    assert rows_of(tmp_path, content) == [*blank, *enumerate(PLAIN, start=first)]


def test_a_title_above_the_header_does_not_hide_the_delimiter(tmp_path):
    content = "Placements, all of 2024\r\n" + lines(PLAIN, delimiter=";")

    assert rows_of(tmp_path, content)[1:] == list(enumerate(PLAIN, start=2))


@pytest.mark.parametrize("delimiter", [";", "\t", "|", "^", ","])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("line", ["sep={}", '"sep={}"', "SEP={}"])
def test_a_line_about_the_delimiter_is_no_row(tmp_path, delimiter, end, line):
    content = line.format(delimiter) + end + lines(PLAIN, delimiter=delimiter, end=end)

    assert rows_of(tmp_path, content) == list(enumerate(PLAIN, start=1))


@pytest.mark.parametrize("line", ["sep=a", 'sep="', "sep=;reference", "sep=", "separator=;"])
def test_what_only_looks_like_that_line_is_the_first_row(tmp_path, line):
    content = f"{line}\n".replace('"', '""""') + lines(PLAIN)

    assert rows_of(tmp_path, content)[1:] == list(enumerate(PLAIN, start=2))


def test_line_ends_may_be_mixed(tmp_path):
    content = "reference,residence,employer\r\nA,Ghana,X\nB,India,Y\rC,Kenya,Z"

    assert rows_of(tmp_path, content) == [
        *enumerate(PLAIN, start=1),
        (4, ["C", "Kenya", "Z"]),
    ]


def test_a_record_over_several_lines_is_one_row_and_a_blank_line_is_one(tmp_path):
    content = (
        'reference,residence,employer\r\n\r\nA,Ghana,"Ward\r\n7\r\n\r\nBuilding 2"\r\n'
        ",,\r\n\r\nB,India,Y\r\n"
    )

    assert rows_of(tmp_path, content) == [
        (1, HEADER),
        (2, []),
        (3, ["A", "Ghana", "Ward\r\n7\r\n\r\nBuilding 2"]),
        (4, ["", "", ""]),
        (5, []),
        (6, ["B", "India", "Y"]),
    ]


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ('A,"Gha""na",X', ["A", 'Gha"na', "X"]),
        ('A,Gha"na,X', ["A", 'Gha"na', "X"]),
        ('A,Ghana,12" bed', ["A", "Ghana", '12" bed']),
        ('A, "Ghana",X', ["A", ' "Ghana"', "X"]),
        ('"A","Ghana","X, Y; Z"', ["A", "Ghana", "X, Y; Z"]),
        ('"","",""', ["", "", ""]),
        ("A,Ghana,X,,", ["A", "Ghana", "X", "", ""]),
        ("A,Ghana", ["A", "Ghana"]),
        ("A\0,Gha\0na,X", ["A\0", "Gha\0na", "X"]),
        ("A,'Ghana',X", ["A", "'Ghana'", "X"]),
        ("A,Ghana\xa0,X\u2028Y\x85Z\x0bW", ["A", "Ghana\xa0", "X\u2028Y\x85Z\x0bW"]),
    ],
)
def test_quotes_and_odd_characters_stay_in_their_cell(tmp_path, line, cells):
    content = f"{','.join(HEADER)}\n{line}\nB,India,Y\n"

    assert rows_of(tmp_path, content) == [(1, HEADER), (2, cells), (3, ["B", "India", "Y"])]


TOO_LONG = (
    "Row 3 holds a cell of more than 131,072 characters. Shorten it; or close the quotation mark, "
    "if one opens there and the rest of the file reads as one cell."
)
NEVER_CLOSED = (
    "Row 3 holds a quotation mark that opens and is not closed, so that the rest of the file reads "
    "as one cell. Close it and send the file again."
)
IN_THE_MIDDLE = (
    "Row 3 holds a quotation mark in the middle of a cell. Write it twice, or put the whole cell "
    "into quotation marks."
)
TOO_WIDE = "Row 3 has 251 columns; 250 are taken. Is this the right file?"


@pytest.mark.parametrize(
    ("third_row", "words"),
    [
        ('B,"India,Y\nC,Kenya,Z\n', NEVER_CLOSED),
        ('B,"India,Y\nC,"Kenya",Z\n', IN_THE_MIDDLE),
        (f"B,{'x' * (LONGEST_FIELD + 1)},Y\n", TOO_LONG),
        ('B,"' + "India,Y\n" * 20_000, TOO_LONG),
        ("," * MOST_COLUMNS + "\n", TOO_WIDE),
    ],
    ids=["never closed", "closed by the next", "long cell", "never closed, long", "wide"],
)
def test_what_cannot_be_read_names_the_row_that_a_spreadsheet_shows(tmp_path, third_row, words):
    content = f'{",".join(HEADER)}\n"A","two\nlines",X\n{third_row}'

    assert refusal_of(tmp_path, content) == words


def test_cells_and_rows_up_to_the_limits_are_read(tmp_path):
    content = ",".join(["x" * LONGEST_FIELD, *["y"] * (MOST_COLUMNS - 1)])

    assert [len(cells) for _, cells in rows_of(tmp_path, content)] == [MOST_COLUMNS]


def test_more_lines_than_anybody_means_are_refused_before_they_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MOST_LINES", 100)

    assert len(rows_of(tmp_path, "\n" * 100)) == 100
    assert refusal_of(tmp_path, "\n" * 101) == (
        "The file has more than 100 lines. Delete the empty rows below the table, or split it."
    )


def zipped(*names):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b"%PDF-1.7\n", "This is a PDF document."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "This is a workbook in the old .xls format, or one"),
        (b"\x89PNG\r\n\x1a\n", "This is a picture."),
        (b"\xff\xd8\xff\xe0", "This is a picture."),
        (gzip.compress(lines(PLAIN).encode()), "This is a compressed file."),
        (b"{\\rtf1", "This is a text document."),
        (b"<html><table><tr><td>", "This is a web page or another document in XML"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html>", "This is a web page or another document in XML"),
        (b'<?xml version="1.0"?>', "This is a web page or another document in XML"),
        (zipped("readme.txt"), "This is a ZIP file but no workbook (.xlsx)."),
        (zipped("mimetype", "content.xml"), "This is a document in an OpenDocument format (.ods"),
        (zipped("xl/workbook.bin"), "This is a workbook in the binary .xlsb format."),
        (zipped("xl/workbook.xml", "xl/vbaProject.bin"), "This workbook holds macros (.xlsm)"),
        (zipped("word/document.xml"), "This is a text document."),
        (zipped("Index/Document.iwa"), "This is a document of Numbers or Pages."),
        (zipped("xl/workbook.xml")[:-30], "This file is cut short or damaged."),
    ],
    # an archive holds the time at which it was made, so its bytes name no test
    ids=lambda value: value if isinstance(value, str) else "file",
)
def test_a_file_of_another_kind_is_named(tmp_path, content, words):
    with pytest.raises(FileUnreadable) as unreadable:
        kind_of(written(tmp_path, content), BUDGET)

    assert str(unreadable.value).startswith(words)


@pytest.fixture
def agency(db):
    attestations.reference()
    return agencies.agency()


@pytest.mark.slow
@pytest.mark.parametrize("spelled", [str.upper, str.title, " {}\t".format, "\xa0{}\xa0".format])
def test_headers_are_known_in_any_case_and_with_any_spaces(agency, spelled):
    rows = [make.row(reference="A"), make.row(reference="B", residence="Irland")]
    content = make.csv_file([{spelled(name): text for name, text in row.items()} for row in rows])

    record = make.imported(agency, content)

    assert (record.rows_new, record.rows_refused) == (1, 1)
    assert record.problems.get().name == "residence"


@pytest.mark.slow
def test_underscores_in_headers_may_be_spaces_of_any_kind(agency):
    row = make.row(reference="A")
    content = make.csv_file([{name.replace("_", "\xa0 "): text for name, text in row.items()}])

    assert make.imported(agency, content).rows_new == 1


@pytest.mark.slow
def test_delimiters_behind_the_last_column_are_no_cells(agency):
    rows = make.csv_file([make.row(reference="A"), make.row(reference="B")]).decode()

    record = make.imported(agency, rows.replace("\r\n", ",,\r\n").encode())

    assert (record.rows_new, list(record.problems.all())) == (2, [])


@pytest.mark.slow
def test_blank_rows_count_as_rows_and_are_none(agency):
    rows = [make.row(reference="A"), make.row(reference="B", residence="Irland")]
    header, first, second = make.csv_file(rows).splitlines(keepends=True)

    record = make.imported(agency, b"\r\n\r\n" + header + b"\r\n" + first + b",,,\r\n" + second)

    assert (record.rows_total, record.rows_new, record.rows_refused) == (2, 1, 1)
    assert record.problems.get().row == 7


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "utf-32", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_whole_import_gives_the_same_rows_in_every_dialect(agency, encoding, delimiter):
    rows = [make.row(reference="Ä", residence="Côte d'Ivoire", employer="Hôpital Général")]
    content = make.csv_file(rows, encoding=encoding, delimiter=delimiter)

    record = make.applied(agency, content)

    assert list(record.placements.values_list("reference", "residence", "employer", "row")) == [
        ("Ä", "CIV", "Hôpital Général", 2)
    ]


@pytest.mark.slow
def test_a_file_of_nothing_but_a_header_is_taken_and_told(agency):
    record = make.imported(agency, make.csv_file([make.row()]).splitlines(keepends=True)[0])

    assert (record.state, record.rows_total) == (ImportState.PREVIEW, 0)
    assert record.notes == ["The file has a header and no rows."]


@pytest.mark.slow
def test_a_file_of_nothing_but_blank_lines_fails_with_the_reason(agency):
    record = make.imported(agency, b"\r\n\r\n,,,\r\n")

    assert (record.state, record.message) == (
        ImportState.FAILED,
        "The file has no rows: not even a header.",
    )
