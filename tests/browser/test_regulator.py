"""A case officer, a decider and an employer: from the queue to what everybody can read."""

import pytest

from tests.browser.conftest import WAYS
from tests.browser.signing_in import sign_in

# the short way round is the employer's, and that is gone on both databases
pytestmark = pytest.mark.postgresql_only


OFFICER = "officer@authority.example"
DECIDER = "decider@authority.example"


@pytest.mark.parametrize("way", WAYS)
def test_the_queue_and_a_matter(way, visitor, world):
    hands = visitor(way)
    sign_in(hands, world, OFFICER)
    hands.follow("Queue")
    hands.follow("Closed")
    hands.sees("Closed:")
    hands.leave_by(hands.page.locator("tbody a").first)
    hands.sees("The clock has stopped")
    seen = hands.page.get_by_role("button", name="I have seen these")
    if seen.count():
        hands.leave_by(seen.first)
        hands.sees("What came up so far is marked as seen")
    hands.follow("Back")
    hands.unfold("Narrow the list")
    hands.write("Name of this view", f"Closed, {way}")
    hands.push("Save this view")
    hands.sees(f"Closed, {way}")


def test_a_suspension_ends_by_two_people_and_everybody_reads_it(visitor, world):
    number = world.certificate_of("C")
    officer, decider, employer = visitor(), visitor("keyboard"), visitor("without JavaScript")
    employer.visit(f"/verify/{number}/")
    employer.sees("suspended")

    sign_in(officer, world, OFFICER)
    officer.visit(f"/certificates/{number}/")
    officer.push("Propose a change of status")
    officer.choose("Restoration")
    officer.write(
        "With effect from", officer.page.evaluate("new Date().toISOString().slice(0, 10)")
    )
    officer.pick("Reason", "The reason for the suspension has been corrected")
    officer.write("Explanation", "Invented: the complaints were looked into and are settled.")
    officer.push("Propose")
    officer.sees("Somebody else has to confirm it")

    sign_in(decider, world, DECIDER)
    decider.visit(f"/certificates/{number}/")
    decider.sees("The public page, before and after")
    decider.push("Confirm")
    decider.sees("Everybody who checks the certificate sees it now")

    employer.visit(f"/verify/{number}/")
    employer.sees("is valid today")
