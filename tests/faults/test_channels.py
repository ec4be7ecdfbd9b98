"""A suspension shows at every door at once: a real server, and the act in another process.

What is measured is the time from the commit until each of the channels has said the new status.
"""

import base64
import gzip
import json
import os
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection

import pytest
from django.db import connection

from tests.bench.serving import free_port
from tests.faults.scratch import ROOT, register

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

WITHIN = 2.0
JSON = {"Accept": "application/json"}


@pytest.fixture(scope="module")
def served(tmp_path_factory, django_db_setup, django_db_blocker):
    """The server of a register with one certificate, and the process that acts on it."""
    # before any test has begun a transaction, in which no database can be copied
    with django_db_blocker.unblock():
        made = register(tmp_path_factory.mktemp("channels") / "register")
    try:
        with _running(made, str(ROOT / "tests" / "faults" / "deciding_worker.py")) as clerk:
            told = json.loads(clerk.stdout.readline() or clerk.stderr.read())
            port = free_port()
            server = ("-m", "gunicorn", "config.wsgi:application", "--threads", "4")
            with _running(made, *server, "--bind", f"127.0.0.1:{port}"):
                yield Door(port), clerk, told
    finally:
        made.drop()


@contextmanager
def _running(made, *command):
    process = made.begin(*command)
    try:
        yield process
    finally:
        process.terminate()
        process.communicate()


class Door:
    """The server as a verifier sees it."""

    def __init__(self, port):
        self.port = port
        until = time.monotonic() + 60
        while not self._is_open():
            assert time.monotonic() < until, "the server did not start"
            time.sleep(0.1)

    def _is_open(self):
        try:
            return bool(self.asked("GET", "/verify/"))
        except OSError:
            return False

    def asked(self, method, path, body=None, headers=None):
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        content = response.read()
        connection.close()
        assert response.status == 200, (path, response.status, content[:300])
        return content

    def json(self, path, body=None, media_type="application/json"):
        method = "GET" if body is None else "POST"
        return json.loads(self.asked(method, path, body, JSON | {"Content-Type": media_type}))

    def sent(self, path, field, content):
        """A file, as a browser sends one."""
        border = uuid.uuid4().hex
        head = f'--{border}\r\nContent-Disposition: form-data; name="{field}"; filename="a"\r\n\r\n'
        body = head.encode() + content + f"\r\n--{border}--\r\n".encode()
        return self.json(path, body, f"multipart/form-data; boundary={border}")


def bit(door, purpose, index):
    """Read as the standard says: the first index is the highest bit of the first byte."""
    stated = door.json(f"/status/{purpose}/1")
    assert stated["credentialSubject"]["statusPurpose"] == purpose
    written = stated["credentialSubject"]["encodedList"].removeprefix("u")
    bits = gzip.decompress(base64.urlsafe_b64decode(written + "=" * (-len(written) % 4)))
    return bits[index // 8] >> (7 - index % 8) & 1


def channels(door, told, kept):
    """What each channel says, as one word, and when it said so."""
    number, agency = told["number"], told["agency"]

    def page():
        text = door.asked("GET", f"/verify/{number}/").decode()
        return next(word for word in WORDS if f"</span> {WORDS[word]}</strong>" in text)

    def feed(path):
        newest = door.asked("GET", path).decode().partition("<entry>")[2].partition("</title>")[0]
        return next(act for act in ACTS if f" {act}" in newest)

    def pasted(form, media_type):
        return door.json("/verify/credential/", kept[form], media_type)["status"]

    asked = {
        "uploaded PDF": lambda: door.sent("/verify/upload/?format=json", "document", kept["pdf"])[
            "status"
        ],
        "page": page,
        "JSON": lambda: door.json(f"/verify/{number}/?format=json")["status"],
        "agency": lambda: door.json(f"/register/{agency}/?format=json")["status"],
        "list": lambda: door.json(f"/register/?q={agency}&format=json")["results"][0]["status"],
        "revocation bit": lambda: bit(door, "revocation", told["index"]),
        "suspension bit": lambda: bit(door, "suspension", told["index"]),
        "feed": lambda: feed("/register/changes.atom"),
        "agency's feed": lambda: feed(f"/register/{agency}/changes.atom"),
        "pasted credential": lambda: pasted("vc", "application/vc"),
        "pasted token": lambda: pasted("jwt", "application/vc+jwt"),
        "receipt": lambda: door.sent("/receipt/?format=json", "file", kept["receipt"])["now"][
            "status"
        ],
    }

    def ask(name):
        return asked[name](), time.monotonic()

    with ThreadPoolExecutor(4) as pool:
        answers = dict(zip(asked, pool.map(ask, asked), strict=True))
    return {name: said for name, (said, _) in answers.items()}, {
        name: when for name, (_, when) in answers.items()
    }


ACTS = ("suspended", "withdrawn", "restored", "issued")
WORDS = {"valid": "Valid", "suspended": "Suspended", "withdrawn": "Withdrawn"}


def expected(status, *, act, standing):
    return {
        "page": status,
        "JSON": status,
        "agency": standing,
        "list": standing,
        "revocation bit": int(status == "withdrawn"),
        "suspension bit": int(status == "suspended"),
        "feed": act,
        "agency's feed": act,
        "uploaded PDF": status,
        "pasted credential": status,
        "pasted token": status,
        "receipt": status,
    }


AFTER = {
    "suspension": expected("suspended", act="suspended", standing="suspended"),
    "restoration": expected("valid", act="restored", standing="certified"),
    "withdrawal": expected("withdrawn", act="withdrawn", standing="withdrawn"),
}


def test_every_channel_shows_an_act_within_two_seconds(served):
    door, clerk, told = served
    number = told["number"]
    kept = {
        "pdf": door.asked("GET", f"/verify/{number}/certificate.pdf"),
        "vc": door.asked("GET", f"/verify/{number}/credential.json"),
        "jwt": door.asked("GET", f"/verify/{number}/credential.jwt"),
        "receipt": door.asked("POST", f"/verify/{number}/receipt/", b"format=json", FORM),
    }
    seen, _ = channels(door, told, kept)
    assert seen == expected("valid", act="issued", standing="certified")

    took = {}
    for act, shown in AFTER.items():
        clerk.stdin.write(f"{act}\n".encode())
        clerk.stdin.flush()
        done = json.loads(clerk.stdout.readline() or clerk.stderr.read())
        seen, at = channels(door, told, kept)
        assert seen == shown
        took |= {(act, name): when - done["committed"] for name, when in at.items()}
        # the act is a leaf of the public log, and whoever knows its place finds it
        door.asked("GET", f"/log/leaf/{done['log'] - 1}/")

    if report := os.environ.get("CHANNELS_REPORT"):
        with open(report, "a") as file:
            for one, seconds in took.items():
                file.write(f"{connection.vendor} {one}: {seconds:.2f}\n")
    assert {one: seconds for one, seconds in took.items() if seconds > WITHIN} == {}


FORM = {"Content-Type": "application/x-www-form-urlencoded"}
