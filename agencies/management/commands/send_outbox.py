from django.core.management.base import BaseCommand
from django.utils import timezone

from agencies.services.outbox import send_due


class Command(BaseCommand):
    help = "Send what the outbox holds and is due; a worker does the same by the clock."

    def handle(self, **options):
        done = send_due(at=timezone.now())
        self.stdout.write(
            f"E-mails: {done.sent} sent, {done.put_off} to be tried again, {done.failed} given up."
        )
