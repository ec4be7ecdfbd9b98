"""Files of placements and stored ones, made plainly and the same each time."""

import csv
import random
from datetime import UTC, date, datetime, timedelta
from io import BytesIO, StringIO
from itertools import count

from attestations.crosscheck.services import judge
from attestations.placements import services
from attestations.placements.applying import apply_import
from attestations.placements.models import Placement
from attestations.placements.reading import read_import

RECORDED = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)

# one placement in which nothing is missing that the person in front of the file can say
ROW = {
    "reference": "P-1",
    "residence": "Philippines",
    "destination": "Ireland",
    "qualified_as": "2221",
    "placed_as": "2221",
    "mode": "agency",
    "recruited_on": "2024-05-10",
    "started_on": "2024-09-01",
    "fees": "none",
    "training": "Philippines",
    "source": "PHL",
}

_sequence = count(1)


def row(**stated):
    """A row of a file; give a column None to leave it empty."""
    return {name: "" if text is None else text for name, text in {**ROW, **stated}.items()}


def csv_file(rows, *, columns=None, encoding="utf-8", delimiter=","):
    """The bytes of a CSV file with these rows."""
    columns = columns or list(dict.fromkeys(name for one in rows for name in one))
    text = StringIO(newline="")
    writer = csv.DictWriter(text, columns, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def imported(agency, rows, *, by=None, name="placements.csv"):
    """An import of these rows, read and waiting in its preview."""
    content = rows if isinstance(rows, bytes) else csv_file(rows)
    record = services.start_import(
        agency_id=agency.pk, file=BytesIO(content), name=name, by=by, send=False
    )
    read_import(import_id=record.pk)
    record.refresh_from_db()
    return record


def applied(agency, rows, *, by=None, name="placements.csv"):
    """An import of these rows, saved."""
    record = imported(agency, rows, by=by, name=name)
    apply_import(import_id=record.pk, by=by)
    record.refresh_from_db()
    return record


def placement(agency, *, judged=True, **stated):
    """A stored placement; by default a nurse from the Philippines to Ireland, all in order."""
    said = {
        "residence": "PHL",
        "training": "PHL",
        "source": "PHL",
        "destination": "IRL",
        "qualified": "2221",
        "placed": "2221",
        "mode": "AGENCY",
        "recruited_on": date(2024, 5, 10),
        "started_on": date(2024, 9, 1),
        "fees": [],
    }
    stored = Placement.objects.create(
        agency=agency,
        reference=stated.pop("reference", None) or f"made-{next(_sequence)}",
        recorded_at=RECORDED,
        **{**said, **stated},
    )
    if judged:
        judge(Placement.objects.filter(pk=stored.pk), reason="made")
        stored.refresh_from_db()
    return stored


_SOURCES = ["PHL", "India", "GHA", "Nigeria", "Zimbabwe", "KEN", "Nepal", "Jamaica", "EGY", "PER"]
_DESTINATIONS = ["IRL", "England", "DEU", "Canada", "SAU", "NOR", "AUS"]
_POSTS = ["2221", "2221", "2221", "3221", "2211", "5322", "2264", "Registered nurses"]
_MODES = ["agency", "agency", "employer", "direct", "facilitated", "referral", "edu", "", "g2g"]
_FEES = ["none", "none", "none", "visa 120; medical 80", "", "placement fee 1500"]


def many_rows(rows, *, seed=1):
    """The lines of a CSV file of so many placements over three editions; all can be taken."""
    chance = random.Random(seed)
    yield (
        "reference,residence,destination,qualified_as,placed_as,mode,recruited_on,started_on,fees,"
        "training,source,months_resident,independent_application,employer\n"
    )
    first = date(2019, 1, 1)
    for number in range(rows):
        source = chance.choice(_SOURCES)
        recruited = first + timedelta(days=chance.randrange(2500))
        started = recruited + timedelta(days=chance.randrange(30, 300))
        post = chance.choice(_POSTS)
        yield (
            f"R{number:07d},{source},{chance.choice(_DESTINATIONS)},{post},{post},"
            f"{chance.choice(_MODES)},{recruited},{started},{chance.choice(_FEES)},{source},"
            f"{source},{chance.randrange(60)},{chance.choice(('yes', 'no', ''))},"
            f"Example Hospital {chance.randrange(400)}\n"
        )
