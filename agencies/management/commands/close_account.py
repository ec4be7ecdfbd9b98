from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError

from agencies.lib.transitions import IllegalTransition
from agencies.models import User
from agencies.services.people import deactivate_user


class Command(BaseCommand):
    help = "Close an account: roles, delegations, invitations and sessions end with it."

    def add_arguments(self, parser):
        parser.add_argument("--email", required=True)
        parser.add_argument("--by", required=True, help="the operator's e-mail address")

    def handle(self, *, email, by, **options):
        people = {}
        for address in (email, by):
            people[address] = User.objects.filter(email=address.strip().lower()).first()
            if people[address] is None:
                raise CommandError(f"There is no account with the address {address}.")
        try:
            closed = deactivate_user(user_id=people[email].pk, by=people[by])
        except (PermissionDenied, IllegalTransition) as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"Closed {closed.email}: nobody signs in with it any more.")
