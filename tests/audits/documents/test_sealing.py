"""The seal: what viewers of others say of it, what it leaves alone, and when there is none."""

import io
import threading
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pikepdf
import pytest
from asn1crypto import keys, tsp, x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.utils import timezone
from pyhanko.sign.timestamps import DummyTimeStamper

from audits.documents.rendering import AttachedFile, render
from audits.documents.sealing import READABLE, certificates_of, seal
from audits.documents.seals import sealed_with
from audits.keys.enums import Algorithm, Purpose
from audits.keys.pem_files import chain_path, make_key
from audits.keys.queries import trusted_keys
from audits.keys.signing import SigningUnavailable
from audits.keys.stores import key_path
from tests.factories import documents

pytestmark = pytest.mark.django_db

PAGE = (
    '<!DOCTYPE html><html lang="en-GB"><head><title>A title</title>'
    '<meta name="dcterms.created" content="2026-11-22"></head>'
    "<body><h1>A certificate</h1><p>Held by somebody.</p></body></html>"
)
FILE = AttachedFile("data.json", b'{"a":1}', "What it says, as data", "application/vc+jwt")


@pytest.fixture
def drawn():
    return render(PAGE, dated=date(2026, 11, 22), attachments=[FILE])


def seals():
    return {key.pk: certificates_of(key) for key in trusted_keys(Purpose.DOCUMENT)}


def test_it_holds_with_the_registered_key(drawn):
    sealed = seal(drawn, at=timezone.now())

    assert [sealed_with(sealed, seals())] == list(seals())


def test_it_is_added_behind_the_document_and_changes_nothing_in_it(drawn):
    sealed = seal(drawn, at=timezone.now())

    assert sealed[: len(drawn)] == drawn


def test_others_find_it_intact_valid_and_certifying(drawn):
    """pyHanko's own validator, with our certificate as its only root."""
    sealed = seal(drawn, at=timezone.now())

    status = documents.validated(sealed, seals())
    assert (status.intact, status.valid, status.trusted, status.bottom_line) == (True,) * 4
    assert status.coverage.name == "ENTIRE_FILE"
    assert documents.permission_of(sealed) == "NO_CHANGES"


def test_its_claims_and_its_files_survive(drawn):
    with pikepdf.open(io.BytesIO(seal(drawn, at=timezone.now()))) as document:
        metadata = document.open_metadata()
        field = document.Root.AcroForm.Fields[0]
        attached = document.Root.Names.EmbeddedFiles.Names[1]
        found = {
            "pdf/a": metadata.pdfa_status,
            "pdf/ua": metadata["{http://www.aiim.org/pdfua/ns/id/}part"],
            "version": document.pdf_version,
            "language": str(document.Root.Lang),
            "tagged": bool(document.Root.MarkInfo.Marked),
            "title": metadata["dc:title"],
            "relationship": str(attached.AFRelationship),
            "media type": str(attached.EF.F.Subtype),
            "seal said aloud": str(field.TU),
            "printed and never seen": float(field.Rect[0]) < 0,
        }

    assert found == {
        "pdf/a": "3A",
        "pdf/ua": "1",
        "version": "1.7",
        "language": "en-GB",
        "tagged": True,
        "title": "A title",
        "relationship": "/Data",
        "media type": "/application/vc+jwt",
        "seal said aloud": READABLE,
        "printed and never seen": True,
    }


def test_a_screen_reader_finds_it_where_the_document_is_told(drawn):
    with pikepdf.open(io.BytesIO(seal(drawn, at=timezone.now()))) as document:
        root, field = document.Root.StructTreeRoot, document.Root.AcroForm.Fields[0]
        element = root.K[0].K[-1]
        numbers = list(root.ParentTree.Nums)
        entered = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
        found = (
            str(element.S),
            str(element.Alt),
            element.K.Obj.objgen == field.objgen,
            entered[int(field.StructParent)].objgen == element.objgen,
        )

    assert found == ("/Form", READABLE, True, True)


def test_a_document_is_sealed_once(drawn):
    sealed = seal(drawn, at=timezone.now())

    with pytest.raises(Exception, match="filled already"):
        seal(sealed, at=timezone.now())


def test_without_a_key_nothing_is_sealed(drawn, settings, tmp_path):
    settings.SIGNING_KEY_IS_DEMONSTRATION = False
    settings.SIGNING_KEYS_DIR = tmp_path / "empty"

    with pytest.raises(SigningUnavailable):
        seal(drawn, at=timezone.now())


def test_a_key_that_was_not_registered_seals_nothing(drawn, settings):
    seal(drawn, at=timezone.now())
    path = key_path(settings.SIGNING_KEYS_DIR, Purpose.DOCUMENT)
    path.unlink()
    chain_path(path).unlink()
    make_key(path, Algorithm.ES256)
    settings.SIGNING_KEY_IS_DEMONSTRATION = False

    with pytest.raises(SigningUnavailable, match="not registered"):
        seal(drawn, at=timezone.now())


# --- a timestamp ----------------------------------------------------------------------------------


@contextmanager
def authority(answer):
    """An RFC 3161 authority over HTTP on this machine; `answer` makes a reply of a request."""

    class Authority(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            reply = answer(asked)
            self.send_response(200 if reply else 503)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Authority)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tsa"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def stamping():
    """The key and certificate of a timestamp authority."""
    key = rsa.generate_private_key(65537, 2048)
    certificate = documents.self_signed(key, "Local timestamp authority", timestamping=True)
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    own = x509.Certificate.load(certificate)
    return DummyTimeStamper(own, keys.PrivateKeyInfo.load(private)), certificate


def test_a_timestamp_of_the_authority_is_part_of_the_seal(drawn, settings, stamping):
    stamper, certificate = stamping

    def answer(asked):
        return stamper.request_tsa_response(tsp.TimeStampReq.load(asked)).dump()

    with authority(answer) as address:
        settings.TIMESTAMP_AUTHORITY_URL = address
        sealed = seal(drawn, at=timezone.now())

    status = documents.validated(sealed, seals(), authorities=[certificate])
    stamped = status.timestamp_validity
    assert [sealed_with(sealed, seals())] == list(seals())
    assert (stamped.intact, stamped.valid, stamped.trusted) == (True, True, True)
    assert abs((stamped.timestamp - timezone.now()).total_seconds()) < 60


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(b"", id="it is out of order"),
        pytest.param(b"not a reply", id="it answers nonsense"),
    ],
)
def test_no_timestamp_where_one_is_asked_for_is_no_seal(drawn, settings, reply):
    with authority(lambda asked: reply) as address:
        settings.TIMESTAMP_AUTHORITY_URL = address
        with pytest.raises(SigningUnavailable, match="TIMESTAMP_AUTHORITY_URL"):
            seal(drawn, at=timezone.now())


def test_a_timestamp_over_something_else_is_no_seal(drawn, settings, stamping):
    stamper, _ = stamping

    def answer(asked):
        request = tsp.TimeStampReq.load(asked)
        request["message_imprint"]["hashed_message"] = bytes(32)
        return stamper.request_tsa_response(request).dump()

    with authority(answer) as address:
        settings.TIMESTAMP_AUTHORITY_URL = address
        with pytest.raises(SigningUnavailable, match="TIMESTAMP_AUTHORITY_URL"):
            seal(drawn, at=timezone.now())
