"""The pages of `credentials` × every role: the same for everybody, known or not."""

from tests.access.table import Row
from tests.access.world import cells
from tests.factories import credentials

ALL = cells(anonymous=200, others=200)


def build(world):
    for case in (world, world.suspended):
        case.public_credential = credentials.published(case.agency, scopes=(("UGA", "IRL", "222"),))


def _certificate(world):
    return {"number": world.public_credential.number}


PAGES = {
    "credentials:check": (
        Row(expect=ALL),
        Row(
            method="POST",
            data=lambda world: {"credential": world.public_credential.credential.jwt},
            expect=ALL,
        ),
        Row(method="POST", expect=cells(anonymous=400, others=400)),
    ),
    "credentials:json": Row(args=_certificate, expect=ALL),
    "credentials:jsonld": Row(args=_certificate, expect=ALL),
    "credentials:jwt": Row(args=_certificate, expect=ALL),
    "credentials:list": Row(args={"purpose": "revocation", "number": 1}, expect=ALL),
    "credentials:list_jwt": Row(args={"purpose": "suspension", "number": 1}, expect=ALL),
    "credentials:did": Row(expect=ALL),
    "credentials:context": Row(expect=ALL),
}
