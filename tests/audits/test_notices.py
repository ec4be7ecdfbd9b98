"""What people are told: every message of an audit can be read and leads somewhere."""

from pathlib import Path

import pytest
from django.conf import settings
from django.urls import resolve

from agencies.models import Delivery
from agencies.services.outbox import message_of
from audits import services
from audits.enums import AppealState, DecisionOutcome, FindingGrade, TeamRole
from audits.models import Finding
from tests.factories import agencies as make_agencies
from tests.factories import audits as make

pytestmark = pytest.mark.django_db

OF_AUDITS = ("addendum_", "appeal_", "audit_", "correction_", "decision_", "finding_")


def a_whole_life(people):
    """Everything that is told to anybody, once at least."""
    audit = make.opened(people)
    services.change_team(
        audit_id=audit.pk,
        members=[(people.leader, TeamRole.LEADER), (people.auditor, TeamRole.AUDITOR)],
        by=people.officer,
    )
    finding = make.finding(audit, people)
    withdrawn = make.finding(audit, people, grade=FindingGrade.OBSERVATION)
    services.withdraw_finding(finding_id=withdrawn.pk, reason="An error.", by=people.leader)
    services.reply_to_finding(finding_id=finding.pk, reply="We agree.", by=people.member)
    make.reported(people, audit=audit)
    addendum = services.propose_addendum(
        audit_id=audit.pk, text="Twelve.", reason="Miscounted.", by=people.leader
    )
    services.issue_addendum(addendum_id=addendum.pk, by=people.officer)
    action = services.request_correction(finding_id=finding.pk, by=people.leader)
    make.submitted(action, people)
    again = services.reject_correction(correction_id=action.pk, note="More.", by=people.leader)
    make.submitted(again, people)
    services.verify_correction(correction_id=again.pk, by=people.leader)
    audit = Finding.objects.first().audit
    declined = make.proposed(people, audit, outcome=DecisionOutcome.REFUSED)
    services.decline_proposal(decision_id=declined.pk, reason="Too harsh.", by=people.decider)
    decision = make.decided(people, audit, outcome=DecisionOutcome.REFUSED)
    make.heard(people, make.appealed(people, decision), outcome=AppealState.DECISION_UPHELD)
    services.close_audit(audit_id=audit.pk, by=people.leader)
    cancelled = make.planned(people)
    services.cancel_audit(audit_id=cancelled.pk, reason="Planned twice.", by=people.officer)
    return audit


def test_every_message_of_an_audit_is_sent_in_some_life_and_can_be_read():
    people = make.case()
    a_whole_life(people)
    folder = Path(settings.BASE_DIR) / "templates" / "email"
    known = {f"email/{path.stem}" for path in folder.glob("*.txt")}

    messages = {row.template: message_of(row) for row in Delivery.objects.all()}

    assert set(messages) == {
        name for name in known if name.removeprefix("email/").startswith(OF_AUDITS)
    }
    wanting = [
        name
        for name, message in messages.items()
        if not message.subject or "{" in message.body or "None" in message.body
    ]
    assert wanting == []


def test_every_message_leads_to_a_page_at_the_registers_own_origin():
    people = make.case()
    a_whole_life(people)

    for row in Delivery.objects.all():
        link = next(line for line in message_of(row).body.splitlines() if line.startswith("http"))
        assert link.startswith(f"{settings.CANONICAL_ORIGIN}/audits/")
        assert resolve(link.removeprefix(settings.CANONICAL_ORIGIN)).namespace == "audits"


def test_a_message_says_what_happened_by_when_and_what_comes_next():
    people = make.case()
    audit = make.reported(people, FindingGrade.MAJOR)
    services.request_correction(
        finding_id=audit.findings.get().pk, by=people.leader, at=make.ASKED_AT
    )

    message = message_of(Delivery.objects.get(template="email/correction_requested"))

    assert message.subject == f"Audit {audit.number}: corrective action asked for by 2026-06-01"
    assert message.to == [people.signer.email]
    body = message.body
    assert "a corrective action is asked for. Its last day is 2026-06-01." in body
    assert "An auditor then verifies it." in body


def test_an_agency_without_people_is_told_at_its_address():
    agency = make_agencies.agency()
    people = make.case(agency)
    people.signer.agency_memberships.update(ended_at=make.PLANNED_AT, ended_by=people.officer)
    agency.contact_email = "desk@agency.example"
    agency.save()

    make.opened(people)

    told = Delivery.objects.get(template="email/audit_opened")
    assert (told.recipient, told.address) == (None, "desk@agency.example")


def test_nobody_with_a_closed_account_is_told():
    people = make.case()
    audit = make.planned(people, team=[(people.auditor, TeamRole.AUDITOR)])
    people.auditor.is_active = False
    people.auditor.save()
    Delivery.objects.all().delete()

    services.cancel_audit(audit_id=audit.pk, reason="Planned twice.", by=people.officer)

    assert [row.recipient for row in Delivery.objects.all()] == [people.leader]
