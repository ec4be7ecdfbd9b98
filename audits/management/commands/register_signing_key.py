from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from audits.keys.enums import Purpose
from audits.keys.services import register_key
from audits.keys.signing import SigningUnavailable, holder_of


class Command(BaseCommand):
    help = "Enter the public parts of the configured signing keys into the register."

    def add_arguments(self, parser):
        parser.add_argument(
            "purpose", nargs="*", help=f"without one, all of them: {', '.join(Purpose)}"
        )

    def handle(self, *, purpose, **options):
        unknown = set(purpose) - set(Purpose)
        if unknown:
            raise CommandError(f"No key is for {', '.join(sorted(unknown))}.")
        for each in purpose or Purpose:
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
