"""The first rows of a file as they would be read, cell by cell, in words."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from attestations.placements.cells import CellRefused, Vocabulary, reader_for
from attestations.placements.columns import BY_NAME, Column, Kind
from attestations.placements.explaining import stated_in_words


@dataclass(frozen=True, slots=True)
class CellShown:
    """What a cell would say, or why it could not be taken."""

    text: str
    is_refused: bool = False


def read_rows(
    names: Sequence[str | None], rows: Sequence[Sequence[str]], words: Vocabulary
) -> tuple[list[Column], list[list[CellShown]]]:
    """Our columns that the file fills, in the file's order, and each row under them."""
    filled = [(at, BY_NAME[name]) for at, name in enumerate(names) if name]
    readers = [(at, column, reader_for(column, words)) for at, column in filled]
    shown = [
        [_cell(row[at] if at < len(row) else "", column, read) for at, column, read in readers]
        for row in rows
    ]
    return [column for _, column in filled], shown


def _cell(text: str, column: Column, read: Callable[[str], object]) -> CellShown:
    try:
        value = read(text)
    except CellRefused as refused:
        said_already = refused.suggestion in refused.message
        advice = "" if said_already else f" {refused.suggestion}"
        return CellShown(f"{refused.message}{advice}", is_refused=True)
    if column.kind is Kind.REFERENCE:
        return CellShown(str(value))
    part = ""
    if column.kind is Kind.DESTINATION and isinstance(value, tuple):
        value, part = value
    if column.kind in (Kind.FEES, Kind.REPAYMENT) and isinstance(value, str):
        value = json.loads(value)
    said = {row["key"]: row["value"] for row in stated_in_words({column.field: value})}
    words = said[column.words]
    return CellShown(f"{words}, {part}" if part else words)
