"""Private keys in a token (a smart card, a hardware module), named by a PKCS#11 address.

`pkcs11:token=registry;object=statement?module-path=/usr/lib/…so&pin-source=file:/run/secrets/pin`
(RFC 7512). The key never leaves the token; its public part is read from the object of that label.
"""

import hashlib
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote

import pkcs11
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from audits.keys.algorithms import UnusableKey, read_public_key, text_of_raw
from audits.keys.enums import Algorithm
from audits.keys.holding import SigningUnavailable

SCHEME = "pkcs11:"
PATH_PARTS = {"token", "object"}
QUERY_PARTS = {"module-path", "pin-source"}

KEY_TYPES = {
    Algorithm.ED25519: pkcs11.KeyType.EC_EDWARDS,
    Algorithm.ES256: pkcs11.KeyType.EC,
}

NOT_THE_SESSIONS_FAULT = (pkcs11.NoSuchKey, pkcs11.MultipleObjectsReturned, UnusableKey)

Given = TypeVar("Given")


@dataclass(frozen=True, slots=True)
class Address:
    """Which key, in which token, through which driver; the PIN stands in a file."""

    token: str
    label: str
    module: str
    pin_file: Path


def read_address(text: str) -> Address:
    """The address of a key; `SigningUnavailable` says what is wrong with it."""
    path, _, query = text.strip().removeprefix(SCHEME).partition("?")
    path_parts, query_parts = _parts(path, ";"), _parts(query, "&")
    if (
        not text.startswith(SCHEME)
        or path_parts.keys() != PATH_PARTS
        or query_parts.keys() != QUERY_PARTS
    ):
        raise SigningUnavailable(
            "The address of a key in a token needs exactly these parts: "
            "pkcs11:token=…;object=…?module-path=…&pin-source=file:…"
        )
    return Address(
        token=path_parts["token"],
        label=path_parts["object"],
        module=query_parts["module-path"],
        pin_file=Path(query_parts["pin-source"].removeprefix("file:")),
    )


def _parts(text: str, separator: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(separator))
    return {name: unquote(value) for name, _, value in pairs}


class TokenKey:
    """A private key that stays in its token."""

    def __init__(self, address: Address, algorithm: Algorithm, certificate: str = "") -> None:
        self._address = address
        self.algorithm = algorithm
        self.certificate = certificate

    @cached_property
    def public_key(self) -> str:
        return self._with_session(self._read_public_key)

    def sign(self, message: bytes) -> bytes:
        return self._with_session(lambda session: self._sign(session, message))

    def _read_public_key(self, session: Any) -> str:
        key = self._find(session, pkcs11.ObjectClass.PUBLIC_KEY)
        point = key[pkcs11.Attribute.EC_POINT]
        # an OCTET STRING around the point: one byte of type, one of length
        text = text_of_raw(bytes(point[2:]))
        read_public_key(self.algorithm, text)
        return text

    def _sign(self, session: Any, message: bytes) -> bytes:
        key = self._find(session, pkcs11.ObjectClass.PRIVATE_KEY)
        if self.algorithm is Algorithm.ED25519:
            return bytes(key.sign(message, mechanism=pkcs11.Mechanism.EDDSA))
        digest = hashlib.sha256(message).digest()
        pair = bytes(key.sign(digest, mechanism=pkcs11.Mechanism.ECDSA))
        half = len(pair) // 2
        return encode_dss_signature(
            int.from_bytes(pair[:half], "big"), int.from_bytes(pair[half:], "big")
        )

    def _find(self, session: Any, kind: pkcs11.ObjectClass) -> Any:
        return session.get_key(
            object_class=kind, key_type=KEY_TYPES[self.algorithm], label=self._address.label
        )

    def _with_session(self, use: Callable[[Any], Given]) -> Given:
        try:
            with _lock:
                return use(_open.session(self._address))
        except (pkcs11.PKCS11Error, UnusableKey) as unusable:
            if not isinstance(unusable, NOT_THE_SESSIONS_FAULT):
                _open.forget(self._address)
            raise SigningUnavailable(
                f"The key {self._address.label!r} in the token {self._address.token!r} cannot be "
                f"used ({type(unusable).__name__}). Look whether the token is there, whether it "
                f"holds an {self.algorithm} key pair under this label, and whether the file of the "
                "PIN is right."
            ) from unusable


class _Sessions:
    """The open tokens of this process: opening one costs many times what signing does."""

    def __init__(self) -> None:
        self._process = os.getpid()
        self._by_token: dict[tuple[str, str], Any] = {}
        self._wrong_pins: set[tuple[str, str, bytes]] = set()

    def session(self, address: Address) -> Any:
        """A session that is logged in; a fork opens its own, as PKCS#11 demands."""
        library = pkcs11.lib(address.module)
        if self._process != os.getpid():
            self._process, self._by_token = os.getpid(), {}
            library.reinitialize()
        place = (address.module, address.token)
        if place not in self._by_token:
            self._by_token[place] = self._log_in(library, address)
        return self._by_token[place]

    def forget(self, address: Address) -> None:
        """Open anew next time: the token may have been taken out and put back."""
        session = self._by_token.pop((address.module, address.token), None)
        if session is not None:
            with suppress(pkcs11.PKCS11Error):
                session.close()

    def _log_in(self, library: Any, address: Address) -> Any:
        try:
            pin = address.pin_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as unreadable:
            raise SigningUnavailable(
                f"The file with the PIN of the token {address.token!r} cannot be read."
            ) from unreadable
        tried = (address.module, address.token, hashlib.sha256(pin.encode()).digest())
        if tried in self._wrong_pins:
            # a token locks itself after a few wrong ones
            raise SigningUnavailable(
                f"The token {address.token!r} refused the PIN of its file. Correct the file; the "
                "same PIN is not tried again."
            )
        try:
            return library.get_token(token_label=address.token).open(user_pin=pin)
        except pkcs11.PinIncorrect:
            self._wrong_pins.add(tried)
            raise


# A session may be used by one thread at a time.
_lock = threading.RLock()
_open = _Sessions()
