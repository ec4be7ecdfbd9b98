from django.core.management.base import BaseCommand, CommandError

from agencies.invariants import run_all


class Command(BaseCommand):
    help = "Check every invariant of the register; exits 1 and names each violation."

    def handle(self, **options):
        results = run_all()
        violated = 0
        for sentence, violations in results:
            self.stdout.write(f"{'FAILED' if violations else 'holds '}  {sentence}")
            for violation in violations:
                self.stdout.write(f"        {violation}")
            violated += len(violations)
        if violated:
            raise CommandError(f"{violated} violations of {len(results)} invariants.")
        self.stdout.write(f"All {len(results)} invariants hold.")
