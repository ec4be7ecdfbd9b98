"""Other people's hostile texts through every column of a file, every export and every page."""

import csv
import json
from io import StringIO
from pathlib import Path

import pytest
from django.urls import reverse

from agencies.lib.safe_cells import is_formula
from attestations.enums import ImportState
from attestations.placements.columns import COLUMNS
from attestations.placements.downloads import problems_csv
from attestations.placements.models import ImportProblem, Placement
from tests.factories import agencies, attestations
from tests.factories import placements as make

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

VECTORS = Path(__file__).parents[2] / "vectors"
NAUGHTY = [text for text in json.loads((VECTORS / "blns.json").read_text()) if text]
FORMULAS = (VECTORS / "csv_injection_payloads.txt").read_text().splitlines()
OWN = ["\x00", "a\x00b", "\u202etxt.exe", "<script>alert(1)</script>", "{{ 7*7 }}", "￾", "\ufeffx"]
HOSTILE = [*NAUGHTY, *FORMULAS, *OWN]
# to look an unknown name up costs what resembles it; the others stand for what is left out
SEARCHED = {"residence", "training", "source", "nationality", "destination"}
SEARCHED |= {"qualified_as", "placed_as", "other_occupations"}


@pytest.fixture
def agency():
    attestations.reference()
    return agencies.agency()


@pytest.fixture
def member(agency, client):
    person = agencies.user()
    agencies.agency_membership(person, agency)
    client.force_login(person)


def encoded(rows):
    """As a file would carry them: half a character cannot be written in UTF-8 at all."""
    text = StringIO(newline="")
    writer = csv.DictWriter(text, [column.name for column in COLUMNS])
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8", "replace")


@pytest.mark.parametrize("column", [column.name for column in COLUMNS])
def test_every_text_in_every_column_is_taken_or_refused_in_words(agency, column):
    texts = HOSTILE[::5] + FORMULAS + OWN if column in SEARCHED else HOSTILE
    rows = [{**make.row(reference=f"R{at}"), column: text} for at, text in enumerate(texts)]

    record = make.applied(agency, encoded(rows))

    assert record.state == ImportState.APPLIED
    assert record.rows_total == len(texts)
    told = [
        cell
        for row in csv.reader(StringIO(problems_csv(record).decode("utf-8-sig")))
        for cell in row
    ]
    assert [cell for row in csv.reader(told) for cell in row if is_formula(cell)] == []


def test_hostile_headers_and_names_are_left_aside_and_shown_as_text(client, agency, member):
    headers = [text for text in HOSTILE if "," not in text][:200]
    rows = [{**make.row(), **dict.fromkeys(headers, "x")}]
    columns = [*make.row(), *headers]
    text = StringIO(newline="")
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(rows)

    record = make.imported(
        agency, text.getvalue().encode("utf-8", "replace"), name="<script>alert(1)</script>.csv"
    )
    answer = client.get(
        reverse("placements:import_detail", args=(agency.register_number, record.public_id))
    )

    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_hostile_texts_are_shown_as_text(client, agency, member):
    make.applied(
        agency,
        encoded(
            {**make.row(reference=f"R{at}"), "employer": text, "evidence_reference": text}
            for at, text in enumerate(HOSTILE)
        ),
    )
    shown = [
        client.get(reverse("placements:detail", args=(agency.register_number, pk)))
        for pk in Placement.objects.values_list("pk", flat=True)[:60]
    ]
    shown.append(client.get(reverse("placements:list", args=(agency.register_number,))))

    assert {answer.status_code for answer in shown} == {200}
    assert [answer for answer in shown if "<script>alert" in answer.content.decode()] == []


@pytest.mark.parametrize("field", ["source", "occupation", "on", "mode", "agreement", "months"])
def test_hostile_questions_are_refused_or_answered(client, field):
    attestations.reference()
    asked = {"source": "Ghana", "destination": "IRL", "occupation": "2221", "on": "2024-05-10"}

    answers = [
        client.get(reverse("placements:ask"), {**asked, field: text}) for text in HOSTILE[::8]
    ]

    assert {answer.status_code for answer in answers} <= {200, 400}
    assert [answer for answer in answers if "<script>alert" in answer.content.decode()] == []


def test_no_problem_holds_what_no_database_keeps(agency):
    make.imported(
        agency,
        encoded({**make.row(reference=f"R{at}"), "mode": text} for at, text in enumerate(HOSTILE)),
    )

    assert ImportProblem.objects.count() > 100
    assert not ImportProblem.objects.filter(value__contains="\u202e").exists()
