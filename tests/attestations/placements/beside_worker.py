"""What `test_beside` runs in a process without threads: `python beside_worker.py alone|import`.

Prints one JSON object: what each case came to, by its name.
"""

import gc
import json
import os
import signal
import sys
from dataclasses import asdict, replace
from io import BytesIO

import django

django.setup()

from django.conf import settings  # noqa: E402 -- after setup
from django.utils import timezone  # noqa: E402

from agencies.lib.collecting import without_collecting  # noqa: E402
from attestations.placements import chunks, reading, services, staging  # noqa: E402
from attestations.placements.beside import (  # noqa: E402
    ReaderDied,
    can_fork,
    made_beside,
)
from attestations.placements.chunks import About, Chunk  # noqa: E402
from attestations.placements.files import FileUnreadable  # noqa: E402
from attestations.placements.layout import ColumnsRefused  # noqa: E402
from attestations.placements.models import StagedPlacement  # noqa: E402
from attestations.placements.rows import Problem  # noqa: E402
from attestations.reference import load_reference  # noqa: E402
from tests.attestations.placements.marked_files import workbook  # noqa: E402
from tests.factories import agencies  # noqa: E402
from tests.factories import placements as make  # noqa: E402

ROWS = 300
PROBLEM = Problem("S", 3, "to", "unknown_country", "Irland", "No.", "Yes.", "destination", ("IRL",))
CHUNK = Chunk(
    sheet=2,
    row=9,
    expected=40,
    columns=("residence", "reference", "row", "sheet", "placement_import_id", "verdict_id"),
    profiles=[("IND",)],
    rows=[(0, "“P” \U0001f469", 7, 0), (0, "", 9, 1)],
    told=("S", 5),
    reached=[],
    refused=1,
    references_refused=[["P-8", "S", 8, 1, 5]],
    problems=[PROBLEM],
)
ABOUT = About(
    notes=["one", "two"],
    sheets=["S"],
    layouts=[{"to": "destination"}],
    aside={"remark": None},
    remembered={"to": None},
    sample={"header": ["a"]},
)


class Deadly:
    """Kills whoever pickles it."""

    def __reduce__(self):
        os.kill(os.getpid(), signal.SIGKILL)


def yielding(*every):
    def make_all():
        for one in every:
            if isinstance(one, Exception):
                raise one
            yield one

    return make_all


def end_of(make_all):
    """What came before the end, and how it ended."""
    came = []
    try:
        came.extend(made_beside(make_all))
    except (FileUnreadable, ReaderDied) as ended:
        return [type(one).__name__ for one in came], type(ended).__name__, str(ended)
    except ColumnsRefused as refused:
        return [refused.reasons, refused.personal, refused.sample]
    return [asdict(one) for one in came] == [asdict(CHUNK), asdict(ABOUT)]


def dying(*args, **kwargs):
    yield CHUNK
    os.kill(os.getpid(), signal.SIGKILL)


def telling_its_number():
    yield replace(CHUNK, expected=os.getpid())
    yield from [CHUNK] * 100_000


def is_gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def stopped_early():
    with without_collecting():
        stream = made_beside(telling_its_number)
        child = next(stream).expected
        before = (is_gone(child), gc.isenabled())
        stream.close()
    return [*before, is_gone(child), gc.isenabled(), child != os.getpid()]


def stopped_by_an_error():
    found = []

    def consume():
        with without_collecting():
            for one in made_beside(telling_its_number):
                found.append(one.expected)
                raise staging.ClaimLost

    try:
        consume()
    except staging.ClaimLost:
        return [is_gone(found[0]), gc.isenabled()]
    return None


def alone():
    refused = ColumnsRefused(["one", "two"], personal=True)
    refused.sample = {"header": ["name"]}
    half = replace(
        CHUNK, references_refused=[[mark * 700_000] for mark in "xyz"], problems=[Deadly()]
    )
    return {
        "can fork": can_fork(),
        "whole": end_of(yielding(CHUNK, ABOUT)),
        "unreadable": end_of(yielding(CHUNK, FileUnreadable("It is torn."))),
        "columns": end_of(yielding(refused)),
        "error": end_of(yielding(CHUNK, ZeroDivisionError("never"))),
        "nothing": end_of(yielding()),
        "killed": end_of(dying),
        "killed in a chunk": end_of(yielding(CHUNK, half)),
        "stopped early": stopped_early(),
        "stopped by an error": stopped_by_an_error(),
        "children left": children(),
    }


def children():
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return False
    return True


def started(agency, content):
    return services.start_import(
        agency_id=agency.pk, file=BytesIO(content), name="x", by=None, send=False
    )


def ended(record, error=None):
    record.refresh_from_db()
    staged = StagedPlacement.objects.filter(placement_import=record.pk).count()
    return [record.state, record.message, staged, record.rows_done, error, children()]


def read(record):
    try:
        reading.read_import(import_id=record.pk)
    except ReaderDied as died:
        return ended(record, str(died))
    return ended(record)


def imports():
    load_reference(at=timezone.now())
    agency, member = agencies.agency(), agencies.user()
    agencies.agency_membership(member, agency)
    chunks.CHUNK, staging.LARGE_FILE_BYTES = 10, 0
    rows = [make.row(reference=f"R{at}") for at in range(ROWS)]
    csv_file = make.csv_file(rows)
    table = [list(rows[0]), *[list(one.values()) for one in rows]]
    chunks_of, store = staging.chunks_of, staging._Staging.store

    def dies_later(*args, **kwargs):
        for number, one in enumerate(chunks_of(*args, **kwargs)):
            if number == 3:
                os.kill(os.getpid(), signal.SIGKILL)
            yield one

    def cancels(self, chunk):
        store(self, chunk)
        if self._rows == 20:
            services.cancel_import(import_id=self.record.pk, by=member)

    found = {
        "csv": read(started(agency, csv_file)),
        "workbook": read(started(agency, workbook({"One": table, "Two": table[:1] + table[9:]}))),
        "names": read(started(agency, csv_file.replace(b"source", b"surname", 1))),
        "nothing in it": read(started(agency, b"\n \n\n")),
    }
    settings.IMPORT_MAX_ROWS = 50
    found["too many rows"] = read(started(agency, csv_file))
    settings.IMPORT_MAX_ROWS = 100_000
    staging.chunks_of = dies_later
    found["reader killed"] = read(started(agency, csv_file))
    staging.chunks_of = chunks_of
    staging._Staging.store = cancels
    found["cancelled"] = read(started(agency, csv_file))
    found["workbook cancelled"] = read(started(agency, workbook({"One": table * 20})))
    return found


sys.stdout.write(json.dumps({"alone": alone, "import": imports}[sys.argv[1]]()))
