"""The script for auditors: RFC 8032 itself, and every way in which a copy can be wrong."""

import shutil
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from agencies import journal
from agencies.lib.canonical import canonical
from audits.certificates.document import signed_statement
from audits.keys.enums import Purpose
from audits.keys.services import record_compromise
from audits.keys.signing import current, sign
from audits.register.receipt_answers import receipt_of
from audits.transparency.checkpoints import verifier_key
from audits.transparency.notes import ED25519, Checkpoint, Note, VerifierKey
from audits.transparency.queries import instant_of, root_at, size
from tests.factories import certificates as certify
from tests.factories import log

verify = log.verifier()

# RFC 8032, section 7.1: public key, message, signature
RFC_8032 = {
    "test 1": (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e3"
            "9701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    "test 2": (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3"
            "613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    "test 3": (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f7"
            "60984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
}


@pytest.mark.parametrize("name", RFC_8032)
def test_the_signatures_of_rfc_8032_verify(name):
    key, message, signature = map(bytes.fromhex, RFC_8032[name])

    assert verify.is_signed(key, message, signature)
    assert not verify.is_signed(key, message + b"x", signature)


PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = PRIVATE.public_key().public_bytes_raw()


@settings(max_examples=40)
@given(st.binary(max_size=40), st.integers(0, 511))
def test_it_agrees_with_cryptography_on_every_flipped_bit(message, bit):
    signature = bytearray(PRIVATE.sign(message))
    assert verify.is_signed(PUBLIC, message, bytes(signature))
    signature[bit // 8] ^= 1 << bit % 8

    assert verify.is_signed(PUBLIC, message, bytes(signature)) is accepted(message, signature)


def accepted(message, signature):
    try:
        Ed25519PublicKey.from_public_bytes(PUBLIC).verify(bytes(signature), message)
    except InvalidSignature:
        return False
    return True


def test_a_signature_has_one_form_only():
    signature = PRIVATE.sign(b"text")
    s = int.from_bytes(signature[32:], "little") + verify.ORDER

    assert not verify.is_signed(PUBLIC, b"text", signature[:32] + s.to_bytes(32, "little"))
    assert not verify.is_signed(PUBLIC, b"text", signature + b"\0")
    assert not verify.is_signed(PUBLIC[:31], b"text", signature)


# the eight points of small order in their one form, and forms of them that RFC 8032 refuses
WEAK = (
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
)


@pytest.mark.parametrize("key", WEAK)
def test_keys_under_which_one_signature_fits_many_messages_are_refused(key):
    """R = the neutral point and s = 0 is such a signature under a key of small order."""
    neutral = bytes.fromhex(WEAK[0])

    assert not any(
        verify.is_signed(bytes.fromhex(key), str(at).encode(), neutral + bytes(32))
        for at in range(16)
    )


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
        max_leaves=8,
    )
)
def test_canonical_json_is_written_as_the_register_writes_it(value):
    assert verify.canonical(value) == canonical(value)


@pytest.fixture
def copy(tmp_path, db):
    """A published register with two certificates in its log."""
    log.acts(5)
    log.certificate()
    log.certificate()
    log.published(tmp_path / "copy")
    return tmp_path / "copy"


def run(*arguments):
    """What the script says, and with which number it ends."""
    said = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verify, "say", said.append)
        return verify.main([str(argument) for argument in arguments]), said[-1]


def kept(copy, name="kept"):
    """The checkpoint of the copy, as somebody outside keeps it."""
    return Path(shutil.copy(copy / "log/checkpoint", copy.parent / name))


def statement(copy, certificate=None):
    number = certificate.number if certificate else "*"
    return next(iter(sorted(copy.glob(f"verify/{number}/statement.json"))))


def test_an_honest_copy_holds_in_every_respect(copy):
    key = verifier_key(current(Purpose.CHECKPOINT, at=timezone.now()))

    assert run(copy) == (0, "All of it holds.")
    assert run(
        copy, "--checkpoint", kept(copy), "--certificate", statement(copy), "--key", key
    ) == (0, "All of it holds.")


def test_it_runs_alone_with_nothing_but_python(copy, tmp_path):
    alone = shutil.copy(log.VERIFIER, tmp_path / "verify.py")

    ended = subprocess.run(
        [sys.executable, "-I", "-S", alone, copy],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )

    assert (ended.returncode, ended.stderr) == (0, "")
    lines = ended.stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["holds", "note", "note", "holds", "All"]


def test_a_log_that_grew_goes_on_from_what_was_kept(copy):
    earlier = kept(copy)
    log.acts(260)
    log.published(copy)

    assert run(copy, "--checkpoint", earlier) == (0, "All of it holds.")


def test_a_copy_older_than_the_checkpoint_does_not_hold(copy):
    log.acts(1)
    later = copy.parent / "later"
    later.write_text(log.signed().note)

    ended, said = run(copy, "--checkpoint", later)

    assert (ended, "leaves are missing, or this copy is older" in said) == (1, True)


def test_what_is_not_there_could_not_be_checked(copy, tmp_path):
    assert run(tmp_path / "nowhere")[0] == 2
    assert run(copy, "--checkpoint", tmp_path / "nowhere")[0] == 2
    assert run(copy, "--certificate", tmp_path / "nowhere")[0] == 2
    assert run(copy, "--receipt", tmp_path / "nowhere")[0] == 2
    next(copy.glob("log/tile/entries/000.p/*")).unlink()
    assert run(copy) == (2, run(copy)[1])
    assert run(copy)[1].startswith("COULD NOT CHECK")


def flipped(path, at):
    content = bytearray(path.read_bytes())
    content[at % len(content)] ^= 1
    path.write_bytes(content)


@pytest.mark.slow
@pytest.mark.parametrize(
    "files",
    ["log/checkpoint", "log/tile/entries/000.p/*", "log/tile/0/000.p/*", "verify/*/statement.json"],
)
def test_a_copy_with_one_bit_changed_never_holds(copy, files):
    for path in sorted(copy.glob(files)):
        whole = path.read_bytes()
        for at in range(0, len(whole), max(1, len(whole) // 40)):
            flipped(path, at)
            assert run(copy)[0] == 1, (path, at)
            path.write_bytes(whole)
    assert run(copy)[0] == 0


def test_a_document_that_the_log_has_and_the_copy_lacks_is_missed(copy):
    statement(copy).unlink()

    ended, said = run(copy)

    assert (ended, "is missing, and the log says that it was issued" in said) == (1, True)


def test_a_copy_without_the_tiles_of_hashes_is_not_whole(copy):
    next(copy.glob("log/tile/0/000.p/*")).write_bytes(bytes(32))

    assert run(copy)[0] == 1


def test_another_registers_checkpoint_proves_nothing_here(copy, settings):
    settings.CANONICAL_ORIGIN = "https://other.example"
    other = copy.parent / "other"
    other.write_text(signed_by_somebody(Checkpoint("other.example/log", 0, bytes(32))))

    ended, said = run(copy, "--checkpoint", other)

    assert (ended, "is of another log" in said) == (1, True)


def signed_by_somebody(stated):
    key = VerifierKey(stated.origin, ED25519, PUBLIC)
    return str(Note(stated.text, (key.line(PRIVATE.sign(stated.text.encode())),)))


def test_a_checkpoint_by_another_key_is_not_this_registers(copy):
    forged = copy.parent / "forged"
    origin = (copy / "log/checkpoint").read_text().splitlines()[0]
    forged.write_text(signed_by_somebody(Checkpoint(origin, 3, root_at(3))))

    ended, said = run(copy, "--checkpoint", forged)

    assert (ended, "is not signed by a key of this register" in said) == (1, True)


def test_a_pinned_key_is_the_only_one_that_counts(copy):
    origin = (copy / "log/checkpoint").read_text().splitlines()[0]

    assert run(copy, "--key", VerifierKey(origin, ED25519, PUBLIC))[0] == 1
    assert run(copy, "--key", "rubbish+00+AQ==")[0] == 2


def test_a_certificate_that_was_never_issued_is_refused(copy):
    unlogged = certify.published()
    path = copy.parent / "statement.json"
    key = unlogged.key
    path.write_bytes(
        signed_statement(
            statement=unlogged.statement.encode(),
            signature=unlogged.signature,
            public_key=key.public_key,
        ).content
    )

    ended, said = run(copy, "--certificate", path)

    assert (ended, "the log says 0 times that" in said) == (1, True)


def test_the_status_in_the_copy_is_told_beside_a_genuine_certificate(copy, capsys):
    made = log.certificate()
    journal.record(
        "certificate.withdrawn",
        made,
        by=None,
        agency=made.agency,
        number=made.number,
        reason="misleading_use",
        on="2026-03-01",
    )
    log.published(copy)

    verify.main([str(copy), "--certificate", str(statement(copy, made))])

    said = capsys.readouterr().out
    assert f"status {made.number}: withdrawn, 2026-03-01\n" in said


def test_what_a_stolen_key_signed_since_does_not_hold(copy):
    made = log.certificate()
    log.published(copy)
    assert run(copy)[0] == 0
    record_compromise(
        key_id=made.key_id,
        since=instant_of(size()),
        reason="The backup was lost.",
        at=timezone.now(),
    )
    log.published(copy)

    ended, said = run(copy)

    assert (ended, "The key was stolen on" in said) == (1, True)


@pytest.fixture
def receipt(copy):
    """A receipt of the register for a certificate, and a copy that knows it."""
    made = log.certificate()
    at = timezone.now()
    written, stated = receipt_of("certificate", made.number, on=timezone.localdate(at), at=at)
    log.published(copy)
    path = copy.parent / "receipt.json"
    path.write_bytes(written)
    return path, stated


def test_a_receipt_of_this_register_holds(copy, receipt):
    assert run(copy, "--receipt", receipt[0]) == (0, "All of it holds.")


@pytest.mark.slow
def test_a_receipt_with_one_bit_changed_never_holds(copy, receipt):
    path, _ = receipt
    whole = path.read_bytes()
    for at in range(0, len(whole), 37):
        flipped(path, at)
        assert run(copy, "--receipt", path)[0] == 1, at
        path.write_bytes(whole)


def resigned(stated, purpose=Purpose.RECEIPT):
    signed = sign(purpose, canonical(stated), at=timezone.now())
    return canonical(
        {
            "receipt": stated,
            "signature": {
                "algorithm": "Ed25519",
                "key_id": signed.key.key_id,
                "value": b64encode(signed.signature).decode(),
            },
        }
    )


def test_a_receipt_signed_with_a_key_for_something_else_does_not_hold(copy, receipt):
    path, stated = receipt
    path.write_bytes(resigned(stated, Purpose.STATEMENT))

    ended, said = run(copy, "--receipt", path)

    assert (ended, "is no key for a receipt" in said) == (1, True)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"log": {"size": 3, "root": b64encode(bytes(32)).decode(), "checkpoint": None}}, "knew"),
        ({"log": {"size": 999, "root": b64encode(bytes(32)).decode()}}, "leaves are missing"),
        ({"known_at": "2026-01-01T00:00:00.000000Z"}, "gives another time"),
    ],
)
def test_a_receipt_about_another_log_does_not_hold(copy, receipt, change, words):
    path, stated = receipt
    path.write_bytes(resigned(stated | change))

    ended, said = run(copy, "--receipt", path)

    assert (ended, words in said) == (1, True)


def test_a_receipt_about_another_certificate_does_not_hold(copy, receipt):
    path, stated = receipt
    other = stated["answer"]["certificate"] | {"pdf_sha256": "1" * 64}
    path.write_bytes(resigned(stated | {"answer": stated["answer"] | {"certificate": other}}))

    ended, said = run(copy, "--receipt", path)

    assert (ended, "speaks of another certificate" in said) == (1, True)


def test_a_receipt_that_names_no_log_could_not_be_checked(copy, receipt):
    path, stated = receipt
    path.write_bytes(resigned(stated | {"log": None}))

    assert run(copy, "--receipt", path)[0] == 2
