"""What the workers of `test_killed_at_random` run: `python killed_worker.py ACT [HOW]`.

`prepare` makes a register with placements, a file that changes half of them, and an edition that
`activate` puts in force. `read`, `save` and `judge` do their part and can be killed in it; `go on`
is the next worker, which first tells what a reader sees.
"""

import hashlib
import json
import os
import signal
import sys
import time
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import django

django.setup()

from django.db.models import F, QuerySet  # noqa: E402 -- after setup
from django.utils import timezone  # noqa: E402

from agencies.enums import RegulatorRole  # noqa: E402
from agencies.invariants import run_all  # noqa: E402
from agencies.models import JournalEntry, Regulator  # noqa: E402
from attestations.crosscheck import differences  # noqa: E402
from attestations.crosscheck import services as crosscheck  # noqa: E402
from attestations.placements import (  # noqa: E402
    applying,
    chunks,
    reading,
    saving,
    services,
    staging,
)
from attestations.placements.models import (  # noqa: E402
    ImportProblem,
    Placement,
    PlacementImport,
    PlacementVersion,
    StagedPlacement,
    VerdictChange,
)
from attestations.reference import load_reference  # noqa: E402
from attestations.safeguards import services as safeguards  # noqa: E402
from tests.factories import agencies, attestations  # noqa: E402
from tests.factories import placements as make  # noqa: E402

STORED = 2_000
CAME = 4_000
LABEL = "2024x"
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
VERDICT = ("facts_digest", "ruleset_version", "edition_label", "outcome", "findings")

chunks.CHUNK = 200
crosscheck.CHUNK = 400
differences._BATCH = 300


def prepare():
    load_reference(at=timezone.now())
    # fewer places than there are who cite it
    attestations.agreement("GHA-IRL", source="GHA", destination="IRL", quota=7)
    agency = agencies.agency()
    lines = list(make.many_rows(CAME))
    cited = f"{lines[0].strip()},agreement\n"
    before = [f"{line.strip()},\n" for line in lines[1 : STORED + 1]]
    before[:20] = [_citing(number) for number in range(20)]
    make.applied(agency, "".join([cited, *before]).encode())
    came = [f"{line.strip()},\n" for line in lines[1:]]
    came[:20] = before[:20]
    for at in range(20, STORED, 2):
        came[at] = came[at].replace("Example Hospital", "Another Hospital")
    came[10:15] = [_citing(number, mode="employer") for number in range(10, 15)]
    came[100] = came[100].replace(",", ",Nowhere,", 1)
    came[300] = came[301]
    came.append(_citing(CAME))
    services.start_import(
        agency_id=agency.pk,
        file=BytesIO("".join([cited, *came]).encode()),
        name="came.csv",
        by=None,
        send=False,
    )
    one = agencies.staff(agency.regulator, RegulatorRole.DATA_STEWARD)
    safeguards.load_edition(
        content=b"country\nGhana\nKenya\nIndia\n",
        name="list.csv",
        label=LABEL,
        title="Example list",
        published_on=date(2024, 1, 1),
        valid_from=date(2024, 1, 1),
        source="invented for a test",
        by=one,
        at=NOW,
    )


def activate():
    another = agencies.staff(Regulator.objects.get(), RegulatorRole.DATA_STEWARD)
    safeguards.activate_edition(label=LABEL, by=another, at=NOW)


def _citing(number, mode="agency"):
    return (
        f"R{number:07d},GHA,IRL,2221,2221,{mode},2024-05-{number % 20 + 1:02d},2024-09-01,none,GHA,"
        "GHA,10,no,Example Hospital,GHA-IRL\n"
    )


def digest(*rows):
    """Of what is told by references, and never by the numbers of rows."""
    told = json.dumps([sorted(map(repr, some)) for some in rows], default=str)
    return hashlib.sha256(told.encode()).hexdigest()


def visible():
    """All that anybody sees of placements: what they say, how they are judged, their history."""
    said = Placement.objects.order_by().values_list(
        "agency__register_number",
        "reference",
        "version",
        "sheet",
        "row",
        *saving.STATED,
        *(f"verdict__{name}" for name in VERDICT),
    )
    versions = PlacementVersion.objects.order_by().values_list(
        "placement__reference", "version", "sheet", "row", "values"
    )
    changes = VerdictChange.objects.order_by().values_list(
        "placement__reference",
        "reason",
        *(f"{one}__{name}" for one in ("was", "became") for name in VERDICT),
    )
    return digest(said, versions, changes)


def whole():
    """Beside what is visible: counts, problems, what waits, and the acts in the journal."""
    waiting = StagedPlacement.objects.order_by().values_list("reference", "row", *saving.STATED)
    problems = ImportProblem.objects.order_by().values_list("row", "column", "code", "message")
    imports = PlacementImport.objects.order_by().values_list(
        "state", "rows_total", "rows_done", "rows_new", "rows_changed", "rows_unchanged",
        "rows_duplicate", "rows_refused", "notes", "layout",
    )  # fmt: skip
    acts = JournalEntry.objects.order_by().values_list("verb", "data")
    return digest(waiting, problems, imports, acts)


def last():
    return PlacementImport.objects.latest("pk")


def look():
    record = last()
    return {
        "visible": visible(),
        "whole": whole(),
        "state": record.state,
        "rows done": record.rows_done,
        "staged": StagedPlacement.objects.count(),
        "violations": [found for _, violations in run_all() for found in violations],
    }


def killed(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def no_transaction():
    yield


class WithoutTransactions:
    atomic = staticmethod(no_transaction)


def die_between_verdicts_and_history():
    run = differences.run

    def one(statement, parameters=()):
        if statement.startswith("INSERT INTO"):
            killed()
        return run(statement, parameters)

    differences.run = one


HOW = {
    "": lambda: None,
    "beside": lambda: setattr(staging, "LARGE_FILE_BYTES", 0),
    "dies between changed and new rows": lambda: setattr(saving, "_add", killed),
    "dies between verdicts and history": die_between_verdicts_and_history,
}


def unprotected():
    """What is one transaction, without it."""
    # PostgreSQL locks no row outside a transaction
    QuerySet.select_for_update = lambda rows, **options: rows
    applying.apply_import = applying.apply_import.__wrapped__
    differences.Differences.keep = differences.Differences.keep.__wrapped__
    crosscheck.transaction = WithoutTransactions


def age_claims():
    PlacementImport.objects.filter(state="running").update(
        claimed_at=F("claimed_at") - reading.LEASES["csv"] - timedelta(seconds=1)
    )


def go_on(what):
    """The next worker, which takes over what the dead one had begun."""
    seen = look()
    if what == "judge":
        safeguards.apply_edition(label=LABEL)
    else:
        age_claims()
        reading.read_import(import_id=last().pk)
        if what == "save":
            applying.apply_import(import_id=last().pk)
    return {"between": seen, "after": look()}


def say(line):
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(act, *how):
    for one in how:
        if one == "unprotected":
            unprotected()
        elif act != "go on":
            HOW[one]()
    if act == "prepare":
        prepare()
        answer = look()
    elif act == "activate":
        activate()
        answer = look()
    elif act == "go on":
        answer = go_on(how[0])
    else:
        say("begins")
        began = time.perf_counter()
        if act == "read":
            reading.read_import(import_id=last().pk)
        elif act == "save":
            applying.apply_import(import_id=last().pk)
        elif act == "judge":
            safeguards.apply_edition(label=LABEL)
        answer = {"seconds": time.perf_counter() - began, **look()}
    say(json.dumps(answer))


main(*sys.argv[1:])
