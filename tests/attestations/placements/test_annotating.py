"""The person's own file back: marked, mended, sent again, and then nothing changes any more."""

import csv
import zipfile
from datetime import date, datetime, timedelta
from io import BytesIO, StringIO

import pytest
import python_calamine
from django.urls import reverse
from django.utils import timezone

from attestations.placements import annotating, services
from attestations.placements.added_columns import ADDED_COLUMNS, NOTES_SHEET
from attestations.placements.corrections import of_a_row_left_out, of_days, of_every_row
from attestations.placements.files import FileUnreadable
from attestations.placements.models import Placement, PlacementVersion, StagedPlacement
from tests.attestations.placements.marked_files import marked, workbook
from tests.factories import agencies, attestations
from tests.factories import placements as make

pytestmark = pytest.mark.django_db

FAULTY = [
    make.row(reference="A", destination="Irland", employer="=HYPERLINK(1)", remark="keep;this"),
    make.row(reference="B", employer="-Clinic", remark=""),
    make.row(reference="C", destination="Irland", recruited_on="03/04/2024", remark='a "quote"'),
    make.row(reference="D", mode="by boat", employer="St James’s, Dublin", remark="two\nlines"),
]
SAID = [
    of_every_row(column="destination", value="Irland", becomes="Ireland"),
    of_days(column="recruited_on", day_first=True),
    of_every_row(column="mode", value="by boat", becomes="tele"),
]


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


def table(content, delimiter=","):
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def as_workbook(rows):
    columns = list(dict.fromkeys(name for one in rows for name in one))
    return workbook({"Placements": [columns, *[[one.get(c, "") for c in columns] for one in rows]]})


def sheets_of(content):
    """Every sheet of a workbook with its visibility and its values."""
    book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(content))
    return {
        about.name: (
            str(about.visible).rpartition(".")[2],
            book.get_sheet_by_name(about.name).to_python(skip_empty_area=False),
        )
        for about in book.sheets_metadata
    }


def test_a_csv_file_comes_back_with_what_was_found_at_its_right(agency, tmp_path):
    record = make.imported(agency, FAULTY)

    header, *rows = table(marked(record, tmp_path))

    width = len(header) - len(ADDED_COLUMNS)
    assert header[width:] == list(ADDED_COLUMNS)
    assert [dict(zip(header, row, strict=False))["employer"] for row in rows] == [
        "=HYPERLINK(1)", "-Clinic", "", "St James’s, Dublin",
    ]  # fmt: skip
    assert [row[:width] for row in rows] == [
        [str(one.get(name, "")) for name in header[:width]] for one in FAULTY
    ]
    assert rows[0][width + 1 :] == ["Ireland", "2"]
    assert rows[0][width].startswith("destination: “Irland” is not a country name")
    assert rows[1][width:] == []
    assert rows[2][width + 1] == ("destination: Ireland; recruited_on: 2024-03-04 or 2024-04-03")
    assert rows[3][width + 2] == "5"


def test_lines_of_which_nothing_is_said_stay_byte_for_byte(agency, tmp_path):
    right = b'"P-9" ,"PHL",IRL,2221,2221,agency,2024-05-10\n'
    wrong = b"P-8,PHL,IRL,2221,2221,by boat,2024-05-10\r\n"
    header = b"reference,residence,destination,qualified_as,placed_as,mode,recruited_on\r\n"
    sent = header + b"\r\n" + right.replace(b'" ,', b'",') + wrong + b"P-7,PHL,IRL,2221,2221"
    record = make.imported(agency, sent)

    back = marked(record, tmp_path).removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True)

    before = sent.splitlines(keepends=True)
    assert [back[1], back[2], back[4]] == [before[1], before[2], before[4]]
    assert back[0].startswith(before[0].rstrip())
    assert back[0].endswith(b"\r\n")
    assert back[3].startswith(before[3].rstrip())
    assert back[3].endswith(b",4\r\n")


@pytest.mark.parametrize(
    ("form", "encoding", "delimiter"),
    [
        ("csv", "utf-8", ","),
        ("csv", "utf-8-sig", ";"),
        ("csv", "utf-16", "\t"),
        ("csv", "cp1252", ";"),
        ("csv", "utf-8", "|"),
        ("xlsx", "", ""),
    ],
)
def test_mended_and_sent_again_only_what_changed_is_taken(
    agency, tmp_path, form, encoding, delimiter
):
    """The round trip: sent and saved, sent back marked, mended, saved, and sent a third time."""
    sent = (
        as_workbook(FAULTY)
        if form == "xlsx"
        else make.csv_file(FAULTY, encoding=encoding, delimiter=delimiter)
    )
    first = make.applied(agency, sent)
    back = marked(first, tmp_path)
    untouched = make.imported(agency, back)
    mended = mend(back, {"Irland": "Ireland", "03/04/2024": "2024-04-03", "by boat": "tele"}, form)
    second = make.applied(agency, mended)
    third = make.applied(agency, mended)

    counts = [
        (one.rows_new, one.rows_changed, one.rows_unchanged, one.rows_refused)
        for one in (first, untouched, second, third)
    ]
    assert counts == [(1, 0, 0, 3), (0, 0, 1, 3), (3, 0, 1, 0), (0, 0, 4, 0)]
    assert PlacementVersion.objects.count() == 0
    assert dict(Placement.objects.values_list("reference", "employer")) == {
        "A": "=HYPERLINK(1)",
        "B": "-Clinic",
        "C": "",
        "D": "St James’s, Dublin",
    }


def mend(content, instead, form):
    """What a person does in a spreadsheet: other texts in the cells, nothing else."""
    if form == "csv":
        text = content.decode("utf-8-sig")
        for wrong, right in instead.items():
            for delimiter in ",;\t|":
                text = text.replace(
                    f"{delimiter}{wrong}{delimiter}", f"{delimiter}{right}{delimiter}"
                )
        return text.encode("utf-8-sig")
    return workbook(
        {
            name: [[instead.get(value, value) for value in row] for row in rows]
            for name, (_, rows) in sheets_of(content).items()
        }
    )


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_with_corrections_the_file_comes_back_right(
    agency, member, tmp_path, form, django_capture_on_commit_callbacks
):
    record = make.imported(agency, as_workbook(FAULTY) if form == "xlsx" else FAULTY)
    with django_capture_on_commit_callbacks(execute=True):
        corrected = services.correct_import(import_id=record.pk, corrections=SAID, by=member)
    corrected.refresh_from_db()

    again = make.imported(agency, marked(corrected, tmp_path))

    assert (corrected.rows_refused, again.rows_refused, again.rows_new) == (0, 0, 4)
    assert again.problems.count() == 0
    assert staged(again) == staged(corrected)


def staged(record):
    left_aside = ("id", "placement_import_id", "verdict_id", "sheet", "row")
    return [
        {name: value for name, value in one.items() if name not in left_aside}
        for one in StagedPlacement.objects.filter(placement_import=record)
        .order_by("reference")
        .values()
    ]


def test_corrected_cells_say_what_was_sent(
    agency, member, tmp_path, django_capture_on_commit_callbacks
):
    record = make.imported(agency, FAULTY)
    said = [SAID[0], of_a_row_left_out(sheet="", row=3)]
    with django_capture_on_commit_callbacks(execute=True):
        corrected = services.correct_import(import_id=record.pk, corrections=said, by=member)
    corrected.refresh_from_db()

    header, *rows = table(marked(corrected, tmp_path))

    found = [dict(zip(header, row, strict=False)) for row in rows]
    assert (found[0]["destination"], found[0][ADDED_COLUMNS[0]]) == (
        "Ireland",
        "destination: You sent “Irland”. You corrected it to “Ireland”.",
    )
    assert found[1][ADDED_COLUMNS[0]].startswith("You left this row out.")


def test_a_marked_file_that_is_marked_again_has_its_columns_once(agency, tmp_path):
    record = make.imported(agency, FAULTY)

    once = marked(record, tmp_path)
    twice = marked(make.imported(agency, once), tmp_path)

    assert table(twice) == table(once)


def test_what_is_added_is_passed_over_without_a_word(agency, tmp_path):
    record = make.imported(agency, FAULTY)

    again = make.imported(agency, marked(record, tmp_path))

    assert again.notes == record.notes


@pytest.mark.parametrize(
    "line",
    [
        "P-1,PHL,IRL,2221,2221,agency,2024-05-10,one,too many",
        "P-1,PHL,IRL,2221,2221,by boat,2024-05-10,,,",
        "P-1,PHL",
        ",PHL,IRL,2221,2221,agency,2024-05-10",
    ],
)
def test_rows_of_any_length_keep_their_fault_and_no_other(agency, tmp_path, line):
    header = "reference,residence,destination,qualified_as,placed_as,mode,recruited_on\n"
    record = make.imported(agency, f"{header}{line}\n".encode())

    again = make.imported(agency, marked(record, tmp_path))

    assert [list(one.problems.values_list("row", "name", "code")) for one in (record, again)] == [
        list(record.problems.values_list("row", "name", "code"))
    ] * 2


def test_a_workbook_keeps_its_sheets_rows_columns_and_kinds(agency, tmp_path):
    header = [*make.ROW, "shift", "paid", "=note"]
    values = [*make.row(reference="007", mode="by boat").values(), 0.25, True, "=1+1"]
    values[list(make.ROW).index("recruited_on")] = date(2024, 5, 10)
    values[list(make.ROW).index("qualified_as")] = 2221
    sent = workbook(
        {
            "Read me": [["Our own words"], ["<r>no markup</r>", 12.5]],
            "Placements": [[], header, [], values],
            "(Rates)": [["GBP", 1.17], [datetime(2024, 5, 1, 10, 30), "x"]],
        }
    )
    record = make.imported(agency, sent)

    back = sheets_of(marked(record, tmp_path))

    notes = back.pop(NOTES_SHEET)
    before = sheets_of(sent)
    assert list(back) == list(before)
    assert back == before
    assert notes[0] == "Visible"
    assert make.imported(agency, marked(record, tmp_path)).rows_refused == 1


def test_a_workbook_is_marked_in_the_wrong_cell(agency, tmp_path):
    record = make.imported(agency, as_workbook(FAULTY))

    content = marked(record, tmp_path)

    comments = parts(content, "xl/comments1.xml")
    columns = list(FAULTY[0])
    letter = chr(65 + columns.index("destination"))
    assert comments.count("<comment ") == 4
    assert f'ref="{letter}2"' in comments
    assert f'ref="{letter}4"' in comments
    assert "Write: Ireland" in comments
    assert "FFFFC7CE" in parts(content, "xl/styles.xml")


def parts(content, name):
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return archive.read(name).decode()


def page(name, record):
    return reverse(
        f"placements:{name}",
        kwargs={"number": record.agency.register_number, "public_id": record.public_id},
    )


@pytest.mark.parametrize(
    ("name", "called"),
    [("mine.xlsx", "mine - marked.csv"), ("Zahlen März", "Zahlen März - marked.csv")],
)
def test_a_small_file_is_made_in_the_request_and_not_kept(client, agency, member, name, called):
    record = make.imported(agency, FAULTY, name=name)

    answer = client.get(page("marked", record))
    content = b"".join(answer.streaming_content)

    assert annotating.name_of(record) == called
    assert "attachment" in answer["Content-Disposition"]
    assert table(content)[0][-3:] == list(ADDED_COLUMNS)
    assert not annotating.folder().exists()


def test_a_large_file_is_made_by_a_worker_once_it_is_asked_for(
    client, agency, member, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(annotating, "MOST_ROWS_AT_ONCE", 3)
    record = make.imported(agency, FAULTY)
    now = timezone.now()
    seen = [annotating.standing(record, at=now)]
    early = client.get(page("marked", record))

    with django_capture_on_commit_callbacks() as sent:
        client.post(page("make_marked", record))
        client.post(page("make_marked", record))
    seen.append(annotating.standing(record, at=timezone.now()))
    late = timezone.now() + annotating.GIVEN_UP_AFTER
    seen.append(annotating.standing(record, at=late + timedelta(seconds=5)))
    waiting = client.get(page("import_detail", record)).content.decode()
    for act in sent:
        act()
    seen.append(annotating.standing(record, at=now))
    content = b"".join(client.get(page("marked", record)).streaming_content)

    assert (early.status_code, len(sent)) == (302, 1)
    assert seen == ["to ask", "being made", "to ask", "ready"]
    assert "Your file with marks is being made." in waiting
    assert len(table(content)) == 5
    assert annotating.remove_old(at=timezone.now()) == 0
    assert annotating.remove_old(at=timezone.now() + annotating.KEPT_FOR * 2) == 1
    assert annotating.standing(record, at=now) == "to ask"


def test_what_cannot_be_made_says_why(client, agency, member, monkeypatch, settings):
    monkeypatch.setattr(annotating, "MOST_ROWS_AT_ONCE", 3)
    record = make.imported(agency, as_workbook(FAULTY))
    settings.IMPORT_WORKBOOK_CPU_SECONDS = 0

    annotating.make_annotated(import_id=record.pk)

    assert annotating.standing(record, at=timezone.now()) == "refused"
    assert annotating.refusal(record) in client.get(page("import_detail", record)).content.decode()
    with pytest.raises(FileUnreadable):
        annotating.write_annotated(record, annotating.folder() / "made")


def test_a_file_that_was_cancelled_does_not_come_back(client, agency, member):
    record = make.imported(agency, FAULTY)
    services.cancel_import(import_id=record.pk, by=member)

    assert client.get(page("marked", record)).status_code == 404
