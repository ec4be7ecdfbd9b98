"""A book in memory, told entry by entry: for the tests of what each verb does."""

from datetime import UTC, datetime, timedelta

from audits.cases.books import MemoryBook
from audits.cases.enums import CaseKind, WaitsOn
from audits.cases.matters import About, Heard, follow

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
US, THEM = WaitsOn.REGULATOR, WaitsOn.AGENCY
ATTESTATION, AGAIN = "attestations.attestation:1", "attestations.attestation:2"
CLAIM, CONCERN = "agencies.agencyclaim:1", "audits.concern:1"
AUDIT, CORRECTION, FINDING = "audits.audit:5", "audits.correctiveaction:1", "audits.finding:1"
DECISION, APPEAL, CHANGE = "audits.decision:1", "audits.appeal:1", "audits.statuschange:1"
CERTIFICATE, AGENCY = "audits.certificate:1", "agencies.agency:3"

KINDS = {
    ATTESTATION: CaseKind.ATTESTATION,
    AGAIN: CaseKind.ATTESTATION,
    CLAIM: CaseKind.CLAIM,
    CONCERN: CaseKind.CONCERN,
    AUDIT: CaseKind.AUDIT,
    CORRECTION: CaseKind.CORRECTION,
    DECISION: CaseKind.DECISION,
    APPEAL: CaseKind.APPEAL,
    CHANGE: CaseKind.STATUS_CHANGE,
}
OF_AUDIT = (CaseKind.AUDIT, CaseKind.CORRECTION, CaseKind.DECISION, CaseKind.APPEAL)
TEAM = [["user:7", "team_leader"], ["user:8", "auditor"]]


class Records:
    """Everything is of regulator 2 and agency 3, and audits are number 5."""

    def about(self, heard):
        kind = KINDS.get(heard.subject)
        return kind and About(
            kind,
            regulator=2,
            agency=3,
            audit=5 if kind in OF_AUDIT else None,
            reference=heard.subject.upper(),
            facts={"planned_for": "2026-03-16"} if kind == CaseKind.AUDIT else {},
        )

    def audit_of(self, heard):
        return AUDIT

    def corrections_of(self, heard):
        return [CORRECTION]


def told(*entries, days=30):
    """The book after these (verb, subject, details), one a day."""
    book = MemoryBook()
    for number, (verb, subject, *details) in enumerate(entries):
        at = AT + timedelta(days=number)
        heard = Heard(
            position=number + 1,
            verb=verb,
            subject=subject,
            data=details[0] if details else {},
            agency=3,
            at=at,
            on=at.date(),
        )
        follow(heard, book, Records(), lambda kind, public_id: days)
    return book


def one(subject, *entries):
    return told(*entries).get(subject)


PLANNED = ("audit.planned", AUDIT, {"team": TEAM})
OPENED = (PLANNED, ("audit.opened", AUDIT))
REPORTED = (*OPENED, ("audit.concluded", AUDIT), ("audit.reported", AUDIT))
ASKED = (*REPORTED, ("correction.requested", CORRECTION, {"due_on": "2026-05-05"}))
SUBMITTED = (*ASKED, ("correction.submitted", CORRECTION))
DECIDING = (*REPORTED, ("decision.proposed", DECISION))
HANDED_IN = ("attestation.submitted", ATTESTATION)
RETURNED = (HANDED_IN, ("attestation.returned", ATTESTATION, {"answer_by": "2026-04-02"}))
CLAIMED = ("claim.sent", CLAIM, {"regulator": 2})
HEARD = ("concern.received", CONCERN, {"regulator": 2})
CHANGING = ("status_change.proposed", CHANGE)
