"""Placements: a file stored and judged, judged again, sent again; and what others would take."""

import json
import resource
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import tablib
from django.db import connection
from django.utils import timezone
from import_export import resources

from attestations.crosscheck.engine import Judgement
from attestations.crosscheck.services import rejudge_all, rejudge_edition
from attestations.enums import ImportState
from attestations.models import ListEdition, ListEntry, Placement
from attestations.placements import staging
from attestations.placements.applying import apply_import
from attestations.placements.reading import read_import
from attestations.placements.services import start_import
from attestations.safeguards.queries import countries_of
from tests.factories.agencies import agency

ADDED = ("FRA", "ESP", "ITA")
SHARE_TOUCHED = 0.01


def timed(act: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


def result(name: str, rows: int, seconds: float, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "rows": rows,
        "seconds": round(seconds, 2),
        "rows_per_second": round(rows / seconds),
        "peak_mb": peak_mb(),
        **more,
    }


def peak_mb() -> int:
    """The most that this process, one that it started, or its PostgreSQL backend ever held."""
    ours = [
        resource.getrusage(who).ru_maxrss // 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    return max(*ours, _backend_mb())


def _backend_mb() -> int:
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        status = Path(f"/proc/{cursor.fetchone()[0]}/status")
    if not status.exists():  # a server on another machine
        return 0
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
    return int(lines["VmHWM"].split()[0]) // 1024


def imported(recruiter: Any, path: Path) -> tuple[float, Any]:
    """Seconds from the kept file to its rows, stored and judged."""
    with path.open("rb") as file:
        record = start_import(
            agency_id=recruiter.pk, file=file, name=path.name, by=None, send=False
        )
    seconds = timed(lambda: read_import(import_id=record.pk))
    seconds += timed(lambda: apply_import(import_id=record.pk))
    record.refresh_from_db()
    if record.state != ImportState.APPLIED:
        raise RuntimeError(record.message)
    return seconds, record


def whole(path: Path, rows: int) -> Iterator[dict[str, Any]]:
    """Stored and judged; sent again."""
    recruiter = agency(legal_name="Invented Bench Agency")
    seconds, record = imported(recruiter, path)
    yield result("import_and_judge", rows, seconds, refused=record.rows_refused)
    seconds, record = imported(recruiter, path)
    if record.rows_new or record.rows_changed:
        raise RuntimeError("the same file changed something")
    yield result("import_again", rows, seconds)


def _edition_touching(share: float) -> ListEdition:
    """An active edition that adds countries, so late that it touches this share of placements."""
    days = Placement.objects.exclude(recruited_on=None).order_by("-recruited_on")
    from_day = days.values_list("recruited_on", flat=True)[int(days.count() * share)]
    before = ListEdition.objects.in_force(from_day)
    now = timezone.now()
    edition = ListEdition.objects.create(
        label="bench",
        urn="urn:bench",
        title="An invented edition",
        published_on=from_day,
        valid_from=from_day + timedelta(days=1),
        source="bench",
        digest="0" * 64,
        loaded_at=now,
    )
    ListEntry.objects.bulk_create(
        ListEntry(edition=edition, country_id=country, printed_name=country)
        for country in sorted({*countries_of(before), *ADDED})
    )
    edition.activated_at = now
    edition.save(update_fields=["activated_at"])
    return edition


class JudgesNothing(Judgement):
    """Every row comes to the verdict of the first: what is left is reading and storing."""

    _only: Any = None

    def profile(self, values: Any, quota_exceeded: bool = False) -> Any:
        if self._only is None:
            self._only = super().profile(values, quota_exceeded)
        return self

    def on(self, *dates: Any) -> Any:
        return self._only.on("2024-01-01", "", "", "2024-01-01")


def stored_then_judged(path: Path, rows: int) -> Iterator[dict[str, Any]]:
    """Stored without the cross-check; judged alone; judged again for a new edition."""
    judges = staging.judgement_for
    staging.judgement_for = lambda recruiter: JudgesNothing(
        judges(recruiter).lists, judges(recruiter).agency
    )
    try:
        seconds, _ = imported(agency(legal_name="Invented Bench Agency"), path)
    finally:
        staging.judgement_for = judges
    yield result("import", rows, seconds)
    Placement.objects.update(verdict=None)
    stored = Placement.objects.count()
    judged = timed(lambda: rejudge_all(reason="bench"))
    yield result("judge", stored, judged)
    edition = _edition_touching(SHARE_TOUCHED)
    changed = 0

    def rejudge() -> None:
        nonlocal changed
        changed = rejudge_edition(
            label=edition.label, changed=ADDED, valid_from=edition.valid_from, reason="bench"
        )

    seconds = timed(rejudge)
    yield result(
        "rejudge_edition",
        stored,
        seconds,
        touched=changed,
        ratios={
            "share_touched": round(changed / stored, 4),
            "share_of_judging_all": round(seconds / judged, 4),
        },
    )


def workbook(path: Path, rows: int) -> Iterator[dict[str, Any]]:
    seconds, _ = imported(agency(legal_name="Invented Bench Agency"), path)
    yield result("xlsx_import", rows, seconds)


class PlainResource(resources.ModelResource):
    """What a team would write on its first day: the model as it is, and nothing judged."""

    recruiter: Any = None

    class Meta:
        model = Placement
        import_id_fields = ("reference",)

    def before_save_instance(self, instance: Any, row: Any, **more: Any) -> None:
        instance.agency = self.recruiter
        instance.recorded_at = timezone.now()


# the columns of the file that bear another name than their field
_FIELDS = {
    "qualified_as": "qualified",
    "placed_as": "placed",
    "agreement": "agreement_cited",
}


def with_import_export(path: Path, rows: int) -> Iterator[dict[str, Any]]:
    with path.open(newline="", encoding="utf-8") as file:
        lines = [next(file) for _ in range(rows + 1)]
    for ours, theirs in _FIELDS.items():
        lines[0] = lines[0].replace(ours, theirs)
    dataset = tablib.Dataset().load("".join(lines), format="csv")
    fees = dataset.headers.index("fees")
    for at, row in enumerate(dataset):
        dataset[at] = (*row[:fees], json.dumps(row[fees] or None), *row[fees + 1 :])
    plain = PlainResource()
    plain.recruiter = agency(legal_name="Invented Bench Agency")
    seconds = timed(lambda: plain.import_data(dataset, raise_errors=False))
    if Placement.objects.count() != rows:
        raise RuntimeError("django-import-export did not take every row")
    yield result("import_export", rows, seconds)


MEASURES = {
    "whole": whole,
    "stored_then_judged": stored_then_judged,
    "workbook": workbook,
    "import_export": with_import_export,
}
