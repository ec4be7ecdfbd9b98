"""An edition in a file: CSV and YAML say the same, and what is wrong is named by its line."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.countries.loading import read_countries
from attestations.safeguards.edition_files import read_edition_file
from attestations.safeguards.editions import EditionText, ListedCountry
from attestations.safeguards.reading import FileRefused

DAY = date(2027, 3, 1)
SAID = {
    "label": "2027",
    "title": "Example list 2027",
    "published_on": DAY,
    "valid_from": DAY,
    "source": "invented for a test",
}
HEAD = """\
label: 2027
title: "Example list 2027"
published_on: 2027-03-01
valid_from: 2027-03-01
source: invented for a test
"""
CODES = sorted(country.pk for country in read_countries())


def from_yaml(text, **described):
    return read_edition_file(text.encode(), name="list.yaml", **described)


def problems_of(text, *, name="list.yaml", **described):
    content = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(FileRefused) as refused:
        read_edition_file(content, name=name, **described)
    return refused.value.problems


def test_a_yaml_file_says_all_of_an_edition():
    text = HEAD + (
        "certainty: as printed\n"
        "entries:\n"
        "  - Ghana\n"
        "  - NO\n"
        "  - country: CIV\n"
        "    printed_name: Côte d’Ivoire\n"
    )

    assert from_yaml(text, countries_expected=3) == EditionText(
        **SAID,
        certainty="as printed",
        countries=(
            ListedCountry("CIV", "Côte d’Ivoire"),
            ListedCountry("GHA", "Ghana"),
            ListedCountry("NOR", "NO"),
        ),
    )


@given(codes=st.lists(st.sampled_from(CODES), min_size=1, max_size=60, unique=True))
def test_csv_and_yaml_give_the_same_edition(codes):
    sheet = "country\n" + "".join(f"{code}\n" for code in codes)
    text = HEAD + "entries:\n" + "".join(f"  - {code}\n" for code in codes)

    assert from_yaml(text) == read_edition_file(sheet.encode(), name="list.csv", **SAID)


@given(
    codes=st.lists(st.sampled_from(CODES), min_size=1, max_size=40, unique=True),
    data=st.data(),
)
def test_exactly_the_entries_that_are_wrong_are_named_by_their_lines(codes, data):
    wrong = data.draw(st.sets(st.integers(0, len(codes) - 1)))
    wrong.add(0)
    names = ["Atlantis" if at in wrong else code for at, code in enumerate(codes)]
    text = HEAD + "entries:\n" + "".join(f"  - {name}\n" for name in names)
    sheet = "country\n" + "".join(f"{name}\n" for name in names)

    in_text = [problem.split(":")[0] for problem in problems_of(text)]
    in_sheet = [problem.split(":")[0] for problem in problems_of(sheet, name="list.csv", **SAID)]

    assert in_text == [f"Line {at + 7}" for at in sorted(wrong)]
    assert in_sheet == [f"Row {at + 2}" for at in sorted(wrong)]


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        pytest.param(
            HEAD + "entries: [&a GHA, *a]\n",
            [
                (
                    "Line 6: a reference (“&” or “*”) is not taken here. Write the text out, or "
                    "put it in quotes."
                )
            ],
            id="an anchor",
        ),
        pytest.param(
            HEAD + "entries:\n  - !!python/object/apply:os.system [ls]\n",
            ["Line 7: a tag (“!”) is not taken here. Leave it out."],
            id="a tag",
        ),
        pytest.param(
            HEAD + "entries: " + "[" * 20_000,
            ["Line 6: this is nested deeper than an edition is."],
            id="nested without end",
        ),
        pytest.param(
            "title: Another\n" + HEAD + "entries:\n  - GHA\n",
            ["Line 3: “title” stands there twice."],
            id="a name twice",
        ),
        pytest.param(
            HEAD + "entries:\n  - country: GHA\n    country: KEN\n",
            ["Line 8: “country” stands there twice."],
            id="a name twice in an entry",
        ),
        pytest.param(
            HEAD + "entries:\n  - GHA\n  - GHA\n  - country: Atlantis\n  - name: KEN\n",
            [
                "Line 10: “name” is nothing that an entry says.",
                "Line 10: “country” is missing.",
                (
                    "Line 9: “Atlantis” is not a country name that is known here. Type its English "
                    "name or its ISO code, such as GHA."
                ),
                "GHA is there 2 times.",
            ],
            id="every entry at once",
        ),
        pytest.param(
            "label: 2027\npublished_on: 1 March\nvalid_from:\nsource: here\nnote: x\n"
            "entries:\n  - GHA\n",
            [
                "“title” is missing.",
                "Line 2: “1 March” is no day: write it as YYYY-MM-DD.",
                "Line 3: “valid_from” is empty.",
                "Line 5: “note” is nothing that an edition says.",
            ],
            id="what it says of itself",
        ),
        pytest.param(
            HEAD + "entries:\n  GHA: yes\n",
            [
                "Line 7: “entries” has to be a list, a country a line after “-”.",
                "The file has no row.",
            ],
            id="no list",
        ),
        pytest.param(
            HEAD + "entries:\n\t- GHA\n",
            [
                (
                    "Line 7: this cannot be read as YAML: found character '\\t' that cannot start "
                    "any token."
                )
            ],
            id="a tab",
        ),
        pytest.param("", ["The file is empty."], id="empty"),
        pytest.param(
            "- GHA\n", ["The file has to begin with names, such as “title: …”."], id="a bare list"
        ),
        pytest.param(
            HEAD + "---\nlabel: 2\n",
            ["Line 6: this cannot be read as YAML: but found another document."],
            id="two documents",
        ),
        pytest.param(
            "a: b\nc: \x01\n", ["Line 2: a character stands there that YAML forbids."], id="control"
        ),
        pytest.param(
            b"\xff\xfe", ["This is not a text in UTF-8. Save it as UTF-8."], id="another encoding"
        ),
        pytest.param(
            b"#" * (128 * 1024 + 1),
            ["The file is larger than 128 kB: a list has some 60 short lines."],
            id="too large",
        ),
    ],
)
def test_a_yaml_file_that_is_wrong_is_refused_by_its_lines(text, problems):
    assert problems_of(text) == problems


def test_what_file_and_person_say_of_an_edition_has_to_agree():
    text = HEAD + "entries:\n  - GHA\n"

    assert problems_of(text, **(SAID | {"title": "Another", "valid_from": None})) == [
        "The file says “Example list 2027” for the title, and you said “Another”."
    ]


def test_a_csv_file_needs_what_it_does_not_say():
    assert problems_of("country\nGHA\n", name="list.csv", label="2027") == [
        "Say the title: a CSV file holds the countries only.",
        "Say the day of publication: a CSV file holds the countries only.",
        "Say the day from which it is in force: a CSV file holds the countries only.",
        "Say the source: a CSV file holds the countries only.",
    ]
