"""A file on its way back, read again as it is: nothing was lost in it and nothing added."""

import random
from datetime import date

import pytest

from attestations.placements.models import StagedPlacement
from tests.attestations.placements.marked_files import marked, workbook
from tests.factories import agencies, attestations
from tests.factories import placements as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    attestations.reference()
    return agencies.agency()


NASTY = [
    *(
        "=1+1",
        "-x",
        "@y",
        "+z",
        " lead",
        "trail ",
        "a\nb",
        'quo"te',
        "semi;colon",
        "com,ma",
        "x\ty",
    ),
    *("bar|", "007", "1e5", "é", "\u00a0nb", "<r>x</r>", "_x0041_", "’", "'apos", "TRUE", "None"),
    *("#N/A", "2024-05-10", "x" * 300, "e\u0301", "☃", "\u200b", "", "", "", ""),
]
WRONG = {
    "destination": ["Irland", "Congo", "x" * 500],
    "recruited_on": ["03/04/2024", "2024-02-31", "soon", "1 May 24"],
    "mode": ["by boat", "="],
    "qualified_as": ["nurs", "22"],
    "reference": ["", "twice"],
    "months_resident": ["many", "-1"],
}


def some_rows(chance):
    """Rows of which most are right, with cells that spreadsheets and CSV readers stumble over."""
    rows = []
    for at in range(chance.randrange(1, 12)):
        one = make.row(
            reference=f"R-{at}",
            months_resident=str(chance.randrange(90)),
            employer=chance.choice(NASTY),
            own_words=chance.choice(NASTY),
            fees=chance.choice(["none", "visa 120; medical 80", "visa 1200.50", ""]),
        )
        for name, wrong in WRONG.items():
            if chance.random() < 0.12:
                one[name] = chance.choice(wrong)
        rows.append(one)
        if chance.random() < 0.1:
            rows.append(dict.fromkeys(one, ""))
    columns = list(rows[0])
    chance.shuffle(columns)
    return [{name: one[name] for name in columns} for one in rows]


def typed(rows, chance):
    """The same as a workbook in which some days and numbers are such, below a row of nothing."""
    columns = list(rows[0])
    return workbook(
        {
            "(Kept)": [["x", 1.5]],
            "Table": [
                *[[]] * chance.randrange(2),
                columns,
                *[[_typed(name, one[name], chance) for name in columns] for one in rows],
            ],
        }
    )


def _typed(name, text, chance):
    if chance.random() < 0.5:
        if name == "started_on":
            return date.fromisoformat(text) if text else ""
        if text.isdigit() and not text.startswith("0"):
            return int(text)
    return text


def read(record):
    """All that came of a file, but for when and as which import."""
    problems = record.problems.order_by("row", "pk")
    rows = StagedPlacement.objects.filter(placement_import=record).order_by("row")
    left_aside = ("id", "placement_import_id")
    return (
        [{k: v for k, v in one.items() if k not in left_aside} for one in rows.values()],
        [{k: v for k, v in one.items() if k not in left_aside} for one in problems.values()],
        (record.state, record.rows_new, record.rows_refused, record.rows_duplicate),
    )


@pytest.mark.slow
@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("seed", range(5))
def test_a_file_on_its_way_back_says_the_same(agency, tmp_path, form, seed):
    """Read again, unmended, it gives the same rows, the same verdicts and the same problems."""
    chance = random.Random(seed)
    for _ in range(10):
        rows = some_rows(chance)
        encoding, delimiter = (
            chance.choice(["utf-8", "utf-8-sig", "utf-16"]),
            chance.choice(",;\t|"),
        )
        sent = (
            typed(rows, chance)
            if form == "xlsx"
            else make.csv_file(rows, encoding=encoding, delimiter=delimiter)
        )
        record = make.imported(agency, sent)

        again = make.imported(agency, marked(record, tmp_path))

        assert read(again) == read(record)
