from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from audits.keys.affected import affected_by
from audits.keys.services import record_compromise


class Command(BaseCommand):
    help = (
        "Say that others had a key: what the public log holds from then on does not count. "
        "One person can do it, because it must not wait; the journal says that it was done here."
    )

    def add_arguments(self, parser):
        parser.add_argument("key_id")
        parser.add_argument(
            "--from",
            dest="since",
            required=True,
            help="the first moment, with its zone: 2026-11-22T14:30:00+00:00",
        )
        parser.add_argument("--reason", required=True, help="what is known, without names")

    def handle(self, *, key_id, since, reason, **options):
        try:
            key = record_compromise(
                key_id=key_id, since=_instant(since), reason=reason, at=timezone.now()
            )
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from refused
        count = len(affected_by(key))
        self.stdout.write(
            f"{key} is compromised from {key.compromised_from.isoformat()}. Documents to be issued "
            f"again: {count}; list them by: manage.py keys_affected {key}"
        )
        self.stdout.write(f"For a new key run: manage.py rotate_key {key.purpose}")


def _instant(text):
    try:
        instant = parse_datetime(text)
    except ValueError:
        instant = None
    if instant is None or timezone.is_naive(instant):
        raise CommandError("--from needs a moment with its zone, as 2026-11-22T14:30:00+00:00.")
    return instant
