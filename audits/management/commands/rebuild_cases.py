from django.core.management.base import BaseCommand

from audits.cases.rebuilding import rebuild


class Command(BaseCommand):
    help = "Bring the queue of cases to what the journal says; notes and visits stay."

    def handle(self, **options):
        mended = rebuild()
        self.stdout.write(f"{mended} cases were brought to what the journal says.")
