from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from agencies.models import Country
from agencies.services import add_regulator
from agencies.tokens import invitation_token


class Command(BaseCommand):
    help = "Add a regulator and invite its first administrator, by e-mail and by a printed link."

    def add_arguments(self, parser):
        parser.add_argument("--name", required=True)
        parser.add_argument("--country", required=True, help="ISO 3166-1 alpha-3 code, e.g. IRL")
        parser.add_argument("--part", default="", help="part of the country, if not all of it")
        parser.add_argument("--admin-email", required=True)

    @transaction.atomic
    def handle(self, *, name, country, part, admin_email, **options):
        if not Country.objects.filter(pk=country).exists():
            raise CommandError(
                f"There is no country {country!r}. Give its three-letter code; if the table is "
                "empty, run `manage.py load_countries` first."
            )
        try:
            validate_email(admin_email)
            regulator, invitation = add_regulator(
                name=name, country_id=country, part=part, admin_email=admin_email
            )
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from None
        path = reverse("agencies:invitation", args=(invitation_token(invitation.public_id),))
        self.stdout.write(
            f"Added {regulator}. Its first administrator, {invitation.email}, is invited:\n"
            f"{settings.CANONICAL_ORIGIN}{path}\n"
            f"The link works once, until {invitation.expires_at:%Y-%m-%d %H:%M} UTC."
        )
