import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.lib.check_characters import (
    ALPHABET,
    NumberUnreadable,
    check_character,
    first_issuable,
    grouped,
    is_issuable,
    is_valid,
    normalise,
    with_check,
)

BODIES = st.text(alphabet=ALPHABET, min_size=1, max_size=24)

# The Global Release Identifier of its own handbook, and numbers of the ISAN register: both
# standards prescribe ISO 7064 MOD 37,36.
PUBLISHED = [
    pytest.param("A12425GABC1234002", "M", id="GRid handbook"),
    pytest.param("00000000D07A0090", "Q", id="ISAN 0000-0000-D07A-0090-Q"),
    pytest.param("00003BAB93520000", "G", id="ISAN 0000-3BAB-9352-0000-G"),
    pytest.param("000000018947000000000000", "D", id="ISAN with version"),
]


@pytest.mark.parametrize(("body", "check"), PUBLISHED)
def test_published_examples(body, check):
    assert check_character(body) == check
    assert is_valid(body + check)


@given(BODIES, st.data())
def test_every_single_wrong_character_is_caught(body, data):
    number = body + check_character(body)
    place = data.draw(st.integers(0, len(number) - 1))
    wrong = data.draw(st.sampled_from([c for c in ALPHABET if c != number[place]]))

    assert is_valid(number)
    assert not is_valid(number[:place] + wrong + number[place + 1 :])


@given(st.text(alphabet="0123456789ABCDEFGHJKLMNPQRSTUVWXYZ", min_size=1, max_size=24))
def test_every_swap_of_neighbours_in_an_issued_number_is_caught(body):
    number = with_check(body)

    if is_issuable(number):
        for place in range(len(number) - 1):
            swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
            assert swapped == number or not is_valid(swapped)


def test_the_plain_standard_misses_a_few_swaps_and_they_are_not_issued():
    twins = [
        (a + b, b + a)
        for a, b in itertools.combinations(ALPHABET, 2)
        if check_character("AGY" + a + b) == check_character("AGY" + b + a)
    ]

    assert len(twins) == 1
    assert [is_issuable(with_check("AGY" + body)) for body in twins[0]] == [False, False]


def test_nine_in_ten_bodies_can_be_issued():
    bodies = [f"AGY{count:06d}" for count in range(2000)]

    issued = [number for number in map(with_check, bodies) if is_issuable(number)]

    assert len(issued) > 1750
    assert len(set(issued)) == len(issued)
    assert not any("O" in number or "I" in number for number in issued)


def test_first_issuable_passes_over_what_may_not_be_given_out():
    bodies = [f"AGY{count:06d}" for count in range(200)]
    refused = next(body for body in bodies if not is_issuable(with_check(body)))
    following = bodies[bodies.index(refused) + 1]

    assert first_issuable([refused, following]) == with_check(following)
    with pytest.raises(ValueError, match="None of these bodies"):
        first_issuable([refused])


@pytest.mark.parametrize(
    "typed",
    [
        "AGY000012",
        "agy 0000 12",
        "AGY-0000-12",
        "AGY–OOOO–12",
        " a g y 0 0 0 0 I 2 ",
        "ＡＧＹ000012",
    ],
)
def test_what_a_person_types_becomes_the_stored_form(typed):
    assert normalise(typed) == "AGY000012"


def test_a_check_character_that_looks_like_a_digit_is_found_again():
    body = next(f"A{n}" for n in range(2000) if check_character(f"A{n}") == "O")

    assert normalise(body + "O") == normalise(body + "0") == with_check(body)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "Type the number as it is printed; nothing was given."),
        (" - ", "Type the number as it is printed; nothing was given."),
        ("A" * 65, "A number has at most 64 characters; this has 65."),
        (
            "AGY/12",
            "A number holds digits and the letters A to Z only, not “/”. Type it as it is printed.",
        ),
        (
            "АGY12\x00",
            (
                "A number holds digits and the letters A to Z only, not “U+0000”, “А”. "
                "Type it as it is printed."
            ),
        ),
    ],
)
def test_what_cannot_be_a_number_is_refused_with_the_reason(typed, reason):
    with pytest.raises(NumberUnreadable) as refused:
        normalise(typed)

    assert str(refused.value) == reason


@pytest.mark.parametrize("number", ["", "A", "agy1", "AGY-1", "AGY 1", "²²", "é1"])
def test_only_the_stored_form_is_valid(number):
    assert not is_valid(number)


@pytest.mark.parametrize("body", ["ZOO1", "I", "", "Ä1"])
def test_a_body_that_would_confuse_is_refused(body):
    with pytest.raises(NumberUnreadable):
        with_check(body)


def test_a_body_is_stored_without_what_is_for_the_eye():
    assert with_check("agy-0000 12") == with_check("AGY000012")


def test_groups_for_the_eye_are_read_back():
    number = with_check("AGY000012")

    assert grouped(number) == f"AGY0-0001-2{number[-1]}"
    assert normalise(grouped(number)) == number
