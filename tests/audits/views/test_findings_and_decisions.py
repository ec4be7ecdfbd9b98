import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from audits import services
from audits.enums import DecisionOutcome, DecisionState, FindingGrade
from audits.models import Appeal, Audit, CorrectiveAction, Decision, Finding
from tests.factories import audits as make
from tests.factories.keys import set_triggers_aside
from tests.factories.placements import placement

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return make.case()


def words(response):
    main = response.content.decode().split("<main", 1)[1].split("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def offers(response):
    return [offer["text"] for offer in response.context["offers"]]


def test_a_finding_is_raised_from_a_placement_and_a_rule(client, people):
    audit = make.opened(people)
    placement(people.agency, residence="ZWE", source="ZWE", reference="P/7 & co")
    client.force_login(people.leader)
    address = reverse("audits:raise_finding", args=(audit.number,))
    query = {"placement": "P/7 & co", "rule": "SSL-ACTIVE", "requirement": "REQ-11"}
    form = client.get(address, query).context["form"]
    asked = {name: form[name].value() for name in ("placement", "rule_code", "requirement")}

    client.post(address, asked | {"grade": "critical", "statement": "Recruited in Zimbabwe."})

    evidence = Finding.objects.get().evidence.get()
    assert (evidence.placement.reference, evidence.rule_code, evidence.list_edition_id) == (
        "P/7 & co",
        "SSL-ACTIVE",
        "2023",
    )


@pytest.mark.parametrize(
    ("stated", "error"),
    [
        ({}, "Name what the finding rests on"),
        ({"placement": "nowhere"}, "The agency has no placement with this reference."),
        ({"placement": "P-1", "rule_code": "SSL-ACTIVE"}, "the cross-check raised: DATA-MISSING"),
        ({"rule_code": "SSL-ACTIVE", "description": "x"}, "Name the placement on which"),
    ],
)
def test_a_finding_that_is_refused_keeps_what_was_typed(client, people, stated, error):
    audit = make.opened(people)
    placement(people.agency, reference="P-1")
    client.force_login(people.leader)

    page = client.post(
        reverse("audits:raise_finding", args=(audit.number,)),
        {"requirement": "REQ-01", "grade": "minor", "statement": "Kept <b>", **stated},
    )

    assert error in words(page)
    assert "Kept &lt;b&gt;</textarea>" in page.content.decode()
    assert not Finding.objects.exists()


def test_what_can_be_done_with_a_finding_follows_its_way(client, people):
    """Each step for both sides: what the page offers, before and after the report."""
    audit = make.opened(people)
    finding = make.finding(audit, people)
    seen = []

    def look():
        offered = {}
        for who in ("leader", "member", "decider"):
            client.force_login(getattr(people, who))
            address = reverse("audits:finding", args=(audit.number, finding.position))
            offered[who] = offers(client.get(address))
        seen.append(offered)

    look()
    make.reported(people, audit=audit)
    look()
    action = services.request_correction(finding_id=finding.pk, by=people.leader)
    look()
    make.submitted(action, people)
    look()
    services.verify_correction(correction_id=action.pk, by=people.leader)
    look()

    ask, withdraw = "Ask for a corrective action", "Withdraw the finding"
    assert seen == [
        {"leader": [withdraw], "member": ["Reply to the finding"], "decider": []},
        {"leader": [ask, withdraw], "member": [], "decider": []},
        {"leader": [withdraw], "member": ["Hand in the corrective action"], "decider": []},
        {
            "leader": ["Verify the corrective action", "Do not accept it", withdraw],
            "member": [],
            "decider": [],
        },
        {"leader": [withdraw], "member": [], "decider": []},
    ]


def test_a_corrective_action_goes_its_way_by_the_pages(client, people):
    audit = make.reported(people, FindingGrade.MAJOR)
    client.force_login(people.leader)
    client.post(reverse("audits:request_correction", args=(audit.number, 1)))
    first = CorrectiveAction.objects.get()
    client.force_login(people.member)
    said = {"root_cause": "None looked.", "correction": "Stopped.", "prevention": "We look."}
    client.post(reverse("audits:submit_correction", args=(first.public_id,)), said)
    client.force_login(people.leader)
    client.post(
        reverse("audits:reject_correction", args=(first.public_id,)), {"note": "Not enough."}
    )

    states = CorrectiveAction.objects.values_list("state", "review_note")
    assert list(states) == [("rejected", "Not enough."), ("requested", "")]


def test_the_agency_reads_notes_only_once_they_are_reported(client, people):
    audit = make.opened(people)
    make.sampled(audit, people)
    services.record_checklist_result(
        audit_id=audit.pk, ref="REQ-01", result="conforms", note="Note one.", by=people.leader
    )
    services.record_sample_result(
        audit_id=audit.pk, position=1, result="conforms", note="Note two.", by=people.leader
    )
    client.force_login(people.signer)
    address = reverse("audits:agency_audit", args=(people.agency.register_number, audit.number))
    before = words(client.get(address))

    make.reported(people, audit=audit)

    after = words(client.get(address))
    assert ["Note one." in before, "Note two." in before] == [False, False]
    assert ["Note one." in after, "Note two." in after] == [True, True]


def test_nobody_but_staff_reads_who_raised_and_who_decided(client, people):
    audit = make.reported(people, FindingGrade.OBSERVATION)
    decision = make.decided(people, audit, outcome=DecisionOutcome.REFUSED)
    pages = [
        reverse("audits:finding", args=(audit.number, 1)),
        reverse("audits:decision", args=(decision.public_id,)),
    ]
    names = {"leader": "Leader Example", "decider": "Aoife Example"}

    client.force_login(people.signer)
    assert [any(name in words(client.get(page)) for name in names.values()) for page in pages] == [
        False,
        False,
    ]
    client.force_login(people.officer)
    assert [any(name in words(client.get(page)) for name in names.values()) for page in pages] == [
        True,
        True,
    ]


def test_the_form_offers_only_what_the_findings_leave_open(client, people):
    audit = make.reported(people, FindingGrade.MINOR)
    client.force_login(people.officer)

    page = client.get(reverse("audits:propose", args=(audit.number,)))

    assert [value for value, _ in page.context["form"].fields["outcome"].choices] == [
        "granted_with_conditions",
        "refused",
    ]
    assert "minor: 1" in words(page)


def test_a_decider_reads_what_the_public_will_see_and_takes_it(client, people):
    decision = make.proposed(people, outcome=DecisionOutcome.REFUSED, reasons="Too little.")
    client.force_login(people.decider)
    page = words(client.get(reverse("audits:decision", args=(decision.public_id,))))
    assert "what the agency and the public will see" in page
    assert "Too little." in page
    assert "Nursing and midwifery professionals" in page

    client.post(reverse("audits:decide", args=(decision.public_id,)))

    assert Decision.objects.get().state == DecisionState.DECIDED


def test_a_refused_proposal_carries_no_dates(client, people):
    audit = make.reported(people)
    client.force_login(people.officer)

    client.post(
        reverse("audits:propose", args=(audit.number,)),
        {"outcome": "refused", "reasons": "No.", "valid_from": "2026-05-01"},
    )

    decision = Decision.objects.get()
    assert (decision.valid_from, decision.valid_until) == (None, None)


def test_an_appeal_goes_its_way_by_the_pages(client, people):
    decision = make.proposed(people, outcome=DecisionOutcome.REFUSED)
    services.decide(decision_id=decision.pk, by=people.decider)
    page = reverse("audits:decision", args=(decision.public_id,))
    client.force_login(people.signer)
    assert client.get(page).context["may_lodge"] is True
    client.post(
        reverse("audits:lodge_appeal", args=(decision.public_id,)), {"grounds": "Unfounded."}
    )
    appeal = Appeal.objects.get()
    client.force_login(people.panel)
    assert client.get(page).context["may_hear"] is True

    client.post(
        reverse("audits:hear_appeal", args=(appeal.public_id,)),
        {"outcome": "decision_set_aside", "reasons": "It was another's."},
    )

    decision.refresh_from_db()
    assert decision.state == DecisionState.SET_ASIDE
    client.force_login(people.signer)
    assert "set aside on appeal" in words(client.get(page))


def test_too_late_an_appeal_is_refused_in_words(client, people):
    decision = make.decided(people, outcome=DecisionOutcome.REFUSED)
    set_triggers_aside("audits_decision")
    Decision.objects.update(appeal_until=timezone.localdate() - timedelta(days=1))
    client.force_login(people.signer)
    page = reverse("audits:decision", args=(decision.public_id,))
    assert client.get(page).context["may_lodge"] is False

    answer = client.post(
        reverse("audits:lodge_appeal", args=(decision.public_id,)), {"grounds": "Unfounded."}
    )

    assert "The last day to appeal was" in words(answer)
    assert answer.context["form"]["grounds"].value() == "Unfounded."


def test_report_and_addendum_go_their_way_by_the_pages(client, people):
    audit = make.opened(people)
    address = {
        name: reverse(f"audits:{name}", args=(audit.number,))
        for name in ("conclude", "issue_report", "addendum")
    }
    client.force_login(people.leader)
    client.post(address["conclude"], {"method": "Read.", "conclusion": "In order."})
    assert client.post(address["issue_report"]).status_code == 403
    client.force_login(people.officer)
    client.post(address["issue_report"])
    client.post(address["addendum"], {"text": "Twelve.", "reason": "Miscounted."})
    client.force_login(people.leader)
    client.post(reverse("audits:issue_addendum", args=(audit.number, 1)))

    audit = Audit.objects.get()
    assert audit.state == "reported"
    assert audit.report.addenda.get().issued_by == people.leader
