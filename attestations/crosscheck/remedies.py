"""What an agency may do about a placement by saying more of it, by the findings that it would help.

Each remedy is a statement of fact: it is offered where it would change an answer if it were true,
and whoever states what is not true breaks the agency's own declaration.
"""

from collections.abc import Iterable
from enum import StrEnum

from attestations.crosscheck.changes import EXCEPTED_BY_AGREEMENT
from attestations.crosscheck.codes import Finding
from attestations.crosscheck.enums import Disposition

_ON_CITATION = EXCEPTED_BY_AGREEMENT | {"BLA-INVALID", "CAP-EXCEEDED"}
_ON_OWN_APPLICATION = frozenset(
    {"SSL-ACTIVE", "SSL-FACILITATED", "UK-RED", "UK-AMBER", "DATA-MISSING:mode"}
)


class Remedy(StrEnum):
    CITE_AGREEMENT = "cite_agreement"
    STATE_OWN_APPLICATION = "state_own_application"


def remedies_for(findings: Iterable[Finding]) -> tuple[Remedy, ...]:
    """Those that could answer one of these findings; what is excepted already needs none."""
    codes = {
        found.code
        for found in findings
        if found.disposition in (Disposition.OPEN, Disposition.INDETERMINATE)
    }
    offered = (
        (Remedy.CITE_AGREEMENT, _ON_CITATION),
        (Remedy.STATE_OWN_APPLICATION, _ON_OWN_APPLICATION),
    )
    return tuple(remedy for remedy, answered in offered if codes & answered)
