from django.core.management.base import BaseCommand, CommandError

from audits.transparency.log import erase_openings


class Command(BaseCommand):
    help = (
        "Erase what the public log's commitments about one person stand for. The log stays as it "
        "is and verifies; nobody can tell any more whom these leaves meant."
    )

    def add_arguments(self, parser):
        parser.add_argument("name", help="what was committed to: actor, officer or legal_name")
        parser.add_argument("value", help="as it was committed to, such as user:17")

    def handle(self, *, name, value, **options):
        erased = erase_openings(name=name, value=value)
        if not erased:
            raise CommandError(f"Nothing is kept under the {name} {value!r}.")
        self.stdout.write(f"{erased} openings erased.")
