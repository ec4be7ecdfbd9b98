"""Files of two agencies with everything in them, drawn again alike from a seed, and what came of
them as plain values and as one digest."""

import csv
import hashlib
import io
import json
import re
from collections import Counter
from dataclasses import asdict
from datetime import date, timedelta
from random import Random

import xlsxwriter
from django.core.serializers.json import DjangoJSONEncoder

from attestations.models import Placement
from attestations.placements.columns import COLUMNS
from config.demo import portfolio
from tests.attestations.placements import faulty_files
from tests.factories import agencies, attestations
from tests.factories import placements as make
from tests.naughty import NAUGHTY, naughty_texts

# from before the first edition on; every day that is written lies behind us
HABITS = portfolio.Habits(
    destinations=("GBR", "IRL", "DEU", "CAN", "AUS", "NZL", "USA", "NOR"),
    first=date(2009, 6, 1),
    last=date(2025, 12, 31),
    active_from_listed=0.5,
    fee_charged=0.1,
    unanswered=0.1,
    spoiled=0.15,
)
AGREEMENT = "EX-COUNTED"
PLACES = 25
COUNTED_FROM = date(2023, 4, 1)

STATED = sorted({column.field for column in COLUMNS} | {"unresolved"})
VERDICT = ("facts_digest", "edition_label", "outcome", "findings")
COUNTS = ("total", "new", "changed", "unchanged", "duplicate", "refused")
PROBLEM = ("column", "name", "code", "value", "message", "suggestion", "replacements")


def two_agencies():
    """The lists, an agreement with few places, an agency with papers and one with none."""
    attestations.reference()
    attestations.agreement(AGREEMENT, source="GHA", destination="IRL", quota=PLACES)
    attestations.communication("ZWE", valid_from=date(2021, 1, 1), valid_until=date(2024, 6, 30))
    attestations.emergency("PHL", valid_from=date(2020, 1, 30), valid_until=date(2021, 12, 31))
    attestations.authorization_requirement("IND", valid_from=date(2018, 1, 1))
    first, second = agencies.agency(), agencies.agency()
    agencies.authorization(first, valid_from=date(2012, 1, 1), valid_until=date(2024, 12, 31))
    agencies.scheme_membership(first, valid_from=date(2020, 1, 1))
    agencies.restriction(first, effective_on=date(2022, 3, 1), restored_on=date(2022, 9, 1))
    return {"first": first, "second": second}


def files():
    """The rows of each agency's file, each row a text for every column."""
    return {
        "first": [
            *_drawn_rows(200),
            *_faulty_rows(),
            *_naughty_rows(),
            *_counted_rows("first", 30),
        ],
        "second": _counted_rows("second", 30),
    }


def _drawn_rows(count):
    drawn = portfolio.rows(
        HABITS, prefix="D", count=count, seed="mixed", listed=lambda country, day: country == "NGA"
    )
    return [asdict(written) for written, _ in drawn]


def _faulty_rows():
    """Every column, right and wrong, and references that stand twice."""
    draw = Random("faulty")
    found = []
    for at in range(5):
        for row in faulty_files.table(draw, faults=8).written:
            reference = row["reference"].replace("R-", f"T{at}-")
            found.append({**row, "reference": reference})
    return found


def _naughty_rows():
    """Texts that break programs, where texts are kept and where they are refused."""
    kept = [
        make.row(reference=f"K-{at}", employer=text, evidence_reference=text[::-1].strip())
        for at, text in enumerate(map(_as_xml_can, naughty_texts(180)))
    ]
    strings = json.loads(NAUGHTY.read_text(encoding="utf-8"))[::11]
    columns = ("reference", "agreement", "residence", "mode", "fees", "other_occupations")
    return kept + [
        make.row(**{"reference": f"B-{at}", columns[at % len(columns)]: _as_xml_can(string[:50])})
        for at, string in enumerate(strings)
    ]


def _as_xml_can(text):
    """Without the one character of them that no workbook can hold."""
    return text.replace("\ufffe", "")


def _counted_rows(whose, count):
    """More than the agreement has places, several on one day, so that the reference decides."""
    draw = Random(whose)
    return [
        make.row(
            reference=f"A-{at:02d}",
            residence="Ghana",
            training="Ghana",
            source="Ghana",
            recruited_on=(COUNTED_FROM + timedelta(days=draw.randrange(8))).isoformat(),
            agreement=AGREEMENT,
        )
        for at in range(count)
    ]


def written(rows, kind):
    """The file, with the columns in our order."""
    names = [column.name for column in COLUMNS]
    lines = [names, *([row.get(name, "") for name in names] for row in rows)]
    return _workbook(lines) if kind == "xlsx" else _csv(lines)


def _csv(lines):
    text = io.StringIO(newline="")
    csv.writer(text).writerows(lines)
    return text.getvalue().encode()


def _workbook(lines):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        for at, line in enumerate(lines):
            for n, text in enumerate(line):
                if text:
                    sheet.write_string(at, n, text)
    return content.getvalue()


def answers(kind, *, order=None):
    """Import both files, and say what came of them; `order` shuffles their rows and themselves."""
    ours = two_agencies()
    stand, counts, notes = {}, {}, {}
    drawn = list(files().items())
    if order is not None:
        drawn.reverse()
    places = {}
    for whose, rows in drawn:
        places[whose] = list(range(len(rows)))
        if order is not None:
            Random(order).shuffle(places[whose])
        content = written([rows[at] for at in places[whose]], kind)
        stand[whose] = make.applied(ours[whose], content, name=f"placements.{kind}")
        notes[whose] = stand[whose].notes
        counts[whose] = {name: getattr(stand[whose], f"rows_{name}") for name in COUNTS}
    placements = {
        whose: _placements(agency, places[whose]) for whose, agency in sorted(ours.items())
    }
    problems = {whose: _problems(stand[whose], places[whose]) for whose in sorted(ours)}
    return {
        "placements": placements,
        "problems": problems,
        "counts": dict(sorted(counts.items())),
        "notes": dict(sorted(notes.items())),
    }


def _placements(agency, places):
    """What stands, by reference, with the place in the file as it was before any shuffling."""
    verdict = [f"verdict__{field}" for field in VERDICT]
    rows = Placement.objects.filter(agency=agency).values("row", "version", *STATED, *verdict)
    return {row["reference"]: {**row, "row": _place(row["row"], places)} for row in rows}


def _problems(record, places):
    found = []
    for problem in record.problems.values("row", *PROBLEM):
        at = _place(problem.pop("row"), places)
        if problem["code"] == "duplicate":
            first_sentence = problem["message"].partition(";")[0]
            rows = map(int, re.findall(r"\d+", first_sentence))
            problem["message"] = sorted(_place(row, places) for row in rows)
        found.append({"row": at, **problem})
    return sorted(found, key=lambda one: (one["row"], one["column"], one["code"], one["value"]))


def _place(row, places):
    """A row of the file, whose header is row 1, as the place that it was drawn in."""
    return places[row - 2]


def digest(value):
    text = json.dumps(value, cls=DjangoJSONEncoder, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def outline(everything):
    """What a person can compare, and one digest over all of it."""
    placements = [row for rows in everything["placements"].values() for row in rows.values()]
    codes = [problem["code"] for found in everything["problems"].values() for problem in found]
    return {
        "counts": everything["counts"],
        "outcomes": dict(Counter(row["verdict__outcome"] for row in placements)),
        "problems": dict(Counter(codes)),
        "digests": {part: digest(value) for part, value in everything.items()},
        "digest": digest(everything),
    }
