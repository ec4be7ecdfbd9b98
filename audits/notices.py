"""Whom an act is told to: messages go into the outbox with the journal entry of the act."""

from django.urls import reverse

from agencies.enums import RegulatorRole
from agencies.permissions import people_with
from agencies.services.mailing import mail
from audits.permissions import BIND_AGENCY


def tell_agency(entry, audit, template, *, path=None, **context):
    """Whoever binds the agency; where nobody does, the address it gave."""
    number = audit.agency.register_number
    path = path or reverse("audits:agency_audit", args=(number, audit.number))
    people = list(people_with(*BIND_AGENCY, agency=audit.agency))
    _tell(entry, audit, people, template, path=path, **context)
    if not people and audit.agency.contact_email:
        mail(
            entry,
            template=template,
            address=audit.agency.contact_email,
            path=path,
            **_naming(audit),
            **context,
        )


def tell_team(entry, audit, template, *, path=None, **context):
    members = audit.team.filter(left_at=None, user__is_active=True).select_related("user")
    people = [member.user for member in members]
    _tell(entry, audit, people, template, path=path or case_path(audit), **context)


def tell_deciders(entry, audit, template, *, path=None, **context):
    people = people_with(RegulatorRole.DECIDER, regulator=audit.regulator)
    _tell(entry, audit, people, template, path=path or case_path(audit), **context)


def tell_panel(entry, audit, template, *, path=None, **context):
    people = people_with(RegulatorRole.APPEAL_PANEL, regulator=audit.regulator)
    _tell(entry, audit, people, template, path=path or case_path(audit), **context)


def case_path(audit):
    return reverse("audits:detail", args=(audit.number,))


def finding_path(audit, finding):
    return reverse("audits:finding", args=(audit.number, finding.position))


def decision_path(decision):
    return reverse("audits:decision", args=(decision.public_id,))


def _tell(entry, audit, people, template, **context):
    for person in people:
        mail(entry, template=template, recipient=person, **_naming(audit), **context)


def _naming(audit):
    # a special audit may be another regulator's than the agency's own: questions go there
    return {
        "audit": audit.number,
        "asked": audit.regulator.name,
        "asked_address": audit.regulator.contact_email,
    }
