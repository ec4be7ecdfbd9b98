from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends import locmem

from agencies import journal, services
from agencies.enums import AgencyRole, DeliveryState
from agencies.lib.transitions import IllegalTransition
from agencies.models import Agency, Delivery, Regulator
from agencies.services.outbox import BACKOFF, Sent, attempt, message_of, send_due, try_again
from agencies.services.signing_in import ask_for_new_password
from agencies.tokens import invitation_token
from tests.factories import agencies as make

pytestmark = pytest.mark.django_db

NOW = make.BEGINNING
NO_SERVER = "tests.agencies.services.test_outbox.NoServer"


class NoServer(locmem.EmailBackend):
    """A mail server that does not answer."""

    def send_messages(self, messages):
        raise ConnectionRefusedError("mail.people.example said no to person@people.example")


@pytest.fixture
def delivery():
    return a_delivery(make.user("person@people.example"))


def a_delivery(recipient, **context):
    agency = make.agency("O’Harbour & Sons <Example>")
    entry = journal.record("agency.renamed", agency, by=None)
    return journal.post(
        entry,
        channel="email",
        at=NOW,
        recipient=recipient,
        template="email/agency_renamed",
        **{"path": f"/agency/{agency.register_number}/", "on": "2024-01-01"} | context,
    )


def test_a_message_says_what_happened_with_names_as_they_are(delivery):
    message = message_of(delivery)

    assert message.to == ["person@people.example"]
    number = delivery.entry.agency_number
    assert message.subject == f"New legal name of agency {number} from 1 January 2024"
    assert message.body.startswith(
        "Dear Niamh Example,\n\nYour regulator has recorded a new legal name, in force from "
        f"1 January 2024: O’Harbour & Sons <Example> ({number}).\n\nWhy: "
    )


def test_questions_and_answers_go_to_the_regulator_of_the_agency(delivery):
    regulator = Agency.objects.get().regulator

    message = message_of(delivery)

    assert message.reply_to == [regulator.contact_email]
    assert f"\nQuestions: {regulator}, {regulator.contact_email}\n" in message.body


def test_a_regulator_without_an_address_is_named_alone(delivery):
    Regulator.objects.update(contact_email="")

    message = message_of(delivery)

    assert message.reply_to == []
    assert f"\nQuestions: {Regulator.objects.get()}\n" in message.body


def test_what_is_about_no_agency_is_asked_of_whoever_runs_the_register(settings):
    settings.DEFAULT_FROM_EMAIL = "The Registry <desk@registry.example>"
    person = make.user(password=make.PASSWORD)
    ask_for_new_password(email=person.email, at=NOW)

    message = message_of(Delivery.objects.get())

    assert message.reply_to == []
    assert "\nQuestions: whoever runs this register, desk@registry.example\n" in message.body


def test_days_and_moments_are_written_out_and_a_moment_says_its_zone(settings):
    settings.REGISTRY_TIME_ZONE = settings.TIME_ZONE = "Europe/Dublin"
    delivery = a_delivery(make.user(), on="2024-07-01T12:30:00+00:00")

    assert "in force from 1 July 2024, 13:30 (Europe/Dublin): " in message_of(delivery).body


def test_links_lead_to_the_canonical_origin(settings):
    settings.CANONICAL_ORIGIN = "https://registry.example"
    agency = make.agency()
    invitation = services.invite(
        email="new@people.example",
        role=AgencyRole.MEMBER,
        agency_id=agency.pk,
        by=make.agency_person(agency, AgencyRole.ADMIN),
    )

    body = message_of(Delivery.objects.get()).body

    token = invitation_token(invitation.public_id)
    assert f"\nhttps://registry.example/account/invitation/{token}/\n" in body


def test_a_name_cannot_add_a_line_to_the_head_of_a_message():
    delivery = a_delivery(make.user(), on="Monday\nBcc: all@people.example")

    message = message_of(delivery)

    assert "\n" not in message.subject
    assert message.recipients() == message.to


def test_what_is_due_is_sent_once(delivery):
    assert send_due(at=NOW - timedelta(seconds=1)) == Sent(0, 0, 0)
    assert send_due(at=NOW) == Sent(sent=1, failed=0, put_off=0)
    assert send_due(at=NOW + timedelta(days=30)) == Sent(0, 0, 0)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, len(mail.outbox)) == (DeliveryState.SENT, 1, 1)


def test_it_is_tried_again_later_and_later_and_then_given_up(delivery, settings):
    settings.EMAIL_BACKEND = NO_SERVER
    at, waits = NOW, []
    for _ in BACKOFF[:-1]:
        assert send_due(at=at) == Sent(sent=0, failed=0, put_off=1)
        delivery.refresh_from_db()
        waits.append(delivery.next_attempt_at - at)
        at = delivery.next_attempt_at

    assert tuple(waits) == BACKOFF[:-1]
    assert send_due(at=at) == Sent(sent=0, failed=1, put_off=0)
    delivery.refresh_from_db()
    # no address of anybody, only what kind of thing went wrong
    assert (delivery.state, delivery.last_error) == ("failed", "ConnectionRefusedError")


def test_one_that_fails_does_not_hold_the_others_up(delivery):
    Delivery.objects.filter(pk=delivery.pk).update(template="email/of_nobody")
    a_delivery(make.user("second@people.example"))

    assert send_due(at=NOW) == Sent(sent=1, failed=0, put_off=1)
    assert [message.to for message in mail.outbox] == [["second@people.example"]]


def test_two_workers_send_one_message_once(delivery):
    """Both read the row before either claims it; the condition lets one of them have it."""
    seen = [Delivery.objects.select_related("recipient").get(pk=delivery.pk) for _ in range(2)]

    outcomes = [attempt(read_by_worker, NOW) for read_by_worker in seen]

    assert outcomes == [DeliveryState.SENT, None]
    assert len(mail.outbox) == 1


def test_one_that_was_given_up_can_be_tried_again(delivery):
    with pytest.raises(IllegalTransition):
        try_again(delivery_id=delivery.pk, at=NOW)
    Delivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.FAILED, attempts=5)

    try_again(delivery_id=delivery.pk, at=NOW)

    assert send_due(at=NOW) == Sent(sent=1, failed=0, put_off=0)


def test_a_closed_account_and_a_revoked_invitation_get_no_mail(delivery):
    closed = delivery.recipient
    closed.is_active = False
    closed.save(update_fields=["is_active"])
    agency = make.agency()
    admin = make.agency_person(agency, AgencyRole.ADMIN)
    invitation = services.invite(
        email="new@people.example", role=AgencyRole.MEMBER, agency_id=agency.pk, by=admin
    )
    services.revoke_invitation(invitation_id=invitation.pk, by=admin)

    assert send_due(at=invitation.expires_at) == Sent(sent=0, failed=2, put_off=0)
    assert mail.outbox == []
    assert sorted(Delivery.objects.values_list("last_error", flat=True)) == [
        "The account is closed.",
        "The invitation is no longer open.",
    ]


def test_an_act_sends_its_mail_after_the_commit(django_capture_on_commit_callbacks):
    agency = make.agency()
    admin = make.agency_person(agency, AgencyRole.ADMIN)

    with django_capture_on_commit_callbacks(execute=True):
        services.invite(
            email="new@people.example", role=AgencyRole.MEMBER, agency_id=agency.pk, by=admin
        )
        assert mail.outbox == []

    assert [message.to for message in mail.outbox] == [["new@people.example"]]
