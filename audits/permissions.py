"""Who may do what in a case: asked of live roles, of the team, and of what somebody did before.

The assessor never decides on own work (design.md §7; ISO/IEC 17065 on the decision). Whether an
act fits the state of the audit is another question, answered by `audits.workflow`.
"""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils import timezone

from agencies.enums import CASE_ROLES, AgencyRole, RegulatorRole
from agencies.permissions import acts_for, check_holds, holds
from audits.enums import AuditKind, TeamRole
from audits.impartiality import has_tie
from audits.models.audit import WORK_ON_AUDIT
from audits.models.report import ReportAddendum

AT_WORK = (TeamRole.LEADER, TeamRole.AUDITOR, TeamRole.TECHNICAL_EXPERT)
RUN_CASES = (RegulatorRole.CASE_OFFICER, RegulatorRole.ADMIN)
BIND_AGENCY = (AgencyRole.SIGNING_OFFICER, AgencyRole.ADMIN)


@dataclass(frozen=True, slots=True)
class Part:
    """What part a person has in one case: roles at its regulator now, and the team now and ever."""

    roles: frozenset[str] = frozenset()
    is_named: bool = False
    team_role: str = ""
    was_on_team: bool = False

    @property
    def is_staff(self) -> bool:
        return self.is_named or not self.roles.isdisjoint(CASE_ROLES)

    @property
    def runs_case(self) -> bool:
        return not self.roles.isdisjoint(RUN_CASES)

    @property
    def is_at_work(self) -> bool:
        return self.is_staff and self.team_role in AT_WORK

    @property
    def leads(self) -> bool:
        return self.is_staff and self.team_role == TeamRole.LEADER


def part_in(user, audit) -> Part:
    if not user.is_authenticated or not user.is_active:
        return Part()
    at_regulator = user.regulator_memberships.filter(ended_at=None, regulator=audit.regulator_id)
    on_team = audit.team.filter(user=user).first()
    return Part(
        roles=frozenset(at_regulator.values_list("role", flat=True)),
        is_named=user.audituserobjectpermission_set.filter(
            permission__codename=WORK_ON_AUDIT, content_object=audit
        ).exists(),
        team_role=on_team.role if on_team and on_team.left_at is None else "",
        was_on_team=on_team is not None,
    )


def check_can_plan(user, agency, *, regulator, kind) -> None:
    """The competent regulator plans any audit; another one only a special one (design.md §10)."""
    check_holds(user, *RUN_CASES, regulator=regulator)
    if regulator.pk != agency.regulator_id and kind != AuditKind.SPECIAL:
        raise PermissionDenied(
            f"{agency.regulator} is competent for this agency. Others may plan a special audit."
        )


def can_plan(user, agency) -> bool:
    return holds(user, *RUN_CASES, regulator=agency.regulator)


def check_can_run(user, audit) -> None:
    """Team, cancelling: the regulator's case officers."""
    _refuse_unless(
        part_in(user, audit).runs_case, "This is done by a case officer of the regulator."
    )


def check_can_lead(user, audit) -> None:
    """Opening and closing: the team leader, or a case officer of the regulator."""
    part = part_in(user, audit)
    _refuse_unless(
        part.leads or part.runs_case,
        "This is done by the team leader or by a case officer of the regulator.",
    )


def check_can_work(user, audit) -> None:
    """Sample, checklist, findings, corrections: the team, without its observers."""
    _refuse_unless(part_in(user, audit).is_at_work, "This is done by the audit team.")


def check_can_conclude(user, audit) -> None:
    _refuse_unless(part_in(user, audit).leads, "The team leader writes the conclusion.")


def check_can_issue_report(user, audit) -> None:
    """A second person approves the report: of the team or of the regulator's case officers."""
    part = part_in(user, audit)
    _refuse_unless(
        part.is_at_work or part.runs_case,
        "The report is issued by the audit team or by a case officer of the regulator.",
    )
    _refuse_unless(
        user.pk != audit.concluded_by_id,
        "Somebody else has to issue the report: you wrote its conclusion.",
    )


def check_can_correct_report(user, audit) -> None:
    part = part_in(user, audit)
    _refuse_unless(
        part.is_at_work or part.runs_case,
        "An addendum is written by the audit team or by a case officer of the regulator.",
    )


def check_can_issue_addendum(user, addendum) -> None:
    check_can_correct_report(user, addendum.report.audit)
    _refuse_unless(
        user.pk != addendum.proposed_by_id, "Somebody else has to issue it: you wrote it."
    )


def check_can_propose(user, audit) -> None:
    """The competent regulator alone certifies; the leader or a case officer proposes."""
    check_can_lead(user, audit)
    _refuse_unless(
        audit.regulator_id == audit.agency.regulator_id,
        f"Only {audit.agency.regulator} decides on this agency's certificate.",
    )


def check_can_decide(user, decision, *, at: datetime | None = None) -> None:
    """A decider who took no part: nobody of the team ever, of the report, or of the proposal."""
    audit = decision.audit
    part = part_in(user, audit)
    _refuse_unless(
        RegulatorRole.DECIDER in part.roles, "This is decided by a decider of the regulator."
    )
    _refuse_unless(user.pk != decision.proposed_by_id, "Somebody else decides: you proposed it.")
    _refuse_whoever_took_part(user, audit, part, at)


def check_can_hear(user, appeal, *, at: datetime | None = None) -> None:
    """The appeal panel: nobody of a decision on this audit, of its report, or of the team."""
    decision = appeal.decision
    part = part_in(user, decision.audit)
    _refuse_unless(
        RegulatorRole.APPEAL_PANEL in part.roles, "An appeal is heard by the appeal panel."
    )
    _refuse_unless(
        not decision.audit.decisions.filter(Q(proposed_by=user) | Q(decided_by=user)).exists(),
        "Somebody else hears the appeal: you took part in a decision on this audit.",
    )
    _refuse_whoever_took_part(user, decision.audit, part, at)


def check_can_reply(user, audit) -> None:
    """Replies and corrective actions: whoever acts for the agency."""
    _refuse_unless(acts_for(user, audit.agency), "This is done by the people of the agency.")


def check_can_lodge(user, decision) -> None:
    check_holds(user, *BIND_AGENCY, agency=decision.audit.agency)


def can(check, *args) -> bool:
    """Whether one of the checks above lets the act pass; for pages, which show no dead button."""
    try:
        check(*args)
    except PermissionDenied:
        return False
    return True


def why_not(check, *args) -> str:
    """The reason for which one of the checks above refuses; nothing where it lets the act pass."""
    try:
        check(*args)
    except PermissionDenied as refused:
        return str(refused)
    return ""


def _refuse_whoever_took_part(user, audit, part: Part, at: datetime | None) -> None:
    _refuse_unless(not part.was_on_team, "Somebody else decides: you were on the audit team.")
    worked = (
        user.pk in (audit.concluded_by_id, audit.reported_by_id)
        or audit.findings.filter(raised_by=user).exists()
        or audit.findings.filter(corrections__reviewed_by=user).exists()
        or ReportAddendum.objects.filter(report__audit=audit)
        .filter(Q(proposed_by=user) | Q(issued_by=user))
        .exists()
    )
    _refuse_unless(not worked, "Somebody else decides: you took part in the audit.")
    _refuse_unless(
        not has_tie(user, audit.agency, at=at or timezone.now()),
        "Somebody else decides: you belong, or belonged not long ago, to the agency.",
    )


def _refuse_unless(allowed: bool, reason: str) -> None:
    if not allowed:
        raise PermissionDenied(reason)
