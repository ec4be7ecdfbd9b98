"""Anybody may check a list, or ask about a person; the answers are the same for everybody."""

from tests.access.table import Row
from tests.access.world import cells

ALL = cells(anonymous=200, others=200)
WRONG = cells(anonymous=400, others=400)


def number(world):
    return {"number": world.agency.register_number}


PAGES = {
    "checking:many": (
        Row(expect=ALL),
        Row(method="POST", data={"text": "Harbour Example Recruitment\nnobody"}, expect=ALL),
        Row(method="POST", data={"text": "Harbour", "as": "csv"}, expect=ALL),
        Row(method="POST", data={"text": ""}, expect=WRONG),
    ),
    "checking:person": (
        Row(args=number, expect=ALL),
        Row(args=number, method="POST", data={"name": "Ciara Example"}, expect=ALL),
        Row(args=number, method="POST", data={"name": "Ciara"}, expect=WRONG),
    ),
}
