"""Who sees what of a case: the one door of each model, list and detail alike."""

import pytest
from django.contrib.auth.models import AnonymousUser

from agencies.enums import CASE_ROLES, AgencyRole, RegulatorRole
from audits import services
from audits.enums import DecisionOutcome, FindingGrade, TeamRole
from audits.models import Appeal, Audit, ChecklistItem, CorrectiveAction, Decision, Finding
from tests.factories import agencies as make_agencies
from tests.factories import audits as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return make.case()


@pytest.mark.parametrize("role", RegulatorRole)
def test_the_case_roles_of_the_regulator_see_its_audits(people, role):
    audit = make.planned(people)
    person = make_agencies.staff(people.regulator, role)

    assert list(Audit.objects.visible_to(person)) == ([audit] if role in CASE_ROLES else [])


@pytest.mark.parametrize("role", AgencyRole)
def test_the_agency_sees_its_audit_once_it_is_opened(people, role):
    person = make_agencies.agency_person(people.agency, role)
    audit = make.planned(people)
    assert list(Audit.objects.visible_to(person)) == []

    services.open_audit(audit_id=audit.pk, by=people.leader)

    assert list(Audit.objects.visible_to(person)) == [audit]


def stranger(people):
    return make_agencies.user()


def rival(people):
    return make_agencies.agency_person(make_agencies.agency(), AgencyRole.ADMIN)


def other_regulator(people):
    return make_agencies.staff(make_agencies.regulator(country="PHL"))


def operator(people):
    return make_agencies.user(is_operator=True)


def superuser(people):
    person = make_agencies.user()
    person.is_superuser = True
    person.save()
    return person


def closed_account_of_the_regulator(people):
    people.officer.is_active = False
    people.officer.save()
    return people.officer


def former_officer(people):
    people.officer.regulator_memberships.update(ended_at=make.OPENED_AT, ended_by=people.leader)
    return people.officer


def nobody(people):
    return AnonymousUser()


@pytest.mark.parametrize(
    "who",
    [
        stranger,
        rival,
        other_regulator,
        operator,
        superuser,
        closed_account_of_the_regulator,
        former_officer,
        nobody,
    ],
)
def test_nobody_else_sees_anything_of_a_case(people, who):
    audit = make.reported(people, FindingGrade.MAJOR)
    services.request_correction(finding_id=audit.findings.get().pk, by=people.leader)
    decision = make.decided(people, audit, outcome=DecisionOutcome.REFUSED)
    make.appealed(people, decision)
    person = who(people)

    seen = {
        model.__name__: model.objects.visible_to(person).count()
        for model in (Audit, Finding, CorrectiveAction, Decision, Appeal, ChecklistItem)
    }

    assert seen == dict.fromkeys(seen, 0)


def test_an_outside_auditor_sees_the_audit_they_are_named_on_and_no_other(people):
    outsider = make_agencies.user()
    audit = make.opened(people, team=[(outsider, TeamRole.AUDITOR)])
    make.opened(people)
    finding = make.finding(audit, people, by=outsider)

    assert list(Audit.objects.visible_to(outsider)) == [audit]
    assert list(Finding.objects.visible_to(outsider)) == [finding]
    outsider.is_active = False
    outsider.save()
    assert list(Audit.objects.visible_to(outsider)) == []


def test_the_agency_sees_a_decision_and_no_proposal(people):
    audit = make.reported(people)
    declined = make.proposed(people, audit, outcome=DecisionOutcome.REFUSED)
    services.decline_proposal(decision_id=declined.pk, reason="Too harsh.", by=people.decider)
    proposed = make.proposed(people, audit)
    assert list(Decision.objects.visible_to(people.signer)) == []
    assert set(Decision.objects.visible_to(people.decider)) == {declined, proposed}

    services.decide(decision_id=proposed.pk, by=people.decider, at=make.DECIDED_AT)

    assert list(Decision.objects.visible_to(people.signer)) == [proposed]


def test_the_checklist_is_for_the_case_staff(people):
    make.opened(people)

    assert ChecklistItem.objects.visible_to(people.auditor).exists()
    assert not ChecklistItem.objects.visible_to(people.signer).exists()
