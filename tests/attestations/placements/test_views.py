"""The pages: a file sent, looked at, saved; a placement read; a question asked."""

import csv
from io import BytesIO, StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from agencies.lib.safe_cells import is_formula
from attestations.enums import ImportState
from attestations.placements.columns import COLUMNS
from attestations.placements.models import Placement, PlacementImport
from attestations.placements.views import listing
from tests.factories import agencies, attestations
from tests.factories import placements as make

pytestmark = pytest.mark.django_db


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


def page(name, agency, **more):
    return reverse(f"placements:{name}", kwargs={"number": agency.register_number, **more})


def test_a_file_is_sent_looked_at_and_saved(
    client, agency, member, django_capture_on_commit_callbacks
):
    rows = [make.row(reference="A"), make.row(reference="B", residence="Congo")]
    file = SimpleUploadedFile("mine.csv", make.csv_file(rows))
    with django_capture_on_commit_callbacks(execute=True):
        sent = client.post(page("upload", agency), {"file": file})
    record = PlacementImport.objects.get()

    preview = client.get(sent.url).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        saved = client.post(page("apply", agency, public_id=record.public_id), follow=True)

    record.refresh_from_db()
    assert sent.url == page("import_detail", agency, public_id=record.public_id)
    assert "Type COG or COD." in preview
    assert "Save 1 row<" in preview
    assert (record.state, saved.status_code) == (ImportState.APPLIED, 200)
    assert Placement.objects.get().reference == "A"


def test_a_file_that_is_none_is_refused_on_the_form(client, agency, member):
    answer = client.post(
        page("upload", agency), {"file": SimpleUploadedFile("x.csv", b"%PDF-1.7 and so on")}
    )

    assert answer.status_code == 400
    assert "This is a PDF document." in answer.content.decode()
    assert PlacementImport.objects.count() == 0


@pytest.mark.parametrize(
    ("state", "asks_again"),
    [("queued", True), ("running", True), ("failed", False), ("cancelled", False)],
)
def test_the_page_of_an_import_asks_again_while_it_is_worked_on(
    client, agency, member, state, asks_again
):
    record = make.imported(agency, [make.row()])
    PlacementImport.objects.update(state=state, message="Why it failed.", rows_new=None)

    answer = client.get(page("import_detail", agency, public_id=record.public_id))

    assert ('http-equiv="refresh"' in answer.content.decode()) is asks_again


def test_what_is_over_cannot_be_saved_by_its_page(client, agency, member):
    record = make.applied(agency, [make.row()])

    answer = client.post(page("apply", agency, public_id=record.public_id), follow=True)

    assert "is not possible while this is applied" in answer.content.decode()


@pytest.mark.parametrize("rows", [1, 40])
def test_lists_cost_the_same_for_one_row_and_for_many(
    client, agency, member, rows, django_assert_num_queries
):
    make.applied(agency, [make.row(reference=str(at)) for at in range(rows)])

    with django_assert_num_queries(12):
        client.get(page("list", agency))


def test_a_list_goes_on_where_the_page_ended(client, agency, member, monkeypatch):
    monkeypatch.setattr(listing, "PAGE", 2)
    make.applied(agency, [make.row(reference=f"R{at}") for at in range(5)])
    seen = []
    address = page("list", agency)
    while address:
        answer = client.get(address)
        seen += [row["placement"].reference for row in answer.context["rows"]]
        address = answer.context["next_url"]

    assert seen == ["R4", "R3", "R2", "R1", "R0"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"residence": "ghana"}, ["germany", "ghana"]),
        ({"destination": "DEU"}, ["germany"]),
        ({"outcome": "NON_COMPLIANT"}, ["germany", "ghana"]),
        ({"mode": "DIRECT"}, ["direct"]),
        ({"mode": "null"}, ["silent"]),
        ({"recruited_from": "2024-06-01"}, ["germany"]),
        ({"recruited_until": "2024-05-09"}, ["direct"]),
        ({"reference": "gh"}, ["ghana"]),
        ({"residence": "Congo"}, None),
        ({"recruited_from": "yesterday"}, None),
        ({"before": "x"}, ["direct", "germany", "ghana", "silent"]),
        ({"before": "9" * 40}, ["direct", "germany", "ghana", "silent"]),
    ],
)
def test_a_list_is_narrowed(client, agency, member, asked, found):
    make.applied(
        agency,
        [
            make.row(reference="ghana", residence="GHA", training="GHA", source="GHA"),
            make.row(
                reference="germany",
                residence="GHA",
                training="GHA",
                source="GHA",
                destination="DEU",
                recruited_on="2024-06-01",
            ),
            make.row(reference="direct", mode="direct", recruited_on="2024-05-09"),
            make.row(reference="silent", mode=None),
        ],
    )

    answer = client.get(page("list", agency), asked)

    references = sorted(row["placement"].reference for row in answer.context["rows"])
    assert (answer.status_code, references) == ((400, []) if found is None else (200, found))


def test_a_placement_shows_its_findings_its_row_and_what_it_said_before(client, agency, member):
    make.applied(agency, [make.row(reference="A", employer="Old Example Hospital")])
    make.applied(agency, [make.row(reference="A", residence="Ghana", employer="New Example")])
    placement = Placement.objects.get()

    text = client.get(page("detail", agency, pk=placement.pk)).content.decode()

    for expected in (
        "Active recruitment from a country on the Safeguards List",
        "WHO Global Code of Practice, Article 5.1",
        "edition 2023",
        "placements.csv</a>, row 2",
        "Old Example Hospital",
        "which is voluntary",
    ):
        assert expected in text
    assert "illegal" not in text


def test_a_placement_is_withdrawn_with_its_reason(client, agency, member):
    placement = make.placement(agency)
    address = page("withdraw", agency, pk=placement.pk)

    without = client.post(address, {"reason": " \u200b "})
    done = client.post(address, {"reason": "Never came."}, follow=True)

    assert without.status_code == 400
    assert "Never came." in done.content.decode()


def test_the_template_is_what_the_import_reads(client, agency):
    as_csv = client.get(reverse("placements:template_csv"))
    as_xlsx = client.get(reverse("placements:template_xlsx"))

    headers = next(csv.reader(StringIO(as_csv.content.decode("utf-8-sig"))))
    assert headers == [column.name for column in COLUMNS]
    for content in (as_csv.content, as_xlsx.content):
        record = make.imported(agency, content)
        assert (record.state, record.rows_total) == (ImportState.PREVIEW, 0)
        assert record.notes[-1] == "The file has a header and no rows."


def test_problems_are_taken_away_as_a_file_without_formulas(client, agency, member):
    record = make.imported(
        agency,
        [make.row(reference=f"R{at}", residence=text) for at, text in enumerate(FORMULAS)],
    )

    answer = client.get(page("problems", agency, public_id=record.public_id))

    header, *rows = csv.reader(StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert header == ["sheet", "row", "column", "value", "message", "suggestion"]
    assert len(rows) == len(FORMULAS)
    assert [cell for row in rows for cell in row if is_formula(cell)] == []


FORMULAS = ["=1+1", "@SUM(1+9)", '+cmd|" /C calc"!A0', "-2+3", "\t=1", '=HYPERLINK("x")', "＝1"]


def ask(client, **stated):
    return client.get(
        reverse("placements:ask"),
        {"source": "Ghana", "destination": "IRL", "occupation": "2221", "on": "2024-05-10"}
        | stated,
    )


def test_a_question_is_answered_at_an_address_without_an_account(client, reads_only):
    attestations.reference()

    with reads_only():
        text = ask(client, mode="AGENCY").content.decode()

    for expected in (
        "On what you told us (from Ghana to Ireland on 10 May 2024): this recruitment is not in",
        "WHO Global Code of Practice, Article 5.1",
        "The agency&#x27;s licence",
    ):
        assert expected in text


def test_the_same_answer_comes_as_data(client):
    attestations.reference()

    told = ask(client, mode="AGENCY", format="json").json()

    assert (told["status"], told["outcome"], told["edition"]) == (
        "answered",
        "NON_COMPLIANT",
        "2023",
    )


def test_a_question_that_is_not_understood_is_told_field_by_field(client):
    attestations.reference()

    as_page, as_data = ask(client, source="Congo"), ask(client, source="Congo", format="json")

    assert (as_page.status_code, as_data.status_code) == (400, 400)
    assert "Type COG for" in as_page.content.decode()
    assert list(as_data.json()["problems"]) == ["source"]


def test_an_empty_question_is_a_form(client):
    attestations.reference()

    assert client.get(reverse("placements:ask")).status_code == 200
    assert client.get(reverse("placements:ask"), {"format": "json"}).status_code == 400


def test_nothing_found_is_not_shown_as_clear(client):
    attestations.reference()

    text = ask(client, source="PHL", mode="AGENCY").content.decode()

    assert "That is not a clearance: see what was not asked." in text
    assert "govuk-tag--green" not in text


def test_a_large_file_is_not_held_in_memory(client, agency, member):
    """Django hands large files over as files on disk; the store reads them piece by piece."""
    content = make.csv_file([make.row(reference=f"R{at:05}") for at in range(30_000)])
    assert len(content) > 2_621_440

    sent = client.post(page("upload", agency), {"file": BytesIO(content)})

    assert sent.status_code == 302


def test_without_a_list_the_question_page_says_that_it_cannot_answer(client):
    stated = {
        "source": "GHA",
        "destination": "IRL",
        "occupation": "2221",
        "mode": "AGENCY",
        "on": "2024-05-10",
    }

    page = client.get(reverse("placements:ask"), stated)
    told = client.get(reverse("placements:ask"), stated | {"format": "json"})

    assert (page.status_code, told.status_code) == (503, 503)
    assert told.json()["status"] == "cannot_answer"
    assert "No edition of the Safeguards List is loaded" in page.content.decode()
