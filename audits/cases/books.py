"""Where matters are kept: the table of cases, and a dictionary to compare it with."""

from django.db.models import Q

from audits.cases.clocks import Clock
from audits.cases.enums import CaseKind, Ending, Stage, WaitsOn
from audits.cases.matters import Matter
from audits.cases.models import NO_DAY, Case


def matter_of(case: Case) -> Matter:
    return Matter(
        kind=CaseKind(case.kind),
        subject=case.subject,
        regulator=case.regulator_id,
        agency=case.agency_id,
        audit=case.audit_id,
        reference=case.reference,
        facts=case.facts,
        stage=Stage(case.stage),
        waits_on=WaitsOn(case.waits_on),
        opened_at=case.opened_at,
        moved_at=case.moved_at,
        position=case.position,
        earlier=tuple(case.earlier_subjects),
        days_given=case.days_given,
        clock=Clock(case.due_on, case.days_left),
        assignee=case.assignee_id,
        closed_at=case.closed_at,
        ending=Ending(case.ending) if case.ending else None,
    )


def columns_of(matter: Matter) -> dict:
    """What the row of a matter holds."""
    return {
        "kind": matter.kind,
        "subject": matter.subject,
        "earlier_subjects": list(matter.earlier),
        "regulator_id": matter.regulator,
        "agency_id": matter.agency,
        "audit_id": matter.audit,
        "reference": matter.reference,
        "facts": dict(matter.facts),
        "stage": matter.stage,
        "waits_on": matter.waits_on,
        "due_on": matter.clock.due_on,
        "rank_on": matter.clock.due_on or NO_DAY,
        "days_given": matter.days_given,
        "days_left": matter.clock.days_left,
        "assignee_id": matter.assignee,
        "opened_at": matter.opened_at,
        "moved_at": matter.moved_at,
        "position": matter.position,
        "closed_at": matter.closed_at,
        "ending": matter.ending or "",
    }


class StoredBook:
    """The table of cases, in the transaction of the act that is heard of."""

    def get(self, subject):
        return self._one(Q(subject=subject))

    def attestation_of(self, agency):
        return self._one(Q(agency=agency, kind=CaseKind.ATTESTATION, closed_at=None))

    def of_audit(self, audit):
        return [matter_of(case) for case in Case.objects.filter(audit=audit).order_by("id")]

    def of_agency(self, agency):
        return [matter_of(case) for case in Case.objects.filter(agency=agency).order_by("id")]

    def put(self, matter):
        Case.objects.update_or_create(public_id=matter.public_id, defaults=columns_of(matter))

    def _one(self, condition):
        case = Case.objects.filter(condition).first()
        return matter_of(case) if case else None


class MemoryBook:
    """The same in memory: the order of what belongs together is that in which it was opened."""

    def __init__(self):
        self.matters: dict = {}
        self._by_subject: dict = {}
        self._of_audit: dict = {}
        self._of_agency: dict = {}

    def get(self, subject):
        return self.matters.get(self._by_subject.get(subject))

    def attestation_of(self, agency):
        return next(
            (
                matter
                for matter in self.of_agency(agency)
                if matter.kind == CaseKind.ATTESTATION and matter.is_open
            ),
            None,
        )

    def of_audit(self, audit):
        return [self.matters[key] for key in self._of_audit.get(audit, ())]

    def of_agency(self, agency):
        return [self.matters[key] for key in self._of_agency.get(agency, ())]

    def put(self, matter):
        key = matter.public_id
        if key not in self.matters:
            self._of_audit.setdefault(matter.audit, []).append(key)
            self._of_agency.setdefault(matter.agency, []).append(key)
        else:
            self._by_subject.pop(self.matters[key].subject, None)
        self.matters[key] = matter
        self._by_subject[matter.subject] = key
