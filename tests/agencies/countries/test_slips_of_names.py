"""A slip of the fingers in a name is a question, and what is offered for it can be typed."""

from random import Random

import pytest

from agencies.countries.spellings import (
    CountryRefused,
    CountryUnknown,
    Place,
    default_resolver,
    resolve,
    resolve_with_part,
)


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("Gahna", "Ghana (GHA)"),
        ("Engand", "England (GBR)"),
        ("Scotlnad", "Scotland (GBR)"),
        ("Irland", "Ireland (IRL)"),
        ("Gemrany", "Germany (DEU)"),
        ("Idnia", "India (IND)"),
        ("Cogno", "Democratic Republic of the Congo (COD) or Congo (Republic of the) (COG)"),
    ],
)
def test_a_slip_of_the_fingers_is_a_question(text, offered):
    with pytest.raises(CountryUnknown) as refused:
        resolve(text)

    assert str(refused.value) == (
        f"“{text}” is not a country name that is known here. Did you mean {offered}?"
    )


def _slips(name, draw):
    """The name with two neighbours in the wrong order, and with one letter left out."""
    at = draw.randrange(len(name) - 1)
    yield name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    at = draw.randrange(len(name))
    yield name[:at] + name[at + 1 :]


def test_what_is_offered_for_a_slip_is_taken_and_names_what_was_meant():
    """A slip of a name is another name or code now and then, which is then meant."""
    draw = Random(1)
    asked = 0
    named = [(default_resolver().name(iso3), Place(iso3)) for iso3 in default_resolver().codes()]
    named += [(part, Place("GBR", part)) for part in ("England", "Scotland", "Wales")]
    for name, place in sorted(named):
        plain = name.split(" (")[0]
        if resolves(plain) != place or not plain.isascii() or len(plain) < 5:
            continue
        for text in _slips(plain, draw):
            if candidates := refused_with(text):
                asked += 1
                offered = [resolve_with_part(one.name) for one in candidates]
                assert place in offered, (name, text)
                assert [resolve_with_part(one.typed) for one in candidates] == offered

    assert asked > 300


def refused_with(text):
    try:
        resolve(text)
    except CountryRefused as refused:
        return refused.candidates or pytest.fail(f"{text} is refused without any question")
    return None


def resolves(text):
    try:
        return resolve_with_part(text)
    except CountryRefused:
        return None
