"""Where the register cannot tell, it says so: never a good answer, and never somebody else's fault.

`could_not_check` is an answer of its own, with its own word, sign and colour. It says nothing about
what was asked, either way.
"""

from datetime import timedelta
from enum import StrEnum

from django.db import DatabaseError
from django.utils.translation import gettext_lazy

from agencies.models import JournalHead
from audits.register.wording import Shown

STATUS = "could_not_check"

# The clocks of several machines differ by less; the register's calendar turns on days.
TOLERATED = timedelta(seconds=60)


class Doubt(StrEnum):
    """Why nothing can be said."""

    CLOCK_WRONG = "clock_wrong"
    DATABASE_UNREADABLE = "database_unreadable"
    KEY_UNREADABLE = "key_unreadable"
    SIGNING_UNAVAILABLE = "signing_unavailable"
    NOT_DRAWN = "not_drawn"


SHOWN = Shown(
    gettext_lazy("Could not check"),
    "?",
    "purple",
    gettext_lazy("This says nothing about what you asked, neither good nor bad."),
)

_AGAIN = gettext_lazy(
    "Do not treat it as valid, nor as invalid. Try again in a few minutes; if this stays, tell the "
    "operator of the register."
)

SENTENCES = {
    Doubt.CLOCK_WRONG: gettext_lazy(
        "The register’s clock is behind its own last entry, so it cannot say what holds today."
    ),
    Doubt.DATABASE_UNREADABLE: gettext_lazy("The register’s records cannot be read just now."),
    Doubt.KEY_UNREADABLE: gettext_lazy("The key that this names cannot be read just now."),
    Doubt.SIGNING_UNAVAILABLE: gettext_lazy(
        "The register cannot sign just now, so it gives no receipt."
    ),
    Doubt.NOT_DRAWN: gettext_lazy(
        "The receipt cannot be drawn as a PDF just now. Take it as a signed file instead."
    ),
}


class CouldNotCheck(Exception):
    """Nothing can be said; `doubt` says why, and the message says it to the reader."""

    def __init__(self, doubt):
        self.doubt = doubt
        super().__init__(str(SENTENCES[doubt]))

    @property
    def answer(self):
        """What stands in the place of an answer."""
        return {
            "status": STATUS,
            "is_valid": False,
            "doubt": str(self.doubt),
            "sentence": str(self),
            "what_to_do": str(_AGAIN),
        }


def refuse_wrong_clock(at, last_recorded_at):
    """`CouldNotCheck` if `at` lies before the register's own last entry."""
    if last_recorded_at is not None and at < last_recorded_at - TOLERATED:
        raise CouldNotCheck(Doubt.CLOCK_WRONG)


def refuse_if_in_doubt(at):
    """`CouldNotCheck` while the records cannot be read or the clock is wrong; one query."""
    try:
        last = JournalHead.objects.values_list("last_recorded_at", flat=True).first()
    except DatabaseError as unreadable:
        raise CouldNotCheck(Doubt.DATABASE_UNREADABLE) from unreadable
    refuse_wrong_clock(at, last)
