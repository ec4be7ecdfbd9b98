from django.core.management.base import BaseCommand, CommandError

from agencies.lib.state_machines import registered
from agencies.lib.transitions import mermaid


class Command(BaseCommand):
    help = "Prints the state machines of the registry, or the one NAMED, as mermaid diagrams."

    def add_arguments(self, parser):
        parser.add_argument("name", nargs="?", metavar="NAME", help="for instance audit")

    def handle(self, *args, name=None, **options):
        machines = registered()
        if name is not None and name not in machines:
            raise CommandError(f"There is no state machine {name!r}. Known: {', '.join(machines)}.")
        for known, table in machines.items():
            if name in (None, known):
                self.stdout.write(f"%% {known}\n{mermaid(table)}")
