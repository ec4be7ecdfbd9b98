"""What the story came to: counts, outcomes, numbers and links, as data and as a short table."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.lib.stored_files import path_of
from attestations.crosscheck.enums import Outcome
from attestations.enums import ImportState
from attestations.models import Placement, PlacementImport
from attestations.placements.queries import outcomes_by_rule
from audits.models import AuditReport, Certificate
from config.demo import cast


def write(folder: Path) -> dict[str, Any]:
    """Writes `summary.json`, `certificate.pdf` and `report.pdf`; returns what the first says."""
    told = {
        "told_on": timezone.localdate().isoformat(),
        "placements": Placement.objects.count(),
        "by_edition": _counts("verdict__edition_label", empty="none in force"),
        "by_mode": _counts("mode", empty="not answered"),
        "by_outcome": _counts("verdict__outcome", empty="not judged"),
        "by_rule": outcomes_by_rule(Placement.objects.all()),
        "imports": [
            _import(record)
            # one that was interrupted saved nothing, and the file was handed in again
            for record in PlacementImport.objects.filter(state=ImportState.APPLIED).order_by(
                "created_at"
            )
        ],
        "agencies": [_agency(part) for part in cast.AGENCIES],
        "employer_asked": _employer_asks(cast.AGENCIES[0]),
    }
    certificate = Certificate.objects.get(agency__legal_name=cast.AGENCIES[0].name)
    report = AuditReport.objects.get(audit__agency__legal_name=cast.AGENCIES[0].name)
    for document, name in ((certificate, "certificate.pdf"), (report, "report.pdf")):
        shutil.copyfile(path_of(settings.DOCUMENT_ROOT, document.pdf_digest), folder / name)
    text = json.dumps(told, indent=2, ensure_ascii=False, default=str)
    (folder / "summary.json").write_text(f"{text}\n", encoding="utf-8")
    return told


def _counts(field: str, *, empty: str) -> dict[str, int]:
    counted = Placement.objects.values_list(field).annotate(many=Count("pk")).order_by(field)
    return {name or empty: many for name, many in counted}


def _import(record: PlacementImport) -> dict[str, Any]:
    return {
        "agency": record.agency.register_number,
        "file": record.original_name,
        "rows": record.rows_total,
        "new": record.rows_new,
        "changed": record.rows_changed,
        "unchanged": record.rows_unchanged,
        "duplicate": record.rows_duplicate,
        "refused": record.rows_refused,
    }


def _agency(part: cast.Part) -> dict[str, Any]:
    agency = cast.agency_of(part)
    certificate = Certificate.objects.filter(agency=agency).first()
    page = reverse("register:agency", args=(agency.register_number,))
    answer = _ask(page)
    verify = reverse("register:verify", args=(certificate.number,)) if certificate else None
    return {
        "letter": part.letter,
        "name": part.name,
        "number": agency.register_number,
        "standing": answer["status"],
        "sentence": answer["sentence"],
        "page": f"{settings.CANONICAL_ORIGIN}{page}",
        "audits": list(agency.audits.values_list("number", flat=True)),
        "reports": [
            f"{settings.CANONICAL_ORIGIN}{reverse('register:report', args=(number,))}"
            for number in AuditReport.objects.filter(audit__agency=agency).values_list(
                "number", flat=True
            )
        ],
        "certificate": certificate.number if certificate else None,
        "verify": f"{settings.CANONICAL_ORIGIN}{verify}" if verify else None,
    }


def _employer_asks(part: cast.Part) -> dict[str, Any]:
    """What the public page answers, through the whole application."""
    certificate = Certificate.objects.get(agency__legal_name=part.name)
    return _ask(reverse("register:verify", args=(certificate.number,)))


def _ask(path: str) -> dict[str, Any]:
    host = settings.CANONICAL_ORIGIN.split("//")[1]
    response = Client(headers={"host": host}).get(path, {"format": "json"})
    if response.status_code != 200:
        raise RuntimeError(f"{path} answered {response.status_code}")
    return dict(response.json())


def lines(told: dict[str, Any], *, kept: list[str], folder: Path) -> Iterator[str]:
    """The short table at the end."""
    yield ""
    for record in told["imports"]:
        parts = ("new", "changed", "unchanged", "duplicate", "refused")
        counts = ", ".join(f"{record[part]:,} {part}" for part in parts if record[part])
        yield f"{record['file']}: {record['rows']:,} rows: {counts}"
    yield ""
    yield f"{told['placements']:,} placements, judged by the edition in force on their own day"
    for outcome in Outcome:
        many = told["by_outcome"].get(outcome.value, 0)
        yield f"  {many:>7,}  {outcome.label}"
    yield ""
    for agency in told["agencies"]:
        yield f"{agency['letter']}  {agency['name']}  {agency['number']}"
        yield f"   {agency['sentence']}"
        if agency["verify"]:
            yield f"   {agency['verify']}"
    yield ""
    yield f"Certificate, report and summary are in {folder}"
    if kept:
        yield f"{len(kept)} chapters had been told before, and what they made was kept."


def sign_in_lines(passwords: cast.Passwords) -> Iterator[str]:
    """One sign-in for each role."""
    certified, _, suspended, _ = cast.AGENCIES
    people = [(cast.OPERATOR, "operator: runs the service, sees no case")]
    people += [
        (f"{who}@{certified.domain}", f"agency A, {role.label.lower()}")
        for who, (_, role) in cast.AGENCY_PEOPLE.items()
    ]
    people.append((f"admin@{suspended.domain}", "agency C (suspended), administrator"))
    for regulator, staff in cast.STAFF.items():
        side = "destination" if regulator == cast.DESTINATION else "source country"
        people += [
            (f"{who}@{cast.DOMAINS[regulator]}", f"{side}, {role.label.lower()}")
            for who, (_, role) in staff.items()
        ]
    widest = max(len(email) for email, _ in people)
    yield ""
    yield f"Sign in at {settings.CANONICAL_ORIGIN}{reverse('agencies:sign_in')}"
    for email, role in people:
        yield f"  {email:<{widest}}  {passwords.of(email)}  {role}"
