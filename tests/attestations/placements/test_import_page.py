"""The page of one import, for as long as the register stands: its file, its progress, its rows."""

import pytest
from django.urls import reverse

from attestations.placements.models import Placement, PlacementImport
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


def test_the_original_file_is_given_back_as_it_came(client, agency, member):
    record = make.imported(agency, [make.row()], by=member, name="mine.exe")

    answer = client.get(page("original", agency, public_id=record.public_id))

    assert b"".join(answer.streaming_content) == make.csv_file([make.row()])
    assert answer["Content-Disposition"] == 'attachment; filename="mine.exe.csv"'
    assert answer["Content-Type"] == "text/csv"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_file_that_was_not_kept_is_not_offered_and_not_served(
    client, agency, member, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        record = make.imported(agency, b"Surname,residence\nx,y\n", by=member)

    result = client.get(page("import_detail", agency, public_id=record.public_id))
    answer = client.get(page("original", agency, public_id=record.public_id))

    assert not result.context["file"].is_kept
    assert answer.status_code == 503


@pytest.mark.parametrize(
    ("state", "done", "total", "percentage"),
    [
        ("queued", 0, None, None),
        ("running", 0, 10, None),
        ("running", 1, 3, 33),
        ("running", 9, 8, 100),
    ],
)
def test_progress_is_rows_done_of_those_expected(
    client, agency, member, state, done, total, percentage
):
    record = make.imported(agency, [make.row()], by=member)
    PlacementImport.objects.update(state=state, rows_done=done, rows_total=total, rows_new=None)

    answer = client.get(page("import_detail", agency, public_id=record.public_id))

    assert answer.context["percentage"] == percentage
    assert ("<progress" in answer.content.decode()) is (percentage is not None)


def test_every_placement_leads_to_its_file_and_row(client, agency, member):
    record = make.applied(agency, [make.row()], by=member)

    text = client.get(page("detail", agency, pk=Placement.objects.get().pk)).content.decode()

    assert page("import_detail", agency, public_id=record.public_id) in text
    assert "row 2" in text
