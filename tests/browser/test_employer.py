"""An employer who has two minutes: find, check, ask about a day and a person, keep a receipt."""

import json

import pytest

from tests.browser.conftest import WAYS

pytestmark = pytest.mark.parametrize("way", WAYS)


def test_from_a_name_with_a_slip_to_the_answer_of_today(way, visitor):
    hands = visitor(way)
    hands.visit("/")
    hands.write("Name or number of an agency", "Alder Inventd Recruitment")
    hands.push("Search the register")
    hands.follow("Alder Invented Recruitment Ltd")
    hands.sees("is certified with conditions today")
    hands.sees("These are given by states under their own law")

    hands.follow("Is a person allowed to act for this agency?")
    hands.write("The person’s full name", "Nobody Ofthatname")
    hands.push("Ask")
    hands.sees("The register holds no officer")


def test_from_the_code_on_the_paper_to_another_day_and_a_receipt(way, visitor, world):
    number = world.certificate_of("A")
    hands = visitor(way)
    hands.visit(f"/verify/{number}/")
    hands.sees("is valid today")

    hands.write("Show the answer for another day", "2000-01-01")
    hands.push("Show")
    hands.sees("not yet valid")

    hands.visit(f"/verify/{number}/")
    kept = hands.keep("Keep it as a file for programs")
    receipt = json.loads(kept.read_text())
    assert receipt["receipt"]["question"]["number"] == number

    hands.follow("Check a receipt you kept")
    hands.attach("The receipt as a file", kept)
    hands.push("Check the receipt")
    hands.sees(f"{number[:4]}-{number[4:8]}-{number[8:]}")


def test_what_is_not_there_is_told_in_words_of_its_own(way, visitor):
    hands = visitor(way)
    hands.visit("/verify/")
    hands.write("Number of the certificate", "CE12")
    hands.push("Check")
    hands.sees("check character")

    hands.visit("/register/")
    hands.write("Name or number of an agency", "Zzyzx Unheard Of")
    hands.push("Search")
    hands.sees("An agency that is not here is not registered")


def test_a_whole_list(way, visitor):
    hands = visitor(way)
    hands.visit("/")
    hands.follow("Check many agencies at once")
    hands.push("Check the list")
    hands.sees("There is a problem")
    hands.write("Paste your list", "Alder Invented Recruitment Ltd\nCedar Invented\nNobody")
    hands.push("Check the list")
    hands.sees("Only similar names")
    kept = hands.keep("Keep it as CSV, with your columns")
    assert "Found" in kept.read_text(encoding="utf-8-sig")


def test_before_recruiting(way, visitor):
    hands = visitor(way)
    hands.visit("/")
    hands.follow("Ask before you recruit")
    hands.write("Where does the worker live?", "Ghana")
    hands.write("Where is the post?", "Ireland")
    hands.write("What is the worker qualified as?", "2221")
    hands.push("Ask")
    hands.sees("Ghana")
