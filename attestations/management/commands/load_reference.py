from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from attestations.reference import load_reference
from attestations.safeguards.loading import AlreadyPublished
from attestations.safeguards.reading import FileRefused


class Command(BaseCommand):
    help = "Loads countries, the Code, the catalogue and the lists; a second time changes nothing."

    def handle(self, *args, **options):
        try:
            kept = load_reference(at=timezone.now())
        except (AlreadyPublished, FileRefused) as refused:
            raise CommandError(f"Nothing was loaded. {refused}") from refused
        for each in kept:
            self.stdout.write(str(each))
