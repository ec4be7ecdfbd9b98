from django.core.management.base import BaseCommand, CommandError

from audits.keys.affected import affected_by
from audits.keys.models import SigningKey


class Command(BaseCommand):
    help = "List the certificates and reports to be issued again because their key is compromised."

    def add_arguments(self, parser):
        parser.add_argument("key_id", nargs="?", help="one key; without it, every compromised one")

    def handle(self, *, key_id, **options):
        keys = SigningKey.objects.exclude(compromised_from=None)
        if key_id is not None:
            keys = keys.filter(pk=key_id)
            if not keys:
                raise CommandError(f"No key {key_id!r} is on record as compromised.")
        for key in keys:
            for document in affected_by(key):
                self.stdout.write(f"{key}\t{document.number}\t{document.issued_at.isoformat()}")
