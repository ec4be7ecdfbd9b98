"""Putting mail about an act into the outbox, in the act's own transaction."""

from django.db import transaction
from django.utils import timezone

from agencies import journal, tasks
from agencies.models import Agency
from agencies.permissions import people_with


def mail(entry, *, template, recipient=None, address="", **context):
    """One message about `entry`, to a person or to a bare address; sent after the commit.

    `context` holds what JSON holds; `path` in it becomes a link under the canonical origin.
    """
    journal.post(
        entry,
        channel="email",
        at=timezone.now(),
        recipient=recipient,
        address=address,
        template=template,
        **context,
    )
    # a broker that is down must not undo what was done: the sweep finds the row
    transaction.on_commit(tasks.send_outbox.delay, robust=True)


def tell_people(entry, body, *roles, template, **context):
    """The same message to everybody who holds one of `roles` at an agency or regulator."""
    at = {"agency": body} if isinstance(body, Agency) else {"regulator": body}
    for person in people_with(*roles, **at):
        mail(entry, template=template, recipient=person, body=str(body), **context)
