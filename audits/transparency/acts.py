"""Which acts are public, and what the log says of each.

A detail of a journal entry that is not named here never leaves the house. What could point at a
person, or is a digest of words that are not public, is only committed to (`commitments.py`).
"""

from dataclasses import dataclass

ACTOR = "actor"
LEGAL_NAME = "legal_name"


@dataclass(frozen=True, slots=True)
class Act:
    """What is published of the details of one kind of entry.

    `about` names the detail by which the leaf is found; without it, the agency's number, and where
    the act concerns no agency, the record's own key.
    """

    facts: tuple[str, ...] = ()
    committed: tuple[str, ...] = ()
    about: str = ""


_DOCUMENT = ("number", "statement_sha256", "signature_sha256", "pdf_sha256")
_DOCUMENT += ("key", "credential_key", "document_key")
_STATUS = Act(("number", "reason", "on"), about="number")
_EDITION = Act(("digest",))
_REVISION = Act(("kind", "act", "digest", "effective_on"))

ACTS: dict[str, Act] = {
    "agency.registered": Act(committed=(LEGAL_NAME,)),
    "agency.renamed": Act(("on",), (LEGAL_NAME,)),
    "agency.transferred": Act(("on",)),
    "agency.merged": Act(("into", "on")),
    "agency.absorbed": Act(("other",)),
    "agency.ended": Act(("on",)),
    "attestation.submitted": Act(("digest", "edition"), ("officer",)),
    "attestation.accepted": Act(("digest",)),
    "report.issued": Act(_DOCUMENT, about="number"),
    "addendum.issued": Act(("report", "position"), about="report"),
    "decision.taken": Act(("audit", "outcome", "appeal_until"), ("seal",), about="audit"),
    "decision.set_aside": Act(("audit",), about="audit"),
    "appeal.lodged": Act(("audit",), ("grounds",), about="audit"),
    "appeal.heard": Act(("audit", "outcome"), about="audit"),
    "certificate.issued": Act(
        (*_DOCUMENT, "credential_sha256", "credential_jwt_sha256", "status_index", "replaces"),
        about="number",
    ),
    "certificate.superseded": Act(("number", "by_number", "on"), about="number"),
    "certificate.suspended": _STATUS,
    "certificate.restored": _STATUS,
    "certificate.withdrawn": _STATUS,
    "list_edition.activated": _EDITION,
    "list_edition.rolled_back": _EDITION,
    "lists.national_list_loaded": _EDITION,
    "code.version_loaded": _EDITION,
    "catalogue.edition_loaded": _EDITION,
    "revision.confirmed": _REVISION,
    "revision.rolled_back": _REVISION,
    "signing_key.registered": Act(
        (
            "key_id",
            "purpose",
            "algorithm",
            "public_key",
            "certificate_sha256",
            "valid_from",
            "valid_until",
            "is_demonstration",
        ),
        about="key_id",
    ),
    "signing_key.replaced": Act(("key_id", "by_key", "valid_until"), about="key_id"),
    "signing_key.retired": Act(("key_id", "valid_until"), about="key_id"),
    "signing_key.compromised": Act(
        ("key_id", "compromised_from", "stands_below", "valid_until"), about="key_id"
    ),
}


def about(entry, act: Act) -> str:
    """By which public name a leaf is found; an entry of an older version may not name it."""
    named = entry.data.get(act.about) if act.about else entry.agency_number
    return named or entry.subject.partition(":")[2]
