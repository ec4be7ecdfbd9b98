import datetime as dt
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from agencies.models import User
from attestations.safeguards.edition_files import is_yaml
from attestations.safeguards.impact import impact_of
from attestations.safeguards.loading import AlreadyPublished
from attestations.safeguards.queries import (
    difference_between,
    edition_before,
)
from attestations.safeguards.reading import LARGEST_FILE, FileRefused
from attestations.safeguards.services import load_edition

DESCRIBED = ("label", "title", "published_on", "valid_from", "source", "certainty")


class Command(BaseCommand):
    help = (
        "Loads an edition of the List from a YAML file that says all of it, or from a CSV file "
        "with a column “country”. It is not active: a data steward compares it and activates it "
        "on its page."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--label", default="", help="needed for a CSV file")
        parser.add_argument("--published-on", type=dt.date.fromisoformat)
        parser.add_argument("--valid-from", type=dt.date.fromisoformat)
        parser.add_argument("--title", default="")
        parser.add_argument("--source", default="", help="where it was published")
        parser.add_argument("--certainty", default="", help="how certain its days are")
        parser.add_argument("--countries", type=int, help="how many it lists, as published")
        parser.add_argument("--by", help="e-mail address of the data steward who loads it")

    def handle(self, *args, file, **options):
        described = {name: options[name] for name in DESCRIBED}
        if not is_yaml(file.name):
            label = options["label"]
            described["title"] = (
                options["title"] or f"WHO Health Workforce Support and Safeguards List {label}"
            )
            described["source"] = options["source"] or f"the file {file.name}"
        try:
            with file.open("rb") as opened:
                content = opened.read(LARGEST_FILE + 1)
            edition = load_edition(
                content=content,
                name=file.name,
                countries_expected=options["countries"],
                by=self._steward(options["by"]),
                **described,
            )
        except OSError as unreadable:
            raise CommandError(f"{file} cannot be read: {unreadable.strerror}.") from unreadable
        except FileRefused as refused:
            raise CommandError("\n".join(["Nothing was loaded.", *refused.problems])) from refused
        except AlreadyPublished as refused:
            raise CommandError(f"Nothing was loaded. {refused}") from refused
        changes = difference_between(edition_before(edition), edition)
        touched = impact_of(edition, on=timezone.localdate())
        self.stdout.write(
            f"loaded, not active: edition {edition.label}, in force from {edition.valid_from}\n"
            f"adds {len(changes.added)}: {', '.join(changes.added) or 'none'}\n"
            f"leaves out {len(changes.removed)}: {', '.join(changes.removed) or 'none'}\n"
            f"carries on {len(changes.carried)}\n"
            f"placements from its day on: {touched.judged_by_it}, {touched.placements} of them "
            "from countries it adds or leaves out"
        )

    def _steward(self, email):
        if not email:
            return None
        steward = User.objects.filter(email__iexact=email).first()
        if steward is None:
            raise CommandError(f"Nobody is known by the address {email}.")
        return steward
