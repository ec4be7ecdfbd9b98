"""A file read again with corrections: the groups on its page, each with one click."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.lib.transitions import IllegalTransition
from agencies.models import JournalEntry
from attestations.enums import ImportState
from attestations.placements import corrections, groups, services
from attestations.placements.corrections import CorrectionsRefused, of_days, of_every_row
from attestations.placements.models import ImportProblem, PlacementImport, StagedPlacement
from tests.factories import agencies, attestations
from tests.factories import placements as make

pytestmark = pytest.mark.django_db

IRELAND = of_every_row(column="destination", value="Irland", becomes="Ireland")


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
def faulty(agency):
    """Three rows, of which two say what is no country."""
    return make.imported(
        agency,
        [
            make.row(reference="A", destination="Irland"),
            make.row(reference="B", destination=" Irland"),
            make.row(reference="C"),
        ],
    )


def test_a_corrected_file_is_read_again_as_another_import(
    faulty, member, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        follower = services.correct_import(import_id=faulty.pk, corrections=[IRELAND], by=member)

    faulty.refresh_from_db()
    follower.refresh_from_db()
    assert (faulty.state, faulty.message) == (ImportState.CANCELLED, services.READ_AGAIN)
    assert (follower.state, follower.rows_new, follower.rows_refused) == (
        ImportState.PREVIEW,
        3,
        0,
    )
    assert (follower.follows, follower.file_digest, follower.original_name) == (
        faulty,
        faulty.file_digest,
        "placements.csv",
    )
    assert follower.corrections == [IRELAND]
    assert set(StagedPlacement.objects.values_list("placement_import", flat=True)) == {follower.pk}
    assert ImportProblem.objects.count() == 0


def test_the_journal_tells_columns_and_counts_and_no_text(faulty, member):
    follower = services.correct_import(
        import_id=faulty.pk,
        corrections=[IRELAND, {"sheet": "", "row": 3, "left_out": True}],
        by=member,
    )

    entry = JournalEntry.objects.get(verb="import.corrected")
    assert entry.subject == f"attestations.placementimport:{follower.pk}"
    assert entry.data == {
        "follows": faulty.pk,
        "file": faulty.file_digest,
        "columns": {"destination": 1},
        "rows_left_out": 1,
    }


def test_a_second_click_leads_to_the_reading_that_is_there(faulty, member):
    first = services.correct_import(import_id=faulty.pk, corrections=[IRELAND], by=member)
    second = services.correct_import(import_id=faulty.pk, corrections=[IRELAND], by=member)

    assert first == second
    assert PlacementImport.objects.count() == 2


def test_a_later_correction_of_the_same_cells_takes_the_place_of_the_earlier(
    faulty, member, django_capture_on_commit_callbacks
):
    days = of_days(column="recruited_on", day_first=True)
    record = faulty
    for one in (IRELAND, days, IRELAND | {"becomes": "France"}):
        with django_capture_on_commit_callbacks(execute=True):
            record = services.correct_import(import_id=record.pk, corrections=[one], by=member)
        record.refresh_from_db()

    assert record.corrections == [days, IRELAND | {"becomes": "France"}]


def test_a_correction_is_taken_back(faulty, member, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        corrected = services.correct_import(import_id=faulty.pk, corrections=[IRELAND], by=member)
    with django_capture_on_commit_callbacks(execute=True):
        back = services.take_back_corrections(
            import_id=corrected.pk, corrections=[IRELAND], by=member
        )
    again = services.take_back_corrections(import_id=corrected.pk, corrections=[IRELAND], by=member)

    back.refresh_from_db()
    assert (back.corrections, back.rows_refused, again) == ([], 2, back)


def test_what_is_saved_or_being_saved_is_not_corrected(agency, faulty, member):
    saved = make.applied(agency, [make.row(reference="D")])
    services.ask_to_apply(import_id=faulty.pk, by=member)

    for record in (saved, faulty):
        with pytest.raises(IllegalTransition):
            services.correct_import(import_id=record.pk, corrections=[IRELAND], by=member)


def test_what_is_no_correction_changes_nothing(faulty, member):
    with pytest.raises(CorrectionsRefused):
        services.correct_import(
            import_id=faulty.pk, corrections=[IRELAND | {"column": "name"}], by=member
        )

    assert PlacementImport.objects.get().state == ImportState.PREVIEW


def test_strangers_correct_nothing(agency, faulty):
    officer = agencies.user()
    agencies.regulator_membership(officer, agency.regulator)

    for person in (agencies.user(), officer):
        with pytest.raises(PermissionDenied):
            services.correct_import(import_id=faulty.pk, corrections=[IRELAND], by=person)
        with pytest.raises(PermissionDenied):
            services.take_back_corrections(import_id=faulty.pk, corrections=[IRELAND], by=person)


def page(name, record):
    return reverse(
        f"placements:{name}",
        kwargs={"number": record.agency.register_number, "public_id": record.public_id},
    )


def newest():
    return PlacementImport.objects.order_by("-pk").first()


def clicked(client, record, name, data, capture):
    with capture(execute=True):
        answer = client.post(page(name, record), data, follow=True)
    return answer, newest()


def test_groups_come_with_the_most_rows_first_and_with_what_could_stand_there(
    client, agency, member
):
    record = make.imported(
        agency,
        [
            make.row(reference="A", mode="by boat"),
            make.row(reference="B", destination="Irland"),
            make.row(reference="C", destination="Irland "),
            make.row(reference="D", placed_as="doctor", lower_post_disclosed="perhaps"),
        ],
    )

    told = [
        (group.rows, group.column, group.value, [offer.words for offer in group.offers][:2])
        for group in groups.groups_of(record)
    ]

    assert told == [
        (2, "destination", "Irland", ["Ireland"]),
        (1, "mode", "by boat", []),
        (
            1,
            "placed_as",
            "doctor",
            [
                "2211 (Generalist medical practitioners)",
                "2212 (Specialist medical practitioners)",
            ],
        ),
        (1, "lower_post_disclosed", "perhaps", ["yes", "no"]),
    ]


def test_one_click_mends_a_whole_group(client, faulty, member, django_capture_on_commit_callbacks):
    before = client.get(page("import_detail", faulty)).content.decode()

    answer, follower = clicked(
        client,
        faulty,
        "write_instead",
        {"column": "destination", "value": "Irland", "becomes": "Ireland"},
        django_capture_on_commit_callbacks,
    )
    after = client.get(page("import_detail", follower)).content.decode()
    earlier = client.get(page("import_detail", faulty)).content.decode()

    assert "2 rows: destination says “Irland”" in before
    assert "Read it as Ireland" in before
    assert answer.redirect_chain == [(page("import_detail", follower), 302)]
    assert (follower.rows_new, follower.rows_refused) == (3, 0)
    assert "“Irland” is read as “Ireland”" in after
    assert page("import_detail", faulty) in after
    assert page("import_detail", follower) in earlier


@pytest.mark.parametrize(("day_first", "day"), [("yes", "2024-04-03"), ("no", "2024-03-04")])
def test_the_days_of_a_column_are_read_in_one_order(
    client, agency, member, day_first, day, django_capture_on_commit_callbacks
):
    record = make.imported(
        agency,
        [
            make.row(reference="A", recruited_on="03/04/2024"),
            make.row(reference="B", recruited_on="04/04/24"),
            make.row(reference="C", recruited_on="13/04/2024"),
            make.row(reference="D"),
        ],
    )
    offered = [
        (order.column, order.day_first, order.rows, order.text, order.day.isoformat())
        for order in groups.day_orders(record, today=date(2026, 1, 1))
    ]

    _, follower = clicked(
        client,
        record,
        "order_days",
        {"column": "recruited_on", "day_first": day_first},
        django_capture_on_commit_callbacks,
    )

    assert offered == [
        ("recruited_on", True, 3, "03/04/2024", "2024-04-03"),
        ("recruited_on", False, 2, "03/04/2024", "2024-03-04"),
    ]
    read = StagedPlacement.objects.get(placement_import=follower, reference="A")
    assert read.recruited_on.isoformat() == day


def test_rows_of_a_group_are_left_out(client, faulty, member):
    group = groups.groups_of(faulty)[0]

    client.post(page("leave_out", faulty), {"problem": group.first})

    assert newest().corrections == [
        {"sheet": "", "row": 2, "left_out": True},
        {"sheet": "", "row": 3, "left_out": True},
    ]


def test_more_rows_than_can_be_kept_are_not_left_out(client, agency, member, monkeypatch):
    monkeypatch.setattr(corrections, "MOST_CORRECTIONS", 1)
    record = make.imported(
        agency, [make.row(reference=str(at), destination="Irland") for at in range(3)]
    )

    answer = client.post(
        page("leave_out", record), {"problem": groups.groups_of(record)[0].first}, follow=True
    )

    assert "Mend the file itself and send it again." in answer.content.decode()
    assert newest() == record


def test_corrections_are_taken_back_one_by_one(
    client, faulty, member, django_capture_on_commit_callbacks
):
    said = [IRELAND, of_days(column="recruited_on", day_first=True)]
    with django_capture_on_commit_callbacks(execute=True):
        record = services.correct_import(import_id=faulty.pk, corrections=said, by=member)
    record.refresh_from_db()

    _, back = clicked(
        client, record, "take_back", {"positions": "0"}, django_capture_on_commit_callbacks
    )
    refused = client.post(page("take_back", back), {"positions": "7"}, follow=True)

    assert (back.corrections, back.rows_refused) == (said[1:], 2)
    assert "There is no such correction." in refused.content.decode()


def test_what_is_in_force_is_told_with_rows_left_out_together(agency):
    record = make.imported(agency, [make.row()])
    record.corrections = [
        {"sheet": "Q1", "row": 9, "left_out": True},
        IRELAND,
        {"sheet": "Q1", "row": 4, "left_out": True},
        {"sheet": "Q1", "row": 5, "column": "mode", "becomes": "tele"},
    ]

    assert list(groups.in_force(record)) == [
        groups.InForce("1", column="destination", value="Irland", becomes="Ireland"),
        groups.InForce("3", column="mode", becomes="tele", sheet="Q1", row=5),
        groups.InForce("2,0", sheet="Q1", rows="4, 9", rows_left_out=2),
    ]


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("write_instead", {"column": "mode", "value": "x", "becomes": " "}, "Say what to write"),
        ("write_instead", {"column": "name", "value": "x", "becomes": "y"}, "Select a valid"),
        ("order_days", {"column": "mode", "day_first": "yes"}, "Select a valid"),
        ("leave_out", {"problem": "999999999"}, "not among the problems any more"),
        ("take_back", {"positions": "0,x"}, "Enter a valid value"),
    ],
)
def test_what_no_page_of_ours_asks_is_refused_in_words(client, faulty, member, name, data, told):
    answer = client.post(page(name, faulty), data, follow=True)

    assert told in answer.content.decode()
    assert newest() == faulty


def test_a_late_click_is_told_that_the_file_was_read_again(client, faulty, member):
    services.correct_import(import_id=faulty.pk, corrections=[IRELAND], by=member)

    answer = client.post(
        page("write_instead", faulty),
        {"column": "mode", "value": "x", "becomes": "agency"},
        follow=True,
    )

    assert answer.redirect_chain == [(page("import_detail", newest()), 302)]
    assert "this is that reading" in answer.content.decode()


@pytest.mark.parametrize(
    ("row", "written", "left_out"),
    [
        ({"destination": "x" * 299}, True, True),
        ({"destination": "y" * 400}, False, True),
        ({"destination": "Ir\u00a0land"}, False, True),
        ({"reference": ""}, False, True),
        ({"destination": "England", "destination_part": "Wales"}, False, True),
    ],
)
def test_only_what_is_known_whole_and_stands_alone_is_written_otherwise(
    agency, row, written, left_out
):
    record = make.imported(agency, [make.row(**row)])

    found = [(group.can_be_written, group.can_be_left_out) for group in groups.groups_of(record)]

    assert found == [(written, left_out)]


def test_the_page_costs_the_same_for_one_group_and_for_many(client, agency, member):
    asked = []
    for faults in (1, 30):
        rows = [make.row(reference=str(at), mode=f"by boat {at}") for at in range(faults)]
        rows.append(make.row(reference="day", recruited_on="03/04/2024"))
        record = make.imported(agency, rows)
        with CaptureQueriesContext(connection) as queries:
            client.get(page("import_detail", record))
        asked.append(len(queries))

    assert asked[0] == asked[1]


def test_more_groups_than_are_shown_are_said_to_be_more(client, agency, member, monkeypatch):
    monkeypatch.setattr(groups, "GROUPS_SHOWN", 2)
    record = make.imported(
        agency, [make.row(reference=str(at), mode=f"by boat {at}") for at in range(3)]
    )

    answer = client.get(page("import_detail", record))

    assert len(answer.context["groups"]) == 2
    assert "These are the 2 problems that stand in most rows." in answer.content.decode()
