"""Signing: with the one registered key, checked before anybody relies on it, or not at all."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.management import CommandError, call_command

from audits.keys import signing
from audits.keys.algorithms import text_of, verifies
from audits.keys.enums import ALGORITHM_OF, Algorithm, Purpose
from audits.keys.models import SigningKey
from audits.keys.services import register_key
from audits.keys.signing import SigningUnavailable, holder_of, sign
from tests.factories.keys import write_key

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
STATEMENT = b'{"number":"CE000012Z"}'


@pytest.fixture
def own_key(settings):
    """A statement key that is no demonstration, and waits to be registered."""
    settings.SIGNING_KEY_IS_DEMONSTRATION = False
    return write_key(Path(settings.SIGNING_KEY_FILE))


def register(purpose=Purpose.STATEMENT, *, at=AT):
    return register_key(purpose=purpose, holder=holder_of(purpose), at=at)


@pytest.mark.parametrize("purpose", Purpose)
def test_a_demonstration_key_is_made_once_and_for_its_owner_alone(settings, purpose):
    first, second = holder_of(purpose), holder_of(purpose)

    modes = {oct(stat.S_IMODE(file.stat().st_mode)) for file in settings.SIGNING_KEYS_DIR.iterdir()}
    assert (first.public_key, modes) == (second.public_key, {"0o600"})


@pytest.mark.django_db
@pytest.mark.parametrize("purpose", Purpose)
def test_a_demonstration_key_registers_itself_and_signs(purpose):
    signed = sign(purpose, STATEMENT, at=AT)

    key = SigningKey.objects.get()
    assert (key.is_demonstration, key.purpose, key.algorithm) == (
        True,
        purpose,
        ALGORITHM_OF[purpose],
    )
    assert signed.key == key
    assert verifies(key.algorithm, key.public_key, STATEMENT, signed.signature)


@pytest.mark.django_db
def test_the_same_statement_has_the_same_signature():
    assert sign(Purpose.STATEMENT, STATEMENT, at=AT) == sign(Purpose.STATEMENT, STATEMENT, at=AT)


@pytest.mark.django_db
def test_the_document_key_has_a_certificate_that_is_its_own_and_says_it_proves_nothing():
    key = sign(Purpose.DOCUMENT, STATEMENT, at=AT).key

    own, authority = x509.load_pem_x509_certificates(key.certificate.encode())
    own.verify_directly_issued_by(authority)
    assert text_of(own.public_key()) == key.public_key
    assert "proves nothing" in own.subject.rfc4514_string()
    assert key.valid_until == own.not_valid_after_utc


@pytest.mark.django_db
@pytest.mark.usefixtures("own_key")
def test_a_key_of_ones_own_signs_only_when_registered():
    with pytest.raises(SigningUnavailable, match=r"manage\.py register_signing_key"):
        sign(Purpose.STATEMENT, STATEMENT, at=AT)

    register()
    assert sign(Purpose.STATEMENT, STATEMENT, at=AT).key.is_demonstration is False


@pytest.mark.django_db
@pytest.mark.usefixtures("own_key")
def test_a_key_signs_neither_before_its_time_nor_after_it():
    register()
    SigningKey.objects.update(valid_until=AT + timedelta(days=1))

    for at in (AT - timedelta(seconds=1), AT + timedelta(days=1)):
        with pytest.raises(SigningUnavailable):
            sign(Purpose.STATEMENT, STATEMENT, at=at)


@pytest.mark.django_db
@pytest.mark.usefixtures("own_key")
def test_a_key_that_took_the_place_of_the_registered_one_is_not_trusted(settings):
    register()
    write_key(Path(settings.SIGNING_KEY_FILE))

    with pytest.raises(SigningUnavailable, match=r"rotate_key statement"):
        sign(Purpose.STATEMENT, STATEMENT, at=AT)
    with pytest.raises(SigningUnavailable, match=r"rotate_key statement"):
        register()


@pytest.mark.django_db
def test_a_key_of_one_purpose_is_refused_for_another(settings, own_key):
    register()
    write_key(settings.SIGNING_KEYS_DIR / "receipt.pem", own_key)

    with pytest.raises(SigningUnavailable, match="is the key for statement"):
        register(Purpose.RECEIPT)
    with pytest.raises(SigningUnavailable):
        sign(Purpose.RECEIPT, STATEMENT, at=AT)


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
        holder_of(Purpose.STATEMENT)


@pytest.mark.parametrize(
    ("purpose", "curve"),
    [(Purpose.STATEMENT, ec.SECP256R1()), (Purpose.DOCUMENT, ec.SECP384R1())],
)
def test_a_key_of_another_kind_is_refused(settings, purpose, curve):
    settings.SIGNING_KEY_FILE = settings.SIGNING_KEYS_DIR / "statement.pem"
    write_key(settings.SIGNING_KEYS_DIR / f"{purpose}.pem", ec.generate_private_key(curve))

    with pytest.raises(SigningUnavailable, match="another kind"):
        holder_of(purpose)


def test_a_document_key_without_its_certificate_is_refused(settings):
    settings.SIGNING_KEY_IS_DEMONSTRATION = False
    write_key(settings.SIGNING_KEYS_DIR / "document.pem", ec.generate_private_key(ec.SECP256R1()))

    with pytest.raises(SigningUnavailable, match=r"document\.chain\.pem"):
        holder_of(Purpose.DOCUMENT)


@pytest.mark.django_db
def test_a_document_key_with_the_certificate_of_another_is_refused(settings):
    holder_of(Purpose.DOCUMENT)
    settings.SIGNING_KEY_IS_DEMONSTRATION = False
    write_key(settings.SIGNING_KEYS_DIR / "document.pem", ec.generate_private_key(ec.SECP256R1()))

    with pytest.raises(SigningUnavailable, match="not that of the document key"):
        register(Purpose.DOCUMENT)


@pytest.mark.django_db
def test_a_document_key_is_registered_only_while_its_certificate_holds():
    for at in (datetime(2019, 12, 31, tzinfo=UTC), datetime(2049, 12, 31, tzinfo=UTC)):
        with pytest.raises(SigningUnavailable, match="does not hold now"):
            register(Purpose.DOCUMENT, at=at)


@pytest.mark.parametrize("purpose", [Purpose.STATEMENT, Purpose.DOCUMENT])
def test_only_the_same_bytes_verify(purpose):
    holder, other = holder_of(purpose), holder_of(Purpose.RECEIPT)
    signature = holder.sign(STATEMENT)

    def tried(message, signature):
        return verifies(holder.algorithm, holder.public_key, message, signature)

    assert tried(STATEMENT, signature) is True
    assert [
        tried(STATEMENT + b" ", signature),
        tried(STATEMENT, other.sign(STATEMENT)),
        tried(STATEMENT, b""),
        tried(STATEMENT, signature[:-1]),
        tried(STATEMENT, signature + b"\0"),
    ] == [False] * 5


@pytest.mark.django_db
@pytest.mark.usefixtures("own_key")
def test_the_operator_registers_a_key_by_a_command(capsys):
    call_command("register_signing_key", "statement")
    call_command("register_signing_key", "statement")

    key = SigningKey.objects.get()
    first, second = capsys.readouterr().out.splitlines()
    assert (key.is_demonstration, key.public_key) == (False, holder_of(key.purpose).public_key)
    assert (first, second) == (
        f"Registered {key.key_id} for: statement.",
        f"{key.key_id} is registered already for: statement.",
    )


@pytest.mark.django_db
def test_the_command_registers_all_keys_at_once_and_none_of_another_purpose():
    call_command("register_signing_key")

    assert set(SigningKey.objects.values_list("purpose", flat=True)) == set(Purpose)
    with pytest.raises(CommandError, match="No key is for certificates"):
        call_command("register_signing_key", "certificates")


@pytest.mark.django_db
@pytest.mark.usefixtures("own_key")
def test_a_purpose_without_a_key_is_named():
    with pytest.raises(CommandError, match=r"credential\.pem"):
        call_command("register_signing_key")


@pytest.mark.django_db
def test_a_certificate_of_another_kind_of_key_is_refused(settings):
    holder_of(Purpose.DOCUMENT)
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(1)
    builder = builder.public_key(key.public_key()).not_valid_before(AT).not_valid_after(AT)
    chain = builder.sign(key, SHA256()).public_bytes(Encoding.PEM)
    (settings.SIGNING_KEYS_DIR / "document.chain.pem").write_bytes(chain)

    with pytest.raises(SigningUnavailable, match="another kind than P-256"):
        register(Purpose.DOCUMENT)


@pytest.mark.django_db
def test_a_statement_is_signed_as_documents_carry_it():
    text, key = signing.sign_statement(STATEMENT, at=AT)

    assert (len(text), key.algorithm) == (88, Algorithm.ED25519)
