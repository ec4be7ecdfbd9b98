"""The pages of `certificates` × every role."""

from datetime import date

from audits.enums import StatusKind, StatusReason, StatusState
from audits.models import AuditReport, StatusChange
from tests.access.table import Row
from tests.access.world import cells
from tests.factories import certificates as certify

# case staff who may look and not act
LOOKING = {"regulator_admin": 403, "appeal_panel": 403}
MAY_PROPOSE = dict.fromkeys(("case_officer", "auditor", "decider"), 200) | LOOKING
MAY_ANSWER = {"case_officer": 403, "auditor": 403, "decider": 200} | LOOKING
CHANGE = {
    "kind": StatusKind.WITHDRAWAL,
    "effective_on": "2024-06-01",
    "reason": StatusReason.MISLEADING_USE,
    "explanation": "Used on a page about another agency.",
}


def build(world):
    for case in (world, world.suspended):
        name = case.agency.legal_name
        case.certificate = certify.published(case.agency, scopes=(("KEN", "IRL", "222"),))
        case.contested = certify.published(case.agency, scopes=(("GHA", "IRL", "222"),))
        case.status_change = StatusChange.objects.create(
            certificate=case.contested,
            kind=StatusKind.SUSPENSION,
            state=StatusState.PROPOSED,
            effective_on=date(2024, 6, 1),
            reason=StatusReason.UNDER_INVESTIGATION,
            explanation=f"Canary explanation about {name}",
            proposed_at=certify.ISSUED_AT,
            proposed_by=world.people["case_officer"],
        )
        case.certified_report = AuditReport.objects.get(audit=case.certificate.decision.audit)
    for case, seen_by in (
        (world, ("agency_people", "case_staff")),
        (world.suspended, ("suspended_agency_admin", "case_staff")),
    ):
        world.canary(
            f"Canary explanation about {case.agency.legal_name}",
            seen_by=seen_by,
            at="certificates:detail",
        )


def _certificate(world):
    return {"number": world.certificate.number}


def _contested(world):
    return {"number": world.contested.number}


def _change(world):
    return {"pk": world.status_change.pk}


PAGES = {
    "certificates:index": Row(expect=cells(others=200)),
    "certificates:detail": (
        Row(args=_certificate, expect=cells(own_agency=200, case_staff=200)),
        Row(args=_contested, expect=cells(own_agency=200, case_staff=200)),
    ),
    "certificates:propose": (
        Row(args=_certificate, expect=cells(own_agency=403, **MAY_PROPOSE)),
        Row(
            args=_certificate,
            method="POST",
            data=CHANGE,
            expect=cells(
                own_agency=403,
                **{role: 302 if status == 200 else status for role, status in MAY_PROPOSE.items()},
            ),
        ),
    ),
    "certificates:confirm": Row(
        args=_change,
        method="POST",
        expect=cells(
            own_agency=403,
            **{role: 302 if status == 200 else status for role, status in MAY_ANSWER.items()},
        ),
    ),
    "certificates:decline": (
        Row(args=_change, expect=cells(own_agency=403, **MAY_ANSWER)),
        Row(
            args=_change,
            method="POST",
            data={"reason": "Not borne out."},
            expect=cells(
                own_agency=403,
                **{role: 302 if status == 200 else status for role, status in MAY_ANSWER.items()},
            ),
        ),
    ),
    "certificates:report_references": Row(
        args=lambda world: {"number": world.certified_report.number},
        expect=cells(own_agency=200, case_staff=200),
    ),
}
