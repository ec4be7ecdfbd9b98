"""Reading status lists as somebody who does not trust them: from their bytes to a status.

Whatever is wrong with a list, the status could not be checked; it is never taken for clear.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from agencies.lib.canonical import NotCanonical, canonical
from audits.credentials import compact, data_integrity
from audits.credentials.contexts import document_loader
from audits.credentials.dids import did_of, multikey_id
from audits.credentials.status_lists import (
    PURPOSES,
    ListUnreadable,
    StatusPurpose,
    address_of,
    bit_at,
    decoded,
    list_credential,
)

# No list of ours counts for longer, however the register is set up.
LONGEST_VALIDITY = dt.timedelta(days=1)

# How far the clock of whoever signed may be ahead of ours.
CLOCKS_APART = dt.timedelta(seconds=60)

# The key's name, what was signed, the signature, and when: whether it counts.
IsSigned = Callable[[str, bytes, bytes, dt.datetime], bool]


class Looked(StrEnum):
    """What the two lists say together."""

    CLEAR = "clear"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    COULD_NOT_CHECK = "could_not_check"


@dataclass(frozen=True, slots=True)
class Found:
    """A status from the lists; `why` says what was wrong where it could not be checked."""

    status: Looked
    why: str = ""


def read_lists(
    lists: Mapping[StatusPurpose, bytes | None],
    number: int,
    *,
    origin: str,
    at: dt.datetime,
    is_signed: IsSigned,
) -> dict[StatusPurpose, bytes | ListUnreadable]:
    """The bits of the lists with this number, or what is wrong with each.

    `lists` are the bytes fetched for each purpose, None where nothing came.
    """
    contents: dict[StatusPurpose, bytes | ListUnreadable] = {}
    for purpose in PURPOSES:
        written = lists.get(purpose)
        try:
            if written is None:
                raise ListUnreadable("The list could not be fetched.")
            contents[purpose] = read_list(
                written, purpose=purpose, number=number, origin=origin, at=at, is_signed=is_signed
            )
        except ListUnreadable as wrong:
            contents[purpose] = wrong
    return contents


def status_at(contents: Mapping[StatusPurpose, bytes | ListUnreadable], index: int) -> Found:
    """What the lists say at an index. Revoked beats suspended; both must be readable."""
    bits, problems = {}, []
    for purpose in PURPOSES:
        content = contents[purpose]
        try:
            if isinstance(content, ListUnreadable):
                raise content
            bits[purpose] = bit_at(content, index)
        except ListUnreadable as wrong:
            problems.append(f"{purpose}: {wrong}")
    if bits.get(StatusPurpose.REVOCATION):
        return Found(Looked.REVOKED)
    if problems:
        return Found(Looked.COULD_NOT_CHECK, " ".join(problems))
    return Found(Looked.SUSPENDED if bits[StatusPurpose.SUSPENSION] else Looked.CLEAR)


def read_list(
    written: bytes,
    *,
    purpose: StatusPurpose,
    number: int,
    origin: str,
    at: dt.datetime,
    is_signed: IsSigned,
) -> bytes:
    """The bits of a signed list that counts at `at`; ListUnreadable says why there are none."""
    try:
        document, options, signature = data_integrity.apart(compact.strict_object(written))
        content = _as_we_write_it(document, purpose, number, origin, at)
        prefix = multikey_id(did_of(origin), "")
        method = options["verificationMethod"]
        # written to the second, and so any moment of that second
        created = _instant(options["created"]) + dt.timedelta(microseconds=999_999)
    except (compact.TokenUnreadable, data_integrity.ProofUnreadable) as wrong:
        raise ListUnreadable(str(wrong)) from wrong
    signed = data_integrity.to_be_signed(document, options, loader=document_loader(origin))
    if not method.startswith(prefix) or not is_signed(
        method.removeprefix(prefix), signed, signature, created
    ):
        raise ListUnreadable("The list is not signed by this register.")
    return content


def _as_we_write_it(
    document: dict[str, Any], purpose: StatusPurpose, number: int, origin: str, at: dt.datetime
) -> bytes:
    """The bits, if the document is just what the register writes for this list, and in time."""
    try:
        subject = document["credentialSubject"]
        written, ttl = subject["encodedList"], subject["ttl"]
        begins, ends = document["validFrom"], document["validUntil"]
        again = list_credential(
            purpose,
            number,
            written,
            origin=origin,
            signed_at=begins,
            until=ends,
            keep_for=dt.timedelta(milliseconds=ttl),
        )
        same = isinstance(ttl, int) and canonical(again) == canonical(document)
    except (KeyError, TypeError, NotCanonical, OverflowError) as wrong:
        raise ListUnreadable("This is no status list of this register.") from wrong
    if not same:
        raise ListUnreadable(
            f"This is not the list that {address_of(purpose, number, origin)} stands for."
        )
    since, until = _instant(begins), _instant(ends)
    if until - since > LONGEST_VALIDITY:
        raise ListUnreadable("The list says that it counts for longer than a list can.")
    if at < since - CLOCKS_APART:
        raise ListUnreadable("The list is dated in the future: one of the clocks is wrong.")
    if at > until:
        raise ListUnreadable("The list ran out.")
    return decoded(written)


def _instant(written: Any) -> dt.datetime:
    try:
        return dt.datetime.strptime(written, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.UTC)
    except (TypeError, ValueError) as wrong:
        raise ListUnreadable("A date of the list cannot be read.") from wrong
