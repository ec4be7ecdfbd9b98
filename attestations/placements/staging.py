"""One pass over a file: its rows into staging, checked, judged, counted, in committed chunks.

A chunk, the renewed claim and how far the file has been read are one transaction. Whoever takes
over from a dead worker goes on behind the last chunk, if lists and rules are still those by which
it was judged; else the file is read anew.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from agencies.lib.collecting import without_collecting
from attestations.crosscheck.engine import Judgement, judgement_for, store_reached
from attestations.enums import ImportState
from attestations.placements import saving
from attestations.placements.beside import can_fork, made_beside
from attestations.placements.bulk import insert_rows, insert_texts
from attestations.placements.chunks import About, Chunk, chunks_of
from attestations.placements.columns import shown
from attestations.placements.corrections import read_corrections
from attestations.placements.files import FileUnreadable
from attestations.placements.models import ImportProblem, PlacementImport, StagedPlacement
from attestations.placements.rows import Problem, vocabulary
from attestations.placements.telling import tell_read
from attestations.placements.workflow import next_state

MOST_PROBLEMS = 100_000
# below this a file is read before a second process has begun
LARGE_FILE_BYTES = 4 * 1024 * 1024

_REFUSED = ("reference", "sheet", "row", "refused", "placement_import_id")
_PROBLEM = ("sheet", "row", "column", "name", "code", "value", "message", "suggestion")


class ClaimLost(Exception):
    """Somebody else took the import over, or it was cancelled: nothing more is written."""


def clear_staging(import_id: int) -> None:
    """Drop the rows that wait and the problems that were found; both are made again by reading."""
    drop_staged(import_id)
    _drop(ImportProblem, placement_import=import_id)


def drop_staged(import_id: int) -> None:
    _drop(StagedPlacement, placement_import=import_id)


def _drop(model, **which) -> None:
    """One DELETE, without loading the rows first: nothing hangs on them."""
    rows = model.objects.filter(**which)
    rows._raw_delete(rows.db)


def stage(record: PlacementImport, path: Path) -> None:
    """Read the file at `path` into staging and leave the import in its preview.

    Each chunk is committed by itself and renews the claim; where the claim is lost, reading stops.
    """
    staging = _Staging(record, judgement_for(record.agency))
    if not staging.goes_on():
        clear_staging(record.pk)
    with without_collecting():
        for one in staging.read(path):
            if isinstance(one, Chunk):
                staging.store(one)
            else:
                staging.finish(one)


class _Staging:
    """How far one file is staged, and what was counted until there."""

    def __init__(self, record: PlacementImport, judgement: Judgement) -> None:
        self.record = record
        self.judgement = judgement
        self._most_rows = settings.IMPORT_MAX_ROWS
        self._verdicts: list[int | None] = []
        self._sheet = self._row = self._rows = self._rows_refused = 0
        self._staged = self._problems_told = 0

    def goes_on(self) -> bool:
        """Whether an earlier worker's chunks can stay; then reading begins behind them."""
        checkpoint = self.record.checkpoint
        if not checkpoint or checkpoint["judged_with"] != self.judgement.digest:
            return False
        waiting = StagedPlacement.objects.filter(placement_import=self.record.pk).count()
        if waiting != checkpoint["staged"]:
            return False
        self._sheet, self._row = checkpoint["sheet"], checkpoint["row"]
        self._rows, self._rows_refused = checkpoint["rows"], checkpoint["refused"]
        self._staged, self._problems_told = waiting, checkpoint["problems"]
        return True

    def read(self, path: Path) -> Iterator[Chunk | About]:
        """The chunks that are not staged yet, made by a second process where the file is large."""
        words = vocabulary(timezone.localdate(), read_corrections(self.record.corrections))

        def make() -> Iterator[Chunk | About]:
            behind = (self._sheet, self._row)
            return chunks_of(self.record, path, words, self.judgement, behind=behind)

        if self.record.file_size >= LARGE_FILE_BYTES and can_fork():
            return made_beside(make)
        return make()

    def store(self, chunk: Chunk) -> None:
        """Commit a chunk and how far it reaches, under the claim."""
        self._rows += len(chunk.rows) + chunk.refused
        self._rows_refused += chunk.refused
        if self._rows > self._most_rows:
            raise FileUnreadable(
                f"The file has more than {self._most_rows} rows. Split it and send the parts one "
                "after the other."
            )
        self._sheet, self._row = chunk.sheet, chunk.row
        with transaction.atomic():
            store_reached(chunk.reached, self.judgement.lists)
            self._verdicts += [one.pk for one in chunk.reached]
            insert_texts(StagedPlacement, chunk.columns, list(chunk.filled(self._verdicts)))
            insert_texts(StagedPlacement, _REFUSED, chunk.references_refused)
            self._staged += len(chunk.rows) + len(chunk.references_refused)
            self._store_problems(chunk.problems)
            self._renew_claim(chunk.expected)

    def _store_problems(self, problems: list[Problem]) -> None:
        room = max(MOST_PROBLEMS - self._problems_told, 0)
        self._problems_told += len(problems)
        insert_rows(
            ImportProblem,
            (*_PROBLEM, "replacements", "placement_import_id"),
            [
                (
                    *(getattr(problem, name) for name in _PROBLEM),
                    json.dumps(problem.replacements),
                    self.record.pk,
                )
                for problem in problems[:room]
            ],
        )

    def _renew_claim(self, expected: int) -> None:
        now = timezone.now()
        renewed = PlacementImport.objects.filter(
            pk=self.record.pk, state=ImportState.RUNNING, claimed_at=self.record.claimed_at
        ).update(
            claimed_at=now,
            rows_done=self._rows,
            rows_total=max(self._rows, expected),
            checkpoint={
                "judged_with": self.judgement.digest,
                "sheet": self._sheet,
                "row": self._row,
                "rows": self._rows,
                "refused": self._rows_refused,
                "staged": self._staged,
                "problems": self._problems_told,
            },
        )
        if not renewed:
            raise ClaimLost
        self.record.claimed_at = now

    def finish(self, about: About) -> None:
        """Refuse repeated references, count, and show the preview."""
        with transaction.atomic():
            saving.look_over(StagedPlacement)
            repeated = self._refuse_repeated(about)
            withdrawn = saving.refuse_withdrawn(self.record)
            standing = saving.standing_of_staged(self.record)
            now = timezone.now()
            shown_now = PlacementImport.objects.filter(
                pk=self.record.pk, state=ImportState.RUNNING, claimed_at=self.record.claimed_at
            ).update(
                state=next_state("show", ImportState.RUNNING),
                notes=[*about.notes, *self._last_notes()],
                layout=about.as_stored(),
                header=about.sample,
                checkpoint={},
                judged_with=self.judgement.digest,
                rows_done=self._rows,
                rows_total=self._rows,
                rows_new=standing.new,
                rows_changed=standing.changed,
                rows_unchanged=standing.unchanged,
                rows_duplicate=repeated.rows,
                rows_refused=self._rows_refused - repeated.refused + withdrawn,
                finished_at=now,
            )
            if not shown_now:
                raise ClaimLost
            tell_read(import_id=self.record.pk, at=now)

    def _last_notes(self) -> Iterator[str]:
        if self._problems_told > MOST_PROBLEMS:
            yield (
                f"There are {self._problems_told} problems; the first {MOST_PROBLEMS} are listed."
            )
        quotas = [
            terms.reference for terms in self.judgement.lists.agreements if terms.quota is not None
        ]
        if quotas and saving.agreements_touched(self.record) & set(quotas):
            yield (
                "Some rows cite an agreement whose places are counted: whether they are used up is "
                "settled when the rows are saved."
            )
        if not self._rows:
            yield "The file has a header and no rows."

    def _refuse_repeated(self, about: About) -> saving.Repeated:
        """The same reference twice in one file refuses both (design §10); each row is counted."""
        repeated = saving.count_repeated(self.record)
        if repeated.rows:
            told = self._problems_told
            several = len(about.sheets) > 1
            self._store_problems(
                [
                    problem
                    for reference, places in saving.repeated_references(self.record)
                    for problem in _problems_of(reference, places, several=several)
                ]
            )
            self._problems_told = told + repeated.rows
        saving.drop_refused(self.record, repeated)
        return repeated


def _problems_of(
    reference: str, places: list[tuple[str, int]], *, several: bool
) -> Iterator[Problem]:
    names = [f"{row} of {shown(sheet)}" if several else str(row) for sheet, row in places]
    told = ", ".join(names[:10]) + (" and others" if len(names) > 10 else "")
    for sheet, row in places:
        yield Problem(
            sheet=sheet,
            row=row,
            column="reference",
            name="reference",
            code="duplicate",
            value=shown(reference),
            message=f"The same reference stands in rows {told}; none of them is taken.",
            suggestion="Keep one of them, or give each its own reference.",
        )
