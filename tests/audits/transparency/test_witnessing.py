"""Two registers hold each other to what they showed: one more past is not taken, nor cosigned."""

from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from audits.keys.enums import Purpose
from audits.keys.signing import current
from audits.transparency import merkle
from audits.transparency.checkpoints import origin, verifier_key
from audits.transparency.models import SeenCheckpoint, WatchedLog
from audits.transparency.notes import COSIGNATURE, ED25519, Checkpoint, Note, VerifierKey
from audits.transparency.witnessing import (
    add_checkpoint,
    is_cosigned,
    largest_seen,
    request_for,
    watch_log,
    witness_key,
)
from tests.factories import log

pytestmark = pytest.mark.django_db

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = VerifierKey("other.example/log", ED25519, PRIVATE.public_key().public_bytes_raw())
LEAVES = [merkle.leaf_hash(str(at).encode()) for at in range(20)]
FORKED = [*LEAVES[:3], *map(merkle.leaf_hash, (b"x",) * 17)]


def note_of(size, leaves=LEAVES, private=PRIVATE):
    stated = Checkpoint(OTHER.name, size, merkle.root_of(leaves[:size]))
    return str(Note(stated.text, (OTHER.line(private.sign(stated.text.encode())),)))


def request(old, size, leaves=LEAVES, note=None):
    nodes = {}
    for at, leaf in enumerate(leaves):
        nodes.update(merkle.growth(at, leaf, nodes.__getitem__))
    proof = [merkle.hash_of(s, nodes.__getitem__) for s in merkle.consistency(old, size)]
    steps = "".join(f"{b64encode(step).decode()}\n" for step in proof)
    return f"old {old}\n{steps}\n{note or note_of(size, leaves)}".encode()


def add(body):
    return add_checkpoint(body, at=timezone.now())


@pytest.fixture
def watched():
    return watch_log(str(OTHER), at=timezone.now())[0]


def test_a_log_that_goes_on_is_seen_and_cosigned(watched):
    first, second = add(request(0, 5)), add(request(5, 17))

    assert (first.status, second.status) == (200, 200)
    key = str(witness_key(current(Purpose.CHECKPOINT, at=timezone.now())))
    text = note_of(17).partition("\n\n")[0] + "\n"
    assert is_cosigned(text, second.text, key)
    assert not is_cosigned(text.replace("17", "18"), second.text, key)
    assert (largest_seen(OTHER.name).size, SeenCheckpoint.objects.count()) == (17, 2)


def test_the_same_checkpoint_again_is_cosigned_again(watched):
    add(request(0, 5))

    assert add(request(5, 5)).status == 200


def test_two_pasts_are_not_both_taken(watched):
    add(request(0, 5))

    assert add(request(5, 9, FORKED)).status == 422
    assert add(request(5, 5, FORKED)).status == 409
    assert SeenCheckpoint.objects.count() == 1


def test_a_cut_log_is_not_taken_and_is_told_what_was_seen(watched):
    add(request(0, 9))

    reply = add(request(0, 5))

    assert (reply.status, reply.text, reply.kind) == (409, "9\n", "text/x.tlog.size")


def test_only_the_key_that_is_known_for_a_log_counts(watched):
    forged = note_of(5, private=Ed25519PrivateKey.generate())

    assert add(request(0, 5, note=forged)).status == 403
    assert SeenCheckpoint.objects.count() == 0


def test_a_log_that_is_not_watched_is_not_taken():
    assert add(request(0, 5)).status == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"old x\n\n",
        b"old 1\n",
        b"new 0\n\n" + note_of(5).encode(),
        b"old 0\nAA==\n\n" + note_of(5).encode(),
        b"old 0\n*\n\n" + note_of(5).encode(),
        b"old 0\n" + b"A" * 10 + b"\n\n" + note_of(5).encode(),
        b"old 0\n" + (b64encode(bytes(32)) + b"\n") * 64 + b"\n" + note_of(5).encode(),
        b"old 9\n\n" + note_of(5).encode(),
        b"old 0\n\nno note",
    ],
)
def test_what_cannot_be_read_is_refused_in_words(watched, body):
    reply = add(body)

    assert (reply.status, bool(reply.text.strip())) == (400, True)


def test_a_watched_log_keeps_its_key(watched, capsys):
    call_command("watch_log", str(OTHER))
    other_key = VerifierKey(OTHER.name, ED25519, bytes(32))

    with pytest.raises(CommandError, match="is watched under another key"):
        call_command("watch_log", str(other_key))
    with pytest.raises(CommandError, match="no verifier key"):
        call_command("watch_log", "rubbish")
    assert capsys.readouterr().out == "Watching already: other.example/log.\n"
    assert WatchedLog.objects.get() == watched


def test_a_checkpoint_in_a_folder_is_what_a_witness_takes(tmp_path):
    log.acts(3)
    call_command("push_checkpoint", "--file", str(tmp_path))
    log.acts(3)
    call_command("push_checkpoint", "--file", str(tmp_path))
    call_command("push_checkpoint", "--file", str(tmp_path))

    names = sorted(path.name for path in tmp_path.glob("0*"))

    assert names == [
        "000000000004.checkpoint",
        "000000000004.request",
        "000000000007.checkpoint",
        "000000000007.request",
    ]
    assert list(SeenCheckpoint.objects.values_list("size", "witness")) == [
        (7, str(tmp_path)),
        (4, str(tmp_path)),
    ]


def test_the_request_in_a_file_is_taken_by_the_command(watched, tmp_path, capsys):
    path = tmp_path / "request"
    path.write_bytes(request(0, 5))

    call_command("witness_checkpoint", str(path))

    assert capsys.readouterr().out.startswith("— ")
    with pytest.raises(CommandError, match="409: 5"):
        call_command("witness_checkpoint", str(path))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("witness_checkpoint", str(tmp_path / "nowhere"))


def test_a_checkpoint_by_mail_can_be_kept(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    log.acts(1)

    call_command("push_checkpoint", "--mail", "archive@example.org")

    (sent,) = mail.outbox
    note = sent.body.partition("----- checkpoint -----\n")[2].partition("----- end -----")[0]
    assert (sent.to, note) == (["archive@example.org"], log.signed().note)
    assert largest_seen(origin(), by="archive@example.org").size == 2


def test_somebody_has_to_be_named():
    with pytest.raises(CommandError, match="Say to whom"):
        call_command("push_checkpoint")


@pytest.fixture
def witness(live_server):
    """This register as its own witness, over a real connection: its address and its key there."""
    log.acts(2)
    log.signed()
    key = current(Purpose.CHECKPOINT, at=timezone.now())
    watch_log(str(verifier_key(key)), at=timezone.now())
    return f"{live_server.url}/log/witness", str(witness_key(key))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_register_pushes_to_another_over_the_network_and_keeps_the_cosignature(witness, capsys):
    url, key = witness
    call_command("push_checkpoint", "--witness", url, key)
    log.acts(5)

    call_command("push_checkpoint", "--witness", url, key)

    seen = largest_seen(origin(), by=url)
    assert (seen.size, seen.cosignature.startswith("— ")) == (8, True)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_an_answer_that_is_not_cosigned_by_the_key_known_for_it_does_not_count(witness):
    url, _ = witness
    stranger = VerifierKey("witness.example", COSIGNATURE, OTHER.public_key)

    with pytest.raises(CommandError, match="is not cosigned with the key given"):
        call_command("push_checkpoint", "--witness", url, str(stranger))
    assert largest_seen(origin(), by=url) is None


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_witness_that_refuses_or_is_away_is_told_of_by_name(live_server):
    log.acts(1)
    key = str(VerifierKey("witness.example", COSIGNATURE, OTHER.public_key))

    with pytest.raises(CommandError, match="answered 404: This register does not watch"):
        call_command("push_checkpoint", "--witness", f"{live_server.url}/log/witness", key)
    with pytest.raises(CommandError, match="cannot be reached"):
        call_command("push_checkpoint", "--witness", "http://127.0.0.1:9/log", key)
    with pytest.raises(CommandError, match="begins with https"):
        call_command("push_checkpoint", "--witness", "file:///etc/passwd", key)


def test_the_request_says_what_the_other_side_needs():
    log.acts(8)
    checkpoint = log.signed()

    assert request_for(checkpoint, old=0) == f"old 0\n\n{checkpoint.note}".encode()
    assert request_for(checkpoint, old=4).startswith(b"old 4\n")


def test_the_door_for_witnesses_takes_no_more_than_a_checkpoint(client, watched):
    sent = client.post("/log/witness/add-checkpoint", data=request(0, 5), content_type="text/plain")
    large = client.post(
        "/log/witness/add-checkpoint", data=b"x" * 70_000, content_type="text/plain"
    )

    assert (sent.status_code, sent.content[:3], large.status_code) == (200, "—".encode(), 413)
