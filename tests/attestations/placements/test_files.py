import json
import zipfile
from pathlib import Path

import pytest

from attestations.placements.files import (
    LONGEST_FIELD,
    MOST_COLUMNS,
    Budget,
    FileUnreadable,
    kind_of,
    open_csv,
)

SPECTRUM = Path(__file__).parents[2] / "vectors" / "csv_spectrum"
# its two files differ in a telephone number, which somebody has made up in one of them
DISAGREEING = "location_coordinates"
BUDGET = Budget(
    file_bytes=10 * 1024**2,
    unpacked_bytes=20 * 1024**2,
    unpack_ratio=100,
    rows=1000,
    cpu_seconds=10,
    memory_bytes=1024**3,
)
HEADER = "reference,residence,destination\n"


def rows_of(path):
    with open_csv(path) as spreadsheet:
        return [row for sheet in spreadsheet.sheets for row in sheet.rows]


def notes_of(path):
    with open_csv(path) as spreadsheet:
        return spreadsheet.notes


def written(tmp_path, content):
    path = tmp_path / "file.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    "name", sorted({path.stem for path in SPECTRUM.glob("csvs/*.csv")} - {DISAGREEING})
)
def test_csv_is_read_as_the_spectrum_says(name):
    header, *records = [cells for _, cells in rows_of(SPECTRUM / "csvs" / f"{name}.csv")]

    found = [dict(zip(header, cells, strict=True)) for cells in records]

    # the spectrum keeps the line ends of its own file; the cells are otherwise the same
    expected = json.loads((SPECTRUM / "json" / f"{name}.json").read_text(encoding="utf-8"))
    assert [_plain(row) for row in found] == [_plain(row) for row in expected]


def _plain(row):
    return {name: text.replace("\r\n", "\n") for name, text in row.items()}


def test_rows_have_the_numbers_that_a_spreadsheet_shows(tmp_path):
    path = written(tmp_path, f'{HEADER}A,"two\nlines",IRL\n\nB,GHA,IRL\n')

    assert rows_of(path) == [
        (1, ["reference", "residence", "destination"]),
        (2, ["A", "two\nlines", "IRL"]),
        (3, []),
        (4, ["B", "GHA", "IRL"]),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_the_delimiter_is_the_one_that_finds_our_columns(tmp_path, delimiter, line_end):
    lines = [["reference", "residence", "notes, and more; or | less"], ["A", "GHA", "x"]]
    text = line_end.join(
        delimiter.join(f'"{cell}"' if " " in cell else cell for cell in line) for line in lines
    )

    assert [cells for _, cells in rows_of(written(tmp_path, text))] == lines


def test_excels_own_line_about_the_delimiter_is_no_row(tmp_path):
    path = written(tmp_path, "sep=;\r\nreference;residence\r\nA;GHA\r\n")

    assert rows_of(path) == [(1, ["reference", "residence"]), (2, ["A", "GHA"])]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "iso8859_15"]
)
def test_the_encoding_is_found(tmp_path, encoding):
    path = written(
        tmp_path,
        f"{HEADER}A,Côte d’Ivoire,Österreich, São Tomé".replace("’", "'").encode(encoding),
    )

    assert rows_of(path)[1][1] == ["A", "Côte d'Ivoire", "Österreich", " São Tomé"]


def test_an_encoding_that_was_guessed_is_told(tmp_path):
    assert notes_of(written(tmp_path, HEADER)) == []
    assert notes_of(written(tmp_path, f"{HEADER}A,Côte d'Ivoire,Österreich".encode("cp1252")))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (f'{HEADER}A,"open,IRL\nB,GHA,IRL\n', "Row 2 holds a quotation mark that opens"),
        (f'{HEADER}A,"G"HA,IRL\n', "Row 2 holds a quotation mark in the middle of a cell"),
        (f"{HEADER}A,{'x' * (LONGEST_FIELD + 1)},IRL\n", "Row 2 holds a cell of more than 131,072"),
        (f"{HEADER}{',' * MOST_COLUMNS}\n", f"Row 2 has {MOST_COLUMNS + 1} columns"),
    ],
)
def test_what_cannot_be_read_says_where(tmp_path, content, words):
    with pytest.raises(FileUnreadable) as unreadable:
        rows_of(written(tmp_path, content))

    assert str(unreadable.value).startswith(words)


def test_nul_and_separators_that_only_python_knows_stay_in_their_cell(tmp_path):
    path = written(tmp_path, f"{HEADER}A\x00,G\x0bH\u2028A\x85,\x1cIRL\n")

    assert rows_of(path)[1:] == [(2, ["A\x00", "G\x0bH\u2028A\x85", "\x1cIRL"])]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b"%PDF-1.7 ...", "This is a PDF document."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "This is a workbook in the old .xls format"),
        (b"\x89PNG\r\n\x1a\n", "This is a picture."),
        (b"PK\x03\x04 and no more", "This file is cut short or damaged."),
        (b"x" * (BUDGET.file_bytes + 1), "The file has 10 MB; 10 MB are taken."),
    ],
)
def test_a_file_is_known_by_what_is_in_it(tmp_path, content, words):
    with pytest.raises(FileUnreadable) as unreadable:
        kind_of(written(tmp_path, content), BUDGET)

    assert str(unreadable.value).startswith(words)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ([("readme.txt", b"x")], "This is a ZIP file but no workbook"),
        (
            [("xl/workbook.xml", b"x"), ("xl/workbook.xml", b"y")],
            "This file holds the same part twice",
        ),
        ([("xl/workbook.xml", b"0" * 25 * 1024**2)], "This file unpacks to 25 MiB"),
        ([("xl/workbook.xml", b"0" * 5 * 1024**2)], "This file unpacks to far more"),
    ],
)
def test_an_archive_is_looked_at_before_it_is_opened(tmp_path, entries, words):
    path = tmp_path / "file.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)

    with pytest.raises(FileUnreadable) as unreadable:
        kind_of(path, BUDGET)

    assert str(unreadable.value).startswith(words)
