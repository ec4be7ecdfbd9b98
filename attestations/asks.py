"""What a returned attestation asks for, and which of it the agency has not touched yet."""

from attestations.models import Answer, Ask


def asks_of(attestation) -> dict[str, Ask]:
    """By the reference of its requirement, what was asked of the attestation that this goes on."""
    if attestation.continues_id is None:
        return {}
    asked = Ask.objects.filter(attestation=attestation.continues_id)
    return {ask.requirement.ref: ask for ask in asked.select_related("requirement", "attestation")}


def open_asks(attestation) -> dict[str, Ask]:
    """Of those, the ones whose answer still is what it was when it was asked about.

    Another choice, other words, or another file or period is an answer to an ask; whether it is
    good enough, its reviewer says.
    """
    asked = asks_of(attestation)
    if not asked:
        return {}
    before = _as_answered(attestation.continues_id, asked)
    now = _as_answered(attestation.pk, asked)
    return {ref: ask for ref, ask in asked.items() if now.get(ref) == before.get(ref)}


def _as_answered(attestation_id, refs):
    answers = Answer.objects.filter(attestation=attestation_id, requirement__ref__in=refs)
    return {
        answer.requirement.ref: (
            answer.choice,
            answer.explanation,
            sorted(
                (used.file_id, str(used.covers_from), str(used.covers_until))
                for used in answer.evidence.all()
            ),
        )
        for answer in answers.select_related("requirement").prefetch_related("evidence")
    }
