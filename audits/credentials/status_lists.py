"""Bitstring Status Lists (W3C, version 1.0): one bit a certificate, for each of two purposes.

Index 0 is the most significant bit of the first byte. The bits are packed with GZIP and written in
multibase base64url. A certificate's place follows from its status index and never changes; when a
list is full the next one begins.
"""

import datetime as dt
import gzip
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from audits.credentials.contexts import CREDENTIALS_V2
from audits.credentials.dids import base64url, did_of, from_base64url

# What the specification asks for at least, so that one bit tells little about who asked for it.
LENGTH = 131_072
_BYTES = LENGTH // 8

# No honest list of ours is longer than this before it is unpacked.
_LONGEST_WRITTEN = 2 * _BYTES


class StatusPurpose(StrEnum):
    """What a set bit means. A revocation is for good; a suspension may be lifted."""

    REVOCATION = "revocation"
    SUSPENSION = "suspension"


PURPOSES = (StatusPurpose.REVOCATION, StatusPurpose.SUSPENSION)


class ListUnreadable(ValueError):
    """Nothing can be said from this list: the status could not be checked."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a certificate stands: in which list (from 1), and at which index (from 0)."""

    number: int
    index: int


@dataclass(frozen=True, slots=True)
class Bits:
    """What the two lists say of a certificate."""

    revoked: bool = False
    suspended: bool = False


def position_of(status_index: int) -> Position:
    return Position(status_index // LENGTH + 1, status_index % LENGTH)


def address_of(purpose: StatusPurpose, number: int, origin: str) -> str:
    """The address of a list, which is also the name of its credential."""
    return f"{origin}/status/{purpose}/{number}"


def entry_of(purpose: StatusPurpose, status_index: int, origin: str) -> dict[str, str]:
    """The entry of a credential's `credentialStatus` for one purpose."""
    position = position_of(status_index)
    address = address_of(purpose, position.number, origin)
    return {
        "id": f"{address}#{position.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": str(purpose),
        "statusListIndex": str(position.index),
        "statusListCredential": address,
    }


def index_of(entry: dict[str, Any], origin: str) -> int:
    """The status index behind an entry of ours; ValueError for any other."""
    address, index = entry["statusListCredential"], entry["statusListIndex"]
    purpose = StatusPurpose(entry["statusPurpose"])
    number = re.fullmatch(
        r"[1-9][0-9]{0,6}", address.removeprefix(address_of(purpose, 0, origin)[:-1])
    )
    if number is None or not re.fullmatch(r"0|[1-9][0-9]{0,5}", index) or int(index) >= LENGTH:
        raise ValueError("This is no entry of a status list of this register.")
    return (int(number[0]) - 1) * LENGTH + int(index)


def encoded(set_bits: Iterable[int]) -> str:
    """The list in which exactly these indexes are set; the same for the same indexes."""
    content = bytearray(_BYTES)
    for index in set_bits:
        if not 0 <= index < LENGTH:
            raise ValueError(f"{index} is no index of a list of {LENGTH}.")
        content[index // 8] |= 0x80 >> index % 8
    packed = gzip.compress(bytes(content), mtime=0)
    return "u" + base64url(packed)


def decoded(written: Any) -> bytes:
    """The bytes of a list. ListUnreadable for anything that is not one whole list of our length.

    What is packed to more than a list is not unpacked: a bomb costs no more than an honest list.
    """
    if not isinstance(written, str) or not written.startswith("u"):
        raise ListUnreadable("The list is not written in multibase base64url.")
    if len(written) > _LONGEST_WRITTEN:
        raise ListUnreadable("The list is longer than one of this register can be.")
    body = written[1:]
    try:
        packed = from_base64url(body)
    except ValueError as wrong:
        raise ListUnreadable("The list is not written in multibase base64url.") from wrong
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        content = unpacking.decompress(packed, _BYTES + 1)
    except zlib.error as wrong:
        raise ListUnreadable("The list is not packed with GZIP, or is damaged.") from wrong
    if len(content) != _BYTES:
        raise ListUnreadable(f"The list does not have {LENGTH} entries.")
    if not unpacking.eof or unpacking.unused_data:
        raise ListUnreadable("The list is cut off, or something follows it.")
    return content


def bit_at(content: bytes, index: int) -> bool:
    """The bit at `index`; ListUnreadable if the list has none there."""
    if not 0 <= index < len(content) * 8:
        raise ListUnreadable(f"The list has no entry {index}.")
    return bool(content[index // 8] & (0x80 >> index % 8))


def list_credential(
    purpose: StatusPurpose,
    number: int,
    encoded_list: str,
    *,
    origin: str,
    signed_at: str,
    until: str,
    keep_for: dt.timedelta,
) -> dict[str, Any]:
    """A list as a credential, without its securing. `keep_for` is how long anybody may keep it."""
    address = address_of(purpose, number, origin)
    return {
        "@context": [CREDENTIALS_V2],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": did_of(origin),
        "validFrom": signed_at,
        "validUntil": until,
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": str(purpose),
            "encodedList": encoded_list,
            "ttl": int(keep_for.total_seconds() * 1000),
        },
    }
