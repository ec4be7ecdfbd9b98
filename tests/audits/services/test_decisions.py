from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from agencies.enums import RegulatorRole
from agencies.lib.transitions import IllegalTransition
from audits import services
from audits.enums import (
    AuditKind,
    AuditState,
    DecisionOutcome,
    DecisionState,
    FindingGrade,
    TeamRole,
)
from audits.models import Audit, Certificate, Decision
from audits.services.decisions import outcomes_open_to
from tests.factories import agencies as make_agencies
from tests.factories import audits as make

pytestmark = pytest.mark.django_db

GRANTED = DecisionOutcome.GRANTED
CONDITIONAL = DecisionOutcome.GRANTED_WITH_CONDITIONS
REFUSED = DecisionOutcome.REFUSED


@pytest.fixture
def people():
    return make.case()


def test_a_grant_prepares_a_certificate_and_has_a_last_day_of_appeal(people):
    decision = make.decided(people)

    assert (decision.state, decision.decided_by, decision.appeal_until) == (
        DecisionState.DECIDED,
        people.decider,
        date(2026, 6, 10),
    )
    assert Certificate.objects.get().decision == decision


def test_a_refusal_prepares_none(people):
    decision = make.decided(people, outcome=REFUSED)

    assert decision.appeal_until == date(2026, 6, 10)
    assert not Certificate.objects.exists()


@pytest.mark.parametrize(
    ("grades", "outcomes"),
    [
        pytest.param([], [GRANTED, CONDITIONAL, REFUSED], id="nothing is open"),
        pytest.param(
            [FindingGrade.OBSERVATION], [GRANTED, CONDITIONAL, REFUSED], id="an observation"
        ),
        pytest.param([FindingGrade.MINOR], [CONDITIONAL, REFUSED], id="a minor one"),
        pytest.param([FindingGrade.MAJOR], [REFUSED], id="a major one"),
        pytest.param([FindingGrade.CRITICAL], [REFUSED], id="a critical one"),
    ],
)
def test_open_findings_stand_against_a_grant(people, grades, outcomes):
    audit = make.reported(people, *grades)

    assert outcomes_open_to(audit) == outcomes
    for outcome in set(DecisionOutcome) - set(outcomes):
        with pytest.raises(ValidationError, match="without a verified correction"):
            make.proposed(people, audit, outcome=outcome, conditions="Mend it.")


@pytest.mark.parametrize("grade", [FindingGrade.CRITICAL, FindingGrade.MAJOR, FindingGrade.MINOR])
def test_a_verified_correction_clears_the_way(people, grade):
    audit = make.reported(people, grade)
    make.corrected(audit.findings.get(), people)

    assert make.decided(people, audit).outcome == GRANTED


@pytest.mark.parametrize(
    ("stated", "refusal"),
    [
        ({"reasons": " "}, "Give the reasons"),
        ({"outcome": "perhaps"}, "Propose to grant"),
        ({"outcome": CONDITIONAL}, "Say which conditions"),
        ({"conditions": "Mend it."}, "belong to a grant with conditions"),
        ({"valid_from": None}, "Say from which day"),
        ({"valid_until": date(2026, 5, 10)}, "cannot end before it begins"),
        ({"valid_until": date(2028, 5, 12)}, "2 years at most: until 2028-05-11"),
    ],
)
def test_a_proposal_is_whole(people, stated, refusal):
    audit = make.reported(people)

    with pytest.raises(ValidationError, match=refusal):
        make.proposed(people, audit, **stated)


@pytest.mark.parametrize("kind", [AuditKind.SURVEILLANCE, AuditKind.SPECIAL])
def test_a_certificate_is_decided_on_after_an_initial_or_renewal_audit(people, kind):
    audit = make.reported(people, kind=kind)

    with pytest.raises(ValidationError, match="initial or a renewal"):
        make.proposed(people, audit)


def test_one_decision_is_proposed_at_a_time(people):
    audit = make.reported(people)
    make.proposed(people, audit)

    with pytest.raises(ValidationError, match="proposed or taken already"):
        make.proposed(people, audit)


def test_another_regulator_decides_nothing(people):
    other = make_agencies.regulator(country="PHL")
    officer = make_agencies.staff(other)
    leader = make_agencies.staff(other, RegulatorRole.AUDITOR)
    audit = make.planned(people, kind=AuditKind.SPECIAL, regulator=other, by=officer, leader=leader)
    services.open_audit(audit_id=audit.pk, by=leader)

    with pytest.raises(PermissionDenied, match="decides on this agency's certificate"):
        make.proposed(people, audit, by=officer)


def as_decider(people, person):
    make_agencies.regulator_membership(person, people.regulator, RegulatorRole.DECIDER)
    return person


def once_on_the_team(people, audit):
    return as_decider(people, people.auditor)


def the_leader(people, audit):
    return as_decider(people, people.leader)


def the_proposer(people, audit):
    return as_decider(people, people.officer)


def who_approved_the_report(people, audit):
    return as_decider(people, audit.reported_by)


def who_wrote_an_addendum(people, audit):
    officer = make_agencies.staff(people.regulator, RegulatorRole.CASE_OFFICER)
    services.propose_addendum(
        audit_id=audit.pk, text="May, not June.", reason="A slip.", by=officer
    )
    return as_decider(people, officer)


def without_the_role(people, audit):
    return people.panel


def from_another_regulator(people, audit):
    return make_agencies.staff(make_agencies.regulator(), RegulatorRole.DECIDER)


def with_a_closed_account(people, audit):
    people.decider.is_active = False
    people.decider.save()
    return people.decider


def no_longer_in_office(people, audit):
    people.decider.regulator_memberships.update(
        ended_at=datetime(2026, 5, 1, tzinfo=UTC), ended_by=people.officer
    )
    return people.decider


def formerly_of_the_agency(people, audit):
    make_agencies.agency_membership(
        people.decider, people.agency, ended_at=datetime(2025, 1, 1, tzinfo=UTC)
    )
    return people.decider


WHO_DOES_NOT_DECIDE = [
    once_on_the_team,
    the_leader,
    the_proposer,
    who_approved_the_report,
    who_wrote_an_addendum,
    without_the_role,
    from_another_regulator,
    with_a_closed_account,
    no_longer_in_office,
    formerly_of_the_agency,
]


@pytest.mark.parametrize("who", WHO_DOES_NOT_DECIDE)
@pytest.mark.parametrize("act", [services.decide, services.decline_proposal])
def test_nobody_decides_who_took_part(people, who, act):
    audit = make.opened(people, team=[(people.auditor, TeamRole.AUDITOR)])
    services.change_team(
        audit_id=audit.pk, members=[(people.leader, TeamRole.LEADER)], by=people.officer
    )
    audit = make.reported(people, audit=audit)
    by = people.leader if who is who_approved_the_report else people.officer
    decision = make.proposed(people, audit, by=by)
    person = who(people, audit)
    words = {"reason": "No."} if act is services.decline_proposal else {}

    with pytest.raises(PermissionDenied):
        act(decision_id=decision.pk, by=person, at=make.DECIDED_AT, **words)

    assert Decision.objects.get().state == DecisionState.PROPOSED


def test_the_database_too_refuses_one_person_for_both(people):
    decision = make.proposed(people)

    with pytest.raises(IntegrityError, match="audits_decision_two_people"), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(
            state=DecisionState.DECIDED, decided_by=people.officer, decided_at=make.DECIDED_AT
        )


def test_a_decision_is_taken_once(people):
    decision = make.decided(people)

    with pytest.raises(IllegalTransition):
        services.decide(decision_id=decision.pk, by=people.decider)


def test_a_proposal_that_is_not_followed_makes_room_for_another(people):
    audit = make.reported(people)
    first = make.proposed(people, audit, outcome=REFUSED)

    services.decline_proposal(decision_id=first.pk, reason="Too harsh.", by=people.decider)
    second = make.decided(people, audit)

    first.refresh_from_db()
    assert (first.state, first.decline_reason) == (DecisionState.DECLINED, "Too harsh.")
    assert second.outcome == GRANTED


def test_no_audit_is_closed_before_its_decision(people):
    audit = make.reported(people)

    with pytest.raises(ValidationError, match="No decision"):
        services.close_audit(audit_id=audit.pk, by=people.leader)
    make.proposed(people, audit)
    with pytest.raises(ValidationError, match="waits for a decider"):
        services.close_audit(audit_id=audit.pk, by=people.leader)


def test_a_surveillance_audit_closes_without_one(people):
    audit = make.reported(people, kind=AuditKind.SURVEILLANCE)

    services.close_audit(audit_id=audit.pk, by=people.leader, note="All in order.")

    assert Audit.objects.get().close_note == "All in order."


def test_no_audit_is_closed_while_something_is_asked_for(people):
    audit = make.reported(people, FindingGrade.MINOR)
    make.decided(people, audit, outcome=CONDITIONAL, conditions="Mend it.")
    services.request_correction(finding_id=audit.findings.get().pk, by=people.leader)

    with pytest.raises(ValidationError, match="still open"):
        services.close_audit(audit_id=audit.pk, by=people.leader)


def test_a_minor_finding_goes_on_as_a_condition(people):
    audit = make.reported(people, FindingGrade.MINOR)
    make.decided(people, audit, outcome=CONDITIONAL, conditions="Mend it.")

    services.close_audit(audit_id=audit.pk, by=people.leader)

    assert Audit.objects.get().state == AuditState.CLOSED


def test_a_refusal_closes_over_open_findings(people):
    audit = make.reported(people, FindingGrade.CRITICAL)
    make.decided(people, audit, outcome=REFUSED)

    services.close_audit(audit_id=audit.pk, by=people.leader)

    assert Audit.objects.get().state == AuditState.CLOSED


def test_a_surveillance_audit_stays_open_over_open_findings(people):
    audit = make.reported(people, FindingGrade.MINOR, kind=AuditKind.SURVEILLANCE)

    with pytest.raises(ValidationError, match="1 minor"):
        services.close_audit(audit_id=audit.pk, by=people.leader)
