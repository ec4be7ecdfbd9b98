"""The lists are open to every reader; an edition that waits is seen by data stewards alone."""

from datetime import date

from tests.access.table import Row
from tests.access.world import cells
from tests.factories import agencies as people
from tests.factories import attestations as make

OPEN = cells(anonymous=200, others=200)
WAITS = "Example list that waits"


def build(world):
    make.reference()
    loader = people.staff(world.other_regulator, "data_steward")
    edition = make.list_edition("2031", valid_from=date(2031, 1, 1), is_active=False)
    type(edition).objects.filter(pk="2031").update(title=WAITS, loaded_by=loader)
    world.canary(WAITS, seen_by=("data_steward",), at="safeguards:edition")


PAGES = {
    "safeguards:index": Row(expect=OPEN),
    "safeguards:difference": Row(query={"earlier": "2020", "later": "2023"}, expect=OPEN),
    "safeguards:agreements": Row(expect=OPEN),
    "safeguards:commitments": Row(expect=OPEN),
    "safeguards:country": Row(args={"iso3": "ZWE"}, query={"on": "2024-01-05"}, expect=OPEN),
    "safeguards:national_list": Row(args={"code": "germany"}, expect=OPEN),
    "safeguards:edition": (
        Row(
            args={"label": "2031"},
            expect=cells(anonymous=404, others=404, data_steward=200),
        ),
        Row(args={"label": "2023"}, expect=OPEN),
    ),
    "safeguards:load": (
        Row(expect=cells(others=403, data_steward=200)),
        Row(method="POST", data={"label": "2032"}, expect=cells(others=403, data_steward=200)),
    ),
    "safeguards:activate": Row(
        args={"label": "2031"}, method="POST", expect=cells(others=404, data_steward=302)
    ),
    "safeguards:discard": Row(
        args={"label": "2031"}, method="POST", expect=cells(others=404, data_steward=302)
    ),
}
