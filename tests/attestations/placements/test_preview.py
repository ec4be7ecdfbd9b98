"""A file before anything of it is saved: its tabs, its pages, each row and what can be done."""

from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from attestations.crosscheck.codes import code_of
from attestations.crosscheck.enums import Outcome
from attestations.placements import preview
from attestations.placements.cells import reader_for
from attestations.placements.columns import BY_NAME
from attestations.placements.corrections import of_a_row_left_out, of_one_row
from attestations.placements.models import Placement, PlacementImport
from attestations.placements.preview import FindingCounted, Place, Tab
from attestations.placements.remedy_forms import OwnApplicationForm
from attestations.placements.rows import vocabulary
from tests.factories import agencies, attestations
from tests.factories import placements as make

pytestmark = pytest.mark.django_db

FROM_GHANA = {"residence": "GHA", "training": "GHA", "source": "GHA"}


@pytest.fixture
def agency():
    attestations.reference()
    return agencies.agency()


@pytest.fixture
def member(agency, client):
    person = agencies.user()
    agencies.agency_membership(person, agency)
    client.force_login(person)
    return person


@pytest.fixture
def record(agency):
    """Row 2 changes a placement, 3 does not, 4 and 5 are new, 6 is refused, 7 and 8 are one."""
    make.applied(agency, [make.row(reference="A"), make.row(reference="B")])
    return make.imported(
        agency,
        [
            make.row(reference="A", employer="New Example Hospital"),
            make.row(reference="B"),
            make.row(reference="C", **FROM_GHANA),
            make.row(reference="D", fees=None),
            make.row(reference="E", residence="Congo"),
            make.row(reference="F"),
            make.row(reference="F", mode="direct"),
        ],
    )


def rows_in(record, tab, **more):
    found = preview.page_of(record, tab, preview.counted(record), **more)
    return [(row.place.row, row.tab.value) for row in found]


def page(name, record, **more):
    return reverse(
        f"placements:{name}",
        kwargs={
            "number": record.agency.register_number,
            "public_id": record.public_id,
            **more,
        },
    )


def test_each_tab_counts_its_rows_and_how_they_would_come_out(record):
    counts = preview.counted(record)

    assert dict(counts.rows) == {
        Tab.ALL: 7,
        Tab.NEW: 2,
        Tab.CHANGED: 1,
        Tab.UNCHANGED: 1,
        Tab.REFUSED: 3,
    }
    assert counts.outcomes_of(Tab.NEW) == [(Outcome.NON_COMPLIANT, 1), (Outcome.INCOMPLETE, 1)]
    assert counts.outcomes_of(Tab.CHANGED) == [(Outcome.INCOMPLETE, 1)]
    assert counts.outcomes_of(Tab.REFUSED) == []
    assert counts.findings_of(Tab.NEW) == [
        (FindingCounted("SSL-ACTIVE", "critical", "open"), 1),
        (FindingCounted("DATA-MISSING:lic", "minor", "open"), 2),
        (FindingCounted("FEE-UNKNOWN", "minor", "open"), 1),
    ]


def test_each_tab_shows_its_rows_in_the_order_of_the_file(record):
    shown = {tab.value: rows_in(record, tab) for tab in Tab}

    assert shown == {
        "all": [
            (2, "changed"),
            (3, "unchanged"),
            (4, "new"),
            (5, "new"),
            (6, "refused"),
            (7, "refused"),
            (8, "refused"),
        ],
        "new": [(4, "new"), (5, "new")],
        "changed": [(2, "changed")],
        "unchanged": [(3, "unchanged")],
        "refused": [(6, "refused"), (7, "refused"), (8, "refused")],
    }


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ({"outcome": "NON_COMPLIANT"}, [4]),
        ({"code": "FEE-UNKNOWN"}, [5]),
        ({"outcome": "NON_COMPLIANT", "code": "FEE-UNKNOWN"}, []),
        ({"code": "DATA-MISSING:lic", "after": Place("", 3)}, [4, 5]),
    ],
)
def test_a_tab_is_narrowed_by_outcome_and_by_finding(record, narrowed, found):
    assert [row for row, _ in rows_in(record, Tab.ALL, **narrowed)] == found


def test_pages_show_every_row_once_and_end(agency, monkeypatch):
    monkeypatch.setattr(preview, "PAGE", 2)
    rows = [
        make.row(reference=f"R{at}", residence="Congo" if at % 3 == 1 else "PHL") for at in range(7)
    ]
    record = make.imported(agency, rows)
    seen, after = [], preview.BEGINNING
    while True:
        found = rows_in(record, Tab.ALL, after=after)
        seen += [row for row, _ in found[:2]]
        if len(found) <= 2:
            break
        after = Place("", seen[-1])

    assert seen == [2, 3, 4, 5, 6, 7, 8]


def test_what_was_counted_holds_until_something_happens_at_the_agency(record, agency):
    before = preview.counted(record).rows[Tab.CHANGED]

    make.applied(agency, [make.row(reference="B", employer="Another Example")])

    assert (before, preview.counted(record).rows[Tab.CHANGED]) == (1, 2)


@pytest.mark.slow
@pytest.mark.parametrize("tab", list(Tab))
def test_a_page_costs_the_same_for_one_row_and_for_many(client, member, tab):
    costs = []
    for rows in (1, 60):
        agency = agencies.agency()
        agencies.agency_membership(member, agency)
        known = [make.row(reference=f"{kind}{at}") for at in range(rows) for kind in "AB"]
        make.applied(agency, known)
        record = make.imported(agency, [one for at in range(rows) for one in one_for_each_tab(at)])
        with CaptureQueriesContext(connection) as queries:
            client.get(page("import_detail", record), {"tab": tab})
        costs.append(len(queries))

    assert costs[0] == costs[1]


def one_for_each_tab(at):
    day = f"2024-{at % 12 + 1:02}-01"
    return [
        make.row(reference=f"A{at}", employer="Changed Example"),
        make.row(reference=f"B{at}"),
        make.row(reference=f"C{at}", recruited_on=day, fees=("none", None)[at % 2], **FROM_GHANA),
        make.row(reference=f"D{at}", residence="Congo"),
    ]


def test_a_page_says_each_row_in_one_line(client, member, record, reads_only):
    with reads_only():
        answer = client.get(page("import_detail", record))
        none = client.get(page("import_detail", record), {"tab": "refused", "row": "9"})

    text = answer.content.decode()
    lines = [
        (row["place"].row, row["standing"], row["changed"], row["gravest"], row["other_findings"])
        for row in answer.context["preview_rows"]
        if not row["problems"]
    ]
    missing = "An answer is missing"
    assert lines == [
        (2, "Changed", [BY_NAME["employer"].words], missing, 0),
        (3, "Unchanged", [], missing, 0),
        (4, "New", [], code_of("SSL-ACTIVE").title, 1),
        (5, "New", [], missing, 1),
    ]
    for expected in ("All (7)", "Refused (3)", "<strong>residence</strong> “Congo”: "):
        assert expected in text
    assert "No row was refused." in none.content.decode()
    assert "illegal" not in text


def test_what_to_mend_stands_before_the_rows(client, member, record):
    text = client.get(page("import_detail", record)).content.decode()

    assert (
        text.index("What to mend in the file")
        < text.index("Download your file with marks")
        < text.index('id="rows"')
    )


def test_the_page_of_a_row_says_why_and_what_changes(client, member, record):
    new = client.get(page("import_row", record, row=4)).content.decode()
    changed = client.get(page("import_row", record, row=2)).content.decode()

    for expected in (
        "Ghana was on the Safeguards List, edition 2023, in force on 10 May 2024",
        "which is voluntary",
        "WHO Global Code of Practice, Article 5.1",
    ):
        assert expected in new
    assert "<del>not answered</del>" in changed
    assert "<strong>New Example Hospital</strong>" in changed


@pytest.mark.parametrize(
    "asked",
    [
        {"tab": "x"},
        {"outcome": "x", "finding": "x"},
        {"row": "9" * 30},
        {"row": "²"},
        {"sheet": "\x00", "row": "1"},
    ],
)
def test_what_is_asked_in_vain_shows_the_whole_file(client, member, record, asked):
    answer = client.get(page("import_detail", record), asked)

    assert (answer.status_code, len(answer.context["preview_rows"])) == (200, 7)


def test_rows_that_are_not_saved_are_seen_by_the_agency_alone(client, agency, record):
    officer = agencies.user()
    agencies.regulator_membership(officer, agency.regulator)
    client.force_login(officer)

    answer = client.get(page("import_detail", record))

    assert (answer.status_code, answer.context["preview_rows"]) == (200, [])
    assert "New Example Hospital" not in answer.content.decode()
    assert client.get(page("import_row", record, row=4)).status_code == 403


def test_a_row_is_told_as_data_too(client, member, record):
    told = client.get(page("import_row", record, row=4), {"format": "json"}).json()

    assert (told["reference"], told["standing"], told["outcome"], told["edition"]) == (
        "C",
        "new",
        "NON_COMPLIANT",
        "2023",
    )
    assert told["file_digest"] == record.file_digest
    assert told["stated"]["residence"] == {"value": "GHA", "in_words": "Ghana (GHA)"}
    assert [found["code"] for found in told["findings"]] == ["SSL-ACTIVE", "DATA-MISSING:lic"]


@pytest.mark.parametrize("row", [1, 6, 99, 2**31, 10**30])
def test_a_row_that_was_not_taken_has_no_page(client, member, record, row):
    assert client.get(page("import_row", record, row=row)).status_code == 404


@pytest.mark.parametrize(
    ("stated", "corrections"),
    [
        (
            {"remedy": "cite_agreement", "cite_agreement-agreement": "GHA-IRL"},
            [of_one_row(sheet="", row=2, column="agreement", becomes="GHA-IRL")],
        ),
        (
            {
                "remedy": "state_own_application",
                "state_own_application-mode": "DIRECT",
                "state_own_application-evidence_reference": "Vacancy 12, applied 2024-05-02",
            },
            [
                of_one_row(sheet="", row=2, column=column, becomes=text)
                for column, text in (
                    ("mode", "direct"),
                    ("independent_application", "yes"),
                    ("evidence_reference", "Vacancy 12, applied 2024-05-02"),
                )
            ],
        ),
        ({"remedy": "leave_out"}, [of_a_row_left_out(sheet="", row=2)]),
    ],
)
def test_what_is_stated_of_a_row_goes_into_another_reading_once(
    client, agency, member, stated, corrections
):
    attestations.agreement("GHA-IRL", source="GHA", destination="IRL")
    record = make.imported(agency, [make.row(**FROM_GHANA)])

    shown = client.get(page("import_row", record, row=2)).content.decode()
    sent = client.post(page("import_row", record, row=2), stated)
    twice = client.post(page("import_row", record, row=2), stated)

    again = PlacementImport.objects.get(follows=record)
    assert "would cover this row" in shown
    assert (sent.url, twice.url) == (page("import_detail", again),) * 2
    assert again.corrections == corrections


def test_what_is_stated_is_written_as_a_file_would_say_it():
    """Each text that a form puts into a cell is one that the reader of its column takes."""
    form = OwnApplicationForm(
        {
            "state_own_application-mode": "FACILITATED",
            "state_own_application-evidence_reference": "Vacancy 12",
        }
    )
    words = vocabulary(date(2026, 1, 1))

    assert form.is_valid()
    read = {name: reader_for(BY_NAME[name], words)(text) for name, text in form.stated().items()}
    assert read == {
        "mode": "FACILITATED",
        "independent_application": True,
        "evidence_reference": "Vacancy 12",
    }


@pytest.mark.parametrize(
    "stated",
    [
        {"remedy": "cite_agreement", "cite_agreement-agreement": " \u200b "},
        {"remedy": "state_own_application", "state_own_application-mode": "DIRECT"},
        {
            "remedy": "state_own_application",
            "state_own_application-mode": "AGENCY",
            "state_own_application-evidence_reference": "x",
        },
        {"remedy": "x"},
        {},
    ],
)
def test_what_is_not_said_in_full_corrects_nothing(client, agency, member, stated):
    record = make.imported(agency, [make.row(**FROM_GHANA)])

    answer = client.post(page("import_row", record, row=2), stated)

    assert (answer.status_code, PlacementImport.objects.count()) == (400, 1)


def test_a_row_with_nothing_to_answer_can_only_be_left_out(client, agency, member):
    agencies.authorization(agency)
    record = make.imported(agency, [make.row()])

    answer = client.get(page("import_row", record, row=2))

    assert list(answer.context["forms"]) == ["leave_out"]


def test_nothing_of_a_preview_is_a_placement(client, member, record):
    cache.clear()
    before = Placement.objects.count()

    client.get(page("import_detail", record))

    assert Placement.objects.count() == before
