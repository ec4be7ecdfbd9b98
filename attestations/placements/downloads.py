"""What people take away: the template to fill in, and the list of what was wrong with a file."""

import io
import tempfile
from pathlib import Path

from agencies.lib.safe_cells import write_csv, write_xlsx
from attestations.placements.columns import COLUMNS
from attestations.placements.models import PlacementImport

PROBLEM_COLUMNS = ("sheet", "row", "column", "value", "message", "suggestion")

ABOUT_EMPTY_CELLS = (
    "An empty cell is “not answered”. No column may hold a worker's name, birth, address or "
    "number: such a file is refused."
)

_BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads the file in the encoding of its own country


def template_csv() -> bytes:
    """The header row alone, so that no example is sent back as a placement."""
    return _csv([[column.name for column in COLUMNS]])


def template_xlsx() -> bytes:
    """A sheet to fill in, and a second one that explains its columns."""
    explained = [
        ["Column", "What it means", "Needed", "How it is written", "Example"],
        *(
            [
                column.name,
                column.words,
                "yes" if column.required else "no",
                column.form,
                column.example,
            ]
            for column in COLUMNS
        ),
        ["", ABOUT_EMPTY_CELLS],
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsx"
        write_xlsx(
            {"Placements": [[column.name for column in COLUMNS]], "Columns": explained}, path
        )
        return path.read_bytes()


def problems_csv(record: PlacementImport) -> bytes:
    """Every problem of an import in the order of its rows; no cell can become a formula."""
    rows = record.problems.order_by("row", "pk").values_list(*PROBLEM_COLUMNS)
    return _csv([PROBLEM_COLUMNS, *rows.iterator()])


def _csv(rows) -> bytes:
    text = io.StringIO(newline="")
    text.write(_BYTE_ORDER_MARK)
    write_csv(rows, text)
    return text.getvalue().encode()
