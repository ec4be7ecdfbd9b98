import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from attestations.crosscheck.cases import TableUnreadable, read_table, verify


class Command(BaseCommand):
    help = (
        "Runs a table of worked cases through the same path as a real placement, prints each "
        "difference, and leaves the database as it was. Exits 1 if a case fails."
    )

    def add_arguments(self, parser):
        parser.add_argument("cases", metavar="CASES.csv", type=Path)

    def handle(self, *args, cases, **options):
        try:
            rows = read_table(cases)
        except TableUnreadable as unreadable:
            raise CommandError(str(unreadable), returncode=2) from unreadable
        if not rows:
            raise CommandError(f"{cases} holds no case: nothing was verified.")
        passed = failed = 0
        for result in verify(rows):
            if result.passed:
                passed += 1
                continue
            failed += 1
            for difference in result.differences:
                self.stdout.write(f"{result.id}: {difference}")
        self.stdout.write(f"{passed} passed, {failed} failed")
        if failed:
            sys.exit(1)
