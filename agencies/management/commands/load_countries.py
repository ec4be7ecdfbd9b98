from django.core.management.base import BaseCommand

from agencies.countries.loading import load_countries


class Command(BaseCommand):
    help = "Load the countries of ISO 3166-1 with region, income group and its year, SIDS and LDC."

    def handle(self, **options):
        loaded = load_countries()
        self.stdout.write(
            f"Countries: {loaded.added} added, {loaded.changed} changed, "
            f"{loaded.unchanged} unchanged."
        )
