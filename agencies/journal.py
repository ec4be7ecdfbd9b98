"""The journal: what happened, in order, in the transaction in which it happened.

Append-only by database triggers. Position and time are taken under the lock of one row, so a
later transaction always carries a later time (design §10, "Known-at"): a position and an instant
name the same cut through what was known.
"""

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from agencies.models import Agency, Delivery, JournalEntry, JournalHead

SYSTEM = "system"

_hearers: list[Callable[[JournalEntry], object]] = []


def on_record(hear):
    """Call `hear` with every entry, in the transaction of its act: if it fails, so does the act.

    A higher room registers itself while it starts, in `AppConfig.ready()`.
    """
    _hearers.append(hear)
    return hear


# What the database keeps of an instant: two entries are never closer.
TICK = timedelta(microseconds=1)


def label_of(subject):
    """The plain text by which the journal names a record: `app.model:pk`."""
    return f"{subject._meta.label_lower}:{subject.pk}"


def hold():
    """Nobody else writes an entry until this transaction ends: what is read now stays so."""
    JournalHead.objects.get_or_create(pk=1)
    return JournalHead.objects.select_for_update().get(pk=1)


@transaction.atomic
def record(verb, subject, *, by, agency=None, **details):
    """Write one entry about `subject`, done by the user `by` (None: the system itself).

    `details` hold ids, codes, dates as text and hashes: never names or free personal text.
    The time is the register's own clock, never a caller's.
    """
    JournalHead.objects.get_or_create(pk=1)
    JournalHead.objects.filter(pk=1).update(size=F("size") + 1)
    head = JournalHead.objects.get(pk=1)
    now = timezone.now()
    at = max(now, head.last_recorded_at + TICK) if head.last_recorded_at else now
    JournalHead.objects.filter(pk=1).update(last_recorded_at=at)
    if agency is None and isinstance(subject, Agency):
        agency = subject
    entry = JournalEntry.objects.create(
        position=head.size,
        verb=verb,
        subject=label_of(subject),
        agency_number=agency.register_number if agency else "",
        actor=f"user:{by.pk}" if by else SYSTEM,
        data=details,
        recorded_at=at,
    )
    for hear in _hearers:
        hear(entry)
    return entry


def post(entry, *, channel, at, recipient=None, address="", template="", **context):
    """Put a message about `entry` into the outbox, to be sent after the act is committed."""
    return Delivery.objects.create(
        entry=entry,
        channel=channel,
        recipient=recipient,
        address=address,
        template=template,
        context=context,
        next_attempt_at=at,
    )


def history_of(subject):
    """Every entry about one record, oldest first."""
    return JournalEntry.objects.filter(subject=label_of(subject)).order_by("position")
