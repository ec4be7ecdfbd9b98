from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from agencies import journal
from audits.certificates import signing


class Command(BaseCommand):
    help = "Enter the public part of the configured signing key into the register."

    @transaction.atomic
    def handle(self, **options):
        try:
            signer = signing.signer()
        except signing.SigningUnavailable as unavailable:
            raise CommandError(str(unavailable)) from unavailable
        key, is_new = signing.register(signer, at=timezone.now())
        if is_new:
            journal.record("signing_key.registered", key, by=None, public_key=key.public_key)
            self.stdout.write(f"Registered {key.key_id}.")
        else:
            self.stdout.write(f"{key.key_id} is registered already.")
