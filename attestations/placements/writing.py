"""What is stored, written as the cell of a file that says it: the way back from `cells`."""

from typing import Any

from agencies.countries.spellings import default_resolver
from attestations.crosscheck.enums import Mode
from attestations.placements.columns import Column, Kind
from attestations.placements.modes import WRITTEN

_SAID = {True: "yes", False: "no", None: "unknown"}


def cell_of(column: Column, value: Any) -> str:
    """The text for one stored value; what is not answered is empty."""
    if value is None or value == "":
        return ""
    match column.kind:
        case Kind.COUNTRY | Kind.DESTINATION:
            return default_resolver().name(value)
        case Kind.OCCUPATIONS:
            return "; ".join(value.split())
        case Kind.MODE:
            return WRITTEN[Mode(value)]
        case Kind.YES_NO:
            return _SAID[value]
        case Kind.DAY:
            return value.isoformat()
        case Kind.FEES:
            return "; ".join(" ".join(filter(None, fee)) for fee in value) or "none"
        case Kind.REPAYMENT:
            return _repayment(value)
    return str(value)


def _repayment(terms: dict[str, Any]) -> str:
    disclosed, tapers = terms.get("disclosed"), terms.get("tapers")
    if not terms["reclaimed"] and disclosed and tapers:
        return "none"
    said = (f"disclosed {_SAID[disclosed]}", f"tapers {_SAID[tapers]}")
    return "; ".join((*terms["reclaimed"], *said))
