"""What is signed: the words of the declaration, and the statement whose digest is kept.

The statement names people and the agency by numbers that never change; names stand in the
declaration alone, as they were on the day of signature.
"""

from collections import Counter

from agencies.lib.canonical import digest
from attestations.enums import AnswerChoice


def declaration_for(attestation, officer, *, on) -> str:
    """The exact words that `officer` declares with these answers on that day."""
    agency, edition = attestation.agency, attestation.edition
    given = Counter(attestation.answers.values_list("choice", flat=True))
    counts = ", ".join(
        f"“{choice.label}” to {given[choice.value]}"
        for choice in AnswerChoice
        if given[choice.value]
    )
    return (
        f"I, {officer.name}, {officer.position}, declare for {agency.legal_name} "
        f"(register number {agency.register_number}) on {on.day} {on:%B %Y}:\n"
        f"1. The answers to the {sum(given.values())} requirements of the {edition.title} "
        f"({edition.urn}) are true and complete to the best of our knowledge. We answered "
        f"{counts}.\n"
        "2. The evidence that we attached is genuine, and covers the periods that we named.\n"
        "3. We know that the WHO Global Code of Practice is voluntary, that this declaration is "
        "our own word and no certificate, and that we may not present it as one.\n"
        f"4. We know that {agency.regulator.name} and its auditors may check every answer, and we "
        "will correct this declaration when an answer is no longer true."
    )


def statement_of(attestation) -> dict:
    """Everything that was submitted, in one canonical shape."""
    answers = attestation.answers.order_by("requirement__position")
    return {
        "attestation": str(attestation.public_id),
        "agency": attestation.agency.register_number,
        "catalogue": attestation.edition.urn,
        "catalogue_digest": attestation.edition.digest,
        "continues": str(attestation.continues.public_id) if attestation.continues_id else None,
        "answers": [
            {
                "requirement": answer.requirement.ref,
                "choice": answer.choice,
                "explanation": answer.explanation,
                "evidence": sorted(
                    [
                        evidence.file.digest,
                        str(evidence.covers_from or ""),
                        str(evidence.covers_until or ""),
                    ]
                    for evidence in answer.evidence.all()
                ),
            }
            for answer in answers.select_related("requirement").prefetch_related("evidence__file")
        ],
        "declaration": attestation.declaration,
        "signed_by": str(attestation.signed_by.public_id),
        "submitted_by": str(attestation.submitted_by.public_id),
        "submitted_at": attestation.submitted_at.isoformat(),
    }


def statement_digest(attestation) -> str:
    """Of the statement as the rows say it now; what differs from the stored one was altered."""
    return digest(statement_of(attestation))
