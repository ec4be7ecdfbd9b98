"""Signatures by the registered key of a purpose, checked before anybody relies on them.

The private key is in a PEM file, a token, or a process of its own. In development one is made at
first need and is marked as a demonstration key, which every document then says. Without a usable,
registered key there is `SigningUnavailable`, never an unsigned document.
"""

from base64 import b64encode
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from audits.keys.algorithms import UnusableKey, key_id_of, verifies
from audits.keys.enums import ALGORITHM_OF, Purpose
from audits.keys.holding import Holder, SigningUnavailable
from audits.keys.models import SigningKey
from audits.keys.pem_files import make_key
from audits.keys.queries import key_in_use
from audits.keys.remote import RemoteKey
from audits.keys.services import register_key
from audits.keys.stores import key_path, open_key


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature that verified, and the registered key it verified with."""

    signature: bytes
    key: SigningKey


def sign(purpose: Purpose, message: bytes, *, at) -> Signed:
    """The signature of exactly these bytes by the key in use at `at`; `SigningUnavailable` if none.

    64 bytes of Ed25519; for `DOCUMENT` a DER signature by ECDSA over P-256 with SHA-256.
    """
    holder = holder_of(purpose)
    key = registered(purpose, holder, at=at)
    signature = holder.sign(message)
    try:
        is_good = verifies(key.algorithm, key.public_key, message, signature)
    except UnusableKey as unusable:
        raise SigningUnavailable(f"The registered key {key.key_id} is unreadable.") from unusable
    if not is_good:
        raise SigningUnavailable(
            f"What was signed does not verify with the registered key {key.key_id}."
        )
    return Signed(signature, key)


def sign_statement(statement: bytes, *, at) -> tuple[str, SigningKey]:
    """A statement's signature in base64, as documents carry it, and the key that made it."""
    signed = sign(Purpose.STATEMENT, statement, at=at)
    return b64encode(signed.signature).decode("ascii"), signed.key


def confirm_in_use(*keys: SigningKey) -> None:
    """Refuse to publish what a key signed that was retired meanwhile; it is to be signed anew.

    To be called in the publishing transaction: it keeps a rotation waiting until that is over, and
    nobody who publishes as well.
    """
    names = {key.pk for key in keys}
    in_use = SigningKey.objects.filter(pk__in=names, retired_at=None).values("pk")
    statement, parameters = in_use.query.sql_with_params()
    # Django has no word for it; SQLite lets one write at a time, and needs none
    share = " FOR SHARE" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(statement + share, parameters)
        held = {name for (name,) in cursor.fetchall()}
    if gone := names - held:
        raise SigningUnavailable(
            f"{', '.join(sorted(gone))} was replaced or retired after it had signed. "
            "What it signed is not published, and is signed anew."
        )


def holder_of(purpose: Purpose) -> Holder:
    """Who holds the purpose's private key; made on the spot where a demonstration is expected."""
    if settings.SIGNER_SOCKET is not None:
        return RemoteKey(settings.SIGNER_SOCKET, purpose)
    path, name = configured(purpose)
    if settings.SIGNING_KEY_IS_DEMONSTRATION and not path.exists():
        make_key(path, ALGORITHM_OF[purpose])
    return open_key(path, purpose, name=name)


def current(purpose: Purpose, *, at) -> SigningKey:
    """The registered key that `sign` would use at `at`; `SigningUnavailable` if none could."""
    return registered(purpose, holder_of(purpose), at=at)


def registered(purpose: Purpose, holder: Holder, *, at) -> SigningKey:
    """The register's row for this key, in use at `at`; a demonstration key registers itself."""
    key = key_in_use(purpose, at=at)
    if key is None and settings.SIGNING_KEY_IS_DEMONSTRATION:
        register_key(purpose=purpose, holder=holder, at=at, is_demonstration=True)
        key = key_in_use(purpose, at=at)
    if key is None or key.public_key != holder.public_key:
        raise SigningUnavailable(
            f"The signing key {key_id_of(holder.public_key)} is not registered for use now. "
            f"Run: manage.py register_signing_key; in the place of another: "
            f"manage.py rotate_key {purpose}"
        )
    return key


def configured(purpose):
    """The file of a purpose's key by the settings, and the setting's name for what is said."""
    if purpose == Purpose.STATEMENT and settings.SIGNING_KEY_FILE is not None:
        return settings.SIGNING_KEY_FILE, "SIGNING_KEY_FILE"
    if settings.SIGNING_KEYS_DIR is None:
        raise SigningUnavailable(
            f"There is no key for a {purpose}. SIGNING_KEYS_DIR must name a folder with "
            f"{purpose}.pem in it."
        )
    path = key_path(settings.SIGNING_KEYS_DIR, purpose)
    return path, f"SIGNING_KEYS_DIR ({path.name})"
