import pytest

from attestations.placements.column_guessing import Guess, Why, guess
from attestations.placements.column_reading import CellShown, read_rows
from attestations.placements.columns import key_of
from attestations.placements.rows import vocabulary
from tests.factories import placements as make


def guessed(table, said=None):
    headers = list(table)
    rows = [list(row) for row in zip(*table.values(), strict=True)]
    return guess(headers, rows, said=said or {}, words=vocabulary(make.RECORDED.date()))


@pytest.mark.parametrize(
    ("table", "said", "name", "why"),
    [
        ({"Lives in": ["Ghana"]}, {}, "residence", Why.CALLED),
        ({"Pays": ["Ghana"]}, {"pays": "training"}, "training", Why.SAID),
        ({"residence": ["Ghana"]}, {"residence": None}, None, Why.SAID),
        ({"Residense": ["Ghana", "x", "India"]}, {}, "residence", Why.ALIKE),
        ({"Recruitment of date": [""]}, {}, "recruited_on", Why.ALIKE),
        # the name resembles that of a day, and it holds none
        ({"Recruitment channel": ["agency", "direct", "by boat"]}, {}, "mode", Why.CONTENT),
        ({"Weg": ["direct", "agency", ""]}, {}, "mode", Why.CONTENT),
        ({"Tag": ["2024-05-10", "11 May 2024"]}, {}, "recruited_on", Why.CONTENT),
        ({"Fall": ["F-1", "F-2"]}, {}, "reference", Why.CONTENT),
        ({"Fall": ["F-1", "F-2"], "Lohn": ["2800", "2900"]}, {}, "reference", Why.CONTENT),
        ({"Wer": ["Jane Roe", "Joe Bloggs"]}, {}, None, Why.NONE),
        ({"Leer": ["", " "]}, {}, None, Why.NONE),
        ({"": ["2024-05-10"]}, {}, None, Why.NONE),
        # either could be where the worker lived or where the post is
        ({"Land": ["Ghana", "India"]}, {}, None, Why.NONE),
        ({"Job A": ["2221"], "Job B": ["2222"]}, {}, None, Why.NONE),
    ],
)
def test_a_column_is_guessed_by_what_was_said_its_name_and_what_it_holds(table, said, name, why):
    assert guessed(table, said)[0] == Guess(name, why)


def test_one_country_is_guessed_when_only_one_is_missing():
    table = {"destination": ["Ireland"], "Land": ["Ghana"]}

    assert [one.name for one in guessed(table)] == ["destination", "residence"]


def test_no_column_is_guessed_twice():
    found = guessed({"Residence": ["Ghana"], "Residence 2": ["India"], "Residense": ["Peru"]})

    assert [one.name for one in found] == ["residence", None, None]


def test_cells_are_shown_in_the_words_of_a_placement():
    names = ["reference", "destination", "mode", "fees", "recruited_on", None, "training"]
    row = ["A", "England", "by boat", "visa 120", "2024-05-10", "left", ""]

    columns, cells = read_rows(names, [row, ["B"]], vocabulary(make.RECORDED.date()))

    assert [column.name for column in columns] == [name for name in names if name]
    assert cells[0][:2] == [
        CellShown("A"),
        CellShown("United Kingdom (GBR), England"),
    ]
    assert cells[0][2].is_refused
    assert cells[0][3:] == [
        CellShown("visa 120"),
        CellShown("2024-05-10"),
        CellShown("not answered"),
    ]
    assert cells[1][0] == CellShown("B")


def test_a_header_of_the_sample_means_what_the_header_of_the_file_means():
    """The mapping goes by texts that were cut for keeping; both must have one key."""
    assert key_of("Country\r\nof  residence\u200b") == key_of("Country of residence�")
