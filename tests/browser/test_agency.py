"""An officer of an agency: from the invitation to what was declared, and a file of placements."""

import csv
import re
import secrets
from pathlib import Path

import pytest

from tests.browser.conftest import WAYS
from tests.browser.hands import Pointer
from tests.browser.signing_in import sign_in

# the short way round is the employer's, and that is gone on both databases
pytestmark = pytest.mark.postgresql_only


PASSWORD = "correct horse battery staple"
REQUIREMENTS = 38
SAVE_ROWS = re.compile(r"Save \d+ rows?")
LETTERS = dict(zip(WAYS, "XYZ", strict=True))


@pytest.fixture
def newcomer(visitor, world):
    """The address of somebody whom a case officer invites to sign for a new agency."""

    def come(way: str) -> tuple[str, str]:
        # nobody of that name yet, however often the world is visited
        hands, letter = visitor(), f"{LETTERS[way]}{secrets.token_hex(3)}"
        email = f"signer@{letter.lower()}.example"
        sign_in(hands, world, "officer@authority.example")
        hands.visit("/regulator/agencies/register/")
        hands.write("Legal name", f"Newcomer Invented {letter} Ltd")
        hands.write("Registered on", "2026-01-05")
        hands.page.locator("main form button[type=submit]").click()
        number = hands.page.url.split("/agency/")[1].split("/")[0]
        hands.write("E-mail address", email)
        hands.page.get_by_label("Signing officer").check()
        hands.page.locator("main form button[type=submit]").click()
        hands.page.wait_for_url(f"**/agency/{number}/**")
        return email, number

    return come


def accept(hands: Pointer, world, email: str) -> None:
    hands.visit(world.link_in_letter(email, "/invitation/"))
    hands.write("Your name", "Signy Invented")
    hands.write("New password", PASSWORD)
    hands.write("The same again", PASSWORD)
    hands.push("Accept the invitation")


def let_sign(visitor, world, number: str) -> None:
    """The regulator records that the newcomer signs."""
    hands = visitor()
    sign_in(hands, world, "officer@authority.example")
    hands.visit(f"/agency/{number}/record/officer/")
    hands.write("Name", "Signy Invented")
    hands.write("Position", "Director")
    hands.choose("Signs for the agency")
    hands.page.get_by_label("Account").select_option(index=1)
    hands.write("From", "2026-01-05")
    hands.page.locator("main form button[type=submit]").click()
    hands.sees("Signy Invented")


@pytest.mark.parametrize("way", WAYS)
def test_from_the_invitation_to_the_declaration(way, visitor, world, newcomer, tmp_path):
    email, number = newcomer(way)
    hands = visitor(way)
    accept(hands, world, email)
    let_sign(visitor, world, number)

    hands.visit(f"/agency/{number}/attestation/")
    hands.push("Begin an attestation")
    tasks = hands.page.url
    hands.follow("Take the knowledge check")
    take_the_knowledge_check(hands)

    hands.visit(tasks)
    evidence = tmp_path / "policy.txt"
    evidence.write_text("Invented: trained on the Code in 2026.")
    hands.leave_by(hands.page.locator(".govuk-task-list__link").first)
    hands.push("Save and go on")
    hands.sees("There is a problem")
    hands.choose("We do this")
    hands.attach("A new file that bears this out (optional)", evidence)
    hands.push("Save and go on")
    for _ in range(2 if way != "pointer" else REQUIREMENTS - 1):
        hands.choose("We do not do this yet")
        hands.push("Save and go on")
    if way != "pointer":
        answer_the_rest(hands, tasks)
    hands.sees(f"{REQUIREMENTS} of {REQUIREMENTS} requirements")
    hands.follow("Check the answers and declare")
    hands.push("Go on to the declaration")
    hands.push("Declare and send")
    hands.sees("Tick this to declare")
    hands.choose("I have read this declaration and make it for the agency")
    hands.push("Declare and send")
    hands.sees("Attestation handed in")


def answer_the_rest(hands: Pointer, tasks: str) -> None:
    """Thirty-five more pages of the same make teach nothing new: their forms are sent as they are.

    In the session of whoever is at the keys, so what follows is theirs.
    """
    hands.visit(tasks)
    open_ones = hands.page.locator(".govuk-task-list__item", has_text="Not started")
    links = open_ones.locator('a[href*="/requirement/"]').evaluate_all(
        "links => links.map(link => link.href)"
    )
    token = hands.page.locator("input[name=csrfmiddlewaretoken]").first.get_attribute("value")
    for link in links:
        form = {"csrfmiddlewaretoken": token, "choice": "does_not", "then": "next"}
        hands.page.request.post(link, form=form, headers={"Referer": link})
    hands.visit(tasks)


def take_the_knowledge_check(hands: Pointer) -> None:
    hands.push("Begin")
    for number in range(1, 16):
        hands.sees(f"Question {number} of 15")
        hands.mark(hands.page.locator("input[type=radio]").first)
        hands.push("Save and go on")
    hands.push("Finish and see the result")
    hands.sees("answers are right")


@pytest.mark.parametrize("way", WAYS)
def test_a_file_of_placements_with_mistakes(way, visitor, world, tmp_path):
    """Dogwood's first rows, one of them from a country that does not exist."""
    path = faulty_file(world.folder / "demo" / "cedar-placements.csv", tmp_path, way)
    hands = visitor(way)
    sign_in(hands, world, "officer@dogwood.example")
    number = next(part["number"] for part in world.summary["agencies"] if part["letter"] == "D")
    hands.visit(f"/agency/{number}/placements/upload/")
    hands.attach("File of placements", path)
    hands.leave_by(hands.page.locator("main form button[type=submit]").first)
    wait_until_read(hands)
    hands.sees("Atlantis")
    hands.leave_by(hands.page.get_by_role("button", name=SAVE_ROWS).first)
    wait_until_saved(hands)


def faulty_file(source: Path, folder: Path, way: str) -> Path:
    with source.open(newline="", encoding="utf-8-sig") as lines:
        head, *rows = list(csv.reader(lines))[:12]
    at = head.index(next(name for name in head if "reference" in name.lower()))
    for number, row in enumerate(rows):
        row[at] = f"{LETTERS[way]}-{number}"
    residence = next(n for n, name in enumerate(head) if "residence" in name.lower())
    rows[0][residence] = "Atlantis"
    path = folder / f"placements-{LETTERS[way]}.csv"
    with path.open("w", newline="", encoding="utf-8") as written:
        csv.writer(written).writerows([head, *rows])
    return path


def wait_until_read(hands: Pointer) -> None:
    for _ in range(60):
        if hands.page.get_by_role("button", name=SAVE_ROWS).count():
            return
        hands.page.wait_for_timeout(500)
        hands.page.reload()
    raise AssertionError("The file was not read in half a minute.")


def wait_until_saved(hands: Pointer) -> None:
    for _ in range(60):
        if hands.page.get_by_text("Saved", exact=False).count():
            return
        hands.page.wait_for_timeout(500)
        hands.page.reload()
    raise AssertionError("The rows were not saved in half a minute.")
