from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from agencies.services.people import SignInFirst, add_operator


class Command(BaseCommand):
    help = (
        "Add a person who runs the service: they decide nothing and see no case, and may close "
        "accounts. A link to choose a password goes to their address."
    )

    def add_arguments(self, parser):
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True)

    def handle(self, *, email, name, **options):
        try:
            validate_email(email)
            operator = add_operator(email=email, name=name)
        except SignInFirst:
            raise CommandError(
                f"{email} has an account already. An operator has one of their own, without roles."
            ) from None
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from None
        self.stdout.write(f"Added {operator.email}. A link to choose a password is on its way.")
