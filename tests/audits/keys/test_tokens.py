"""Keys that never leave their token: a real PKCS#11 driver (SoftHSM 2) with a token of its own."""

import multiprocessing
import os
import subprocess
import threading
from datetime import UTC, datetime, timedelta

import pkcs11
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from pkcs11.util.ec import encode_named_curve_parameters

from audits.keys.algorithms import read_public_key, verifies
from audits.keys.enums import Algorithm, Purpose
from audits.keys.holding import SigningUnavailable
from audits.keys.services import register_key
from audits.keys.signing import holder_of, sign
from audits.keys.stores import open_key
from audits.keys.tokens import TokenKey, read_address
from tests.factories.keys import write_key

pytestmark = pytest.mark.slow

DRIVER = "/usr/lib/softhsm/libsofthsm2.so"
AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MESSAGE = b"what is signed"
PIN = "4711"
# the first is in use; of the others one is tried with a wrong PIN, and one is never opened
TOKENS = ("registry", "spare", "closed")
INITIALISE = ["softhsm2-util", "--init-token", "--free", f"--pin={PIN}", "--so-pin=4712"]
ED25519, P256 = "1.3.101.112", "secp256r1"


@pytest.fixture(scope="session")
def token(tmp_path_factory):
    """A folder with three tokens, each with a key for statements and one for documents."""
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    (folder / "conf").write_text(f"directories.tokendir = {folder / 'tokens'}\n")
    (folder / "pin").write_text(f"{PIN}\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(folder / "conf"))
        for name in TOKENS:
            subprocess.run(
                [*INITIALISE, f"--label={name}"],
                check=True,
                capture_output=True,
            )
        library = pkcs11.lib(DRIVER)
        library.reinitialize()
        for name in TOKENS:
            with library.get_token(token_label=name).open(rw=True, user_pin=PIN) as session:
                _generate(session, "statement", pkcs11.KeyType.EC_EDWARDS, ED25519)
                _generate(session, "document", pkcs11.KeyType.EC, P256)
        yield folder


def _generate(session, label, kind, curve):
    mechanism = {
        pkcs11.KeyType.EC: pkcs11.Mechanism.EC_KEY_PAIR_GEN,
        pkcs11.KeyType.EC_EDWARDS: pkcs11.Mechanism.EC_EDWARDS_KEY_PAIR_GEN,
    }[kind]
    parameters = {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters(curve)}
    domain = session.create_domain_parameters(kind, parameters, local=True)
    domain.generate_keypair(mechanism=mechanism, label=label, store=True)


def address(token, label="statement", *, name="registry", pin="pin", driver=DRIVER):
    return (
        f"pkcs11:token={name};object={label}?module-path={driver}&pin-source=file:{token / pin}\n"
    )


@pytest.fixture
def in_token(token, settings):
    """The settings name the keys of the token, for statements and documents."""
    settings.SIGNING_KEY_IS_DEMONSTRATION = False
    settings.SIGNING_KEY_FILE = None
    folder = settings.SIGNING_KEYS_DIR
    folder.mkdir(parents=True)
    for label in ("statement", "document"):
        (folder / f"{label}.uri").write_text(address(token, label))
    (folder / "document.chain.pem").write_bytes(_certificate(token))
    return folder


def _certificate(token):
    """What a real authority would give for the key in the token."""
    text = TokenKey(read_address(address(token, "document")), Algorithm.ES256).public_key
    authority = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Registry of a test")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(read_public_key(Algorithm.ES256, text))
        .serial_number(1)
        .not_valid_before(AT - timedelta(days=1))
        .not_valid_after(AT + timedelta(days=365))
    )
    return builder.sign(authority, SHA256()).public_bytes(Encoding.PEM)


@pytest.mark.django_db
@pytest.mark.usefixtures("in_token")
@pytest.mark.parametrize("purpose", [Purpose.STATEMENT, Purpose.DOCUMENT])
def test_the_register_signs_with_a_key_in_a_token(purpose):
    register_key(purpose=purpose, holder=holder_of(purpose), at=AT)

    signed = sign(purpose, MESSAGE, at=AT)

    key = signed.key
    assert verifies(key.algorithm, key.public_key, MESSAGE, signed.signature)
    assert not verifies(key.algorithm, key.public_key, MESSAGE + b" ", signed.signature)


@pytest.mark.usefixtures("in_token")
def test_threads_and_forks_sign_each_with_the_same_key():
    holder = holder_of(Purpose.STATEMENT)
    expected = holder.sign(MESSAGE)
    found = []

    threads = [
        threading.Thread(target=lambda: found.append(holder_of(Purpose.STATEMENT).sign(MESSAGE)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    receiver, sender = multiprocessing.Pipe()
    child = os.fork()
    if child == 0:
        sender.send(holder_of(Purpose.STATEMENT).sign(MESSAGE))
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    found += [receiver.recv(), holder.sign(MESSAGE)]

    assert found == [expected] * 10


WRONG = {
    "no such token": {"name": "another"},
    "no such key": {"label": "receipt"},
    "a key of another kind": {"label": "document"},
    "no such driver": {"driver": "/nowhere.so"},
    "no file of the PIN": {"name": "closed", "pin": "nowhere"},
}


@pytest.mark.parametrize("said", WRONG.values(), ids=WRONG.keys())
def test_without_a_usable_key_in_the_token_nothing_is_signed(token, said):
    holder = TokenKey(read_address(address(token, **said)), Algorithm.ED25519)

    with pytest.raises(SigningUnavailable) as refused:
        holder.sign(MESSAGE)

    assert PIN not in str(refused.value)


def test_a_wrong_pin_is_tried_once_so_that_the_token_does_not_lock_itself(token):
    (token / "wrong").write_text("0815")
    holder = TokenKey(read_address(address(token, name="spare", pin="wrong")), Algorithm.ED25519)

    with pytest.raises(SigningUnavailable, match="PinIncorrect"):
        holder.sign(MESSAGE)
    for _ in range(5):
        with pytest.raises(SigningUnavailable, match="not tried again"):
            holder.sign(MESSAGE)

    right = TokenKey(read_address(address(token, name="spare")), Algorithm.ED25519)
    assert len(right.sign(MESSAGE)) == 64


@pytest.mark.parametrize(
    "text",
    [
        "",
        "pkcs11:token=registry",
        "pkcs11:token=registry;object=statement?module-path=/x.so",
        "pkcs11:token=registry;object=statement?module-path=/x.so&pin-value=4711",
        "file:///statement.pem",
    ],
)
def test_an_address_says_all_it_must_and_never_the_pin(text):
    with pytest.raises(SigningUnavailable, match="needs exactly these parts"):
        read_address(text)


def test_an_address_may_hold_any_character():
    found = read_address("pkcs11:token=a%3Bb;object=%C3%A9?module-path=/x.so&pin-source=file:/p")

    assert (found.token, found.label, str(found.pin_file)) == ("a;b", "é", "/p")


def test_a_file_and_an_address_at_once_are_refused(token, tmp_path):
    write_key(tmp_path / "statement.pem")
    (tmp_path / "statement.uri").write_text(address(token))

    with pytest.raises(SigningUnavailable, match="would be a guess"):
        open_key(tmp_path / "statement.pem", Purpose.STATEMENT, name="the folder")
