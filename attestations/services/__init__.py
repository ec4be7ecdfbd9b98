"""The verbs of this room: keyword-only, one transaction each, journalled."""

from attestations.services.drafting import (
    answer_requirement,
    continue_returned,
    correct_attestation,
    start_attestation,
    withdraw_attestation,
)
from attestations.services.evidence import attach_evidence, detach_evidence, receive_evidence
from attestations.services.review import accept_attestation, return_for_changes
from attestations.services.submission import DeclarationChanged, NotReady, submit_attestation

__all__ = [
    "DeclarationChanged",
    "NotReady",
    "accept_attestation",
    "answer_requirement",
    "attach_evidence",
    "continue_returned",
    "correct_attestation",
    "detach_evidence",
    "receive_evidence",
    "return_for_changes",
    "start_attestation",
    "submit_attestation",
    "withdraw_attestation",
]
