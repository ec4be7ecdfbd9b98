"""Committed, but not aware: answers that cannot both be meant.

Of the recruiters who answered WHO's survey 89% said that they were committed to the Code, while 84%
knew it and 87% knew the List: some committed themselves to what they did not know. The catalogue
says which requirement stands on which (`presupposes`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from attestations.enums import AnswerChoice


class Asked(Protocol):
    """What is read of a requirement."""

    ref: str
    wording: str
    presupposes: list[str]


@dataclass(frozen=True)
class Contradiction:
    """The agency says that it does `says`, and not that it does `lacks`, on which that stands."""

    says: str
    says_wording: str
    lacks: str
    lacks_wording: str

    def __str__(self) -> str:
        return (
            f"{self.says} is answered “{AnswerChoice.COMPLIES.label}” (“{self.says_wording}”), but "
            f"{self.lacks}, on which it stands, is not (“{self.lacks_wording}”). "
            "Nobody can keep what they do not know: one of the two answers needs another look."
        )


def committed_but_not_aware(
    requirements: Iterable[Asked], choices: Mapping[str, str]
) -> list[Contradiction]:
    """Each "we do this" that stands on a requirement with another answer; unanswered is none yet.

    `choices` maps the reference of a requirement to the answer given.
    """
    by_ref = {requirement.ref: requirement for requirement in requirements}
    return [
        Contradiction(ref, requirement.wording, lacked, by_ref[lacked].wording)
        for ref, requirement in by_ref.items()
        if choices.get(ref) == AnswerChoice.COMPLIES
        for lacked in requirement.presupposes
        if lacked in choices and choices[lacked] != AnswerChoice.COMPLIES
    ]
