from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from audits.keys.enums import Purpose
from audits.keys.services import register_key
from audits.keys.signing import SigningUnavailable, holder_of


class Command(BaseCommand):
    help = "Enter the public part of a configured signing key into the register."

    def add_arguments(self, parser):
        parser.add_argument(
            "purpose",
            nargs="*",
            choices=[*Purpose, []],
            help="What the key signs; without one: statements.",
        )

    def handle(self, *, purpose, **options):
        for each in purpose or [Purpose.STATEMENT]:
            self._register(Purpose(each))

    def _register(self, purpose):
        try:
            key, is_new = register_key(
                purpose=purpose, holder=holder_of(purpose), at=timezone.now()
            )
        except SigningUnavailable as unavailable:
            raise CommandError(str(unavailable)) from unavailable
        said = f"Registered {key.key_id}" if is_new else f"{key.key_id} is registered already"
        self.stdout.write(f"{said} for: {purpose}.")
