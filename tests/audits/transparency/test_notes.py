"""Notes are those of C2SP: written and read in one way, and refused in words otherwise."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audits.transparency.notes import (
    COSIGNATURE,
    ED25519,
    Checkpoint,
    NotANote,
    Note,
    VerifierKey,
    cosignature,
    cosigned_message,
    read_checkpoint,
    read_note,
    read_verifier_key,
)

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = VerifierKey("registry.example/log", ED25519, PRIVATE.public_key().public_bytes_raw())
STATED = Checkpoint("registry.example/log", 7, bytes(32))
WRITTEN = str(Note(STATED.text, (KEY.line(PRIVATE.sign(STATED.text.encode())),)))

# from the package documentation of golang.org/x/mod/sumdb/note
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
DOCUMENTED = """If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""  # noqa: E501 -- as it is printed there


def test_a_note_of_others_verifies_with_their_key():
    note, key = read_note(DOCUMENTED.encode()), read_verifier_key(PETER)

    assert key.has_signed_note(note)
    assert (str(note), str(key)) == (DOCUMENTED, PETER)


def test_a_checkpoint_is_written_and_read_in_one_way():
    note = read_note(WRITTEN.encode())

    assert (str(note), read_checkpoint(note.text)) == (WRITTEN, STATED)
    assert KEY.has_signed_note(note)
    assert read_verifier_key(str(KEY)) == KEY


def test_lines_below_the_root_are_allowed_and_signed():
    text = f"{STATED.text}an extension\n"
    note = Note(text, (KEY.line(PRIVATE.sign(text.encode())),))

    assert read_checkpoint(read_note(str(note).encode()).text) == STATED
    assert KEY.has_signed_note(note)


@pytest.mark.parametrize(
    "change",
    [
        lambda note: note.replace("\n7\n", "\n8\n"),
        lambda note: note.replace("registry.example/log\n", "registry.example/lo\n", 1),
        lambda note: note.replace("— registry.example", "— other.example"),
        lambda note: note.replace("AAAA=\n\n", "AAAB=\n\n"),
    ],
)
def test_a_changed_note_does_not_verify(change):
    changed = change(WRITTEN)

    assert changed != WRITTEN
    try:
        assert not KEY.has_signed_note(read_note(changed.encode()))
    except NotANote:
        assert "AAAB" in changed


@pytest.mark.parametrize(
    "written",
    [
        b"",
        b"no signature\n",
        b"text\n\n",
        b"\xff\n\n" + "— a AAAAAAAA\n".encode(),
        WRITTEN.replace("— ", "- ").encode(),
        WRITTEN[:-1].encode(),
        WRITTEN.replace("\n7\n", "\n7\r\n").encode(),
        "text\n\n— name AAAA\n".encode(),
        "text\n\n— two words AAAAAAAA\n".encode(),
        "text\n\n— name AAAAAAB=\n".encode(),
        b"x" * 1_000_001,
    ],
)
def test_what_is_no_note_is_refused(written):
    with pytest.raises(NotANote):
        read_note(written)


@pytest.mark.parametrize(
    "text",
    ["a\n1\n", "a\n01\nAAAA\n", "a\n-1\nAAAA\n", "a\n1\nAAAA\n", "\n1\nAAAA\n", "a\nx\nAAAA\n"],
)
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(NotANote):
        read_checkpoint(text)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "name",
        str(KEY).replace("registry", "register"),
        f"{KEY}AA",
        f"a b{KEY}",
        "n+00000000+AQ==",
    ],
)
def test_what_is_no_verifier_key_is_refused(written):
    with pytest.raises(NotANote):
        read_verifier_key(written)


def test_a_cosignature_is_over_time_and_text_and_not_over_the_text_alone():
    witness = VerifierKey("witness.example", COSIGNATURE, KEY.public_key)
    signature = PRIVATE.sign(cosigned_message(STATED.text, 1_700_000_000))
    line = witness.line(cosignature(1_700_000_000, signature))

    assert witness.has_signed(cosigned_message(STATED.text, 1_700_000_000), line.signature[8:])
    assert not witness.has_signed(cosigned_message(STATED.text, 1_700_000_001), line.signature[8:])
    assert not witness.has_signed(STATED.text.encode(), line.signature[8:])
    assert witness.key_hash != VerifierKey(witness.name, ED25519, KEY.public_key).key_hash
