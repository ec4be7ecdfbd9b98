"""The desk: its own case staff, and nobody else; a saved view is its owner's alone."""

from django.utils import timezone

from audits.cases import services
from audits.cases.enums import CaseKind
from audits.cases.models import Case
from tests.access.table import Row
from tests.access.world import cells

DESK = cells(case_staff=200, corridor_officer=200)
ACT_AT_DESK = cells(case_staff=302, corridor_officer=302)
ACT = cells(case_staff=302)
CANARY = "Canary view of a case officer"


def build(world):
    for case in (world, world.suspended):
        case.matter = Case.objects.get(kind=CaseKind.AUDIT, audit=case.conducting)
    world.view = services.save_view(
        name=CANARY, query="tab=team", at=timezone.now(), by=world.people["case_officer"]
    )
    world.canary(CANARY, seen_by=("case_officer",), at="cases:queue")


def matter(world):
    return {"public_id": world.matter.public_id}


PAGES = {
    "cases:queue": (
        Row(expect=DESK),
        Row(query={"tab": "team", "kind": "audit", "q": "Harbour", "due": "over"}, expect=DESK),
        Row(query={"tab": "nonsense", "kind": "nonsense", "page": "x"}, expect=DESK),
        *(
            Row(query={"tab": tab}, expect=DESK)
            for tab in ("mine", "unassigned", "running-out", "elsewhere", "closed")
        ),
    ),
    "cases:save_view": Row(
        method="POST", data={"name": "Late", "query": "tab=team&due=over"}, expect=ACT_AT_DESK
    ),
    "cases:remove_view": Row(
        args=lambda world: {"public_id": world.view.public_id},
        method="POST",
        expect=cells(case_officer=302),
    ),
    "cases:case": Row(args=matter, expect=cells(case_staff=200)),
    "cases:take": Row(
        args=matter,
        method="POST",
        data=lambda world: {"held_by": world.matter.assignee_id},
        expect=ACT,
    ),
    "cases:hand_on": Row(args=matter, method="POST", data={"to": ""}, expect=ACT),
    "cases:mark_seen": Row(args=matter, method="POST", data={"position": "1"}, expect=ACT),
}
