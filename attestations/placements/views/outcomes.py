"""An outcome as a tag, in one way on every page."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from attestations.crosscheck.enums import Outcome

TONES = {
    Outcome.NON_COMPLIANT: "red",
    Outcome.REFER_TO_AUDITOR: "grey",
    Outcome.ACTION_REQUIRED: "orange",
    Outcome.INCOMPLETE: "grey",
    Outcome.MINOR_ACTION: "yellow",
    Outcome.CLEAR_WITH_NOTES: "blue",
    Outcome.CLEAR: "green",
}


@dataclass(frozen=True)
class OutcomeShown:
    """An outcome as a tag; what was not judged is grey, never green."""

    text: str
    tone: str
    many: int = 0
    href: str = ""


def shown_outcome(value: str | None, **more: Any) -> OutcomeShown:
    if not value:
        return OutcomeShown(_("Not judged yet"), "grey", **more)
    outcome = Outcome(value)
    return OutcomeShown(_(outcome.label).capitalize(), TONES[outcome], **more)
