"""A name with a slip leads to the organisation; the whole list of names is in `make bench`."""

import random

import pytest

from tests.bench.names import MISTYPES, draw_slips, load, measured, report
from tests.factories import agencies as make

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# invented, every one of them: no real name stands in a test
FIRST = [
    "Alder",
    "Birch",
    "Cedar",
    "Dogwood",
    "Elm",
    "Fir",
    "Ginkgo",
    "Hazel",
    "Ivy",
    "Juniper",
    "Larch",
    "Maple",
    "Oak",
    "Pine",
]
SECOND = [
    "Harbour",
    "Quay",
    "Meadow",
    "Valley",
    "Bridge",
    "Castle",
    "Garden",
    "Lantern",
    "Anchor",
    "Beacon",
    "Orchard",
]
THIRD = [
    "Care",
    "Nursing",
    "Health",
    "Recruitment",
    "Staffing",
    "Medical",
    "Placements",
    "Careers",
    "Clinics",
]
FORMS = ("Ltd", "Limited", "LLP", "GmbH", "Inc.", "Corporation", "")


def invented(count):
    chance = random.Random("invented names")
    names = set()
    while len(names) < count:
        name = f"{chance.choice(FIRST)} {chance.choice(SECOND)} {chance.choice(THIRD)}"
        if chance.random() < 0.1:
            name += f" t/a {chance.choice(SECOND)} {chance.randrange(10, 99)}"
        names.add(f"{name} {chance.choice(FORMS)}".strip())
    return sorted(names)


def test_slips_lead_to_what_was_meant():
    names = invented(300)
    load(names, regulator=make.regulator("Bench"))
    slips = draw_slips(names, 120, "slips")
    assert {slip.kind for slip in slips} == set(MISTYPES)

    told = report(list(measured(slips)), rows=len(names))

    assert told["found_share"] >= 0.95, told


def test_control_without_the_index_nothing_is_found(monkeypatch):
    names = invented(50)
    load(names, regulator=make.regulator("Bench"))
    monkeypatch.setattr("audits.register.search._candidates", lambda asked: set())

    told = report(list(measured(draw_slips(names, 20, "slips"))), rows=len(names))

    assert told["found_share"] == 0
