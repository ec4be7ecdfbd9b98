from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from audits.transparency.witnessing import add_checkpoint


class Command(BaseCommand):
    help = (
        "Take another register's checkpoint from a file (as its push_checkpoint --file or --mail "
        "made it), check that its log goes on from what was seen, and print our cosignature."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *, file, **options):
        try:
            body = file.read_bytes()
        except OSError as unreadable:
            raise CommandError(f"{file} cannot be read: {unreadable.strerror}.") from unreadable
        reply = add_checkpoint(body, at=timezone.now())
        if reply.status != 200:
            raise CommandError(f"{reply.status}: {reply.text.strip()}")
        self.stdout.write(reply.text, ending="")
