"""`make demo`: from an empty folder to a certificate that an employer verifies, then served."""

import os
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from agencies.models import JournalEntry
from audits.transparency.checkpoints import path_outside
from config.demo import cast, summary
from config.demo.story import chapters
from config.demo.worker import WorkerGone, running_worker

ADDRESS = "127.0.0.1"


def forget_another_beginning() -> None:
    """A database that was deleted to begin anew leaves its last checkpoint beside it.

    In production that is what tells of a loss, and is never removed by itself.
    """
    if not JournalEntry.objects.exists():
        path_outside().unlink(missing_ok=True)


class Command(BaseCommand):
    help = (
        "Tells the whole story on the database of the settings (SQLite under var/ by default), "
        "writes its documents to var/demo/ and serves the register. SERVE=0 stops before serving."
    )

    def handle(self, *args, **options):
        if settings.PRODUCTION:
            raise CommandError("The demonstration invents agencies: it runs in development only.")
        try:
            self._run()
        except KeyboardInterrupt:
            raise CommandError(
                "Stopped. What was told so far is kept: the same command goes on from there.",
                returncode=130,
            ) from None

    def _run(self) -> None:
        folder = settings.VAR_ROOT / "demo"
        folder.mkdir(parents=True, exist_ok=True)
        call_command("migrate", verbosity=0)
        forget_another_beginning()
        passwords = cast.Passwords(folder / "sign-in.json")
        with running_worker(folder / "worker.log") as worker:
            try:
                kept = self._tell(folder, passwords, worker)
            except WorkerGone as gone:
                raise CommandError(str(gone)) from gone
            told = summary.write(folder)
            for line in summary.lines(told, kept=kept, folder=folder):
                self.stdout.write(line)
            for line in summary.sign_in_lines(passwords):
                self.stdout.write(line)
            if os.environ.get("SERVE", "1") != "0":
                self._serve()

    def _tell(self, folder: Path, passwords, worker) -> list[str]:
        """The titles of the chapters that had been told before."""
        kept = []
        told = list(chapters(folder, passwords, worker))
        # no bar where nobody looks: a log shows a line a chapter
        shape = "{l_bar}{bar}| {n_fmt}/{total_fmt}"
        with tqdm(told, unit="chapter", bar_format=shape, disable=None) as bar:
            for chapter in bar:
                begin = time.monotonic()
                is_new = chapter.tell()
                mark = f"{time.monotonic() - begin:5.1f} s" if is_new else "   kept"
                bar.write(f"{mark}  {chapter.title}")
                if not is_new:
                    kept.append(chapter.title)
        return kept

    def _serve(self) -> None:
        port = os.environ.get("PORT", "8000")
        self.stdout.write(f"\nServing http://{ADDRESS}:{port} - Ctrl+C ends it.")
        self.stdout.flush()
        command = [
            sys.executable, "-m", "gunicorn", "config.wsgi:application",
            "--bind", f"{ADDRESS}:{port}", "--threads", "4", "--log-level", "warning",
        ]  # fmt: skip
        try:
            ended = subprocess.run(command, cwd=settings.BASE_DIR, check=False)  # noqa: S603
        except KeyboardInterrupt:
            return
        if ended.returncode:
            raise CommandError(
                f"The server ended with {ended.returncode}. If the port is taken, choose another: "
                "make demo PORT=8001"
            )
