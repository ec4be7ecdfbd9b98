"""Whether a credential that somebody brings is one that this register issued.

Its signature counts by the register's own list of keys, pinned to this one purpose and algorithm.
It must also be, byte for byte, what the register recorded when it published the certificate: a key
in other hands makes signatures, and no records.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.db import DatabaseError

from audits.credentials.models import CertificateCredential
from audits.credentials.opening import Altered, Form, NotOurs, Opened, opened
from audits.keys.enums import Algorithm, Answer, Purpose
from audits.keys.queries import check_signature
from audits.transparency.queries import leaf_of_certificate


class Kind(StrEnum):
    """What a credential turned out to be. Only OURS leads to an answer about its certificate."""

    OURS = "ours"
    ALTERED = "altered"
    NOT_OURS = "not_ours"
    NOT_ISSUED = "not_issued"
    NOT_RELIABLE = "not_reliable"
    COULD_NOT_CHECK = "could_not_check"


@dataclass(frozen=True, slots=True)
class Checked:
    """The result; `number` is that of the certificate, once the credential is known as ours."""

    kind: Kind
    why: str = ""
    number: str = ""
    form: Form | None = None
    key_id: str = ""
    sha256: str = ""
    statement_sha256: str = ""
    status_index: int | None = None


def check(written: str, *, at) -> Checked:
    """What a pasted credential is. Says nothing about the status of its certificate."""
    try:
        found = opened(written, origin=settings.CANONICAL_ORIGIN)
    except NotOurs as wrong:
        return Checked(Kind.NOT_OURS, str(wrong))
    except Altered as wrong:
        return Checked(Kind.ALTERED, str(wrong))
    try:
        return _compared(found, at)
    except DatabaseError:
        return Checked(Kind.COULD_NOT_CHECK, "The register's records cannot be read.")


def _compared(found: Opened, at) -> Checked:
    number = found.stated.number
    kept = CertificateCredential.objects.filter(certificate__number=number).first()
    leaf = leaf_of_certificate(number) if kept else None
    answer = check_signature(
        Purpose.CREDENTIAL,
        found.key_id,
        Algorithm.ED25519,
        found.signed,
        found.signature,
        at=kept.signed_at if kept else at,
        position=leaf.position if leaf else None,
    )
    recorded = kept and {Form.JSON_LD: kept.jsonld_digest, Form.VC_JWT: kept.jwt_digest}[found.form]
    kind, why = _outcome(answer, is_recorded=recorded == found.sha256)
    if kind is not Kind.OURS:
        return Checked(kind, why, form=found.form, key_id=found.key_id, sha256=found.sha256)
    return Checked(
        kind,
        number=number,
        form=found.form,
        key_id=found.key_id,
        sha256=found.sha256,
        statement_sha256=found.statement_sha256,
        status_index=found.status_index,
    )


def _outcome(answer: Answer, *, is_recorded: bool) -> tuple[Kind, str]:
    if answer is Answer.COULD_NOT_CHECK:
        return Kind.COULD_NOT_CHECK, "The key that it names cannot be read."
    if answer in (Answer.UNKNOWN_KEY, Answer.WRONG_PURPOSE, Answer.WRONG_ALGORITHM):
        return Kind.ALTERED, "The key that it names does not sign credentials of this register."
    if answer is Answer.BAD_SIGNATURE:
        return Kind.ALTERED, "The signature does not fit what it says."
    if not is_recorded:
        return Kind.NOT_ISSUED, "It is signed, and the register never recorded issuing it."
    if answer is not Answer.GOOD:
        return Kind.NOT_RELIABLE, "The key that signed it no longer counts for this signature."
    return Kind.OURS, ""
