from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from audits.keys.services import retire_key


class Command(BaseCommand):
    help = "Let a key sign no more, with none in its place; what it signed keeps counting."

    def add_arguments(self, parser):
        parser.add_argument("key_id")

    def handle(self, *, key_id, **options):
        try:
            key = retire_key(key_id=key_id, at=timezone.now())
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from refused
        self.stdout.write(
            f"{key} signs no more. For a new one run: manage.py rotate_key {key.purpose}"
        )
