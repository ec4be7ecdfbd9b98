from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from agencies.enums import RegulatorRole
from agencies.lib.transitions import IllegalTransition
from agencies.models import JournalEntry
from audits import services
from audits.enums import AppealState, AuditState, DecisionOutcome, DecisionState, DocumentState
from audits.models import Appeal, Audit, Decision
from tests.factories import agencies as make_agencies
from tests.factories import audits as make

pytestmark = pytest.mark.django_db

UPHELD = AppealState.DECISION_UPHELD
SET_ASIDE = AppealState.DECISION_SET_ASIDE


@pytest.fixture
def people():
    return make.case()


@pytest.fixture
def refused(people):
    return make.decided(people, outcome=DecisionOutcome.REFUSED)


@pytest.mark.parametrize(
    ("at", "in_time"),
    [
        (datetime(2026, 6, 10, 23, 59, tzinfo=UTC), True),
        (datetime(2026, 6, 11, 0, 0, tzinfo=UTC), False),
    ],
)
def test_an_appeal_is_lodged_on_the_last_day_at_the_latest(people, refused, at, in_time):
    lodge = {"decision_id": refused.pk, "grounds": "Unfounded.", "by": people.signer, "at": at}

    if in_time:
        assert services.lodge_appeal(**lodge).state == AppealState.LODGED
    else:
        with pytest.raises(ValidationError, match="last day to appeal was 2026-06-10"):
            services.lodge_appeal(**lodge)


@pytest.mark.parametrize("who", ["member", "officer", "leader"])
def test_only_who_binds_the_agency_appeals(people, refused, who):
    with pytest.raises(PermissionDenied):
        services.lodge_appeal(
            decision_id=refused.pk, grounds="x", by=getattr(people, who), at=make.APPEALED_AT
        )


def test_nobody_appeals_against_a_proposal(people):
    decision = make.proposed(people)

    with pytest.raises(IllegalTransition):
        make.appealed(people, decision)


def test_one_appeal_a_decision(people, refused):
    make.appealed(people, refused)

    with pytest.raises(ValidationError, match="lodged already"):
        make.appealed(people, refused)


def test_an_upheld_decision_stands(people, refused):
    appeal = make.heard(people, make.appealed(people, refused), outcome=UPHELD)

    refused.refresh_from_db()
    assert (appeal.state, refused.state) == (UPHELD, DecisionState.DECIDED)


def test_one_set_aside_is_taken_anew(people, refused):
    make.heard(people, make.appealed(people, refused))

    refused.refresh_from_db()
    assert (refused.state, refused.set_aside_at) == (DecisionState.SET_ASIDE, make.HEARD_AT)
    assert make.decided(people, refused.audit).outcome == DecisionOutcome.GRANTED


def test_setting_aside_takes_a_closed_audit_up_again(people, refused):
    services.close_audit(audit_id=refused.audit_id, by=people.leader)

    make.heard(people, make.appealed(people, refused))

    audit = Audit.objects.get()
    assert (audit.state, audit.closed_at) == (AuditState.FOLLOW_UP, None)
    assert JournalEntry.objects.filter(verb="audit.reopened").count() == 1


def test_setting_a_grant_aside_ends_its_certificate(people):
    decision = make.decided(people)

    make.heard(people, make.appealed(people, decision))

    certificate = decision.certificates.get()
    assert (certificate.state, bool(certificate.void_reason)) == (DocumentState.VOID, True)


def with_the_role(people, person):
    make_agencies.regulator_membership(person, people.regulator, RegulatorRole.APPEAL_PANEL)
    return person


@pytest.mark.parametrize("who", ["leader", "officer", "decider"])
def test_nobody_hears_an_appeal_who_took_part(people, refused, who):
    appeal = make.appealed(people, refused)
    person = with_the_role(people, getattr(people, who))

    with pytest.raises(PermissionDenied):
        services.hear_appeal(appeal_id=appeal.pk, outcome=UPHELD, reasons="x", by=person)

    assert Appeal.objects.get().state == AppealState.LODGED


def test_nobody_hears_an_appeal_who_took_an_earlier_decision_on_the_audit(people, refused):
    make.heard(people, make.appealed(people, refused))
    other = make_agencies.staff(people.regulator, RegulatorRole.DECIDER)
    anew = make.proposed(people, refused.audit, outcome=DecisionOutcome.REFUSED)
    services.decide(decision_id=anew.pk, by=other, at=make.DECIDED_AT)
    appeal = make.appealed(people, anew)
    first_decider = with_the_role(people, people.decider)

    with pytest.raises(PermissionDenied, match="a decision on this audit"):
        services.hear_appeal(appeal_id=appeal.pk, outcome=UPHELD, reasons="x", by=first_decider)


def test_nobody_hears_an_appeal_who_approved_the_report(people):
    decision = make.decided(people, outcome=DecisionOutcome.REFUSED, by=people.leader)
    appeal = make.appealed(people, decision)

    with pytest.raises(PermissionDenied, match="took part in the audit"):
        services.hear_appeal(
            appeal_id=appeal.pk,
            outcome=UPHELD,
            reasons="x",
            by=with_the_role(people, people.officer),
        )


@pytest.mark.parametrize("who", ["auditor", "signer"])
def test_nobody_hears_an_appeal_without_the_role(people, refused, who):
    appeal = make.appealed(people, refused)

    with pytest.raises(PermissionDenied):
        services.hear_appeal(
            appeal_id=appeal.pk, outcome=UPHELD, reasons="x", by=getattr(people, who)
        )


@pytest.mark.parametrize(
    ("stated", "refusal"),
    [
        ({"reasons": ""}, "Give the reasons"),
        ({"outcome": "lodged"}, "Uphold the decision or set it aside"),
    ],
)
def test_an_answer_is_whole(people, refused, stated, refusal):
    appeal = make.appealed(people, refused)

    with pytest.raises(ValidationError, match=refusal):
        services.hear_appeal(
            **{"appeal_id": appeal.pk, "outcome": UPHELD, "reasons": "x", "by": people.panel}
            | stated
        )


def test_an_appeal_is_answered_once(people, refused):
    appeal = make.heard(people, make.appealed(people, refused), outcome=UPHELD)

    with pytest.raises(IllegalTransition):
        make.heard(people, appeal)


def test_no_audit_is_closed_over_an_open_appeal(people, refused):
    make.appealed(people, refused)

    with pytest.raises(ValidationError, match="has to be heard first"):
        services.close_audit(audit_id=refused.audit_id, by=people.leader)

    assert Decision.objects.get().state == DecisionState.DECIDED
