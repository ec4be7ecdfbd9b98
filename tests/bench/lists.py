"""The long lists: the queue of a desk and the register, at a hundred rows and at very many."""

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone

from agencies.enums import RegulatorRole
from agencies.models import Agency
from audits.cases.enums import CaseKind, Stage, WaitsOn
from audits.cases.models import Case
from tests.bench.names import analyse, load
from tests.factories import agencies as make

FEW = 100
CASES = int(os.environ.get("BENCH_CASES", "50000"))
AGENCIES = int(os.environ.get("BENCH_AGENCIES", "100000"))
TIMES = 15
TABS = ("mine", "team", "unassigned", "running-out", "elsewhere")


def lists(path: Path, rows: int) -> Iterator[dict[str, Any]]:
    """Milliseconds a page, the median of fifteen, and the ratio to the same page of a few rows."""
    settings.ALLOWED_HOSTS = ["testserver"]
    regulator = make.regulator("Bench", country="GBR")
    officer = make.staff(regulator, RegulatorRole.CASE_OFFICER)
    client = Client()
    client.force_login(officer)

    load([f"Invented agency {number:06d}" for number in range(FEW)], regulator=regulator)
    cases(FEW, regulator, officer)
    few = measured(client)
    numbers = range(FEW, AGENCIES)
    load([f"Invented agency {number:06d}" for number in numbers], regulator=regulator, first=FEW)
    cases(CASES, regulator, officer, first=FEW)
    for name, ms in measured(client).items():
        yield {
            "name": name,
            "rows": AGENCIES if name.startswith("register") else CASES,
            "ms": round(ms, 1),
            "seconds": round(ms / 1000, 4),
            "peak_mb": None,
            "ratios": {f"to_{FEW}_rows": round(ms / few[name], 2)},
        }


def measured(client: Client) -> dict[str, float]:
    analyse()
    pages = {f"queue {tab}": f"/regulator/queue/?tab={tab}" for tab in TABS}
    pages |= {
        "queue narrowed": "/regulator/queue/?tab=team&kind=correction&due=week",
        "register": "/register/",
        "register of a regulator": "/regulator/agencies/",
    }
    return {name: milliseconds(client, address) for name, address in pages.items()}


def milliseconds(client: Client, address: str) -> float:
    took = []
    for _ in range(TIMES):
        begin = time.perf_counter()
        answer = client.get(address)
        took.append((time.perf_counter() - begin) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}")
    return median(took)


def cases(count: int, regulator: Any, officer: Any, *, first: int = 0) -> None:
    """Open matters over sixty days, a third of them one officer's, a fifth with the agency."""
    now, today = timezone.now(), timezone.localdate()
    agencies = list(Agency.objects.values_list("pk", flat=True)[:FEW])
    days = [today + timedelta(days=number - 5) for number in range(60)]
    Case.objects.bulk_create(
        (
            Case(
                kind=CaseKind.CORRECTION if number % 2 else CaseKind.DECISION,
                subject=f"audits.invented:{number}",
                regulator=regulator,
                agency_id=agencies[number % FEW],
                reference=f"INV-{number:06d}",
                stage=Stage.HANDED_IN,
                waits_on=WaitsOn.AGENCY if number % 5 == 0 else WaitsOn.REGULATOR,
                due_on=days[number % 60],
                rank_on=days[number % 60],
                assignee=officer if number % 3 == 0 else None,
                opened_at=now,
                moved_at=now,
                position=1,
            )
            for number in range(first, count)
        ),
        batch_size=5_000,
    )
