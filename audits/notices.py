"""Whom an act is told to: messages go into the outbox with the journal entry of the act."""

from django.conf import settings
from django.urls import reverse

from agencies import journal
from agencies.enums import RegulatorRole
from agencies.permissions import people_with
from audits.permissions import BIND_AGENCY


def tell_agency(entry, audit, template, *, page=None, **context):
    """Whoever binds the agency; where nobody does, the address it gave."""
    people = list(people_with(*BIND_AGENCY, agency=audit.agency))
    link = page or link_to("audits:agency_audit", audit.agency.register_number, audit.number)
    context |= {"link": link, "audit": audit.number, "agency": audit.agency.register_number}
    _tell(entry, people, template, context)
    if not people and audit.agency.contact_email:
        journal.post(
            entry,
            channel="email",
            at=entry.recorded_at,
            address=audit.agency.contact_email,
            template=template,
            **context,
        )


def tell_team(entry, audit, template, *, page=None, **context):
    people = [
        member.user
        for member in audit.team.filter(left_at=None, user__is_active=True).select_related("user")
    ]
    _tell(entry, people, template, _for_staff(audit, page) | context)


def tell_deciders(entry, audit, template, *, page=None, **context):
    people = people_with(RegulatorRole.DECIDER, regulator=audit.regulator)
    _tell(entry, people, template, _for_staff(audit, page) | context)


def tell_panel(entry, audit, template, *, page=None, **context):
    people = people_with(RegulatorRole.APPEAL_PANEL, regulator=audit.regulator)
    _tell(entry, people, template, _for_staff(audit, page) | context)


def link_to(name, *args):
    """The address of a page at the register's own origin, never at a request's."""
    return settings.CANONICAL_ORIGIN + reverse(name, args=args)


def _for_staff(audit, page):
    return {
        "link": page or link_to("audits:detail", audit.number),
        "audit": audit.number,
        "agency": audit.agency.register_number,
    }


def _tell(entry, people, template, context):
    for person in people:
        journal.post(
            entry,
            channel="email",
            at=entry.recorded_at,
            recipient=person,
            template=template,
            **context,
        )
