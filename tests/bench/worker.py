"""One measure in one process: `python -m tests.bench.worker WHAT FILE ROWS`, as JSON lines."""

import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402 -- now the settings are known
from django.utils import timezone  # noqa: E402

from agencies.countries.loading import load_countries  # noqa: E402
from agencies.lib.safe_cells import write_xlsx  # noqa: E402
from attestations.crosscheck.engine import load_lists  # noqa: E402
from attestations.reference import load_reference  # noqa: E402
from config.celery import app  # noqa: E402
from config.demo import portfolio  # noqa: E402
from tests.bench.lists import lists  # noqa: E402
from tests.bench.measures import answers, certificates  # noqa: E402
from tests.bench.names import sought  # noqa: E402
from tests.bench.placements import MEASURES  # noqa: E402

HABITS = portfolio.Habits(
    destinations=("GBR", "IRL", "DEU", "CAN", "AUS", "NZL", "USA", "NOR"),
    first=date(2011, 1, 1),
    last=date(2026, 9, 30),
    active_from_listed=0.1,
    fee_charged=0.01,
    unanswered=0.02,
    spoiled=0.02,
)


def prepare(path: Path, rows: int) -> Iterator[dict[str, Any]]:
    call_command("migrate", verbosity=0)
    load_countries()
    load_reference(at=timezone.now())
    yield from ()


def draw(path: Path, rows: int) -> Iterator[dict[str, Any]]:
    lists = load_lists()

    def listed(country: str, day: date) -> bool:
        edition = lists.edition_on(day)
        return edition is not None and country in edition.countries

    drawn = portfolio.rows(HABITS, prefix="B", count=rows, seed="bench", listed=listed)
    if path.suffix == ".csv":
        # where one row is wrong django-import-export takes none: it gets them as they should be
        clean = path.stem == "clean"
        portfolio.write(path, (right if clean else first for first, right in drawn))
        return
    names = list(portfolio.Row.__slots__)
    table = ([getattr(first, name) for name in names] for first, _ in drawn)
    write_xlsx({"Placements": [names, *table]}, path)
    yield from ()


def documents_and_answers(path: Path, rows: int) -> Iterator[dict[str, Any]]:
    yield from certificates()
    yield from answers()


def main(what: str, path: Path, rows: int) -> None:
    # what an act sends to a worker is done here and now
    app.conf.task_always_eager = True
    measures = {
        **MEASURES,
        "prepare": prepare,
        "draw": draw,
        "documents_and_answers": documents_and_answers,
        "search": sought,
        "lists": lists,
    }
    for line in measures[what](path, rows) or ():
        print(json.dumps({"ratios": {}, **line}), flush=True)  # noqa: T201


main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
