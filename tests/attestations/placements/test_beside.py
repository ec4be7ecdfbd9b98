"""A reader in a process of its own: what it says comes through, and it never outlives its reason.

A fork copies one thread alone, and pytest may have more: each part runs in a process of its own.
"""

import json

import pytest

from tests.faults.scratch import ROOT, left_behind, register

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

WORKER = str(ROOT / "tests" / "attestations" / "placements" / "beside_worker.py")
ENDED_EARLY = "The process that read the file ended early."
OUR_SIDE = "Something went wrong on our side. Send the file again, or tell the register."


@pytest.fixture(scope="module")
def told(tmp_path_factory, django_db_setup, django_db_blocker):
    """What both parts of the worker came to, and the processes that they left."""
    with django_db_blocker.unblock():
        scratch = register(tmp_path_factory.mktemp("beside") / "register")
    found = {}
    try:
        for part in ("alone", "import"):
            worker = scratch.begin(WORKER, part)
            said, wrong = worker.communicate()
            assert worker.returncode == 0, wrong.decode()
            found[part] = {**json.loads(said), "left": left_behind(worker)}
    finally:
        scratch.drop()
    return found


@pytest.fixture
def alone(told):
    return told["alone"]


@pytest.fixture
def imports(told):
    return told["import"]


def test_chunks_and_what_was_noticed_come_through_whole(alone):
    assert (alone["can fork"], alone["whole"]) == (True, True)


def test_a_refused_file_is_refused_here_with_its_reason(alone):
    assert alone["unreadable"] == [["Chunk"], "FileUnreadable", "It is torn."]


def test_refused_columns_keep_their_reasons_and_their_sample(alone):
    assert alone["columns"] == [["one", "two"], True, {"header": ["name"]}]


def test_a_reader_that_raises_is_said_to_have_died_with_what_it_raised(alone):
    came, kind, words = alone["error"]

    assert (came, kind, words.splitlines()[-1]) == (
        ["Chunk"],
        "ReaderDied",
        "ZeroDivisionError: never",
    )


@pytest.mark.parametrize(
    ("case", "came"), [("nothing", []), ("killed", ["Chunk"]), ("killed in a chunk", ["Chunk"])]
)
def test_a_reader_that_ends_before_its_file_died(alone, case, came):
    assert alone[case] == [came, "ReaderDied", ENDED_EARLY]


def test_who_stops_early_leaves_no_reader_and_collects_as_before(alone):
    its_own_process = True
    before, after = [False, False], [True, True]

    assert alone["stopped early"] == [*before, *after, its_own_process]
    assert alone["stopped by an error"] == after
    assert (alone["children left"], alone["left"]) == (False, [])


@pytest.mark.parametrize(
    ("case", "state", "message", "waiting", "done", "raised"),
    [
        ("csv", "preview", "", 300, 300, None),
        ("workbook", "preview", "", 8, 592, None),
        ("reader killed", "failed", OUR_SIDE, 0, 30, ENDED_EARLY),
        ("cancelled", "cancelled", "", 0, 20, None),
        ("workbook cancelled", "cancelled", "", 0, 20, None),
    ],
)
def test_an_import_ends_as_its_reader_does(imports, case, state, message, waiting, done, raised):
    assert imports[case] == [state, message, waiting, done, raised, False]


NAMES = (
    "This column looks like personal details of a worker: “surname”; the register holds no "
    "worker's name: remove the column and send the file again. The file was not kept."
)


@pytest.mark.parametrize(
    ("case", "message", "done"),
    [
        ("names", NAMES, 0),
        ("nothing in it", "The file has no rows: not even a header.", 0),
        (
            "too many rows",
            "The file has more than 50 rows. Split it and send the parts one after the other.",
            50,
        ),
    ],
)
def test_a_file_that_cannot_be_taken_fails_in_words(imports, case, message, done):
    assert imports[case] == ["failed", message, 0, done, None, False]


def test_an_import_that_is_over_left_no_process(imports):
    assert imports["left"] == []
