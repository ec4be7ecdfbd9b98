"""The header of a file with the first rows below it: what a person is shown to say what it is."""

from collections.abc import Sequence
from typing import Any

from attestations.placements.columns import named_apart, shown

ROWS_SAMPLED = 5
LONGEST_NAME = 120
LONGEST_HEADER = 200
LONGEST_CELL = 120


def sampled(
    sheet: str, row: int, headers: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]]
) -> dict[str, Any]:
    """As it is kept beside an import: texts cut short, without what no database takes."""
    return {
        "sheet": shown(sheet, LONGEST_NAME),
        "row": row,
        "headers": [_plain(header, LONGEST_HEADER) for header in named_apart(headers)],
        "rows": [[_plain(cell, LONGEST_CELL) for cell in cells] for _, cells in rows],
    }


def _plain(text: str, longest: int) -> str:
    return shown(" ".join(text[: 2 * longest].split()), longest)
