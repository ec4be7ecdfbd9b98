"""Files made to cost more than they should: refused in words, before or while they are read.

Each has its control: with the check taken away the damage is seen. Peaks of memory are those of a
process of its own that reads one file and tells what it and its children took at most.
"""

import io
import json
import struct
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from attestations.placements import workbooks
from attestations.placements.files import Budget, FileUnreadable, kind_of
from attestations.placements.workbooks import memory_for, open_workbook
from tests.attestations.placements import handmade
from tests.attestations.placements.handmade import row, sheet, text, text_row

pytestmark = pytest.mark.slow

MEGABYTE = 1024**2
BUDGET = Budget(
    file_bytes=500 * MEGABYTE,
    unpacked_bytes=1024 * MEGABYTE,
    unpack_ratio=100,
    rows=5_000_000,
    cpu_seconds=20,
    memory_bytes=1024 * MEGABYTE,
)
WITHOUT_CHECKS = replace(BUDGET, unpack_ratio=10**6, memory_bytes=4096 * MEGABYTE)
# where the size of the file would not matter
BY_CEILING_ALONE = 10**9

_READ = """
import json, resource, sys
from dataclasses import asdict
from pathlib import Path
from attestations.placements import workbooks
from attestations.placements.files import Budget, FileUnreadable, kind_of
path, budget, at_least = Path(sys.argv[1]), Budget(**json.loads(sys.argv[2])), int(sys.argv[3])
workbooks.MEMORY_AT_LEAST = max(workbooks.MEMORY_AT_LEAST, at_least)
rows, said = 0, ""
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    kind_of(path, budget)
    with workbooks.open_workbook(path, budget) as spreadsheet:
        for sheet in spreadsheet.sheets:
            for _ in sheet.rows:
                rows += 1
except FileUnreadable as refused:
    said = str(refused)
grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(json.dumps({"rows": rows, "said": said, "grown": grown, "child": child}))
"""


def measured(path, budget=BUDGET, at_least=0):
    """What reading the file says, and the megabytes that this process and its child took for it."""
    told = {name: getattr(budget, name) for name in Budget.__dataclass_fields__}
    done = subprocess.run(
        [sys.executable, "-c", _READ, str(path), json.dumps(told), str(at_least)],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        check=True,
        text=True,
    )
    return json.loads(done.stdout)


def cell_far_below(path):
    """1 KB: two cells, 600,000 rows and 26 columns apart, which the reader lays out all."""
    return handmade.workbook(path, sheet([text_row(1, "a"), row(600_000, text("Z600000", "x"))]))


def one_text_in_each_cell(path):
    """26 KB: one text of 32,000 characters, to which 17,000 cells point; each gets its own."""
    cells = [
        row(at, *(f'<c r="{chr(65 + n)}{at}" t="s"><v>0</v></c>' for n in range(26)))
        for at in range(1, 660)
    ]
    return handmade.workbook(path, sheet(cells), strings=["x" * 32_000])


@pytest.mark.parametrize("bomb", [cell_far_below, one_text_in_each_cell])
def test_a_small_workbook_takes_little_whatever_it_holds(tmp_path, bomb):
    path = bomb(tmp_path / "file.xlsx")

    found = measured(path)

    assert path.stat().st_size < 40 * 1024
    assert found["said"].startswith("This workbook takes more memory to read than is given to a")
    assert found["child"] < 160
    assert found["grown"] < 20


@pytest.mark.parametrize("bomb", [cell_far_below, one_text_in_each_cell])
def test_control_without_a_limit_by_size_it_takes_hundreds_of_megabytes(tmp_path, bomb):
    path = bomb(tmp_path / "file.xlsx")

    found = measured(path, WITHOUT_CHECKS, BY_CEILING_ALONE * 4)

    assert found["said"] == ""
    assert found["child"] > 400
    assert found["grown"] < 40


def test_the_ceiling_holds_whatever_the_size(tmp_path):
    path = cell_far_below(tmp_path / "file.xlsx")

    found = measured(path, replace(BUDGET, memory_bytes=200 * MEGABYTE), BY_CEILING_ALONE)

    assert found["said"].startswith("This workbook takes more memory to read")
    assert found["child"] < 200


def test_memory_grows_with_what_the_workbook_unpacks_to_and_ends_at_the_budget(tmp_path):
    small = handmade.workbook(tmp_path / "small.xlsx", sheet([text_row(1, "a")]))
    large = handmade.workbook(tmp_path / "large.xlsx", sheet([text_row(1, "a" * 10 * MEGABYTE)]))

    assert workbooks.MEMORY_AT_LEAST < memory_for(small, BUDGET) < 129 * MEGABYTE
    assert 228 * MEGABYTE < memory_for(large, BUDGET) < 229 * MEGABYTE
    assert memory_for(large, replace(BUDGET, memory_bytes=200 * MEGABYTE)) == 200 * MEGABYTE


def test_an_ordinary_table_has_room_enough(tmp_path):
    """Short numbers are what takes most memory for its size."""
    rows = ["<row>" + "<c><v>1</v></c>" * 26 + "</row>" for _ in range(20_000)]
    path = handmade.workbook(tmp_path / "file.xlsx", sheet(rows))

    found = measured(path, replace(BUDGET, unpack_ratio=10_000))

    assert (found["rows"], found["said"]) == (20_000, "")
    assert found["grown"] < 20


def test_too_much_time_ends_the_child_and_says_so(tmp_path):
    rows = ["<row>" + "<c><v>1</v></c>" * 26 + "</row>" for _ in range(100_000)]
    path = handmade.workbook(tmp_path / "file.xlsx", sheet(rows))

    found = measured(path, replace(WITHOUT_CHECKS, cpu_seconds=1))

    assert found["said"] == (
        "This workbook takes more time to read than is given to one file. Save the table as CSV "
        "(UTF-8), or split it."
    )


def refused_before_reading(path, budget=BUDGET):
    with pytest.raises(FileUnreadable) as unreadable:
        kind_of(path, budget)
    return str(unreadable.value)


def test_a_workbook_that_unpacks_to_far_more_is_refused_before_reading(tmp_path):
    path = handmade.workbook(tmp_path / "file.xlsx", sheet([text_row(1, "a" * 50 * MEGABYTE)]))

    assert path.stat().st_size < 100 * 1024
    assert refused_before_reading(path).startswith("This file unpacks to far more than a real one")


def test_a_workbook_that_unpacks_to_more_than_is_taken_is_refused_before_reading(tmp_path):
    path = handmade.workbook(tmp_path / "file.xlsx", sheet([text_row(1, "a" * 2 * MEGABYTE)]))

    assert refused_before_reading(path, replace(BUDGET, unpacked_bytes=MEGABYTE)).startswith(
        "This file unpacks to 2 MiB; at most 1 MiB are taken."
    )


def test_a_workbook_of_very_many_parts_is_refused_before_they_are_listed(tmp_path):
    path = handmade.workbook(
        tmp_path / "file.xlsx",
        sheet([text_row(1, "a")]),
        parts={f"xl/media/{at}.png": "" for at in range(2_000)},
    )

    assert refused_before_reading(path).startswith("This file holds 2,007 parts; at most 2,000")


def test_a_size_that_is_a_lie_is_found_before_reading(tmp_path):
    """The directory says 10 bytes of a part that unpacks to 30 MB."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"x" * 30 * MEGABYTE)
    told, lie = struct.pack("<L", 30 * MEGABYTE), struct.pack("<L", 10)
    path = tmp_path / "file.xlsx"
    path.write_bytes(made.getvalue().replace(told, lie))

    assert refused_before_reading(path).startswith("A part of this file is not what it says it is")


@pytest.mark.parametrize(
    "change",
    [
        lambda content: b"GIF89a" + content,
        lambda content: content + b"\n",
        lambda content: content + content,
        lambda content: content[:-40],
        lambda content: content[: len(content) // 2],
    ],
    ids=["something before", "something behind", "twice", "end cut off", "half of it"],
)
def test_a_container_that_can_be_read_in_two_ways_is_refused(tmp_path, change):
    path = handmade.workbook(tmp_path / "file.xlsx", sheet([text_row(1, "a")]))
    path.write_bytes(change(path.read_bytes()))

    assert refused_before_reading(path)


def test_more_errors_than_anybody_mends_are_told_once(tmp_path):
    cells = [row(at, f'<c r="A{at}" t="e"><v>#N/A</v></c>') for at in range(1, 100_002)]
    path = handmade.workbook(tmp_path / "file.xlsx", sheet(cells))

    with (
        pytest.raises(FileUnreadable, match=r"^More than 100,000 cells of this workbook hold"),
        open_workbook(path, BUDGET) as spreadsheet,
    ):
        next(spreadsheet.sheets)
