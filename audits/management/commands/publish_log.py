from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from audits.keys.holding import SigningUnavailable
from audits.transparency.checkpoints import LogRewritten, sign_checkpoint
from audits.transparency.publishing import PublishedOtherwise, publish


class Command(BaseCommand):
    help = (
        "Write the whole verifiable register into a folder, at the addresses of the site, for a "
        "web server or a CDN. Run again, it adds what is new; stopped, it is simply run again."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, metavar="DIR")

    def handle(self, *, folder, **options):
        at = timezone.now()
        try:
            checkpoint = sign_checkpoint(at=at)
            written = publish(folder, checkpoint, at=at)
        except (SigningUnavailable, LogRewritten, PublishedOtherwise) as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{folder}: {checkpoint.size} leaves, {written} new files.")
