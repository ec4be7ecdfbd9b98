"""Anybody may report; the thread is for the case staff of its regulator, and for no agency."""

from django.utils import timezone

from audits.concerns import services
from audits.concerns.enums import ConcernKind
from tests.access.table import Row
from tests.access.world import cells

ALL = cells(anonymous=200, others=200)
WRONG = cells(anonymous=400, others=400)
DESK = cells(case_staff=200)
TEXT = "Canary of what somebody told the regulator"


def build(world):
    world.concern, world.code = services.receive_concern(
        agency_id=world.agency.pk, kind=ConcernKind.FEES, text=TEXT, at=timezone.now()
    )
    world.canary(TEXT, seen_by=("case_staff",), at="concerns:matter")
    world.canary(world.concern.reference, seen_by=("case_staff",), at="concerns:matter")


def number(world):
    return {"number": world.agency.register_number}


def concern(world):
    return {"pk": world.concern.pk}


PAGES = {
    "concerns:report": (
        Row(args=number, expect=ALL),
        Row(args=number, method="POST", data={"kind": "fees", "text": "Told."}, expect=ALL),
        Row(args=number, method="POST", data={"kind": "fees"}, expect=WRONG),
    ),
    "concerns:report_other": (
        Row(expect=ALL),
        Row(method="POST", data={"kind": "fees", "text": "Told."}, expect=WRONG),
    ),
    "concerns:follow": (
        Row(expect=ALL),
        Row(method="POST", data={"code": "nobody has it"}, expect=WRONG),
    ),
    "concerns:matter": Row(args=concern, expect=DESK),
    **{
        f"concerns:{act}": (
            Row(args=concern, expect=DESK),
            Row(args=concern, method="POST", data={"text": "Said."}, expect=cells(case_staff=302)),
        )
        for act in ("reply", "note", "close")
    },
}
