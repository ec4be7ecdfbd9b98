"""From the plan of an audit to the day it opens, and its end without a report."""

from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from agencies import journal, numbering
from agencies.enums import CASE_ROLES
from agencies.models import Agency, AgencyMembership
from agencies.permissions import holds
from attestations.models import CatalogueEdition
from audits.enums import TeamRole
from audits.impartiality import has_tie
from audits.models import Audit, AuditScope, AuditUserObjectPermission, ChecklistItem, TeamMember
from audits.models.audit import WORK_ON_AUDIT
from audits.notices import tell_agency, tell_team
from audits.permissions import check_can_lead, check_can_plan, check_can_run
from audits.queries import scopes_of_placements
from audits.services.wording import said
from audits.workflow import next_state


@transaction.atomic
def plan_audit(
    *,
    agency_id,
    kind,
    edition,
    period_from,
    period_until,
    planned_for,
    plan,
    leader,
    by,
    team=(),
    scopes=None,
    regulator=None,
    attestation=None,
    at=None,
):
    """Plan an audit of an agency against one edition of the commitments.

    `edition` is a catalogue edition or its label. `team` is pairs of person and role beside the
    `leader`. `scopes` are triples of source, destination and occupation group; left out, they are
    those of the agency's placements in the period.
    """
    agency = Agency.objects.select_related("regulator").get(pk=agency_id)
    regulator = regulator or agency.regulator
    check_can_plan(by, agency, regulator=regulator, kind=kind)
    if agency.ended_on:
        raise ValidationError(f"This agency ended on {agency.ended_on}: nothing can be audited.")
    if scopes is None:
        scopes = scopes_of_placements(agency, period_from, period_until)
    if not scopes:
        raise ValidationError(
            "The agency has no placements in this period. "
            "Name at least one corridor and occupation group to audit."
        )
    if attestation is not None and attestation.agency_id != agency.pk:
        raise ValidationError("This attestation was made by another agency.")
    at = at or timezone.now()
    edition_label = edition.pk if isinstance(edition, CatalogueEdition) else edition
    audit = Audit(
        number=numbering.next_number(numbering.AUDIT),
        agency=agency,
        regulator=regulator,
        kind=kind,
        edition_id=edition_label,
        attestation=attestation,
        period_from=period_from,
        period_until=period_until,
        plan=said(plan, "Say what is planned: what is looked at, where, and with whom."),
        planned_at=at,
        planned_by=by,
        planned_for=planned_for,
    )
    audit.full_clean(exclude=("number",), validate_unique=False)
    audit.save()
    AuditScope.objects.bulk_create(
        AuditScope(
            audit=audit, source_id=source, destination_id=destination, occupation_group=group
        )
        for source, destination, group in sorted(set(map(tuple, scopes)))
    )
    _set_team(audit, [(leader, TeamRole.LEADER), *team], at=at)
    entry = journal.record(
        "audit.planned",
        audit,
        by=by,
        agency=agency,
        kind=str(kind),
        edition=edition_label,
        period=[str(period_from), str(period_until)],
        team=_team_in_ids(audit),
    )
    tell_team(entry, audit, "email/audit_planned", planned_for=str(planned_for))
    return audit


@transaction.atomic
def change_team(*, audit_id, members, by, at=None):
    """Make `members`, pairs of person and role, the whole team; who leaves stays on record."""
    audit = Audit.objects.locked(pk=audit_id)
    check_can_run(by, audit)
    audit.state = next_state("change_team", audit.state)
    before = _team_in_ids(audit)
    _set_team(audit, members, at=at or timezone.now())
    after = _team_in_ids(audit)
    if after == before:
        raise ValidationError("This is the team already.")
    entry = journal.record(
        "audit.team_changed", audit, by=by, agency=audit.agency, before=before, after=after
    )
    tell_team(entry, audit, "email/audit_team_changed", planned_for=str(audit.planned_for))
    return audit


@transaction.atomic
def open_audit(*, audit_id, by, at=None):
    """Begin the audit: the agency is told, and the checklist of the edition is laid out."""
    audit = Audit.objects.locked(pk=audit_id)
    check_can_lead(by, audit)
    audit.state = next_state("open", audit.state)
    audit.opened_at, audit.opened_by = at or timezone.now(), by
    audit.save(update_fields=["state", "opened_at", "opened_by"])
    ChecklistItem.objects.bulk_create(
        ChecklistItem(audit=audit, requirement=requirement)
        for requirement in audit.edition.requirements.all()
    )
    entry = journal.record("audit.opened", audit, by=by, agency=audit.agency)
    tell_agency(
        entry,
        audit,
        "email/audit_opened",
        kind=audit.get_kind_display().lower(),
        period=[str(audit.period_from), str(audit.period_until)],
        planned_for=str(audit.planned_for),
    )
    return audit


@transaction.atomic
def cancel_audit(*, audit_id, reason, by, at=None):
    """End an audit that was not reported; the reason stays with it."""
    audit = Audit.objects.locked(pk=audit_id)
    check_can_run(by, audit)
    was_open = audit.opened_at is not None
    audit.state = next_state("cancel", audit.state)
    audit.closed_at, audit.closed_by = at or timezone.now(), by
    audit.close_note = said(reason, "Say why the audit is cancelled.")
    audit.save(update_fields=["state", "closed_at", "closed_by", "close_note"])
    end_delegations(audit)
    entry = journal.record("audit.cancelled", audit, by=by, agency=audit.agency)
    tell_team(entry, audit, "email/audit_cancelled")
    if was_open:
        tell_agency(entry, audit, "email/audit_cancelled")
    return audit


def end_delegations(audit):
    """Nobody from outside is named on an audit that is over."""
    AuditUserObjectPermission.objects.filter(content_object=audit).delete()


def _set_team(audit, members, *, at):
    wanted = dict(members)
    if len(wanted) != len(members):
        raise ValidationError("A person has one role in the team.")
    leaders = [user for user, role in wanted.items() if role == TeamRole.LEADER]
    if len(leaders) != 1:
        raise ValidationError("The team has one leader.")
    for user in wanted:
        _refuse_partial(user, audit.agency, at=at)
    standing = {member.user: member for member in audit.team.select_related("user")}
    # who leaves or steps back comes first: there is one leader at any moment
    for user, member in standing.items():
        if user not in wanted and member.left_at is None:
            member.left_at = max(at, member.joined_at)
            member.save(update_fields=["left_at"])
    for user, role in sorted(wanted.items(), key=lambda pair: pair[1] == TeamRole.LEADER):
        member = standing.get(user)
        if member is None:
            TeamMember.objects.create(audit=audit, user=user, role=role, joined_at=at)
        elif (member.role, member.left_at) != (role, None):
            member.role, member.left_at = role, None
            member.save(update_fields=["role", "left_at"])
    _name_outsiders(audit, wanted)


def _refuse_partial(user, agency, *, at):
    if not user.is_active:
        raise ValidationError(f"{user} has no active account.")
    if has_tie(user, agency, at=at):
        raise ValidationError(
            f"{user} belongs, or belonged not long ago, to {agency}, and cannot audit it."
        )
    if AgencyMembership.objects.filter(user=user, ended_at=None).exists():
        raise ValidationError(f"{user} works for an agency, and cannot audit another.")


def _name_outsiders(audit, wanted):
    """Whoever holds no role at the regulator is named on this audit, for as long as it lasts."""
    named = AuditUserObjectPermission.objects.filter(content_object=audit)
    regulator = audit.regulator
    outsiders = {user for user in wanted if not holds(user, *CASE_ROLES, regulator=regulator)}
    named.exclude(user__in=outsiders).delete()
    permission = Permission.objects.get(
        codename=WORK_ON_AUDIT, content_type__app_label=Audit._meta.app_label
    )
    for user in outsiders:
        AuditUserObjectPermission.objects.get_or_create(
            user=user, permission=permission, content_object=audit
        )


def _team_in_ids(audit):
    live = audit.team.filter(left_at=None).order_by("user")
    return [[f"user:{user}", role] for user, role in live.values_list("user", "role")]
