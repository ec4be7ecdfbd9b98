"""Keys of tests: files of their own, and signatures that need no register."""

from base64 import b64encode
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.db import connection

from audits.keys.algorithms import is_signed
from audits.keys.enums import Algorithm, Purpose
from audits.keys.signing import holder_of


def write_key(path: Path, key=None):
    """A private key in a PEM file, as an operator puts one there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    key = key or Ed25519PrivateKey.generate()
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return key


def statement_signature(statement: bytes) -> tuple[str, str]:
    """A statement's signature in base64 and the public key, with no row of the register behind."""
    holder = holder_of(Purpose.STATEMENT)
    return b64encode(holder.sign(statement)).decode(), holder.public_key


def statement_is_signed(statement: bytes, signature: str, public_key: str) -> bool:
    return is_signed(statement, signature, Algorithm.ED25519, public_key)


def set_triggers_aside(table: str) -> None:
    """For what a test plants and no trigger would let through; comes back with the transaction."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            return
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table]
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")
