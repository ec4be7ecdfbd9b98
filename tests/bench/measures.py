"""What is measured, each against the bare thing beneath it in the same run."""

import json
import os
import resource
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any, TextIO

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from agencies.countries.loading import load_countries
from attestations.crosscheck.engine import load_lists
from attestations.crosscheck.services import rejudge_all
from attestations.enums import ImportState
from attestations.models import Placement, Verdict, VerdictChange
from attestations.placements.applying import apply_import
from attestations.placements.reading import read_import
from attestations.placements.services import start_import
from attestations.reference import load_reference
from audits.certificates.document import certificate_html, render_certificate
from audits.certificates.signing import key_id_of, sign_statement
from audits.models import Certificate
from config.demo import portfolio
from tests.bench.serving import requests_a_second, server
from tests.factories import certificates as certificate_records
from tests.factories.agencies import agency

RESULTS = Path("var/bench.jsonl")
HABITS = portfolio.Habits(
    destinations=("GBR", "IRL", "DEU", "CAN", "AUS", "NZL", "USA", "NOR"),
    first=date(2011, 1, 1),
    last=date(2026, 9, 30),
    active_from_listed=0.1,
    fee_charged=0.01,
    unanswered=0.02,
    spoiled=0.02,
)


def size(name: str, default: int) -> int:
    return int(os.environ.get(name, default))


def timed(act: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


def run(out: TextIO) -> None:
    call_command("migrate", verbosity=0)
    load_countries()
    load_reference(at=timezone.now())
    RESULTS.parent.mkdir(exist_ok=True)
    with RESULTS.open("a") as kept:
        for measure in (placements, certificates, answers):
            for result in measure():
                line = json.dumps({"database": connection.vendor, **result})
                print(line, file=out, flush=True)
                print(line, file=kept)


def placements():
    """Import and cross-check, rows a second; a second time the same file, which changes nothing."""
    count = size("BENCH_ROWS", 100_000)
    path = settings.VAR_ROOT / "bench.csv"
    lists = load_lists()

    def listed(country: str, day: date) -> bool:
        edition = lists.edition_on(day)
        return edition is not None and country in edition.countries

    drawn = portfolio.rows(HABITS, prefix="B", count=count, seed="bench", listed=listed)
    portfolio.write(path, (first for first, _ in drawn))
    recruiter = agency(legal_name="Invented Bench Agency")
    for name in ("import_and_judge", "import_again"):
        with path.open("rb") as file:
            record = start_import(
                agency_id=recruiter.pk, file=file, name=path.name, by=None, send=False
            )
        seconds = timed(lambda: read_import(import_id=record.pk))  # noqa: B023 -- called at once
        seconds += timed(lambda: apply_import(import_id=record.pk))  # noqa: B023 -- as above
        record.refresh_from_db()
        if record.state != ImportState.APPLIED:
            raise RuntimeError(record.message)
        yield rate(name, count, seconds)
    judged = Placement.objects.count()
    VerdictChange.objects.all().delete()
    Placement.objects.update(verdict=None)
    Verdict.objects.all().delete()
    yield rate("judge", judged, timed(lambda: rejudge_all(reason="bench")))


def rate(name: str, rows: int, seconds: float) -> dict[str, Any]:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {
        "name": name,
        "rows": rows,
        "seconds": round(seconds, 2),
        "rows_per_second": round(rows / seconds),
        "peak_mb": peak,
    }


def certificates():
    """Milliseconds a certificate, warm, beside WeasyPrint alone on the same HTML."""
    count = size("BENCH_CERTIFICATES", 30)
    statement = certificate_records.issued().statement.encode()
    signature, key = sign_statement(statement, at=timezone.now())
    html = certificate_html(statement=statement, key_id=key_id_of(key.public_key))
    fonts = FontConfiguration()
    plain = [CSS(string="body { font-family: sans-serif }", font_config=fonts)]

    def ours() -> None:
        render_certificate(statement=statement, signature=signature, public_key=key.public_key)

    def bare() -> None:
        HTML(string=html).write_pdf(stylesheets=plain, font_config=fonts)

    timed(ours), timed(bare)
    both = [(timed(ours), timed(bare)) for _ in range(count)]
    mine, alone = (median(column) * 1000 for column in zip(*both, strict=True))
    yield {
        "name": "certificate",
        "rows": count,
        "ms": round(mine, 1),
        "weasyprint_alone_ms": round(alone, 1),
        "ratios": {"to_weasyprint_alone": round(mine / alone, 2)},
    }


def answers():
    """Answers a second of the verify JSON, beside a bare view with one indexed query."""
    count = size("BENCH_REQUESTS", 4000)
    number = Certificate.objects.values_list("number", flat=True).first()
    environment = {
        "VAR_ROOT": os.environ["VAR_ROOT"],
        "DATABASE_URL": os.environ["DATABASE_URL"],
    }
    with server(environment) as port:
        ours, bare = [], []
        for _ in range(3):
            ours.append(requests_a_second(port, f"/verify/{number}/?format=json", count=count))
            bare.append(requests_a_second(port, f"/bare/{number}/", count=count))
    yield {
        "name": "verify_json",
        "rows": count,
        "per_second": round(median(ours)),
        "bare_view_per_second": round(median(bare)),
        "ratios": {"bare_to_ours": round(median(bare) / median(ours), 2)},
    }
