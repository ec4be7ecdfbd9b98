"""Whom an audit is told to, and where it leads them. What the messages say: tests/test_letters."""

import pytest
from django.conf import settings
from django.urls import resolve

from agencies.models import Delivery
from agencies.services.outbox import message_of
from audits import services
from audits.enums import FindingGrade, TeamRole
from tests.factories import agencies as make_agencies
from tests.factories import audits as make
from tests.letters import audits

pytestmark = pytest.mark.django_db


def test_every_message_leads_to_a_page_at_the_registers_own_origin():
    people = make.case()
    audits.a_whole_life(people)

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

    assert message.subject == f"Audit {audit.number}: corrective action due 1 June 2026"
    assert message.to == [people.signer.email]
    body = message.body
    assert "\nBy when: The last day is 1 June 2026 (until midnight, UTC).\n" in body
    assert message.reply_to == [audit.regulator.contact_email]
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
