"""The receipt of a check: question, answer and place in the log in one file that anybody can keep.

`{"receipt": …, "signature": {"algorithm", "key_id", "value"}}` as canonical JSON; the signature is
Ed25519 over the canonical bytes of `receipt`. It verifies without us (docs/verify_register.py), and
because a standing as known at an instant never changes, the same question can be asked again.
"""

import datetime as dt
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any

from agencies.lib.canonical import canonical, parse
from audits.keys.enums import Answer, Purpose
from audits.keys.queries import check_signature
from audits.keys.signing import sign

TYPE = "recruitment-code-registry/receipt"
SCHEMA = "1"
ALGORITHM = "Ed25519"
CERTIFICATE, AGENCY = "certificate", "agency"

# A receipt takes two or three kilobytes.
LARGEST = 64 * 1024


class NotAReceipt(ValueError):
    """The file is no receipt in a form that this version knows."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt as it was read: what it states, and the signature under it."""

    stated: dict[str, Any]
    key_id: str
    signature: bytes

    @property
    def about(self) -> str:
        return self.stated["question"]["about"]

    @property
    def number(self) -> str:
        return self.stated["question"]["number"]

    @property
    def on(self) -> dt.date:
        return dt.date.fromisoformat(self.stated["question"]["on"])

    @property
    def asked_at(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self.stated["asked_at"])

    @property
    def known_at(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self.stated["known_at"])


def instant(at: dt.datetime) -> str:
    """An instant as receipts write it: UTC, to the microsecond."""
    return f"{at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def signed(stated: dict[str, Any], *, at) -> bytes:
    """The file: the statement and its signature. SigningUnavailable where there is no key."""
    made = sign(Purpose.RECEIPT, canonical(stated), at=at)
    return canonical(
        {
            "receipt": stated,
            "signature": {
                "algorithm": ALGORITHM,
                "key_id": made.key.key_id,
                "value": b64encode(made.signature).decode("ascii"),
            },
        }
    )


def read(written: bytes) -> Receipt:
    """The receipt in a file; white space around it is forgiven, anything else is `NotAReceipt`."""
    if len(written) > LARGEST:
        raise NotAReceipt("The file is too large for a receipt.")
    try:
        whole = parse(written.strip())
        stated, signature = whole["receipt"], whole["signature"]
        if set(whole) != {"receipt", "signature"} or set(signature) != {
            "algorithm", "key_id", "value",
        }:  # fmt: skip
            raise NotAReceipt("The file holds something else beside a receipt.")
        if (stated["type"], stated["schema"]) != (TYPE, SCHEMA):
            raise NotAReceipt("This is no receipt of a form known here.")
        if signature["algorithm"] != ALGORITHM:
            raise NotAReceipt("Receipts are signed with Ed25519.")
        value = b64decode(signature["value"], validate=True)
        if b64encode(value).decode("ascii") != signature["value"]:
            raise NotAReceipt("Its signature is not written as the register writes it.")
        receipt = Receipt(stated, str(signature["key_id"]), value)
        if receipt.about not in (CERTIFICATE, AGENCY) or not isinstance(receipt.number, str):
            raise NotAReceipt("It says neither which certificate nor which agency was asked about.")
        if None in (receipt.on, receipt.asked_at.tzinfo, receipt.known_at.tzinfo):
            raise NotAReceipt("Its moments name no time zone.")
    except NotAReceipt:
        raise
    except (ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise NotAReceipt("The file is no receipt, or not as it was given.") from wrong
    return receipt


def check(receipt: Receipt) -> Answer:
    """Whether this register signed it; the key is one for receipts and for nothing else."""
    return check_signature(
        Purpose.RECEIPT,
        receipt.key_id,
        ALGORITHM,
        canonical(receipt.stated),
        receipt.signature,
        at=receipt.asked_at,
    )
