"""Hints to a worker: what is due stands in the database and is found there."""

from celery import shared_task
from django.utils import timezone


@shared_task
def send_outbox():
    """Deliver what is due; sent after an act, and by the clock for whatever got lost."""
    from agencies.services.outbox import send_due  # noqa: PLC0415 -- leaf

    send_due(at=timezone.now())


@shared_task
def forget_attempts():
    """Attempts to sign in are kept only as long as they count."""
    from agencies.services.signing_in import forget_old_attempts  # noqa: PLC0415 -- leaf

    forget_old_attempts(at=timezone.now())
