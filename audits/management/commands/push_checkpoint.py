from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from audits.keys.holding import SigningUnavailable
from audits.transparency.checkpoints import LogRewritten, sign_checkpoint
from audits.transparency.notes import NotANote
from audits.transparency.pushing import NotTaken, push_to_address, push_to_folder, push_to_witness


class Command(BaseCommand):
    help = "Give the latest checkpoint to somebody outside: a folder, a mailbox, another register."

    def add_arguments(self, parser):
        parser.add_argument("--file", type=Path, metavar="DIR", action="append", default=[])
        parser.add_argument("--mail", metavar="ADDRESS", action="append", default=[])
        parser.add_argument(
            "--witness",
            nargs=2,
            metavar=("URL", "KEY"),
            action="append",
            default=[],
            help="the address above add-checkpoint, and the witness's key (name+hash+key)",
        )

    def handle(self, *, file, mail, witness, **options):
        if not (file or mail or witness):
            raise CommandError("Say to whom: --file DIR, --mail ADDRESS or --witness URL KEY.")
        at = timezone.now()
        try:
            checkpoint = sign_checkpoint(at=at)
        except (SigningUnavailable, LogRewritten) as refused:
            raise CommandError(str(refused)) from refused
        refusals = []
        for push, targets in (
            (push_to_folder, [(folder,) for folder in file]),
            (push_to_address, [(address,) for address in mail]),
            (push_to_witness, witness),
        ):
            for target in targets:
                try:
                    push(checkpoint, *target, at=at)
                except (NotTaken, NotANote, OSError) as refused:
                    refusals.append(f"{target[0]}: {refused}")
                else:
                    self.stdout.write(f"{target[0]} has the checkpoint at {checkpoint.size}.")
        if refusals:
            raise CommandError("\n".join(refusals))
