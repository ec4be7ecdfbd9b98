"""What is signed about the log never contradicts what was signed before."""

import threading

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone

from agencies.models import JournalEntry
from audits.keys.enums import Purpose
from audits.keys.queries import key_in_use
from audits.tasks import sign_checkpoint as task
from audits.transparency import merkle
from audits.transparency.checkpoints import (
    LogRewritten,
    keep_outside,
    kept_outside,
    path_outside,
    sign_checkpoint,
    verifier_key,
)
from audits.transparency.models import LogCheckpoint, LogLeaf, LogNode
from audits.transparency.notes import read_checkpoint, read_note
from audits.transparency.queries import latest_checkpoint, root_at, size
from tests.factories import log
from tests.factories.log import planted

pytestmark = pytest.mark.django_db


def test_a_checkpoint_states_origin_size_and_root_and_is_signed(settings):
    settings.CANONICAL_ORIGIN = "https://registry.example"
    log.acts(3)

    made = log.signed()

    # the key was registered first, and that is a public act too
    assert (made.size, size(), LogLeaf.objects.last().kind) == (4, 4, "signing_key.registered")
    note = read_note(made.note.encode())
    stated = read_checkpoint(note.text)
    assert (stated.origin, stated.size, stated.root) == ("registry.example/log", 4, root_at(4))
    key = verifier_key(key_in_use(Purpose.CHECKPOINT, at=timezone.now()))
    assert (key.name, key.has_signed_note(note)) == ("registry.example/log", True)


def test_one_size_is_signed_once():
    log.acts(1)

    assert log.signed() == log.signed() == LogCheckpoint.objects.get()


def test_an_empty_register_signs_that_its_key_was_registered():
    assert (log.signed().size, JournalEntry.objects.count()) == (1, 1)


def test_the_task_signs_what_the_log_has_grown_by():
    log.acts(1)
    task()
    log.acts(1)
    task()

    assert list(LogCheckpoint.objects.values_list("size", flat=True)) == [3, 2]


def test_the_command_prints_the_checkpoint(capsys):
    log.acts(1)

    call_command("sign_checkpoint")

    assert capsys.readouterr().out == latest_checkpoint().note


def test_a_changed_past_is_not_signed(django_capture_on_commit_callbacks):
    log.acts(3)
    log.signed()
    log.acts(1)
    planted(
        "UPDATE audits_lognode SET hash = (SELECT hash FROM audits_lognode n WHERE n.level = 0"
        " AND n.place = 3) WHERE level = 0 AND place = 1"
    )
    planted("DELETE FROM audits_lognode WHERE level > 0")
    rebuilt()

    with pytest.raises(LogRewritten, match="The first 4 leaves are not those of the checkpoint"):
        log.signed()
    assert latest_checkpoint().size == 4


def rebuilt():
    """The tree over changed leaves, as somebody who covers his tracks would make it."""
    hashes = LogNode.objects.filter(level=0).order_by("place").values_list("hash", flat=True)
    nodes = {}
    for at, leaf in enumerate(list(hashes)):
        nodes.update(merkle.growth(at, bytes(leaf), nodes.__getitem__))
    LogNode.objects.bulk_create(
        LogNode(level=level, place=place, hash=node)
        for (level, place), node in nodes.items()
        if level
    )


def test_a_cut_log_is_not_signed():
    log.acts(3)
    log.signed()
    planted(
        "DELETE FROM audits_logopening",
        "DELETE FROM audits_logleaf WHERE position = 3",
    )

    with pytest.raises(CommandError, match="leaves are missing"):
        call_command("sign_checkpoint")


def test_a_past_rewritten_with_its_checkpoints_is_held_against_the_file_outside(
    django_capture_on_commit_callbacks,
):
    log.acts(3)
    with django_capture_on_commit_callbacks(execute=True):
        log.signed()
    planted(
        "DELETE FROM audits_logopening",
        "DELETE FROM audits_logcheckpoint",
        "DELETE FROM audits_logleaf WHERE position = 3",
    )

    with pytest.raises(LogRewritten, match="Was an old copy of the database brought back"):
        log.signed()


def test_control_without_the_file_outside_a_rewritten_past_is_signed_again(
    django_capture_on_commit_callbacks,
):
    log.acts(3)
    with django_capture_on_commit_callbacks(execute=True):
        log.signed()
    path_outside().unlink()
    planted(
        "DELETE FROM audits_logopening",
        "DELETE FROM audits_logcheckpoint",
        "DELETE FROM audits_lognode WHERE place = 3 AND level = 0",
        "DELETE FROM audits_logleaf WHERE position = 3",
    )

    assert log.signed().size == 3


def test_the_file_outside_only_ever_grows(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        log.acts(1)
        first = log.signed()
        log.acts(1)
        second = log.signed()

    keep_outside(first.note)

    assert kept_outside().size == second.size == 3


def test_an_unreadable_file_outside_stops_signing():
    log.acts(1)
    path_outside().parent.mkdir(parents=True)
    path_outside().write_bytes(b"rubbish")

    with pytest.raises(LogRewritten, match="cannot be read"):
        sign_checkpoint(at=timezone.now())


def test_nothing_is_kept_outside_of_what_is_rolled_back():
    log.acts(1)

    log.signed()

    assert connection.in_atomic_block
    assert kept_outside() is None


@pytest.mark.postgresql_only
@pytest.mark.django_db(transaction=True)
def test_many_signers_at_once_sign_one_past():
    log.acts(2)
    log.signed()
    together = threading.Barrier(6)

    def sign():
        together.wait()
        try:
            for _ in range(3):
                log.acts(1)
                log.signed()
        finally:
            connection.close()

    signers = [threading.Thread(target=sign) for _ in range(6)]
    for signer in signers:
        signer.start()
    for signer in signers:
        signer.join()

    signed = list(LogCheckpoint.objects.values_list("size", "root"))
    assert signed == [(at, root_at(at).hex()) for at, _ in signed]
    assert (max(signed)[0], kept_outside().size) == (21, 21)
