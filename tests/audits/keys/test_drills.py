"""The drills: rotate, retire, stolen. Each by its command, and what counts afterwards."""

import json
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.management import CommandError, call_command
from django.utils import timezone

from agencies import journal
from agencies.models import JournalEntry
from audits.certificates import services
from audits.enums import DocumentState
from audits.keys import replacing
from audits.keys.affected import affected_by
from audits.keys.algorithms import key_id_of
from audits.keys.enums import Answer, Purpose
from audits.keys.models import SigningKey
from audits.keys.queries import check_signature, key_in_use, stands
from audits.keys.signing import SigningUnavailable, confirm_in_use, holder_of, sign
from audits.register.distrust import distrusted_at
from audits.transparency.models import LogLeaf
from audits.transparency.queries import leaf_of_certificate
from tests.factories import certificates as certify
from tests.factories.keys import write_key

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

AT = datetime(2024, 1, 15, 9, 0, tzinfo=UTC)
MESSAGE = b"what is signed"


def run(*words):
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def checked(certificate, *, forged=None):
    """What anybody who checks the statement of a certificate is told."""
    leaf = leaf_of_certificate(certificate.number)
    return check_signature(
        Purpose.STATEMENT,
        certificate.key_id,
        "Ed25519",
        forged or certificate.statement.encode(),
        b64decode(certificate.signature),
        at=certificate.issued_at,
        position=leaf.position if leaf else None,
    )


def verbs():
    entries = JournalEntry.objects.filter(verb__startswith="signing_key.")
    return [(entry.verb.partition(".")[2], entry.data["key_id"]) for entry in entries]


def learned_of(certificate):
    return distrusted_at([certificate]).get(certificate.number)


def issued():
    certificate = certify.issued()
    certificate.refresh_from_db()
    return certificate


@pytest.fixture
def own_keys(settings):
    """Keys that are no demonstration, in the folder of the settings."""
    settings.SIGNING_KEY_IS_DEMONSTRATION = False
    settings.SIGNING_KEY_FILE = None
    return settings.SIGNING_KEYS_DIR


# --- rotate ---------------------------------------------------------------------------------------


def test_drill_rotate_what_the_old_key_signed_stays_good_and_the_new_one_signs():
    first = issued()
    old = first.key

    run("rotate_key", "statement")

    second = issued()
    old.refresh_from_db()
    assert second.key_id != first.key_id
    assert (old.replaced_by, key_in_use(Purpose.STATEMENT, at=timezone.now())) == (second.key,) * 2
    assert (checked(first), checked(second)) == (Answer.GOOD, Answer.GOOD)
    assert [each for each in verbs() if each[1] in (old.pk, second.key_id)] == [
        ("registered", old.pk),
        ("registered", second.key_id),
        ("replaced", old.pk),
    ]


def test_drill_rotate_the_old_private_key_signs_nothing_that_counts():
    first = issued()
    thief = holder_of(Purpose.STATEMENT)
    run("rotate_key", "statement")
    forged = first.statement.replace(first.number, "CE9999990").encode()

    for at in (first.issued_at, timezone.now()):
        told = check_signature(
            Purpose.STATEMENT, first.key_id, "Ed25519", forged, thief.sign(forged), at=at
        )
        assert told is Answer.EXPIRED


@pytest.mark.parametrize("purpose", Purpose)
def test_every_purpose_can_be_rotated_again_and_again(purpose):
    keys = [sign(purpose, MESSAGE, at=AT).key]
    for _ in range(3):
        run("rotate_key", purpose)
        keys.append(sign(purpose, MESSAGE, at=timezone.now()).key)

    registered = SigningKey.objects.order_by("valid_from")
    assert list(registered) == keys
    assert [key.replaced_by for key in registered] == [*keys[1:], None]


def test_the_operators_own_new_key_is_taken_from_beside_the_old(own_keys):
    write_key(own_keys / "receipt.pem")
    run("register_signing_key", "receipt")

    with pytest.raises(CommandError, match=r"receipt\.next\.pem, or let --make make it"):
        run("rotate_key", "receipt")
    write_key(own_keys / "receipt.next.pem")
    run("rotate_key", "receipt")

    assert sorted(file.name for file in own_keys.iterdir()) == ["receipt.pem"]
    assert sign(Purpose.RECEIPT, MESSAGE, at=timezone.now()).key.replaces.retired_at is not None


def test_a_key_that_was_put_in_place_already_is_only_registered(own_keys):
    write_key(own_keys / "receipt.pem")
    run("register_signing_key", "receipt")
    write_key(own_keys / "receipt.pem")

    run("rotate_key", "receipt")

    assert sign(Purpose.RECEIPT, MESSAGE, at=timezone.now()).key.replaces is not None


def test_a_new_key_is_made_where_the_operator_asks_for_it(own_keys):
    write_key(own_keys / "receipt.pem")
    run("register_signing_key", "receipt")

    run("rotate_key", "receipt", "--make")

    assert sign(Purpose.RECEIPT, MESSAGE, at=timezone.now()).key.is_demonstration is False


def test_a_document_key_is_never_made_without_a_real_certificate(own_keys, settings):
    settings.SIGNING_KEY_IS_DEMONSTRATION = True
    sign(Purpose.DOCUMENT, MESSAGE, at=AT)
    settings.SIGNING_KEY_IS_DEMONSTRATION = False

    with pytest.raises(CommandError, match=r"document\.next\.chain\.pem"):
        run("rotate_key", "document", "--make")
    write_key(own_keys / "document.next.pem", ec.generate_private_key(ec.SECP256R1()))
    with pytest.raises(CommandError, match=r"document\.next\.chain\.pem"):
        run("rotate_key", "document")


def test_nothing_is_replaced_before_something_was_registered(own_keys):
    write_key(own_keys / "receipt.pem")

    with pytest.raises(CommandError, match="register_signing_key receipt"):
        run("rotate_key", "receipt")


def test_an_old_key_never_comes_back(own_keys):
    old = write_key(own_keys / "receipt.pem")
    run("register_signing_key", "receipt")
    run("rotate_key", "receipt", "--make")
    write_key(own_keys / "receipt.next.pem", old)

    with pytest.raises(CommandError, match="registered already"):
        run("rotate_key", "receipt")
    write_key(own_keys / "receipt.pem", old)
    with pytest.raises(SigningUnavailable):
        sign(Purpose.RECEIPT, MESSAGE, at=timezone.now())


@pytest.mark.parametrize("purpose", [Purpose.RECEIPT, Purpose.DOCUMENT])
def test_a_rotation_that_was_killed_between_register_and_file_is_finished(purpose, monkeypatch):
    sign(purpose, MESSAGE, at=AT)

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(replacing.os, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        run("rotate_key", purpose)
    monkeypatch.undo()
    with pytest.raises(SigningUnavailable):
        sign(purpose, MESSAGE, at=timezone.now())
    run("rotate_key", purpose)

    assert SigningKey.objects.count() == 2
    key = sign(purpose, MESSAGE, at=timezone.now()).key
    assert (key.public_key, key.certificate) == (
        holder_of(purpose).public_key,
        holder_of(purpose).certificate,
    )


def test_a_rotation_that_was_killed_between_key_and_certificates_is_finished(monkeypatch):
    sign(Purpose.DOCUMENT, MESSAGE, at=AT)
    replace, calls = replacing.os.replace, []

    def killed_at_the_second(*names):
        calls.append(names)
        if len(calls) == 2:
            raise KeyboardInterrupt
        replace(*names)

    monkeypatch.setattr(replacing.os, "replace", killed_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        run("rotate_key", "document")
    monkeypatch.undo()
    sign(Purpose.DOCUMENT, MESSAGE, at=timezone.now())
    run("rotate_key", "document")

    key = sign(Purpose.DOCUMENT, MESSAGE, at=timezone.now()).key
    assert key.certificate == holder_of(Purpose.DOCUMENT).certificate


def test_what_was_signed_just_before_a_rotation_is_not_published_under_the_old_key():
    statement = sign(Purpose.STATEMENT, MESSAGE, at=AT).key
    receipt = sign(Purpose.RECEIPT, MESSAGE, at=AT).key
    confirm_in_use(statement, receipt)

    run("rotate_key", "statement")

    with pytest.raises(SigningUnavailable, match=f"^{statement.pk} was replaced"):
        confirm_in_use(statement, receipt)


# --- retire ---------------------------------------------------------------------------------------


def test_drill_retire_nothing_is_signed_and_what_was_signed_stays_good():
    first, waiting = issued(), certify.prepared()

    assert "rotate_key statement" in run("retire_key", first.key_id)

    with pytest.raises(SigningUnavailable):
        services.issue_certificate(certificate_id=waiting.pk)
    waiting.refresh_from_db()
    assert (checked(first), waiting.state) == (Answer.GOOD, DocumentState.PREPARED)
    run("rotate_key", "statement")
    services.issue_certificate(certificate_id=waiting.pk)
    waiting.refresh_from_db()
    assert checked(waiting) is Answer.GOOD


@pytest.mark.parametrize(
    ("key", "words"), [("ed25519-nowhere", "No key is registered"), (None, "was retired on")]
)
def test_what_cannot_be_retired_is_refused_in_words(key, words):
    known = sign(Purpose.RECEIPT, MESSAGE, at=AT).key.pk
    run("retire_key", known)

    with pytest.raises(CommandError, match=words):
        run("retire_key", key or known)


def test_a_key_ends_with_its_certificate_and_another_takes_its_place(settings):
    key = sign(Purpose.DOCUMENT, MESSAGE, at=AT).key
    after = key.valid_until

    with pytest.raises(SigningUnavailable):
        sign(Purpose.DOCUMENT, MESSAGE, at=after)

    assert stands(key, at=after - timedelta(seconds=1)) is True
    assert stands(key, at=after) is False


# --- stolen ---------------------------------------------------------------------------------------


def test_drill_stolen_what_the_log_held_before_stands_and_what_came_later_does_not():
    before = issued()
    thief = holder_of(Purpose.STATEMENT)
    stolen = timezone.now()
    after = issued()
    forged = before.statement.replace(before.number, "CE9999990").encode()

    said = run(
        "key_compromised", before.key_id, f"--from={stolen.isoformat()}", "--reason=A backup."
    )

    told = check_signature(
        Purpose.STATEMENT,
        before.key_id,
        "Ed25519",
        forged,
        thief.sign(forged),
        at=before.issued_at,
    )
    assert (checked(before), checked(after), told) == (
        Answer.GOOD,
        Answer.COMPROMISED,
        Answer.COMPROMISED,
    )
    assert "Documents to be issued again: 1;" in said
    listed = run("keys_affected").splitlines()
    assert [line.split("\t")[:2] for line in listed] == [[before.key_id, after.number]]
    assert run("keys_affected", before.key_id).splitlines() == listed


def test_drill_stolen_the_key_signs_no_more_and_a_new_one_does():
    first = issued()
    run("key_compromised", first.key_id, f"--from={AT.isoformat()}", "--reason=A backup.")
    waiting = certify.prepared()

    with pytest.raises(SigningUnavailable):
        services.issue_certificate(certificate_id=waiting.pk)
    run("rotate_key", "statement")
    services.issue_certificate(certificate_id=waiting.pk)

    waiting.refresh_from_db()
    assert checked(waiting) is Answer.GOOD


def test_the_act_is_public_and_its_reason_is_not():
    first = issued()
    run("key_compromised", first.key_id, f"--from={AT.isoformat()}", "--reason=Ann's laptop.")

    leaf = LogLeaf.objects.get(kind="signing_key.compromised")
    facts = json.loads(leaf.content)["facts"]
    assert (leaf.about, facts["key_id"], facts["compromised_from"], facts["stands_below"]) == (
        first.key_id,
        first.key_id,
        AT.isoformat(),
        0,
    )
    assert "laptop" not in leaf.content
    entry = JournalEntry.objects.get(verb="signing_key.compromised")
    assert "laptop" not in json.dumps(entry.data)
    assert SigningKey.objects.get(pk=first.key_id).compromise_reason == "Ann's laptop."


def test_the_moment_can_turn_out_to_be_earlier_and_never_later():
    first = issued()
    second = issued()
    between = second.issued_at - timedelta(microseconds=1)

    run("key_compromised", first.key_id, f"--from={timezone.now().isoformat()}", "--reason=A.")
    assert (checked(first), checked(second)) == (Answer.GOOD, Answer.GOOD)
    run("key_compromised", first.key_id, f"--from={between.isoformat()}", "--reason=B.")
    assert (checked(first), checked(second)) == (Answer.GOOD, Answer.COMPROMISED)
    known = JournalEntry.objects.filter(verb="signing_key.compromised").last()
    assert (learned_of(first), learned_of(second)) == (None, known.recorded_at)

    with pytest.raises(CommandError, match="only an earlier moment"):
        run("key_compromised", first.key_id, f"--from={between.isoformat()}", "--reason=C.")


REFUSED = {
    "no zone": (["--from=2024-01-15T09:00:00", "--reason=A."], "with its zone"),
    "no such day": (["--from=2024-02-31T09:00:00+00:00", "--reason=A."], "with its zone"),
    "no moment": (["--from=yesterday", "--reason=A."], "with its zone"),
    "to come": (["--from=2099-01-01T00:00:00+00:00", "--reason=A."], "a moment to come"),
    "no reason": (["--from=2024-01-15T09:00:00+00:00", "--reason= "], "Say what is known"),
}


@pytest.mark.parametrize(("words", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_a_compromise_is_recorded_whole_or_not_at_all(words, said):
    key = sign(Purpose.RECEIPT, MESSAGE, at=AT).key

    with pytest.raises(CommandError, match=said):
        run("key_compromised", key.pk, *words)

    assert SigningKey.objects.get(pk=key.pk).compromised_from is None
    with pytest.raises(CommandError, match="No key"):
        run("keys_affected", key.pk)


@pytest.mark.parametrize("purpose", [Purpose.DOCUMENT, Purpose.CREDENTIAL])
def test_a_certificate_in_doubt_for_its_seal_or_credential_is_listed_too(purpose):
    certificate, other = certify.published(), certify.published()
    key = sign(purpose, MESSAGE, at=AT).key
    entry = journal.record(
        "certificate.issued",
        certificate,
        by=None,
        number=certificate.number,
        key=certificate.key_id,
        **{f"{purpose}_key": key.pk},
    )

    run("key_compromised", key.pk, f"--from={entry.recorded_at.isoformat()}", "--reason=A backup.")

    key.refresh_from_db()
    assert affected_by(key) == [certificate]
    known = JournalEntry.objects.get(verb="signing_key.compromised").recorded_at
    assert (learned_of(certificate), learned_of(other)) == (known, None)


def test_without_a_stolen_key_nothing_is_in_doubt(django_assert_num_queries):
    certificate = issued()

    assert affected_by(certificate.key) == []
    with django_assert_num_queries(1):
        assert learned_of(certificate) is None
    assert run("keys_affected") == ""


def test_names_follow_from_keys():
    key = sign(Purpose.RECEIPT, MESSAGE, at=AT).key

    assert key.pk == key_id_of(key.public_key)
