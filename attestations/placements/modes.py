"""The ways of recruitment as people write them."""

import re
from collections.abc import Mapping
from difflib import get_close_matches

from agencies.lib.slips import Slips
from attestations.crosscheck.enums import Mode

MODES: Mapping[str, Mode] = {
    "agency": Mode.AGENCY,
    "the agency approached the worker": Mode.AGENCY,
    "agency led": Mode.AGENCY,
    "employer": Mode.EMPLOYER,
    "the employer approached the worker": Mode.EMPLOYER,
    "employer led": Mode.EMPLOYER,
    "referral": Mode.REFERRAL,
    "referral bonus": Mode.REFERRAL,
    "referred": Mode.REFERRAL,
    "online ad": Mode.ONLINE_AD,
    "online advert": Mode.ONLINE_AD,
    "online advertisement": Mode.ONLINE_AD,
    "advertisement": Mode.ONLINE_AD,
    "g2g": Mode.G2G,
    "government to government": Mode.G2G,
    "between governments": Mode.G2G,
    "direct": Mode.DIRECT,
    "direct application": Mode.DIRECT,
    "own application": Mode.DIRECT,
    "the worker applied alone": Mode.DIRECT,
    "facilitated": Mode.FACILITATED,
    "help after own application": Mode.FACILITATED,
    "edu": Mode.EDU,
    "education": Mode.EDU,
    "education pathway": Mode.EDU,
    "training": Mode.EDU,
    "tele": Mode.TELE,
    "telehealth": Mode.TELE,
    "telemedicine": Mode.TELE,
    "remote": Mode.TELE,
    "remote service": Mode.TELE,
}

# how each is written in the column's own words, which is how it is offered
WRITTEN = {mode: spelling for spelling, mode in reversed(MODES.items())}
MODES_OFFERED = (*reversed(WRITTEN.values()), "unknown")

_ENOUGH_ALIKE = 0.72
_MOST_ALIKE = 3
_NEAR_A_MODE = Slips(MODES)
_NEAR_UNKNOWN = Slips(["unknown", "not known"])

_BETWEEN_WORDS = re.compile(r"[\s_/-]+")


def mode_called(text: str) -> Mode | None:
    """The mode that a text names, or None."""
    return MODES.get(_key(text))


def modes_alike(text: str) -> list[str]:
    """The word to write for each mode of which a spelling is like this one, the likest first."""
    key = _key(text)
    alike = get_close_matches(key, MODES, n=_MOST_ALIKE, cutoff=_ENOUGH_ALIKE)
    modes = dict.fromkeys(MODES[spelling] for spelling in (*_NEAR_A_MODE.near(key), *alike))
    written = [WRITTEN[mode] for mode in modes]
    return ["unknown", *written] if _NEAR_UNKNOWN.near(key) else written


def _key(text: str) -> str:
    return " ".join(_BETWEEN_WORDS.sub(" ", text.casefold()).split())
