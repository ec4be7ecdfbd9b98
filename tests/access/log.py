"""The pages of `log` × every role: the same for everybody. A witness is known by its signature."""

from tests.access.table import Row
from tests.access.world import cells
from tests.factories import log

ALL = cells(anonymous=200, others=200)


def build(world):
    log.acts(3, agency=world.agency)
    log.signed()


PAGES = {
    "log:index": (Row(expect=ALL), Row(query={"before": "2"}, expect=ALL)),
    "log:leaf": Row(args={"position": 0}, expect=ALL),
    "log:checkpoint": Row(expect=ALL),
    "log:keys": Row(expect=ALL),
    "log:tile": Row(args={"address": "0/000.p/3"}, expect=ALL),
    "log:inclusion": (
        Row(query={"position": "1"}, expect=ALL),
        Row(expect=cells(anonymous=400, others=400)),
    ),
    "log:consistency": (
        Row(query={"first": "1", "second": "3"}, expect=ALL),
        Row(query={"first": "999999"}, expect=cells(anonymous=400, others=400)),
    ),
    "log:add_checkpoint": Row(method="POST", expect=cells(anonymous=400, others=400)),
    "log:verifier": Row(expect=ALL),
}
