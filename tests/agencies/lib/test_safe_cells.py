import csv
import datetime as dt
import io
import json
import re
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
import python_calamine
from hypothesis import example, given
from hypothesis import strategies as st

from agencies.lib.safe_cells import (
    LONGEST_XLSX_CELL,
    is_formula,
    neutralise,
    restore,
    write_csv,
    write_xlsx,
)

VECTORS = Path(__file__).parents[2] / "vectors"
PAYLOADS = (VECTORS / "csv_injection_payloads.txt").read_text(encoding="utf-8").splitlines()
NAUGHTY = json.loads((VECTORS / "blns.json").read_text(encoding="utf-8"))

STARTERS = ["=1+1", "+1", "-1", "@SUM(1)", "＝1+1", "＋1", "－1", "＠a", "⁼1", "−1"]
BEFORE = [
    "",
    " ",
    "\u00a0",
    "\ufeff",
    "\u200b",
    "\u2003",
    "\x00",
    "\x1f",
    "\u202e",
    "\t",
    "\n",
    "'",
]
HIDDEN = [before + starter for before in BEFORE for starter in STARTERS]
SPLIT = [
    f"a{delimiter}{before}=1+1"
    for delimiter in [",", ";", "|", "\t", "\n", "\r\n", '"', '","', '";"']
    for before in ["", " ", "\u00a0", "\ufeff"]
]
EVERY = [*PAYLOADS, *HIDDEN, *SPLIT]

TEXTS = st.text() | st.text(alphabet="=+-@'\"\t\r\n,;| \u00a0\ufeffa＝") | st.sampled_from(NAUGHTY)


def read_first_sheet(path):
    return python_calamine.load_workbook(str(path)).get_sheet_by_index(0).to_python()


def pieces(cell):
    """What any program could make of a cell, whatever it splits at."""
    return [cell, *re.split(r"[,;|\t\r\n\"]", cell)]


def runs(piece):
    """An independent and simple reading of what a spreadsheet takes for a formula."""
    seen = piece.strip(" \u00a0\ufeff\u200b\u2003\x00\x1f\u202e")
    return seen[:1] in set("=+-@＝＋－＠⁼−")


@pytest.mark.parametrize("text", EVERY)
def test_no_payload_is_left_that_runs(text):
    cell = neutralise(text)

    assert not any(runs(piece) for piece in pieces(cell))
    assert not is_formula(cell)
    assert restore(cell) == text


def test_the_payloads_that_run_are_seen():
    seen = [text for text in EVERY if is_formula(text)]

    assert len(EVERY) > 150
    assert [text for text in EVERY if text not in seen and any(map(runs, pieces(text)))] == []


@given(TEXTS)
@example("'=1")
@example("''=1")
@example(",'\t'=")
@example("=\n=")
def test_the_original_comes_back(text):
    assert restore(neutralise(text)) == text
    assert not is_formula(neutralise(text))


@pytest.mark.parametrize(
    "text",
    ["", "Ann O'Neill", "'s-Hertogenbosch", "A = B", "a-b", "e@x.org", "1 - 3", "Note: -5"],
)
def test_an_innocent_text_stays_as_it_is(text):
    assert neutralise(text) == text
    assert not is_formula(text)


def test_csv_is_read_back_with_no_formula_in_it():
    stream = io.StringIO(newline="")

    written = write_csv([["name"], *([text] for text in EVERY)], stream)
    cells = [row[0] for row in csv.reader(io.StringIO(stream.getvalue(), newline=""))]
    originals = [text.replace("\x00", "\ufffd") for text in EVERY]

    assert written == len(EVERY) + 1
    assert [restore(cell) for cell in cells[1:]] == originals
    assert not any(is_formula(cell) for cell in cells)


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_csv_split_at_another_delimiter_has_no_formula_either(delimiter):
    stream = io.StringIO(newline="")
    write_csv([["x", text, "y"] for text in EVERY], stream)

    split = csv.reader(io.StringIO(stream.getvalue(), newline=""), delimiter=delimiter)

    assert not any(runs(cell.lstrip('"')) for row in split for cell in row)


def test_numbers_and_dates_are_written_plainly():
    stream = io.StringIO(newline="")

    write_csv([[None, -5, Decimal("-1.50"), dt.date(2024, 3, 1), True, "é"]], stream)

    assert stream.getvalue() == '"","-5","-1.50","2024-03-01","yes","é"\r\n'


def test_xlsx_is_read_back_with_texts_only(tmp_path):
    path = tmp_path / "book.xlsx"

    write_xlsx({"Placements": [["name", "n"], *([text, -5] for text in EVERY)]}, path)
    book = python_calamine.load_workbook(str(path))
    cells = book.get_sheet_by_name("Placements").to_python()

    with zipfile.ZipFile(path) as container:
        sheet = container.read("xl/worksheets/sheet1.xml").decode()
        assert "quotePrefix" in container.read("xl/styles.xml").decode()
    assert cells[0] == ["name", "n"]
    assert {type(cell) for row in cells for cell in row} == {str}
    assert [row[1] for row in cells[1:]] == ["-5"] * len(EVERY)
    assert "<f>" not in sheet
    assert "<v>" not in sheet.replace('t="s"', "")


def test_xlsx_keeps_the_text_itself(tmp_path):
    path = tmp_path / "book.xlsx"
    texts = ["=1+1", " leading", "two\nlines", "_x0041_", "é＝", "https://x.org/", "'quoted"]

    write_xlsx({"A": [[text] for text in texts]}, path)

    assert [
        row[0] for row in python_calamine.load_workbook(str(path)).get_sheet_by_index(0).to_python()
    ] == texts


def test_xlsx_says_so_when_a_text_had_to_be_cut(tmp_path):
    path = tmp_path / "book.xlsx"

    write_xlsx({"A": [["x" * 40_000]]}, path)
    [[cell]] = read_first_sheet(path)

    assert len(cell) == LONGEST_XLSX_CELL
    assert cell.endswith("x [cut]")


def test_the_same_rows_and_moment_give_the_same_file(tmp_path):
    made_at = dt.datetime(2024, 3, 1, 12)
    for name in ("a.xlsx", "b.xlsx"):
        write_xlsx({"A": [["x"]]}, tmp_path / name, made_at=made_at)

    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_naughty_strings_crash_neither_writer(tmp_path):
    texts = [text for text in [*NAUGHTY, "\ud800"] if text]

    write_csv([[text] for text in texts], io.StringIO(newline=""))
    write_xlsx({"A": [[text] for text in texts]}, tmp_path / "a.xlsx")

    assert len(read_first_sheet(tmp_path / "a.xlsx")) == len(texts)
