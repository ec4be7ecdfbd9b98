from random import Random

import pytest

from agencies.lib.slips import Slips, is_one_slip

KNOWN = ("agency", "employer", "direct", "edu")


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("agancy", ["agency"]),
        ("agnecy", ["agency"]),
        ("agncy", ["agency"]),
        ("aagency", ["agency"]),
        ("agency", []),
        ("agenyc", ["agency"]),
        ("eud", ["edu"]),
        ("ed", []),
        ("", []),
        ("agenncyy", []),
        ("yagenc", []),
    ],
)
def test_words_one_slip_away_are_found(text, near):
    assert Slips(KNOWN).near(text) == near


def test_the_index_finds_what_comparing_with_every_word_finds():
    draw = Random(7)
    known = {"".join(draw.choices("abc", k=draw.randint(3, 6))) for _ in range(120)}
    slips = Slips(known)

    for _ in range(500):
        text = "".join(draw.choices("abc", k=draw.randint(3, 6)))

        assert slips.near(text) == sorted(word for word in known if is_one_slip(word, text))


@pytest.mark.parametrize(
    ("word", "text", "slip"),
    [
        ("ghana", "gahna", True),
        ("england", "engand", True),
        ("peru", "perua", True),
        ("peru", "pera", True),
        ("peru", "peru", False),
        ("peru", "epur", False),
        ("peru", "prue", False),
    ],
)
def test_a_slip_is_one_letter_or_two_neighbours(word, text, slip):
    assert is_one_slip(word, text) is slip
    assert is_one_slip(text, word) is slip
