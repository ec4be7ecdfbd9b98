"""Whether a file is a document of this register, unaltered: its seal, and then the register itself.

The seal says that we made the file. Whether it was published, and under which number, only the
register knows, by the file's digest; whether it still holds is answered by whoever asks about the
number (`audits.register`), and never by the file.
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from agencies.journal import label_of
from agencies.models import JournalEntry
from audits.certificates.models import Certificate
from audits.documents.examining import CouldNotLook, examine_apart
from audits.documents.sealing import certificates_of
from audits.documents.seals import Examined, Look
from audits.enums import DocumentState
from audits.keys.enums import Purpose
from audits.keys.queries import stands, trusted_keys
from audits.models import AuditReport
from audits.transparency.queries import position_of


class Kind(StrEnum):
    """What a file is to this register. Only `OURS` leads to an answer about a number."""

    OURS = "ours"
    ALTERED = "altered"
    NOT_OURS = "not_ours"
    COULD_NOT_CHECK = "could_not_check"


class Reason(StrEnum):
    """Why a file is not taken for ours."""

    NO_PDF = "no_pdf"
    NO_TRACE = "no_trace"
    CHANGED = "changed"
    NEVER_PUBLISHED = "never_published"
    SEAL_IN_DOUBT = "seal_in_doubt"
    NOT_LOOKED_AT = "not_looked_at"


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer about one file; `number` is that of the document it is, or was made from.

    `detail` is for whoever looks into a failed seal, in English and never alone.
    """

    kind: Kind
    reason: Reason | None = None
    number: str = ""
    detail: str = ""


def check(document: bytes) -> Checked:
    """Hold a file against the seals of this register and against what it published.

    The file is read by a child process with limits, and nothing of it is kept.
    """
    try:
        found = examine_apart(document, certificates=seals(), statement_keys=list(statement_keys()))
    except CouldNotLook as not_looked:
        return Checked(Kind.COULD_NOT_CHECK, Reason.NOT_LOOKED_AT, detail=str(not_looked))
    return judged(document, found)


def seals():
    """The certificates of every key that ever sealed, by the key's id."""
    return {key.key_id: certificates_of(key) for key in trusted_keys(Purpose.DOCUMENT)}


def statement_keys():
    """Every public key that ever signed a statement."""
    return trusted_keys(Purpose.STATEMENT).values_list("public_key", flat=True)


def judged(document: bytes, found: Examined) -> Checked:
    """What a file is, by what was found in it and by what the register published."""
    published = _published_as(hashlib.sha256(document).hexdigest())
    if found.look is Look.SEALED:
        if published is None:
            return Checked(Kind.NOT_OURS, Reason.NEVER_PUBLISHED)
        if _seal_stands(found.key_id, published):
            return Checked(Kind.OURS, number=published.number)
    if published is not None:
        detail = found.why or "The key of the seal does not count any more."
        return Checked(Kind.COULD_NOT_CHECK, Reason.SEAL_IN_DOUBT, published.number, detail=detail)
    if found.look is Look.BROKEN:
        return Checked(Kind.ALTERED, Reason.CHANGED, found.number, detail=found.why)
    reason = Reason.NO_PDF if found.look is Look.UNREADABLE else Reason.NO_TRACE
    return Checked(Kind.NOT_OURS, reason, detail=found.why)


def _published_as(digest):
    """The certificate or report whose document has exactly these bytes, or None."""
    for model in (Certificate, AuditReport):
        issued = model.objects.filter(state=DocumentState.ISSUED, pdf_digest=digest)
        if document := issued.first():
            return document
    return None


def _seal_stands(key_id, published):
    key = trusted_keys(Purpose.DOCUMENT).get(key_id=key_id)
    verb = f"{published._meta.model_name.removeprefix('audit')}.issued"
    entry = JournalEntry.objects.filter(subject=label_of(published), verb=verb).first()
    position = position_of(entry) if entry else None
    # it was sealed between these two, and its key may have been replaced in between
    moments = [at for at in (published.claimed_at, published.issued_at) if at]
    return any(stands(key, at=at, position=position) for at in moments)
