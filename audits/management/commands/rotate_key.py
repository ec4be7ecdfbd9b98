from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from audits.keys.enums import Purpose
from audits.keys.replacing import rotate
from audits.keys.signing import SigningUnavailable


class Command(BaseCommand):
    help = "Let a new key sign for a purpose; what the old one signed keeps counting."

    def add_arguments(self, parser):
        parser.add_argument("purpose", choices=list(Purpose), type=Purpose)
        parser.add_argument(
            "--make", action="store_true", help="make the new key here, in a file beside the old"
        )

    def handle(self, *, purpose, make, **options):
        try:
            old, new = rotate(purpose, at=timezone.now(), make=make)
        except SigningUnavailable as unavailable:
            raise CommandError(str(unavailable)) from unavailable
        self.stdout.write(f"{new} signs for {purpose} in the place of {old}.")
