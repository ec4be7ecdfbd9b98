from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from agencies.enums import AgencyRole, RegulatorRole
from agencies.lib.transitions import IllegalTransition
from agencies.models import Delivery, JournalEntry
from attestations.models import Requirement
from audits import services
from audits.enums import AuditKind, AuditState, CheckResult, TeamRole
from audits.models import Audit, AuditUserObjectPermission
from tests.factories import agencies as make_agencies
from tests.factories import audits as make
from tests.factories.placements import placement

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return make.case()


def team_of(audit):
    return set(audit.team.filter(left_at=None).values_list("user", "role"))


def test_a_plan_names_team_scope_and_criteria(people):
    audit = make.planned(people, team=[(people.auditor, TeamRole.AUDITOR)])

    assert audit.state == AuditState.PLANNED
    assert audit.regulator == people.regulator
    assert list(audit.scopes.values_list("source", "destination", "occupation_group")) == [
        ("PHL", "IRL", "222")
    ]
    assert team_of(audit) == {
        (people.leader.pk, TeamRole.LEADER),
        (people.auditor.pk, TeamRole.AUDITOR),
    }
    entry = JournalEntry.objects.get(verb="audit.planned")
    assert entry.data == {
        "kind": "initial",
        "edition": "2026-1",
        "period": ["2024-01-01", "2025-12-31"],
        "team": [
            [f"user:{pk}", str(role)]
            for pk, role in sorted(
                [(people.leader.pk, "team_leader"), (people.auditor.pk, "auditor")]
            )
        ],
    }
    assert set(Delivery.objects.values_list("recipient", flat=True)) == {
        people.leader.pk,
        people.auditor.pk,
    }


def test_without_a_scope_the_real_corridors_are_audited(people):
    placement(people.agency)
    placement(people.agency, residence="IND", source="IND", placed="3221")
    placement(people.agency, residence="KEN", recruited_on=date(2019, 1, 1))

    audit = make.planned(people, scopes=None)

    assert list(audit.scopes.values_list("source", "destination", "occupation_group")) == [
        ("IND", "IRL", "322"),
        ("PHL", "IRL", "222"),
    ]


def test_without_placements_a_scope_has_to_be_named(people):
    with pytest.raises(ValidationError, match="Name at least one corridor"):
        make.planned(people, scopes=None)


@pytest.mark.parametrize("role", [*RegulatorRole, None])
def test_a_case_officer_or_administrator_of_the_regulator_plans(people, role):
    person = make_agencies.staff(people.regulator, role) if role else people.signer

    if role in (RegulatorRole.CASE_OFFICER, RegulatorRole.ADMIN):
        assert make.planned(people, by=person).planned_by == person
    else:
        with pytest.raises(PermissionDenied):
            make.planned(people, by=person)


@pytest.mark.parametrize("kind", AuditKind.values)
def test_another_regulator_plans_a_special_audit_only(people, kind):
    other = make_agencies.regulator(country="PHL")
    officer = make_agencies.staff(other)
    leader = make_agencies.staff(other, RegulatorRole.AUDITOR)
    stated = {"kind": kind, "regulator": other, "by": officer, "leader": leader}

    if kind == AuditKind.SPECIAL:
        assert make.planned(people, **stated).regulator == other
    else:
        with pytest.raises(PermissionDenied, match="is competent for this agency"):
            make.planned(people, **stated)


def was_member(person, agency, *, ended_at):
    make_agencies.agency_membership(person, agency, AgencyRole.MEMBER, ended_at=ended_at)


def was_officer(person, agency, *, ended_at):
    make_agencies.officer(agency, user=person, valid_until=ended_at and ended_at.date())


@pytest.mark.parametrize("tie", [was_member, was_officer])
@pytest.mark.parametrize(
    ("ended_at", "may"),
    [
        pytest.param(None, False, id="belongs to it"),
        pytest.param(datetime(2024, 3, 2, 9, tzinfo=UTC), False, id="left two years ago today"),
        pytest.param(datetime(2024, 3, 1, 9, tzinfo=UTC), True, id="left before that"),
    ],
)
def test_nobody_audits_an_agency_they_belonged_to_not_long_ago(people, tie, ended_at, may):
    tie(people.leader, people.agency, ended_at=ended_at)

    if may:
        assert make.planned(people).state == AuditState.PLANNED
    else:
        with pytest.raises(ValidationError, match="cannot audit"):
            make.planned(people)


def test_somebody_who_works_for_another_agency_audits_none(people):
    rival = make_agencies.agency_person(make_agencies.agency())

    with pytest.raises(ValidationError, match="works for an agency"):
        make.planned(people, team=[(rival, TeamRole.AUDITOR)])


def test_a_closed_account_is_on_no_team(people):
    gone = make_agencies.user(is_active=False)

    with pytest.raises(ValidationError, match="has no active account"):
        make.planned(people, team=[(gone, TeamRole.OBSERVER)])


def test_a_person_has_one_role_in_a_team(people):
    with pytest.raises(ValidationError, match="one role"):
        make.planned(people, team=[(people.leader, TeamRole.AUDITOR)])


def test_an_agency_that_ended_is_not_audited(people):
    agency = people.agency
    agency.ended_on, agency.end_reason = date(2026, 1, 1), "ended_voluntarily"
    agency.save()

    with pytest.raises(ValidationError, match="ended on 2026-01-01"):
        make.planned(people)


def test_an_auditor_from_outside_is_named_for_as_long_as_the_audit_lasts(people):
    outsider = make_agencies.user()
    audit = make.planned(people, team=[(outsider, TeamRole.AUDITOR)])
    named = AuditUserObjectPermission.objects.filter(content_object=audit)
    assert list(named.values_list("user", flat=True)) == [outsider.pk]

    services.change_team(
        audit_id=audit.pk, members=[(people.leader, TeamRole.LEADER)], by=people.officer
    )

    assert not named.exists()
    assert not Audit.objects.visible_to(outsider).exists()


def test_cancelling_ends_every_delegation(people):
    outsider = make_agencies.user()
    audit = make.planned(people, team=[(outsider, TeamRole.AUDITOR)])

    services.cancel_audit(audit_id=audit.pk, reason="The agency ends.", by=people.officer)

    assert not AuditUserObjectPermission.objects.exists()


def test_the_leader_changes_places_and_who_left_stays_on_record(people):
    audit = make.planned(people, team=[(people.auditor, TeamRole.AUDITOR)])

    services.change_team(
        audit_id=audit.pk, members=[(people.auditor, TeamRole.LEADER)], by=people.officer
    )

    assert team_of(audit) == {(people.auditor.pk, TeamRole.LEADER)}
    assert set(audit.team.values_list("user", flat=True)) == {people.auditor.pk, people.leader.pk}


def test_the_same_team_is_no_change(people):
    audit = make.planned(people)

    with pytest.raises(ValidationError, match="the team already"):
        services.change_team(
            audit_id=audit.pk, members=[(people.leader, TeamRole.LEADER)], by=people.officer
        )


def test_opening_lays_out_the_checklist_and_tells_the_agency(people):
    audit = make.opened(people)

    assert Audit.objects.get().state == AuditState.CONDUCTING
    assert set(audit.checklist.values_list("requirement__ref", "result")) == {
        (ref, CheckResult.NOT_ASSESSED) for ref in Requirement.objects.values_list("ref", flat=True)
    }
    told = Delivery.objects.filter(template="email/audit_opened")
    assert list(told.values_list("recipient", flat=True)) == [people.signer.pk]


def test_an_audit_is_opened_once(people):
    audit = make.opened(people)

    with pytest.raises(IllegalTransition):
        services.open_audit(audit_id=audit.pk, by=people.leader)


def test_a_planned_audit_is_cancelled_without_telling_the_agency(people):
    audit = make.planned(people)

    services.cancel_audit(audit_id=audit.pk, reason="Planned by mistake.", by=people.officer)

    assert Audit.objects.get().state == AuditState.CANCELLED
    told = Delivery.objects.filter(template="email/audit_cancelled")
    assert list(told.values_list("recipient", flat=True)) == [people.leader.pk]


def test_cancelling_needs_a_reason(people):
    audit = make.planned(people)

    with pytest.raises(ValidationError, match="Say why"):
        services.cancel_audit(audit_id=audit.pk, reason=" \n ", by=people.officer)
