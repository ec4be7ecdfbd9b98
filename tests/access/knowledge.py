"""Whoever acts for an agency takes the check; an attempt is its own person's alone."""

from attestations.knowledge import services
from tests.access.table import Row
from tests.access.world import cells

OWN = cells(own_agency=200)
ACT = cells(own_agency=302)
MINE = cells(agency_member=200, suspended_agency_admin=200)
MY_ACT = cells(agency_member=302, suspended_agency_admin=302)


def build(world):
    for case, role in ((world, "agency_member"), (world.suspended, "suspended_agency_admin")):
        case.attempt = services.begin_attempt(agency_id=case.agency.pk, by=world.people[role])


def number(world):
    return {"number": world.agency.register_number}


def attempt(world):
    return {**number(world), "public_id": world.attempt.public_id}


def question(world):
    return {**attempt(world), "position": 1}


PAGES = {
    "knowledge:home": Row(args=number, expect=OWN),
    "knowledge:begin": Row(args=number, method="POST", expect=ACT),
    "knowledge:attempt": Row(args=attempt, expect=MINE),
    "knowledge:question": (
        Row(args=question, expect=MINE),
        Row(args=question, method="POST", data={"answer": "0"}, expect=MY_ACT),
        Row(args=question, method="POST", data={"answer": "99"}, expect=MINE),
    ),
    "knowledge:finish": Row(args=attempt, method="POST", expect=MY_ACT),
}
