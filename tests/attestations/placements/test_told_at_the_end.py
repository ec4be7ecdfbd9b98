"""One e-mail at each end of a file, to who sent it, with counts and a link and nothing of a row."""

from io import BytesIO

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from agencies.models import Delivery, JournalEntry
from agencies.services.outbox import message_of
from attestations.enums import ImportState
from attestations.placements import services
from attestations.placements.applying import apply_import
from attestations.placements.models import PlacementImport
from attestations.placements.reading import LEASES, read_import
from attestations.placements.telling import tell_read
from tests.factories import agencies, attestations
from tests.factories import placements as make

pytestmark = pytest.mark.django_db

ROWS = [make.row(reference="Canary-1"), make.row(reference="Canary-2", mode="by boat")]


@pytest.fixture
def agency():
    attestations.reference()
    return agencies.agency()


@pytest.fixture
def member(agency):
    person = agencies.user()
    agencies.agency_membership(person, agency)
    return person


def told():
    """Who was written to, and with which template, oldest first."""
    sent = Delivery.objects.filter(template__startswith="email/placements").order_by("pk")
    return [(delivery.recipient, delivery.template.removeprefix("email/")) for delivery in sent]


def test_the_sender_is_told_once_of_each_end(agency, member):
    record = make.imported(agency, ROWS, by=member)
    read_import(import_id=record.pk)
    services.ask_to_apply(import_id=record.pk, by=member)
    applied = [apply_import(import_id=record.pk), apply_import(import_id=record.pk)]

    record.refresh_from_db()
    assert applied == [True, False]
    assert told() == [(member, "placements_read"), (member, "placements_saved")]
    assert record.told_at is not None


def test_a_message_holds_counts_and_a_link_and_nothing_of_the_file(agency, member, settings):
    record = make.imported(agency, ROWS, by=member, name="Canary-3.csv")
    services.ask_to_apply(import_id=record.pk, by=member)
    apply_import(import_id=record.pk)
    failed = make.imported(agency, b"Canary-4,Canary-5\nCanary-6,x\n", by=member)
    personal = make.imported(agency, b"Surname,residence\nCanary-7,x\n", by=member)

    messages = [
        message_of(delivery)
        for delivery in Delivery.objects.filter(template__startswith="email/p").order_by("pk")
    ]

    assert [message.subject for message in messages] == [
        "Your file of placements has been read: nothing is saved yet",
        "Your file of placements has been saved",
        "Your file of placements: tell us what its columns are",
        "Your file of placements could not be read",
    ]
    for message, one in zip(messages, (record, record, failed, personal), strict=True):
        address = reverse("placements:import_detail", args=(agency.register_number, one.public_id))
        assert f"\n{settings.CANONICAL_ORIGIN}{address}\n" in message.body
        assert message.to == [member.email]
        assert "Canary" not in message.subject + message.body
        assert "None" not in message.body
    assert (
        "Rows in the file: 2\nNew: 1\nChanged: 0\nUnchanged: 0\nNot taken: 1\n" in messages[0].body
    )
    assert "Rows saved: 1\n" in messages[1].body


def test_what_becomes_of_a_file_is_in_the_journal_without_its_words(agency, member):
    record = make.imported(agency, ROWS, by=member)
    failed = make.imported(agency, b"Canary,residence\nx,y\n", by=member)

    entries = JournalEntry.objects.filter(verb__in=("import.read", "import.failed"))

    assert [(entry.verb, entry.subject, entry.data) for entry in entries.order_by("position")] == [
        ("import.read", f"attestations.placementimport:{record.pk}", {"rows": 2}),
        ("import.failed", f"attestations.placementimport:{failed.pk}", {"rows": None}),
    ]


def test_whoever_asks_to_save_is_told_beside_the_sender(agency, member):
    colleague = agencies.user()
    agencies.agency_membership(colleague, agency)
    record = make.imported(agency, [make.row()], by=member)
    services.ask_to_apply(import_id=record.pk, by=colleague)
    apply_import(import_id=record.pk)

    assert told()[1:] == [(member, "placements_saved"), (colleague, "placements_saved")]


def test_nobody_is_told_of_the_command_line(agency):
    make.applied(agency, ROWS)

    assert told() == []


def test_who_has_left_the_agency_is_not_told(agency, member):
    record = services.start_import(
        agency_id=agency.pk,
        file=BytesIO(make.csv_file(ROWS)),
        name="placements.csv",
        by=member,
        send=False,
    )
    member.agency_memberships.update(ended_at=timezone.now(), ended_by=member)

    read_import(import_id=record.pk)

    assert told() == []
    record.refresh_from_db()
    assert record.state == ImportState.PREVIEW


def test_who_takes_over_from_a_dead_worker_tells_once(agency, member):
    """The first worker died after its last chunk; a second reading ends as the only one."""
    record = make.imported(agency, ROWS, by=member)
    Delivery.objects.all().delete()
    PlacementImport.objects.filter(pk=record.pk).update(
        state=ImportState.RUNNING, claimed_at=timezone.now() - 2 * LEASES["csv"], told_at=None
    )

    read_import(import_id=record.pk)
    read_import(import_id=record.pk)
    tell_read(import_id=record.pk, at=timezone.now())

    assert told() == [(member, "placements_read")]


def test_the_message_goes_out_after_the_commit(agency, member, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        make.imported(agency, ROWS, by=member)

    assert [message.to for message in mail.outbox] == [[member.email]]
