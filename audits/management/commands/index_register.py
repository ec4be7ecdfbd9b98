from django.core.management.base import BaseCommand

from audits.register.search import bring_index_up_to_date, index_everything


class Command(BaseCommand):
    help = "Bring the index of names up to date; with --all build it anew."

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", help="index every agency again")

    def handle(self, **options):
        indexed = index_everything() if options["all"] else bring_index_up_to_date()
        self.stdout.write(f"Indexed the names of {indexed} agencies.")
