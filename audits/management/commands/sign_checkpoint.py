from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from audits.keys.holding import SigningUnavailable
from audits.transparency.checkpoints import LogRewritten, sign_checkpoint


class Command(BaseCommand):
    help = "Sign how far the public log has come, and print the checkpoint."

    def handle(self, **options):
        try:
            checkpoint = sign_checkpoint(at=timezone.now())
        except (SigningUnavailable, LogRewritten) as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(checkpoint.note, ending="")
