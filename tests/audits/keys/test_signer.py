"""The signer's process, and everything that can be wrong with what it answers."""

import hashlib
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings as configured

from agencies.models import JournalEntry
from audits.certificates import services
from audits.enums import DocumentState
from audits.keys import signing
from audits.keys.algorithms import text_of, verifies
from audits.keys.enums import Algorithm, Purpose
from audits.keys.holding import SigningUnavailable
from audits.keys.pem_files import make_key
from audits.keys.protocol import MOST
from audits.keys.remote import RemoteKey
from audits.keys.services import register_key
from audits.keys.signing import sign
from audits.models import Certificate
from tests.factories import certificates as certify
from tests.factories.keys import write_key

pytestmark = pytest.mark.slow

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MESSAGE = b"what is signed"


@pytest.fixture
def folder(tmp_path):
    """The keys of two purposes, where only the signer looks."""
    folder = tmp_path / "signer"
    write_key(folder / "statement.pem")
    make_key(folder / "document.pem", Algorithm.ES256)
    return folder


def start(folder, path, *purposes):
    asked = [f"--purpose={purpose}" for purpose in purposes]
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "audits.keys.signer",
            f"--socket={path}",
            f"--keys={folder}",
            *asked,
        ],
        cwd=configured.BASE_DIR,
        env={},
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def signer(folder, tmp_path):
    """A running signer; gives its socket."""
    path = tmp_path / "socket"
    process = start(folder, path, Purpose.STATEMENT, Purpose.DOCUMENT)
    _await(process, path)
    yield path
    process.terminate()
    process.communicate(timeout=10)


def _await(process, path):
    for _ in range(200):
        with socket.socket(socket.AF_UNIX) as attempt:
            if attempt.connect_ex(str(path)) == 0:
                return
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.05)
    raise AssertionError("the signer does not listen")


def said(path, request):
    """What the socket answers to these bytes."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        connection.connect(str(path))
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        parts = iter(lambda: connection.recv(65536), b"")
        return b"".join(parts)


def test_it_signs_for_the_purposes_it_was_given(signer):
    for purpose in (Purpose.STATEMENT, Purpose.DOCUMENT):
        key = RemoteKey(signer, purpose)
        assert verifies(key.algorithm, key.public_key, MESSAGE, key.sign(MESSAGE))
    assert RemoteKey(signer, Purpose.DOCUMENT).certificate.startswith("-----BEGIN CERTIFICATE")

    with pytest.raises(SigningUnavailable, match="holds no key for a receipt"):
        RemoteKey(signer, Purpose.RECEIPT).sign(MESSAGE)


def test_only_its_own_user_and_group_may_ask(signer):
    assert oct(signer.stat().st_mode)[-3:] == "660"


REQUESTS = {
    "nothing": b"",
    "no line": b"sign statement",
    "an endless line": b"s" * 10_000,
    "another verb": b"show statement 0\n",
    "the private key": b"private statement 0\n",
    "no such purpose": b"sign certificate 4\nabcd",
    "another spelling": b"sign STATEMENT 4\nabcd",
    "a path for a purpose": b"sign ../statement 4\nabcd",
    "no size": b"sign statement\nabcd",
    "one word more": b"sign statement 4 4\nabcd",
    "a negative size": b"sign statement -1\n",
    "a size in other digits": "sign statement ４\nabcd".encode(),
    "a size beyond the bound": b"sign document %d\n" % (MOST[Purpose.DOCUMENT] + 1),
    "a size beyond all bounds": b"sign statement 999999999999\n",
    "fewer bytes than said": b"sign statement 400\nabcd",
    "a body where none belongs": b"key statement 4\nabcd",
}


@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS.keys())
def test_a_request_that_is_not_well_formed_is_refused_and_the_next_is_served(signer, request_):
    assert said(signer, request_).startswith(b"no ")

    assert said(signer, b"sign statement 4\nabcd").startswith(b"ok 64\n")


def test_it_holds_nothing_else(folder, tmp_path):
    """No Django, no database, none of the register's settings."""
    program = (
        "import sys; import audits.keys.signer; "
        "print([name for name in sys.modules if name.split('.')[0] in "
        "('django', 'config', 'agencies', 'psycopg', 'sqlite3', 'pysqlite3', 'celery')])"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", program],
        cwd=configured.BASE_DIR,
        env={},
        capture_output=True,
        text=True,
        check=True,
    )

    assert loaded.stdout == "[]\n"


def test_it_says_what_it_signed_and_never_the_key(folder, tmp_path):
    path = tmp_path / "socket"
    process = start(folder, path, Purpose.STATEMENT)
    _await(process, path)
    RemoteKey(path, Purpose.STATEMENT).sign(MESSAGE)
    process.terminate()
    written = process.communicate(timeout=10)[1]

    assert f"signed a statement, sha256={hashlib.sha256(MESSAGE).hexdigest()}" in written
    secret = (folder / "statement.pem").read_text().splitlines()[1]
    assert secret not in written


def test_it_does_not_start_without_its_keys_or_beside_another(folder, signer, tmp_path):
    for socket_path, purpose, words in (
        (tmp_path / "other", Purpose.RECEIPT, "cannot be read"),
        (signer, Purpose.STATEMENT, "Another signer listens"),
        (folder / "statement.pem", Purpose.STATEMENT, "is no socket"),
    ):
        process = start(folder, socket_path, purpose)
        assert words in process.communicate(timeout=20)[1]
        assert process.returncode == 1


def test_it_takes_the_place_of_one_that_was_killed(folder, tmp_path):
    path = tmp_path / "socket"
    first = start(folder, path, Purpose.STATEMENT)
    _await(first, path)
    first.kill()
    first.communicate(timeout=10)
    second = start(folder, path, Purpose.STATEMENT)
    _await(second, path)

    assert len(RemoteKey(path, Purpose.STATEMENT).sign(MESSAGE)) == 64
    second.terminate()
    second.communicate(timeout=10)


# --- what the register does with whatever comes over the socket -----------------------------------


@pytest.fixture
def asked(settings, tmp_path):
    """The register asks a socket, and has the key `honest` on record for statements."""
    honest = Ed25519PrivateKey.generate()
    path = tmp_path / "fake"
    write_key(tmp_path / "honest.pem", honest)
    settings.SIGNING_KEY_FILE = tmp_path / "honest.pem"
    register_key(
        purpose=Purpose.STATEMENT,
        holder=signing.holder_of(Purpose.STATEMENT),
        at=certify.AUDITED_AT,
        is_demonstration=True,
    )
    settings.SIGNER_SOCKET = path
    return path, honest


@contextmanager
def fake(path, answer):
    """A real listener whose every connection is handled by `answer(connection, request)`."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()

    def serve():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                request = connection.recv(1 << 20)
                try:
                    answer(connection, request)
                except OSError:
                    continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(timeout=20)


def ok(body):
    return b"ok %d\n" % len(body) + body


def public(key):
    return ok(b'{"public_key": "%s", "certificate": ""}' % text_of(key.public_key()).encode())


def signing_with(honest, sign_):
    """A signer that names the honest key and signs as it likes."""

    def answer(connection, request):
        if request.startswith(b"key "):
            connection.sendall(public(honest))
        else:
            connection.sendall(sign_(request.partition(b"\n")[2]))

    return answer


def trickle(connection, _):
    for byte in b"ok 64\n" + b"a" * 64:
        connection.sendall(bytes([byte]))
        time.sleep(0.05)


STRANGER = Ed25519PrivateKey.generate()

FAKES = {
    "hangs up": lambda honest: lambda connection, request: None,
    "never answers": lambda honest: lambda connection, request: time.sleep(1.5),
    "answers a byte at a time": lambda honest: trickle,
    "writes a web page": lambda honest: lambda c, r: c.sendall(b"HTTP/1.1 200 OK\r\n\r\n"),
    "writes without end": lambda honest: lambda c, r: c.sendall(b"ok 99999999\n" + b"a" * 100_000),
    "stops half way": lambda honest: lambda c, r: c.sendall(b"ok 64\n" + b"a" * 10),
    "refuses": lambda honest: lambda c, r: c.sendall(b"no 4\nbusy"),
    "has another key": lambda honest: signing_with(STRANGER, lambda m: ok(STRANGER.sign(m))),
    "signs with another key": lambda honest: signing_with(honest, lambda m: ok(STRANGER.sign(m))),
    "signs something else": lambda honest: signing_with(
        honest, lambda m: ok(honest.sign(m + b" "))
    ),
    "signs with nothing": lambda honest: signing_with(honest, lambda m: ok(b"")),
    "signs with noughts": lambda honest: signing_with(honest, lambda m: ok(bytes(64))),
}


@pytest.fixture
def impatient(monkeypatch):
    """A register that waits for a second, so that the tests need not wait for five."""
    monkeypatch.setattr(RemoteKey.__init__, "__kwdefaults__", {"seconds": 1.0})


@pytest.mark.django_db
@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("kind", FAKES)
def test_from_such_a_signer_nothing_is_published(asked, kind):
    path, honest = asked
    certificate = certify.prepared()

    begin = time.monotonic()
    with fake(path, FAKES[kind](honest)), pytest.raises(SigningUnavailable):
        services.issue_certificate(certificate_id=certificate.pk)

    certificate.refresh_from_db()
    assert (certificate.state, certificate.signature, certificate.pdf_digest) == (
        DocumentState.PREPARED,
        "",
        "",
    )
    assert not JournalEntry.objects.filter(verb="certificate.issued").exists()
    assert time.monotonic() - begin < 5


@pytest.mark.django_db
def test_without_a_signer_nothing_is_published(asked):
    certificate = certify.prepared()

    with pytest.raises(SigningUnavailable, match="start it again"):
        services.issue_certificate(certificate_id=certificate.pk)

    assert Certificate.objects.get().state == DocumentState.PREPARED


@pytest.mark.django_db
def test_control_unchecked_the_other_keys_signature_would_be_given_out(asked, monkeypatch):
    """What the check is for: without it the very same signer is believed."""
    path, honest = asked
    monkeypatch.setattr(signing, "verifies", lambda *_: True)

    with fake(path, FAKES["signs with another key"](honest)):
        signed = sign(Purpose.STATEMENT, MESSAGE, at=AT)

    assert signed.signature == STRANGER.sign(MESSAGE)
    assert not verifies(signed.key.algorithm, signed.key.public_key, MESSAGE, signed.signature)


@pytest.mark.django_db
def test_with_an_honest_signer_the_register_signs_and_holds_no_key(signer, folder, settings):
    settings.SIGNER_SOCKET = signer
    settings.SIGNING_KEY_IS_DEMONSTRATION = False
    settings.SIGNING_KEY_FILE = settings.SIGNING_KEYS_DIR = Path("/nowhere")
    for purpose in (Purpose.STATEMENT, Purpose.DOCUMENT):
        register_key(purpose=purpose, holder=signing.holder_of(purpose), at=AT)
        key = sign(purpose, MESSAGE, at=AT).key
        assert key.public_key == RemoteKey(signer, purpose).public_key
