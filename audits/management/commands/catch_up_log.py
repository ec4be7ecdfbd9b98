from django.core.management.base import BaseCommand

from audits.transparency.log import catch_up, log_latecomers


class Command(BaseCommand):
    help = (
        "Enter public acts that are not in the public log yet: all of them in their order where "
        "the log has not begun, else at its end, with the time at which they were entered."
    )

    def handle(self, **options):
        written = catch_up() or log_latecomers()
        self.stdout.write(f"{written} acts entered.")
