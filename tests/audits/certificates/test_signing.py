"""Signing: with the one registered key, checked before anybody relies on it, or not at all."""

import stat
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.management import call_command

from audits.certificates import signing
from audits.certificates.models import SigningKey
from audits.certificates.signing import SigningUnavailable

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
STATEMENT = b'{"number":"CE000012Z"}'


def write_key(path, key=None):
    path.parent.mkdir(parents=True, exist_ok=True)
    key = key or Ed25519PrivateKey.generate()
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return key


def test_a_demonstration_key_is_made_once_and_for_its_owner_alone(settings):
    first, second = signing.signer(), signing.signer()

    mode = stat.S_IMODE(Path(settings.SIGNING_KEY_FILE).stat().st_mode)
    assert (first.key_id, first.is_demonstration, oct(mode)) == (second.key_id, True, "0o600")


@pytest.mark.django_db
def test_a_demonstration_key_registers_itself():
    signature, key = signing.sign_statement(STATEMENT, at=AT)

    assert key == SigningKey.objects.get()
    assert (key.is_demonstration, key.algorithm) == (True, "Ed25519")
    assert signing.verifies(STATEMENT, signature, key.public_key)


@pytest.mark.django_db
def test_the_same_statement_has_the_same_signature():
    assert signing.sign_statement(STATEMENT, at=AT) == signing.sign_statement(STATEMENT, at=AT)


@pytest.mark.django_db
def test_a_key_of_ones_own_signs_only_when_registered(settings):
    settings.SIGNING_KEY_IS_DEMONSTRATION = False
    write_key(Path(settings.SIGNING_KEY_FILE))

    with pytest.raises(SigningUnavailable, match=r"manage\.py register_signing_key"):
        signing.sign_statement(STATEMENT, at=AT)

    signing.register(signing.signer(), at=AT)
    signature, key = signing.sign_statement(STATEMENT, at=AT)
    assert (key.is_demonstration, signing.verifies(STATEMENT, signature, key.public_key)) == (
        False,
        True,
    )


@pytest.mark.django_db
def test_a_key_signs_neither_before_its_time_nor_after_it(settings):
    settings.SIGNING_KEY_IS_DEMONSTRATION = False
    write_key(Path(settings.SIGNING_KEY_FILE))
    signing.register(signing.signer(), at=AT)
    SigningKey.objects.update(valid_until=AT + timedelta(days=1))

    for at in (AT - timedelta(seconds=1), AT + timedelta(days=1)):
        with pytest.raises(SigningUnavailable):
            signing.sign_statement(STATEMENT, at=at)


@pytest.mark.django_db
def test_a_registered_row_with_another_key_is_not_trusted(settings):
    settings.SIGNING_KEY_IS_DEMONSTRATION = False
    write_key(Path(settings.SIGNING_KEY_FILE))
    signing.register(signing.signer(), at=AT)
    SigningKey.objects.update(public_key=b64encode(bytes(32)).decode())

    with pytest.raises(SigningUnavailable):
        signing.sign_statement(STATEMENT, at=AT)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(None, id="there is no file"),
        pytest.param(b"", id="the file is empty"),
        pytest.param(b"-----BEGIN PRIVATE KEY-----\nnonsense\n", id="it is no key"),
    ],
)
def test_without_a_usable_key_nothing_is_signed(settings, content):
    settings.SIGNING_KEY_IS_DEMONSTRATION = False
    if content is not None:
        Path(settings.SIGNING_KEY_FILE).parent.mkdir(parents=True)
        Path(settings.SIGNING_KEY_FILE).write_bytes(content)

    with pytest.raises(SigningUnavailable, match="SIGNING_KEY_FILE"):
        signing.signer()


def test_a_key_of_another_kind_is_refused(settings):
    write_key(Path(settings.SIGNING_KEY_FILE), generate_private_key(SECP256R1()))

    with pytest.raises(SigningUnavailable, match="another kind"):
        signing.signer()


def test_only_the_same_bytes_verify():
    signer = signing.signer()
    signature = signer.sign(STATEMENT)
    other = b64encode(bytes(32)).decode()

    tried = {
        "as signed": signing.verifies(STATEMENT, signature, signer.public_key),
        "one byte changed": signing.verifies(STATEMENT + b" ", signature, signer.public_key),
        "another key": signing.verifies(STATEMENT, signature, other),
        "no signature": signing.verifies(STATEMENT, "", signer.public_key),
        "not base64": signing.verifies(STATEMENT, "ü", signer.public_key),
        "cut short": signing.verifies(STATEMENT, signature[:-4], signer.public_key),
    }

    assert tried == {name: name == "as signed" for name in tried}


@pytest.mark.django_db
def test_the_operator_registers_a_key_by_a_command(settings, capsys):
    settings.SIGNING_KEY_IS_DEMONSTRATION = False
    write_key(Path(settings.SIGNING_KEY_FILE))

    call_command("register_signing_key")
    call_command("register_signing_key")

    key = SigningKey.objects.get()
    first, second = capsys.readouterr().out.splitlines()
    assert (key.is_demonstration, key.key_id) == (False, signing.signer().key_id)
    assert key.key_id in first
    assert "already" in second
