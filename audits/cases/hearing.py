"""The queue hears of every act in its own transaction; imported in `AppConfig.ready()`."""

from django.conf import settings
from django.utils import timezone

from agencies import journal
from agencies.enums import CASE_ROLES
from agencies.models import Agency, RegulatorMembership
from agencies.permissions import holds
from audits.cases.books import StoredBook
from audits.cases.enums import CaseKind
from audits.cases.matters import ASSIGNED, HEARD_OF, TRANSFERRED, Heard, follow
from audits.cases.models import Case
from audits.cases.records import StoredRecords

MEMBERSHIP_ENDED = "membership.ended"


@journal.on_record
def keep_the_queue(entry):
    """What the journal calls with every entry."""
    if entry.verb in HEARD_OF:
        agency = Agency.objects.filter(register_number=entry.agency_number).first()
        heard = heard_from(entry, agency.pk if agency else None)
        follow(heard, StoredBook(), StoredRecords(), days_given)
        if entry.verb == TRANSFERRED:
            _hand_back(Case.objects.filter(agency=heard.agency, audit=None), by=None)
    elif entry.verb == MEMBERSHIP_ENDED and entry.subject.startswith(_OF_STAFF):
        _hand_back_of_who_left(entry)


def heard_from(entry, agency):
    """What the projection reads of an entry of the journal."""
    return Heard(
        position=entry.position,
        verb=entry.verb,
        subject=entry.subject,
        data=entry.data,
        agency=agency,
        at=entry.recorded_at,
        on=timezone.localdate(entry.recorded_at),
    )


def days_given(kind, public_id):
    """How long we give ourselves, by the settings of today."""
    return {
        CaseKind.ATTESTATION: settings.DESK_ATTESTATION_DAYS,
        CaseKind.CLAIM: settings.DESK_CLAIM_DAYS,
        CaseKind.CORRECTION: settings.DESK_CORRECTION_DAYS,
        CaseKind.DECISION: settings.DESK_DECISION_DAYS,
        CaseKind.APPEAL: settings.DESK_APPEAL_DAYS,
        CaseKind.STATUS_CHANGE: settings.DESK_STATUS_CHANGE_DAYS,
        CaseKind.CONCERN: settings.DESK_CONCERN_DAYS,
    }.get(kind, 0)


_OF_STAFF = f"{RegulatorMembership._meta.label_lower}:"


def _hand_back_of_who_left(entry):
    """Nobody's name stands on matters that they may no longer see."""
    membership = RegulatorMembership.objects.select_related("user", "regulator").get(
        pk=entry.subject.removeprefix(_OF_STAFF)
    )
    if not holds(membership.user, *CASE_ROLES, regulator=membership.regulator):
        held = Case.objects.filter(regulator=membership.regulator, assignee=membership.user)
        _hand_back(held, by=None)


def _hand_back(cases, *, by):
    for case in cases.open().filter(assignee__isnull=False).order_by("pk"):
        journal.record(ASSIGNED, case, by=by, matter=case.subject, to=None)
