"""One audit from its plan to its end, as three people of the regulator and one agency live it."""

import pytest

from agencies.models import Delivery, JournalEntry
from audits import services
from audits.enums import AuditState, DecisionOutcome, FindingGrade
from audits.models import Audit, Finding
from tests.factories import audits as make

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_from_the_plan_to_the_end():
    people = make.case()
    audit = make.opened(people)
    make.sampled(audit, people)
    raised = make.finding(audit, people, grade=FindingGrade.MINOR)
    services.reply_to_finding(finding_id=raised.pk, reply="We agree.", by=people.member)
    make.reported(people, audit=audit)
    make.corrected(Finding.objects.get(), people)
    make.decided(people, Audit.objects.get(), outcome=DecisionOutcome.GRANTED)

    services.close_audit(audit_id=audit.pk, by=people.leader)

    assert Audit.objects.get().state == AuditState.CLOSED
    verbs = [
        entry.verb
        for entry in JournalEntry.objects.order_by("position")
        if entry.verb.split(".")[0]
        in ("audit", "sample", "finding", "correction", "decision", "appeal")
    ]
    assert verbs == [
        "audit.planned",
        "audit.opened",
        "sample.drawn",
        "finding.raised",
        "finding.replied",
        "audit.concluded",
        "audit.reported",
        "correction.requested",
        "correction.submitted",
        "correction.verified",
        "decision.proposed",
        "decision.taken",
        "audit.closed",
    ]
    of_this_case = JournalEntry.objects.filter(verb__in=verbs)
    assert set(of_this_case.values_list("agency_number", flat=True)) == {
        people.agency.register_number
    }
    told = Delivery.objects.filter(entry__verb__in=verbs).order_by("pk")
    assert list(told.values_list("template", flat=True)) == [
        "email/audit_planned",
        "email/audit_opened",
        "email/finding_raised",
        "email/finding_replied",
        "email/audit_reported",
        "email/correction_requested",
        "email/correction_submitted",
        "email/correction_verified",
        "email/decision_proposed",
        "email/decision_taken",
        "email/audit_closed",
    ]
