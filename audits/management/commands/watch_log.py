from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from audits.transparency.notes import NotANote
from audits.transparency.witnessing import watch_log


class Command(BaseCommand):
    help = (
        "Begin to witness another register's log: its checkpoints are then taken at "
        "/log/witness/add-checkpoint and by witness_checkpoint."
    )

    def add_arguments(self, parser):
        parser.add_argument("verifier_key", help="name+hash+key, as its page /log/ shows it")

    def handle(self, *, verifier_key, **options):
        try:
            watched, is_new = watch_log(verifier_key, at=timezone.now())
        except NotANote as refused:
            raise CommandError(str(refused)) from refused
        words = "Watching" if is_new else "Watching already:"
        self.stdout.write(f"{words} {watched.origin}.")
