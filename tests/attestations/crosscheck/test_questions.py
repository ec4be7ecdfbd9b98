"""A question in words is understood or refused, and answered by the rules of real placements."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from attestations.crosscheck.questions import QuestionRefused, answer_question, read_question
from tests.factories import attestations

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)
ASKED = {"source": "GHA", "destination": "IRL", "occupation": "2221", "on": "2024-05-10"}


def answered(**stated):
    attestations.reference()
    answer = answer_question(read_question({**ASKED, **stated}, today=TODAY))
    return answer.verdict.outcome.value, [one.code for one in answer.explanations]


def command(*arguments):
    out = StringIO()
    call_command("ask", *arguments, stdout=out)
    return out.getvalue()


ARGUMENTS = [part for name, value in ASKED.items() for part in (f"--{name}", value)]


@pytest.mark.parametrize(
    ("stated", "answer"),
    [
        ({"mode": "agency"}, ("NON_COMPLIANT", ["SSL-ACTIVE"])),
        ({"mode": "direct"}, ("CLEAR_WITH_NOTES", ["SSL-PASSIVE"])),
        ({"mode": "facilitated", "evidence": "yes"}, ("CLEAR_WITH_NOTES", ["SSL-FACILITATED"])),
        ({}, ("REFER_TO_AUDITOR", ["DATA-MISSING:mode", "SSL-ACTIVE"])),
        ({"mode": "agency", "source": "Philippines"}, ("CLEAR", [])),
        (
            {"mode": "agency", "source": "zaf", "training": "NGA", "months": "5"},
            ("ACTION_REQUIRED", ["SSL-TRANSIT"]),
        ),
        (
            {"mode": "agency", "destination": "Scotland", "source": "PHL"},
            ("CLEAR_WITH_NOTES", ["UK-NATION"]),
        ),
        (
            {"mode": "agency", "agreement": "none such", "source": "PHL"},
            ("ACTION_REQUIRED", ["BLA-INVALID"]),
        ),
        (
            {"mode": "agency", "source": "ZWE", "on": "2023-03-07", "start": "2023-06-01"},
            ("CLEAR_WITH_NOTES", ["SSL-ADDED-LATER"]),
        ),
        ({"mode": "agency", "on": "2010-05-20"}, ("CLEAR_WITH_NOTES", ["NO-EDITION"])),
    ],
)
def test_a_question_is_answered(stated, answer):
    assert answered(**stated) == answer


def test_what_is_not_understood_is_told_point_by_point():
    with pytest.raises(QuestionRefused) as refused:
        read_question(
            {
                "source": "Congo",
                "destination": "",
                "occupation": "nurse",
                "on": "10/05/2024",
                "mode": "by boat",
                "months": "some",
                "evidence": "perhaps",
                "agreement": "x" * 61,
            },
            today=TODAY,
        )

    assert sorted(refused.value.problems) == sorted(
        ["source", "destination", "occupation", "on", "mode", "months", "evidence", "agreement"]
    )
    assert refused.value.problems["source"].startswith("Source: “Congo” can mean more than one")


def test_the_answer_says_on_what_it_rests_and_what_was_not_asked():
    attestations.reference()

    lines = command(*ARGUMENTS, "--mode", "agency").splitlines()

    assert lines[0] == (
        "On what you told us (from Ghana to Ireland on 10 May 2024): this recruitment is not in "
        "line with the safeguards. 11 points were not asked, and are listed."
    )
    assert "  - the agency's licence" in lines
    assert "  - fees and costs charged to the worker" in lines
    assert [line for line in lines if line.startswith("  Source: WHO")] == [
        "  Source: WHO Global Code of Practice, Article 5.1; Safeguards List edition in force"
    ]


def test_nothing_found_is_never_a_bare_clear():
    attestations.reference()

    told = command("--source", "PHL", *ARGUMENTS[2:], "--mode", "agency")

    assert "nothing was found in the lists that were read." in told
    assert "Not asked:" in told
    assert "illegal" not in told


def test_the_same_comes_as_data():
    attestations.reference()

    told = json.loads(command(*ARGUMENTS, "--mode", "agency", "--json"))

    assert (told["outcome"], told["edition"]) == ("NON_COMPLIANT", "2023")
    assert [(one["code"], one["basis"], one["edition"]) for one in told["findings"]] == [
        ("SSL-ACTIVE", "code", "2023")
    ]
    assert told["asked"] == {
        "Source": "Ghana (GHA)",
        "Destination": "Ireland (IRL)",
        "Occupation": "Nursing professionals (2221)",
        "How they come together": "the agency approached the worker",
        "Day of recruitment": "2024-05-10",
    }
    assert len(told["not_asked"]) == 11
    assert len(told["would_change"]) == 3


def test_the_command_refuses_in_words():
    with pytest.raises(CommandError) as refused:
        command("--source", "Congo", *ARGUMENTS[2:])

    assert refused.value.returncode == 2
    assert "Type COG for" in str(refused.value)


def test_what_is_not_understood_is_told_as_data_as_well():
    out = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("ask", *ARGUMENTS, "--months", "some", "--json", stdout=out)

    problem = "Months of residence: “some” is not a number of whole months."
    assert (str(refused.value), refused.value.returncode) == (problem, 2)
    assert json.loads(out.getvalue()) == {"state": "refused", "problems": {"months": problem}}
