"""Workers that are killed at any moment of an import or of a judgement: nothing is lost or half.

Real processes and a real SIGKILL from outside, at seeded parts of the time that the work takes
when nobody disturbs it. The next worker finds what is on the disk, and ends where an undisturbed
one does.
"""

import json
from dataclasses import dataclass
from random import Random

import pytest

from tests.faults.scratch import ROOT, Scratch, killed_after, left_behind, register

# the tables are copied from the database that pytest-django makes for those who ask for one
pytestmark = [pytest.mark.slow, pytest.mark.django_db]

WORKER = str(ROOT / "tests" / "faults" / "killed_worker.py")

READ, BESIDE, SAVE, JUDGE = ("read",), ("read", "beside"), ("save",), ("judge",)
FEW = [(READ, 1), (BESIDE, 1), (SAVE, 1), (JUDGE, 1)]
MANY = [(READ, 7), (BESIDE, 7), (SAVE, 6), (JUDGE, 20)]


def moments(kinds, seed):
    """So many of each kind, as parts of the time that the work takes."""
    chance = Random(seed)
    return [
        pytest.param(how, chance.uniform(0.02, 0.98), id=f"{' '.join(how)} {number}")
        for how, many in kinds
        for number in range(many)
    ]


@dataclass
class Beginning:
    """A register in which some work waits, what is seen of it then, and after it was done."""

    register: Scratch
    seconds: float
    before: dict
    after: dict


@pytest.fixture(scope="module")
def beginnings(tmp_path_factory, django_db_setup, django_db_blocker):
    folder = tmp_path_factory.mktemp("killed")
    with django_db_blocker.unblock():
        prepared = register(folder / "prepared")
    made = {READ: prepared}
    try:
        waiting = {READ: told(prepared, "prepare")}
        made[BESIDE], waiting[BESIDE] = prepared, waiting[READ]
        made[SAVE] = prepared.copy(folder / "read")
        waiting[SAVE] = told(made[SAVE], "read")
        made[JUDGE] = prepared.copy(folder / "activated")
        waiting[JUDGE] = told(made[JUDGE], "activate")
        found = {}
        for how, one in made.items():
            undisturbed = one.copy(folder / "undisturbed")
            done = told(undisturbed, *how)
            undisturbed.drop()
            found[how] = Beginning(one, done.pop("seconds"), waiting[how], done)
        yield found
    finally:
        for one in {id(one): one for one in made.values()}.values():
            one.drop()


@pytest.fixture
def copy_of(tmp_path):
    copies = []

    def copy(beginning):
        copies.append(beginning.register.copy(tmp_path / str(len(copies))))
        return copies[-1]

    yield copy
    for one in copies:
        one.drop()


def told(one, *act):
    return json.loads(one.run(WORKER, *act))


def killed(beginning, how, part, copy_of):
    """A copy in which a worker was killed at work, and the worker; sooner where it was quicker."""
    while True:
        copy = copy_of(beginning)
        worker = copy.begin(WORKER, *how)
        if killed_after(worker, part * beginning.seconds):
            return copy, worker
        part *= 0.7


def check(beginnings, how, part, copy_of, record_property):
    beginning = beginnings[how]
    copy, worker = killed(beginning, how, part, copy_of)
    left = left_behind(worker)
    seen = json.loads(copy.run(WORKER, "go on", how[0]))
    between, after = seen["between"], seen["after"]
    record_property("found", f"{part:.2f}: {between['state']}, {between['staged']} staged")

    assert left == []
    assert between["visible"] in (beginning.before["visible"], beginning.after["visible"])
    if how is not JUDGE:
        assert between["violations"] == []
    assert after == beginning.after
    assert after["violations"] == []


@pytest.mark.parametrize(("how", "part"), moments(FEW, seed=1))
def test_the_next_worker_ends_where_an_undisturbed_one_does(
    beginnings, how, part, copy_of, record_property
):
    check(beginnings, how, part, copy_of, record_property)


@pytest.mark.long
@pytest.mark.parametrize(("how", "part"), moments(MANY, seed=2))
def test_the_next_worker_ends_there_whenever_the_first_was_killed(
    beginnings, how, part, copy_of, record_property
):
    check(beginnings, how, part, copy_of, record_property)


def test_what_is_done_undisturbed_can_be_seen(beginnings):
    seen = {how: (one.before["visible"], one.after["visible"]) for how, one in beginnings.items()}

    assert {how: before != after for how, (before, after) in seen.items()} == {
        READ: False,
        BESIDE: False,
        SAVE: True,
        JUDGE: True,
    }
    assert beginnings[READ].after == beginnings[BESIDE].after
    assert [one.after["violations"] for one in beginnings.values()] == [[], [], [], []]


@pytest.mark.long
@pytest.mark.parametrize(
    ("how", "dies"),
    [
        (SAVE, "dies between changed and new rows"),
        (JUDGE, "dies between verdicts and history"),
    ],
)
def test_without_its_transaction_the_same_death_does_damage(beginnings, how, dies, copy_of):
    """What the comparison would see, if what is one act were not one transaction."""
    beginning = beginnings[how]
    ends = {}
    for protection in ((), ("unprotected",)):
        copy = copy_of(beginning)
        worker = copy.begin(WORKER, *how, dies, *protection)
        worker.communicate()
        seen = json.loads(copy.run(WORKER, "go on", how[0]))
        ends[protection] = (
            worker.returncode,
            seen["between"]["visible"] == beginning.before["visible"],
            seen["after"] == beginning.after,
        )

    assert ends == {(): (-9, True, True), ("unprotected",): (-9, False, False)}
