"""Strings that break software, through every text field of an audit and back onto its pages."""

import json
from pathlib import Path

import pytest
from django.urls import reverse

from audits.enums import DecisionOutcome
from audits.models import Appeal, Audit, CorrectiveAction, Decision, Finding
from audits.services import decide
from tests.factories import audits as make
from tests.factories.attestations import CATALOGUE

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

VECTORS = Path(__file__).parents[2] / "vectors"
NAUGHTY = [text for text in json.loads((VECTORS / "blns.json").read_text()) if text.strip()]
LONGEST = 9_000

# as they stand in the list; escaped, none of them is left on a page
LIVE = (
    "<script>alert(",
    "<img src=x",
    "<svg><script>",
    'javascript:alert(1);">',
    "<iframe src=",
    'onerror="alert',
)


def chunks():
    """The strings joined line by line, as many at a time as a field takes."""
    joined, size = [[]], 0
    for text in NAUGHTY:
        text = text.replace("\x00", "")
        if size + len(text) > LONGEST:
            joined, size = [*joined, []], 0
        joined[-1].append(text)
        size += len(text) + 1
    return ["\n".join(part) for part in joined]


def post(client, person, name, args, data):
    client.force_login(person)
    response = client.post(reverse(f"audits:{name}", args=args), data)
    assert response.status_code == 302, (name, response.context["form"].errors)


def the_whole_case(client, people, text):
    number = people.agency.register_number
    plan = {
        "kind": "initial",
        "edition": CATALOGUE,
        "period_from": "2024-01-01",
        "period_until": "2025-12-31",
        "planned_for": "2026-03-16",
        "source": "PHL",
        "destination": "IRL",
        "occupation_group": "222",
        "plan": text,
        "leader": people.leader.pk,
    }
    post(client, people.officer, "plan", (number,), plan)
    at = (Audit.objects.get().number,)
    post(client, people.leader, "open", at, {})
    result = {"result": "does_not", "note": text}
    post(client, people.leader, "checklist_item", (*at, "REQ-01"), result)
    finding = {
        "requirement": "REQ-11",
        "grade": "major",
        "statement": text,
        "description": text.replace("\n", " ")[:500],
    }
    post(client, people.leader, "raise_finding", at, finding)
    post(client, people.leader, "raise_finding", at, finding)
    post(client, people.leader, "withdraw", (*at, 2), {"reason": text})
    post(client, people.member, "reply", (*at, 1), {"reply": text})
    post(client, people.leader, "conclude", at, {"method": text, "conclusion": text})
    post(client, people.officer, "issue_report", at, {})
    post(client, people.leader, "addendum", at, {"text": text, "reason": text})
    post(client, people.leader, "request_correction", (*at, 1), {})
    said = {"root_cause": text, "correction": text, "prevention": text}
    action = (CorrectiveAction.objects.get().public_id,)
    post(client, people.member, "submit_correction", action, said)
    post(client, people.leader, "reject_correction", action, {"note": text})
    proposal = {"outcome": "refused", "reasons": text}
    post(client, people.officer, "propose", at, proposal)
    declined = Decision.objects.get()
    post(client, people.decider, "decline", (declined.public_id,), {"reason": text})
    post(client, people.officer, "propose", at, proposal)
    decision = Decision.objects.exclude(pk=declined.pk).get()
    decide(decision_id=decision.pk, by=people.decider)
    post(client, people.signer, "lodge_appeal", (decision.public_id,), {"grounds": text})
    hearing = {"outcome": "decision_upheld", "reasons": text}
    post(client, people.panel, "hear_appeal", (Appeal.objects.get().public_id,), hearing)
    post(client, people.leader, "close", at, {"note": text})


@pytest.mark.parametrize("text", chunks(), ids=lambda text: f"{len(text)} characters")
def test_no_text_breaks_a_page_or_comes_alive_on_it(client, people, text):
    the_whole_case(client, people, text)
    audit = Audit.objects.get()
    pages = [
        (people.leader, reverse("audits:list")),
        (people.leader, reverse("audits:detail", args=(audit.number,))),
        (people.leader, reverse("audits:checklist", args=(audit.number,))),
        (people.signer, reverse("audits:for_agency", args=(people.agency.register_number,))),
        (
            people.signer,
            reverse("audits:agency_audit", args=(people.agency.register_number, audit.number)),
        ),
        *(
            (person, reverse("audits:finding", args=(audit.number, finding.position)))
            for finding in Finding.objects.all()
            for person in (people.leader, people.signer)
        ),
        *(
            (people.leader, reverse("audits:decision", args=(decision.public_id,)))
            for decision in Decision.objects.all()
        ),
    ]

    alive = []
    for person, address in pages:
        client.force_login(person)
        page = client.get(address)
        assert page.status_code == 200, address
        alive += [(address, mark) for mark in LIVE if mark in page.content.decode()]

    assert alive == []
    assert Decision.objects.filter(outcome=DecisionOutcome.REFUSED).count() == 2


@pytest.fixture
def people():
    return make.case()
