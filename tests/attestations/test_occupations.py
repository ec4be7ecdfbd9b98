import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attestations.occupations import (
    DATA,
    Occupation,
    OccupationAmbiguous,
    OccupationRefused,
    OccupationUnknown,
    default_classification,
    group,
    groups,
    is_care,
    is_health,
    resolve_occupation,
    title,
)


def rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


UNIT_GROUPS = [row["code"] for row in rows("isco08_codes.csv") if row["level"] == "4"]


def test_every_code_of_three_or_four_digits_is_its_own():
    codes = [row["code"] for row in rows("isco08_codes.csv") if len(row["code"]) >= 3]

    assert {code: resolve_occupation(code) for code in codes} == {code: code for code in codes}
    assert default_classification().codes() == set(codes)


def test_every_title_of_the_index_names_its_code():
    index = rows("isco08_health_titles.csv")

    assert [resolve_occupation(row["title"]) for row in index] == [row["isco08"] for row in index]


def test_every_title_of_a_unit_group_names_it():
    wrong = {}
    for row in rows("isco08_codes.csv"):
        if row["level"] == "4":
            try:
                code = resolve_occupation(row["title"])
            except OccupationAmbiguous:
                code = "shared"
            if code != row["code"]:
                wrong[row["code"]] = code

    assert wrong == {"3355": "shared", "3411": "shared"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2221", "2221"),
        (" 2221 ", "2221"),
        ("ISCO-08 2221", "2221"),
        ("isco 2221", "2221"),
        ("222", "222"),
        ("2221 Nursing professionals", "2221"),
        ("2221 - registered nurse", "2221"),
        ("Nurse, registered", "2221"),
        ("registered nurse", "2221"),
        ("REGISTERED NURSES", "2221"),
        ("Registered\u00a0Nurse", "2221"),
        ("Nurse (registered)", "2221"),
        ("nursing aide: clinic", "5321"),
        ("Nursing professionals", "2221"),
        ("Nursing and midwifery professionals", "222"),
        ("Traditional and complementary medicine professionals", "2230"),
        ("Health care assistant", "5321"),
        ("Medical doctor", "221"),
        ("Surgeon", "2212"),
        ("Surgeon, dental", "2261"),
        ("Veterinary surgeon", "2250"),
        ("Anaesthesia technician", "3259"),
        ("Physiotherapist", "2264"),
        ("Enrolled nurse", "3221"),
        ("Doctor's assistant", "3256"),
    ],
)
def test_codes_and_known_titles_are_taken(text, code):
    assert resolve_occupation(text) == code


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("nurse", ["2221", "3221", "3222", "3240"]),
        ("Nurses", ["2221", "3221", "3222", "3240"]),
        ("midwife", ["2222", "3222"]),
        ("nursing aide", ["5321", "5322"]),
        ("paramedic", ["2240", "3258"]),
        ("2221 Dentist", ["2221", "2261"]),
    ],
)
def test_a_title_that_stands_for_several_is_refused_with_all_of_them(text, codes):
    with pytest.raises(OccupationAmbiguous) as refused:
        resolve_occupation(text)

    assert [candidate.code for candidate in refused.value.candidates] == codes


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "midwife",
            (
                "“midwife” can mean more than one occupation. Type 2222 for Midwifery "
                "professionals or 3222 for Midwifery associate professionals."
            ),
        ),
        (
            "clinical officer",
            (
                "“clinical officer” is not an occupation that is known here. "
                "Did you mean 2240 for Paramedical practitioners?"
            ),
        ),
        (
            "Physioterapist",
            (
                "“Physioterapist” is not an occupation that is known here. "
                "Did you mean 2264 for Physiotherapists "
                "or 3255 for Physiotherapy technicians and assistants?"
            ),
        ),
        (
            "astronaut",
            (
                "“astronaut” is not an occupation that is known here. "
                "Type its ISCO-08 code of four digits, such as 2221."
            ),
        ),
        (
            "3231",
            (
                "3231 is not a code of ISCO-08. It is one of the older ISCO-88. "
                "Did you mean 3221 for Nursing associate professionals?"
            ),
        ),
        (
            "9999",
            ("9999 is not a code of ISCO-08. Type its ISCO-08 code of four digits, such as 2221."),
        ),
        (
            "2221 Foo",
            ("2221 is not known by the title “Foo”. Did you mean 2221 for Nursing professionals?"),
        ),
        (
            " ",
            "No occupation was given. Type its ISCO-08 code of four digits, such as 2221.",
        ),
    ],
)
def test_the_refusal_says_what_to_type(text, message):
    with pytest.raises(OccupationRefused) as refused:
        resolve_occupation(text)

    assert str(refused.value) == message


@pytest.mark.parametrize("text", ["2", "22", "53"])
def test_a_group_too_broad_to_judge_is_refused(text):
    with pytest.raises(OccupationUnknown, match="is too broad: give three or four digits"):
        resolve_occupation(text)


@pytest.mark.parametrize(
    "text",
    ["nurce", "nursery", "registerd nurse", "2221x", "22 21", "222A", "n" * 5000],
)
def test_what_is_only_near_is_refused(text):
    with pytest.raises(OccupationRefused) as refused:
        resolve_occupation(text)
    assert len(str(refused.value)) < 600


@given(st.text(max_size=80))
def test_any_text_is_a_code_or_a_refusal(text):
    try:
        assert resolve_occupation(text) in default_classification().codes()
    except OccupationRefused as refused:
        assert refused.text == text  # noqa: PT017 -- either way out is right


def test_health_and_care_are_those_of_the_rule():
    beginnings = ("221", "222", "223", "2240", "226", "321", "322", "323", "325")

    assert {code for code in UNIT_GROUPS if is_health(code)} == {
        code for code in UNIT_GROUPS if code.startswith(beginnings)
    }
    assert {code for code in UNIT_GROUPS if is_care(code)} == {"5321", "5322", "5329"}


@pytest.mark.parametrize(
    ("code", "health", "care"),
    [
        pytest.param("222", True, False, id="a group of health occupations"),
        pytest.param("224", True, False, id="a group whose only member is one"),
        pytest.param("22", False, False, id="a group that also holds veterinarians"),
        pytest.param("2250", False, False, id="veterinarians"),
        pytest.param("3240", False, False, id="veterinary technicians"),
        pytest.param("532", False, True, id="the group of care"),
        pytest.param("531", False, False, id="child care"),
        pytest.param("2411", False, False, id="accountants"),
    ],
)
def test_a_group_is_health_or_care_when_all_of_it_is(code, health, care):
    assert (is_health(code), is_care(code)) == (health, care)


def test_groups_that_a_certificate_can_name():
    assert group("2221") == group("222") == Occupation("222", "Nursing and midwifery professionals")
    assert [found.code for found in groups()] == [
        "221",
        "222",
        "223",
        "224",
        "226",
        "321",
        "322",
        "323",
        "325",
        "532",
    ]


def test_a_code_that_does_not_exist_has_no_title_and_no_answer():
    assert title("2221") == "Nursing professionals"
    for ask in (title, is_health, is_care, group):
        with pytest.raises(OccupationUnknown):
            ask("9999")
    with pytest.raises(OccupationUnknown, match="too broad"):
        group("22")
