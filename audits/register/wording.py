"""Every status in words: what it means, and how it is shown without relying on its colour.

Only what is known to hold is green. What nobody checked is grey.
"""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audits.enums import StatusReason
from audits.register.rules import Status, Word


@dataclass(frozen=True, slots=True)
class Shown:
    """A word, a sign and a tone for the tag component, and what it means."""

    word: str
    sign: str
    tone: str
    meaning: str


STATUSES = {
    Status.VALID: Shown(gettext_lazy("Valid"), "✓", "green", ""),
    Status.NOT_YET_VALID: Shown(gettext_lazy("Not yet valid"), "…", "yellow", ""),
    Status.SUSPENDED: Shown(gettext_lazy("Suspended"), "!", "orange", ""),
    Status.WITHDRAWN: Shown(gettext_lazy("Withdrawn"), "✕", "red", ""),
    Status.EXPIRED: Shown(gettext_lazy("Expired"), "–", "grey", ""),
    Status.SUPERSEDED: Shown(gettext_lazy("Replaced"), "→", "blue", ""),
    Status.HOLDER_ENDED: Shown(gettext_lazy("Holder has ended"), "–", "grey", ""),
    Status.NOT_RELIABLE: Shown(gettext_lazy("Cannot be relied on"), "✕", "red", ""),
    Status.NEVER_ISSUED: Shown(gettext_lazy("Never issued"), "✕", "red", ""),
    Status.MALFORMED: Shown(gettext_lazy("Not a number of this register"), "?", "grey", ""),
}

STANDINGS = {
    Word.CERTIFIED: Shown(
        gettext_lazy("Certified"),
        "✓",
        "green",
        gettext_lazy(
            "An audit found that its recruitment conforms with the commitments, for the corridors "
            "and occupations named in its certificate."
        ),
    ),
    Word.CERTIFIED_WITH_CONDITIONS: Shown(
        gettext_lazy("Certified with conditions"),
        "✓",
        "yellow",
        gettext_lazy("An audit led to a certificate that holds under the conditions named in it."),
    ),
    Word.SUSPENDED: Shown(
        gettext_lazy("Suspended"),
        "!",
        "orange",
        gettext_lazy("Its certificate does not hold at present."),
    ),
    Word.WITHDRAWN: Shown(
        gettext_lazy("Withdrawn"),
        "✕",
        "red",
        gettext_lazy("Its certificate was withdrawn for good."),
    ),
    Word.NOT_RELIABLE: Shown(
        gettext_lazy("Cannot be relied on"),
        "✕",
        "red",
        gettext_lazy(
            "Its certificate was signed with a key that was in other hands. Its regulator has to "
            "issue it anew."
        ),
    ),
    Word.EXPIRED: Shown(
        gettext_lazy("Expired"),
        "–",
        "grey",
        gettext_lazy("Its certificate ran out and was not renewed."),
    ),
    Word.REFUSED: Shown(
        gettext_lazy("Refused"),
        "✕",
        "red",
        gettext_lazy("It was audited, and a certificate was refused."),
    ),
    Word.SELF_ATTESTED: Shown(
        gettext_lazy("Self-attested"),
        "·",
        "blue",
        gettext_lazy(
            "It declared by itself that it keeps the commitments. Nobody has certified that."
        ),
    ),
    Word.REGISTERED: Shown(
        gettext_lazy("Registered only"),
        "·",
        "grey",
        gettext_lazy("It is in the register. It has declared nothing yet and was not certified."),
    ),
    Word.ENDED: Shown(
        gettext_lazy("Ended"),
        "–",
        "grey",
        gettext_lazy("The agency has ended. Its record stays readable."),
    ),
    Word.NEVER_REGISTERED: Shown(
        gettext_lazy("Not registered"),
        "?",
        "grey",
        gettext_lazy("The register knew no such agency on that day."),
    ),
}

REASON_WORDS = dict(StatusReason.choices)


def day(date):
    return date_format(date, "j F Y")


def sentence_of(status, *, number, on, today, facts):
    """The answer about one certificate on one day, in one sentence."""
    dated = _("today, {day}") if on == today else _("on {day}")
    return _SENTENCES[status.status].format(
        number=number,
        when=dated.format(day=day(on)),
        since=day(status.since) if status.since else "",
        first=day(facts.valid_from),
        last=day(facts.valid_until),
        other=status.reason,
    )


_SENTENCES = {
    Status.VALID: gettext_lazy("Certificate {number} is valid {when}. It holds until {last}."),
    Status.NOT_YET_VALID: gettext_lazy(
        "Certificate {number} is not valid yet {when}. It begins on {first}."
    ),
    Status.SUSPENDED: gettext_lazy(
        "Certificate {number} is suspended {when}, since {since}. It does not hold."
    ),
    Status.WITHDRAWN: gettext_lazy(
        "Certificate {number} is withdrawn {when}, since {since}. It does not hold any more."
    ),
    Status.EXPIRED: gettext_lazy("Certificate {number} has expired {when}. It ran out on {last}."),
    Status.SUPERSEDED: gettext_lazy(
        "Certificate {number} is replaced {when}, since {since}, by certificate {other}."
    ),
    Status.HOLDER_ENDED: gettext_lazy(
        "Certificate {number} cannot be relied on {when}: the agency that held it ended on {since}."
    ),
    Status.NOT_RELIABLE: gettext_lazy(
        "Certificate {number} cannot be relied on {when}: the key that signed it was in other "
        "hands. The regulator named in it has to issue it anew."
    ),
    Status.NEVER_ISSUED: gettext_lazy("Certificate {number} was not issued yet {when}."),
}


def standing_sentence(standing, *, name, today):
    """The standing of an agency on one day, in one sentence."""
    shown = STANDINGS[standing.word]
    values = {
        "name": name,
        "word": str(shown.word).lower(),
        "when": _("today") if standing.on == today else _("on {day}").format(day=day(standing.on)),
    }
    if standing.word is Word.NEVER_REGISTERED:
        return _("{name} was not in the register {when}.").format(**values)
    if standing.varies:
        return _(
            "{name}: it differs by corridor {when}, see below. The gravest is: {word}."
        ).format(**values)
    return _("{name} is {word} {when}.").format(**values)
