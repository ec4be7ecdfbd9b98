"""Delivering what the journal's outbox holds: at least once, later and later, and then given up.

A delivery is claimed by a conditional update that puts its next attempt off; a worker that dies
after sending and before saying so sends again, one that dies before sending loses nothing.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.db.models import F
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from agencies.enums import DeliveryState
from agencies.models import Delivery, Invitation
from agencies.services.letters import letter
from agencies.tokens import invitation_token
from agencies.workflow import next_delivery_state

EMAIL = "email"
# after which the next attempt is made; the last one is the end
BACKOFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)
BATCH = 200


class NoLongerNeeded(Exception):
    """What the message would say has been overtaken."""


@dataclass(frozen=True)
class Sent:
    sent: int
    failed: int
    put_off: int


def send_due(*, at, limit=BATCH):
    """Try every e-mail that is due at `at`, oldest first, and count what became of it."""
    due = Delivery.objects.filter(
        channel=EMAIL, state=DeliveryState.WAITING, next_attempt_at__lte=at
    ).order_by("next_attempt_at", "pk")
    due = due.select_related("recipient", "entry")
    outcomes = [attempt(delivery, at) for delivery in due[:limit]]
    return Sent(
        sent=outcomes.count(DeliveryState.SENT),
        failed=outcomes.count(DeliveryState.FAILED),
        put_off=outcomes.count(DeliveryState.WAITING),
    )


def try_again(*, delivery_id, at):
    """Put a delivery that was given up back into the queue."""
    delivery = Delivery.objects.get(pk=delivery_id)
    delivery.state = next_delivery_state("try_again", delivery.state)
    delivery.attempts, delivery.next_attempt_at = 0, at
    delivery.save(update_fields=["state", "attempts", "next_attempt_at"])
    return delivery


def message_of(delivery):
    """The e-mail as it goes out; secrets of links are computed here and stored nowhere."""
    recipient = delivery.recipient
    if recipient and not recipient.is_active:
        raise NoLongerNeeded("The account is closed.")
    written = letter(delivery, _path_of(delivery))
    return EmailMessage(
        subject=written.subject,
        body=written.body,
        to=[recipient.email if recipient else delivery.address],
        reply_to=[written.answers_to] if written.answers_to else None,
    )


def attempt(delivery, at):
    """What became of one delivery; None where another worker has it already."""
    if not _claim(delivery, at):
        return None
    try:
        message_of(delivery).send()
    except NoLongerNeeded as reason:
        return _finish(delivery, "give_up", str(reason))
    except Exception as problem:
        # whatever went wrong, the next one must go out; the kind only, since a mail server's
        # words may hold addresses
        last = delivery.attempts >= len(BACKOFF)
        return _finish(delivery, "give_up" if last else None, type(problem).__name__)
    return _finish(delivery, "deliver", "")


def _claim(delivery, at):
    claimed = Delivery.objects.filter(
        pk=delivery.pk, state=DeliveryState.WAITING, attempts=delivery.attempts
    ).update(
        attempts=F("attempts") + 1,
        next_attempt_at=at + BACKOFF[min(delivery.attempts, len(BACKOFF) - 1)],
    )
    delivery.attempts += 1
    return claimed == 1


def _finish(delivery, action, error):
    state = next_delivery_state(action, delivery.state) if action else delivery.state
    Delivery.objects.filter(pk=delivery.pk, attempts=delivery.attempts).update(
        state=state, last_error=error
    )
    return DeliveryState(state)


def _path_of(delivery):
    if delivery.template == "email/invitation":
        return _path_of_invitation(delivery.context["invitation"])
    if delivery.template == "email/password_reset":
        return reverse(
            "agencies:password_new",
            args=(
                urlsafe_base64_encode(force_bytes(delivery.recipient.pk)),
                default_token_generator.make_token(delivery.recipient),
            ),
        )
    return delivery.context.get("path", "")


def _path_of_invitation(public_id):
    invitation = Invitation.objects.get(public_id=public_id)
    if invitation.accepted_at or invitation.revoked_at:
        raise NoLongerNeeded("The invitation is no longer open.")
    return reverse("agencies:invitation", args=(invitation_token(invitation.public_id),))
