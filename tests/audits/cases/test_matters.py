"""Each verb of the journal, and what it does to the queue: on a book in memory."""

import ast
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from audits.cases.clocks import Clock
from audits.cases.enums import Ending, Stage
from audits.cases.matters import HEARD_OF, Matter
from tests.audits.cases.steps import STEPS
from tests.audits.cases.told import (
    AGAIN,
    AGENCY,
    ASKED,
    AT,
    ATTESTATION,
    AUDIT,
    CERTIFICATE,
    CLAIM,
    CLAIMED,
    CORRECTION,
    DECISION,
    FINDING,
    HANDED_IN,
    OPENED,
    PLANNED,
    RETURNED,
    TEAM,
    one,
    told,
)

VERB = re.compile(r"[a-z_]+\.(?!csv$)[a-z_]+")


@pytest.mark.parametrize(("subject", "entries", "expected"), STEPS)
def test_each_verb_leaves_its_matter_where_the_table_says(subject, entries, expected):
    found = one(subject, *entries)

    clock = found.clock
    assert (found.stage, found.waits_on, clock.due_on, clock.days_left, found.ending) == expected


def test_every_verb_that_is_heard_of_is_in_a_test():
    told_of = {verb for case in STEPS for verb, *_ in case.values[1]}

    assert HEARD_OF - told_of == {"audit.team_changed", "agency.transferred", "case.assigned"}


def test_every_verb_of_these_rooms_is_heard_of_or_left_aside_by_name():
    """A verb that somebody adds has to be put here or into the table of steps."""
    aside = {
        # the agency's own, before it hands in
        "attestation.answered",
        "attestation.continued",
        "attestation.evidence_attached",
        "attestation.evidence_detached",
        "attestation.started",
        # an audit is no further by them
        "addendum.issued",
        "addendum.proposed",
        # the appeal was heard, and reopens the audit itself
        "decision.set_aside",
        # between colleagues: whoever waits goes on waiting
        "concern.noted",
        # nobody waits for what the register does by itself
        "certificate.issued",
        "certificate.prepared",
        "certificate.superseded",
        "certificate.void",
    }
    families = "addendum|appeal|attestation|audit|certificate|checklist|claim|concern|correction"
    families += "|decision|finding|sample|status_change"
    heads = tuple(f"{family}." for family in families.split("|"))

    verbs = {verb for verb in _verbs_written() if verb.startswith(heads)}

    assert verbs - HEARD_OF == aside


def test_a_matter_keeps_its_address_and_its_past_when_it_comes_back():
    first = one(ATTESTATION, *RETURNED)
    again = one(AGAIN, *RETURNED, ("attestation.submitted", AGAIN))

    assert again.public_id == first.public_id
    assert (again.earlier, again.opened_at, again.reference) == (
        (ATTESTATION,),
        first.opened_at,
        AGAIN.upper(),
    )
    assert again.days_given == 30


def test_a_matter_that_ended_does_not_come_back_with_the_next_attestation():
    book = told(HANDED_IN, ("attestation.accepted", ATTESTATION), ("attestation.submitted", AGAIN))

    assert [matter.ending for matter in book.matters.values()] == [Ending.ACCEPTED, None]


def test_an_audit_begins_with_its_leader_and_so_does_what_follows_from_it():
    book = told(*ASKED, ("decision.proposed", DECISION))

    assert [book.get(subject).assignee for subject in (AUDIT, CORRECTION, DECISION)] == [7, 7, None]


def test_a_new_leader_takes_over_what_the_one_before_held():
    changed = ("audit.team_changed", AUDIT, {"before": TEAM, "after": [["user:9", "team_leader"]]})
    given = ("case.assigned", AUDIT, {"matter": CORRECTION, "to": 4})

    book = told(*ASKED, given, changed)

    assert [book.get(subject).assignee for subject in (AUDIT, CORRECTION)] == [9, 4]


def test_what_follows_an_agency_goes_with_it_and_audits_stay():
    moved = ("agency.transferred", AGENCY, {"old": 2, "new": 6})

    book = told(HANDED_IN, PLANNED, CLAIMED, moved)

    assert [book.get(subject).regulator for subject in (ATTESTATION, AUDIT, CLAIM)] == [6, 2, 6]


def test_a_matter_is_given_to_a_person_and_handed_back():
    given = ("case.assigned", "audits.case:1", {"matter": ATTESTATION, "to": 4})
    back = ("case.assigned", "audits.case:1", {"matter": ATTESTATION, "to": None})

    assert one(ATTESTATION, HANDED_IN, given).assignee == 4
    assert one(ATTESTATION, HANDED_IN, given, back).assignee is None


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(("attestation.accepted", ATTESTATION), id="an end"),
        pytest.param(("checklist.result_recorded", AUDIT), id="work"),
        pytest.param(("finding.raised", FINDING), id="a finding"),
        pytest.param(("correction.verified", CORRECTION), id="a verified correction"),
        pytest.param(("certificate.withdrawn", CERTIFICATE, {"change": 9}), id="after an appeal"),
        pytest.param(("case.assigned", AUDIT, {"matter": AUDIT, "to": 4}), id="an assignment"),
        pytest.param(("audit.team_changed", AUDIT, {}), id="a team"),
        pytest.param(("attestation.submitted", "nobody.knows:1"), id="no record"),
    ],
)
def test_what_nobody_opened_is_not_opened_by(entry):
    assert told(entry).matters == {}


def test_a_matter_whose_beginning_was_not_recorded_is_taken_up_where_it_stands():
    assert one(AUDIT, ("audit.reported", AUDIT)).stage == Stage.REPORTED


def test_a_matter_knows_the_last_entry_that_concerned_it():
    found = one(AUDIT, *OPENED, ("sample.drawn", AUDIT))

    assert (found.position, found.moved_at) == (3, AT + timedelta(days=2))


def test_matters_are_compared_whole():
    found = one(ATTESTATION, HANDED_IN)

    assert isinstance(found, Matter)
    assert found != replace(found, clock=Clock())


def _verbs_written():
    """Every verb that the code writes into the journal as a plain text."""
    for room in ("agencies", "attestations", "audits"):
        for path in (Path(settings.BASE_DIR) / room).rglob("*.py"):
            texts = (
                node.value
                for node in ast.walk(ast.parse(path.read_text()))
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            )
            yield from filter(VERB.fullmatch, texts)
