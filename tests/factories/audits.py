"""Audits and what follows from them, made by the services that make real ones."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from agencies.enums import AgencyRole, RegulatorRole
from agencies.models import Agency, Regulator, User
from audits import services
from audits.enums import AppealState, AuditKind, DecisionOutcome, FindingGrade
from audits.models import Audit
from tests.factories import agencies as make
from tests.factories.attestations import CATALOGUE, reference
from tests.factories.placements import placement

PLANNED_AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OPENED_AT = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
RAISED_AT = datetime(2026, 3, 18, 9, 0, tzinfo=UTC)
REPORTED_AT = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
ASKED_AT = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)
SUBMITTED_AT = datetime(2026, 4, 20, 9, 0, tzinfo=UTC)
VERIFIED_AT = datetime(2026, 4, 27, 9, 0, tzinfo=UTC)
PROPOSED_AT = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
DECIDED_AT = datetime(2026, 5, 11, 9, 0, tzinfo=UTC)
APPEALED_AT = datetime(2026, 5, 20, 9, 0, tzinfo=UTC)
HEARD_AT = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)

PERIOD = (date(2024, 1, 1), date(2025, 12, 31))
SCOPE = ("PHL", "IRL", "222")


@dataclass(frozen=True)
class Case:
    """An agency, its regulator, and one person in each part of an audit."""

    agency: Agency
    regulator: Regulator
    officer: User
    leader: User
    auditor: User
    decider: User
    panel: User
    signer: User
    member: User


def case(agency=None) -> Case:
    reference()
    agency = agency or make.agency()
    staff = {role: make.staff(agency.regulator, role) for role in RegulatorRole}
    return Case(
        agency=agency,
        regulator=agency.regulator,
        officer=staff[RegulatorRole.CASE_OFFICER],
        leader=make.staff(agency.regulator, RegulatorRole.AUDITOR, name="Leader Example"),
        auditor=staff[RegulatorRole.AUDITOR],
        decider=staff[RegulatorRole.DECIDER],
        panel=staff[RegulatorRole.APPEAL_PANEL],
        signer=make.agency_person(agency, AgencyRole.SIGNING_OFFICER),
        member=make.agency_person(agency),
    )


def plan_of(people: Case, **stated) -> dict[str, Any]:
    """What `plan_audit` is told, unless stated otherwise."""
    return {
        "agency_id": people.agency.pk,
        "kind": AuditKind.INITIAL,
        "edition": CATALOGUE,
        "period_from": PERIOD[0],
        "period_until": PERIOD[1],
        "planned_for": date(2026, 3, 16),
        "plan": "Desk review, interviews with workers, a visit.",
        "leader": people.leader,
        "scopes": [SCOPE],
        "by": people.officer,
        "at": PLANNED_AT,
        **stated,
    }


def planned(people: Case, **stated) -> Audit:
    return services.plan_audit(**plan_of(people, **stated))


def opened(people: Case, **stated) -> Audit:
    audit = planned(people, **stated)
    return services.open_audit(audit_id=audit.pk, by=people.leader, at=OPENED_AT)


def finding(audit, people: Case, *, grade=FindingGrade.MAJOR, ref="REQ-11", **stated):
    return services.raise_finding(
        **{
            "audit_id": audit.pk,
            "ref": ref,
            "grade": grade,
            "statement": "Recruited in a listed country without an agreement.",
            "evidence": [services.Evidence(description="Advertisement of 3 May 2024")],
            "by": people.leader,
            "at": RAISED_AT,
            **stated,
        }
    )


def sampled(audit, people: Case, *, placements=3):
    """Placements of the agency in the scope, and the sample drawn from them."""
    for number in range(1, placements + 1):
        placement(people.agency, reference=f"P-{number}")
    return services.draw_sample(audit_id=audit.pk, by=people.leader, seed="a seed", at=RAISED_AT)


def concluded(audit, people: Case) -> Audit:
    return services.conclude_audit(
        audit_id=audit.pk,
        method="Files read on the spot; the compliance manager and six workers met.",
        conclusion="The agency keeps most of its commitments.",
        by=people.leader,
        at=REPORTED_AT,
    )


def reported(people: Case, *grades, audit=None, **stated) -> Audit:
    """An audit whose report is approved, with a finding of each grade named."""
    audit = audit or opened(people, **stated)
    for grade in grades:
        finding(audit, people, grade=grade)
    concluded(audit, people)
    services.issue_report(audit_id=audit.pk, by=people.officer, at=REPORTED_AT)
    return Audit.objects.get(pk=audit.pk)


def corrected(finding, people: Case):
    """Asked for, handed in and verified."""
    action = services.request_correction(finding_id=finding.pk, by=people.leader, at=ASKED_AT)
    submitted(action, people)
    return services.verify_correction(
        correction_id=action.pk, by=people.leader, note="Seen on the spot.", at=VERIFIED_AT
    )


def submitted(action, people: Case):
    return services.submit_correction(
        correction_id=action.pk,
        root_cause="Nobody checked the List.",
        correction="The campaign was stopped.",
        prevention="The List is checked before each campaign.",
        by=people.member,
        at=SUBMITTED_AT,
    )


def proposed(people: Case, audit=None, *, outcome=DecisionOutcome.GRANTED, **stated):
    audit = audit or reported(people)
    dates = {"valid_from": date(2026, 5, 11), "valid_until": date(2028, 5, 10)}
    return services.propose_decision(
        **{
            "audit_id": audit.pk,
            "outcome": outcome,
            "reasons": "The audit found what the commitments ask for.",
            "by": people.officer,
            "at": PROPOSED_AT,
            **({} if outcome == DecisionOutcome.REFUSED else dates),
            **stated,
        }
    )


def decided(people: Case, audit=None, *, outcome=DecisionOutcome.GRANTED, **stated):
    decision = proposed(people, audit, outcome=outcome, **stated)
    return services.decide(decision_id=decision.pk, by=people.decider, at=DECIDED_AT)


def appealed(people: Case, decision):
    return services.lodge_appeal(
        decision_id=decision.pk,
        grounds="The finding rests on another agency's advertisement.",
        by=people.signer,
        at=APPEALED_AT,
    )


def heard(people: Case, appeal, *, outcome=AppealState.DECISION_SET_ASIDE):
    return services.hear_appeal(
        appeal_id=appeal.pk,
        outcome=outcome,
        reasons="The advertisement was another agency's.",
        by=people.panel,
        at=HEARD_AT,
    )
