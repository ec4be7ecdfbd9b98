"""A worker that is killed while it issues a certificate: a real process and a real SIGKILL.

Wherever it dies, the public sees a certificate that was never issued or one that is whole; the next
worker issues it once, under the same number, and `fsck` finds nothing.
"""

import json
import signal

import pytest

from tests.faults.scratch import ROOT, register

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

WORKER = str(ROOT / "tests" / "faults" / "issuing_worker.py")

PLACES = {
    "after its number is reserved": "claimed",
    "after the statement is signed": "signed",
    "before it is drawn": "credential signed",
    "before the seal": "drawn",
    "after the seal": "sealed",
    "with half a file written": "half a file",
    "before it is published": "kept",
    "before what is published is committed": "published",
    "after what is published is committed": "committed",
}
FEW = {"with half a file written", "before what is published is committed"}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory, django_db_setup, django_db_blocker):
    """A register in which a certificate waits to be issued."""
    folder = tmp_path_factory.mktemp("issuing")
    with django_db_blocker.unblock():
        made = register(folder / "prepared")
    try:
        made.run(WORKER, "prepare")
        yield made
    finally:
        made.drop()


@pytest.mark.parametrize(
    "where",
    [
        pytest.param(where, id=words, marks=() if words in FEW else pytest.mark.long)
        for words, where in PLACES.items()
    ],
)
def test_it_is_issued_once_and_never_half(prepared, tmp_path, where):
    case = prepared.copy(tmp_path / "case")
    try:
        worker = case.begin(WORKER, "issue", where)
        _, wrong = worker.communicate()
        assert worker.returncode == -signal.SIGKILL, wrong.decode()
        told = json.loads(case.run(WORKER, "go on"))
    finally:
        case.drop()

    between, after = told["between"], told["after"]
    was_committed = where == "committed"
    assert between == {
        "number": after["number"],
        "state": "issued" if was_committed else "prepared",
        "public": "valid" if was_committed else "never_issued",
        "paper": "ours" if was_committed else None,
        "verbs": ["certificate.prepared", *["certificate.issued"] * was_committed],
        "certificates": 1,
        "open corridors": int(was_committed),
        "violations": [],
        "torn files": [],
        "sent again": int(not was_committed),
    }
    assert after == {
        "number": between["number"],
        "state": "issued",
        "public": "valid",
        "paper": "ours",
        "verbs": ["certificate.prepared", "certificate.issued"],
        "certificates": 1,
        "open corridors": 1,
        "violations": [],
        "torn files": [],
    }
