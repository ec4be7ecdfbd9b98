import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attestations.crosscheck.enums import Mode
from attestations.placements import cells
from attestations.placements.cells import CellRefused, Reader, reader_for
from attestations.placements.columns import BY_NAME
from attestations.placements.files import FileUnreadable
from attestations.placements.modes import MODES
from attestations.placements.rows import vocabulary

TODAY = date(2026, 11, 22)
WORDS = vocabulary(TODAY)


def said(column, text):
    return reader_for(BY_NAME[column], WORDS)(text)


def refused(column, text):
    with pytest.raises(CellRefused) as problem:
        said(column, text)
    return problem.value.code


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        ("reference", " A  1 ", "A 1"),
        ("residence", "Ghana", "GHA"),
        ("residence", "swaziland", "SWZ"),
        ("residence", "Zanzibar", "TZA"),
        ("residence", "", None),
        ("residence", "unknown", None),
        ("residence", "NA", "NAM"),
        ("residence", "n/a", None),
        ("destination", "NA", ("NAM", "")),
        ("mode", "NA", None),
        ("destination", "Scotland", ("GBR", "Scotland")),
        ("destination", "England", ("GBR", "England")),
        ("destination", "GBR", ("GBR", "")),
        ("destination", "", None),
        ("destination_part", "england", "England"),
        ("destination_part", "Bavaria", "Bavaria"),
        ("destination_part", "", ""),
        ("qualified_as", "2221", "2221"),
        ("qualified_as", "Registered nurses", "2221"),
        ("qualified_as", "?", None),
        ("other_occupations", "2222; 3221;2222", "2222 3221"),
        ("other_occupations", "2222, 3221", "2222 3221"),
        ("other_occupations", "none", None),
        ("months_resident", "18", 18),
        ("months_resident", "0", 0),
        ("mode", "Agency", "AGENCY"),
        ("mode", "ONLINE_AD", "ONLINE_AD"),
        ("mode", "Government-to-government", "G2G"),
        ("mode", "not known", None),
        ("independent_application", "Yes", True),
        ("independent_application", "no", False),
        ("independent_application", "unknown", None),
        ("independent_application", "", None),
        ("recruited_on", "2024-05-10", date(2024, 5, 10)),
        ("started_on", "", None),
        ("agreement", "none", ""),
        ("agreement", "KEN-GBR 2021", "KEN-GBR 2021"),
        ("employer", "Line one\nline two", "Line one line two"),
        ("employer", "", ""),
    ],
)
def test_a_cell_says(column, text, value):
    assert said(column, text) == value


@pytest.mark.parametrize(
    ("text", "fees"),
    [
        ("none", []),
        ("No", []),
        ("0", []),
        ("visa 120; medical 80.50", [["visa", "120"], ["medical", "80.50"]]),
        ("visa: EUR 120", [["visa (EUR)", "120"]]),
        ("placement fee 1500 GBP", [["placement fee (GBP)", "1500"]]),
        ("1200", [["not said what for", "1200"]]),
        ("visa", [["visa", None]]),
        ("yes", [["not said what for", None]]),
        ("visa 0; medical 80", [["medical", "80"]]),
        ("visa 120\nmedical 80", [["visa", "120"], ["medical", "80"]]),
    ],
)
def test_fees_are_what_and_how_much(text, fees):
    assert json.loads(said("fees", text)) == fees


def test_an_empty_fee_is_not_no_fee():
    assert said("fees", "") is None
    assert said("fees", "unknown") is None


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("none", {"reclaimed": [], "disclosed": True, "tapers": True}),
        (
            "flight; visa; disclosed yes; tapers: no",
            {"reclaimed": ["flight", "visa"], "disclosed": True, "tapers": False},
        ),
        ("flight; tapering", {"reclaimed": ["flight"], "disclosed": None, "tapers": True}),
        (
            "flight; disclosed unknown",
            {"reclaimed": ["flight"], "disclosed": None, "tapers": None},
        ),
    ],
)
def test_a_repayment_clause_is_what_it_reclaims_and_on_which_terms(text, terms):
    assert json.loads(said("repayment", text)) == terms


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("reference", "", "missing_reference"),
        ("reference", "jo@example.org", "personal"),
        ("reference", "x" * 61, "too_long"),
        ("residence", "Congo", "unknown_country"),
        ("residence", "Atlantis", "unknown_country"),
        ("destination", "Korea", "unknown_country"),
        ("qualified_as", "nurse", "unknown_occupation"),
        ("qualified_as", "9999", "unknown_occupation"),
        ("other_occupations", "2221; wizard", "unknown_occupation"),
        ("months_resident", "1.5", "not_a_number"),
        ("months_resident", "١٢", "not_a_number"),
        ("months_resident", "-3", "not_a_number"),
        ("mode", "by boat", "unknown_mode"),
        ("independent_application", "maybe", "not_yes_or_no"),
        ("recruited_on", "05/04/2024", "not_a_date"),
        ("recruited_on", "2024-02-30", "not_a_date"),
        ("recruited_on", "45422", "not_a_date"),
        ("fees", "visa 1,200", "not_an_amount"),
        ("fees", "visa 1 200", "not_an_amount"),
        ("fees", "visa 12.345", "not_an_amount"),
        ("fees", ";".join(["visa 1"] * 21), "too_many"),
        ("repayment", "flight; disclosed perhaps", "not_yes_or_no"),
        ("employer", "x" * 201, "too_long"),
        ("employer", "x" * 2001, "too_long"),
        ("employer", "nul\x00inside", "characters"),
        ("employer", "turned \u202e around", "characters"),
        ("reference", "half \ud800 a character", "characters"),
    ],
)
def test_a_doubtful_cell_is_refused(column, text, code):
    assert refused(column, text) == code


def test_an_ambiguous_country_is_refused_with_its_candidates():
    with pytest.raises(CellRefused) as problem:
        said("residence", "Congo")

    assert problem.value.suggestion == "Type COG or COD."


def test_a_date_that_reads_two_ways_is_offered_both():
    with pytest.raises(CellRefused) as problem:
        said("recruited_on", "05/04/2024")

    assert problem.value.suggestion == "Type 2024-04-05 or 2024-05-04."


ERRORS = ["#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!"]
ERRORS += ["#GETTING_DATA", "#NV", "#BEZUG!", "#NOM?", "#¿NOMBRE?", "#¡REF!", "Err:502", "#n/a"]


@pytest.mark.parametrize("column", BY_NAME)
def test_an_error_of_the_spreadsheet_is_no_answer_in_any_column(column):
    assert {refused(column, text) for text in ERRORS} == {"spreadsheet_error"}


@pytest.mark.parametrize("column", ["reference", "employer", "started_on"])
def test_signs_of_a_column_too_narrow_are_no_answer(column):
    assert refused(column, "########") == "spreadsheet_error"


@pytest.mark.parametrize("text", ["#17", "#REF", "Ward #3!", "##", "NV", "#A1-2!"])
def test_what_only_begins_like_an_error_is_a_text(text):
    assert said("employer", text) == text
    assert said("reference", text) == text


def test_an_error_is_refused_in_a_sentence():
    with pytest.raises(CellRefused) as problem:
        said("employer", "#REF!")

    assert problem.value.message == (
        "“#REF!” is an error of the spreadsheet and says nothing about the placement."
    )
    assert problem.value.suggestion == "Type what the cell should say, or leave it empty."


@pytest.mark.parametrize(
    ("column", "text", "offered"),
    [
        ("mode", "agancy", ("agency",)),
        ("mode", "Agnecy", ("agency",)),
        ("mode", "direkt", ("direct",)),
        ("mode", "eud", ("edu",)),
        ("mode", "unknwon", ("unknown",)),
        ("mode", "by boat", ()),
        ("mode", "7", ()),
        ("residence", "Gahna", ("Ghana",)),
        ("destination", "Engand", ("England",)),
        ("destination_part", "Engalnd", ("England",)),
        ("destination_part", "Northern Irland", ("Northern Ireland",)),
    ],
)
def test_a_slip_is_refused_with_what_was_meant(column, text, offered):
    with pytest.raises(CellRefused) as problem:
        said(column, text)

    assert problem.value.replacements == offered


@given(text=st.sampled_from(sorted(MODES)), data=st.data())
def test_what_is_offered_for_a_mode_is_taken(text, data):
    at = data.draw(st.integers(0, len(text) - 1))
    slipped = text[:at] + data.draw(st.sampled_from(["", "x", *text])) + text[at + 1 :]

    assert {said("mode", offered) for offered in offered_for(slipped)} <= {*Mode, None}


def offered_for(text):
    try:
        said("mode", text)
    except CellRefused as problem:
        return problem.replacements
    return ()


def test_a_slip_of_a_mode_is_offered_that_mode():
    assert {mode: _offered(text[1::-1] + text[2:]) for text, mode in MODES.items()} == {
        mode: mode for mode in Mode
    }


def _offered(slipped):
    return said("mode", offered_for(slipped)[0])


def test_every_mode_can_be_written():
    assert set(MODES.values()) == set(Mode)


def test_each_text_is_read_once_and_no_more_than_there_is_room_for():
    asked = []
    remembering = Reader(lambda text: asked.append(text) or len(text))
    forgetting = Reader(lambda text: asked.append(text) or len(text), remembers=False)

    values = [remembering["a"], remembering["a"], forgetting["bb"], forgetting["bb"]]

    assert (values, asked) == ([1, 1, 2, 2], ["a", "bb", "bb"])


def test_what_is_refused_is_looked_up_once():
    asked = []

    def refuse(text):
        asked.append(text)
        raise CellRefused("unknown", "not known")

    reader = Reader(refuse)
    for _ in range(3):
        with pytest.raises(CellRefused):
            reader["x"]

    assert asked == ["x"]


def test_a_column_of_very_many_unknown_names_ends_the_file(monkeypatch):
    """Each of them costs a search for what resembles it."""
    monkeypatch.setattr(cells, "MOST_LOOKED_UP_IN_VAIN", 3)
    reader = Reader(reader_for(BY_NAME["residence"], WORDS), looked_up="residence")
    for at in range(3):
        with pytest.raises(CellRefused):
            reader[f"land {at}"]

    with pytest.raises(FileUnreadable) as unreadable:
        reader["land of plenty"]

    assert str(unreadable.value) == (
        "The column residence holds more than 3 different texts that are not known here. Is it the "
        "right column?"
    )
    assert reader["Ghana"] == "GHA"
