"""One pass over a file: its rows into staging, checked, judged, counted, in committed chunks.

A chunk, the renewed claim and how far the file has been read are one transaction. Whoever takes
over from a dead worker goes on behind the last chunk, if lists and rules are still those by which
it was judged; else the file is read anew.
"""

import json
from collections.abc import Iterator
from itertools import dropwhile, islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from attestations.crosscheck.engine import Judgement, judgement_for
from attestations.enums import ImportState
from attestations.placements import saving
from attestations.placements.bulk import insert_rows, insert_texts
from attestations.placements.cells import Reader
from attestations.placements.columns import shown
from attestations.placements.corrections import read_corrections
from attestations.placements.files import FileUnreadable, Sheet
from attestations.placements.layout import Layout
from attestations.placements.models import ImportProblem, PlacementImport, StagedPlacement
from attestations.placements.rows import Problem, Refused, RowReader, Taken, vocabulary
from attestations.placements.tables import opened, tables
from attestations.placements.telling import tell_read
from attestations.placements.workflow import next_state

CHUNK = 10_000
MOST_PROBLEMS = 100_000

_BEHIND = ("row", "verdict_id", "sheet", "placement_import_id")
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
    with opened(path, record.file_kind) as spreadsheet:
        staging.notes += spreadsheet.notes
        for sheet, layout, rows, sample in tables(spreadsheet, record, staging.notes):
            staging.sample = staging.sample or sample
            staging.read_sheet(sheet, layout, rows)
    staging.finish()


class _Staging:
    """What is gathered on the way through one file."""

    def __init__(self, record: PlacementImport, judgement: Judgement) -> None:
        self.record = record
        self.judgement = judgement
        self.notes: list[str] = []
        self.sample: dict[str, Any] = {}
        self._words = vocabulary(timezone.localdate(), read_corrections(record.corrections))
        self._readers: dict[str, Reader] = {}
        self._sheets: list[str] = []
        self._layouts: list[dict[str, str]] = []
        self._aside: dict[str, None] = {}
        self._remembered: dict[str, None] = {}
        self._columns: tuple[str, ...] = ()
        self._taken: list[Taken] = []
        self._refused: list[tuple[str, int]] = []
        self._problems: list[Problem] = []
        self._expected = 0
        self._most_rows = settings.IMPORT_MAX_ROWS
        # how far the file is read: sheets begun, the last row there, and what was counted until it
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

    def read_sheet(
        self, sheet: Sheet, layout: Layout, rows: Iterator[tuple[int, list[str]]]
    ) -> None:
        reader = RowReader(layout, sheet.name, self._readers, self._words, self.judgement)
        self._note(sheet, layout)
        if len(self._sheets) < self._sheet:
            for _ in rows:
                pass
            return
        if len(self._sheets) == self._sheet:
            read_up_to = self._row
            rows = dropwhile(lambda one: one[0] <= read_up_to, rows)
        self._sheet, self._row = len(self._sheets), 0
        self._columns = reader.columns
        while chunk := list(islice(rows, CHUNK)):
            self._row = chunk[-1][0]
            self._taken, refused = reader.read(chunk)
            self._refuse(refused)
            self._rows += len(self._taken) + len(refused)
            self._flush()

    def _note(self, sheet: Sheet, layout: Layout) -> None:
        self._layouts.append(
            {shown(layout.header_of(name), 120): name for name in layout.positions}
        )
        self._aside |= dict.fromkeys(shown(header, 120) for header in layout.aside)
        self._remembered |= dict.fromkeys(shown(header, 120) for header in layout.remembered)
        if layout.aside:
            where = f" of “{shown(sheet.name)}”" if sheet.name else ""
            aside = ", ".join(shown(header) for header in layout.aside)
            self.notes.append(f"Columns{where} that we do not know were left aside: {aside}.")
        self.notes += sheet.notes
        self._sheets.append(sheet.name)
        self._expected += sheet.expected

    def _refuse(self, refused: list[Refused]) -> None:
        self._rows_refused += len(refused)
        for one in refused:
            self._problems += one.problems
            # a row that is wrong elsewhere still makes its reference stand twice
            if one.reference is not None:
                self._refused.append((one.reference, one.row))

    def _flush(self) -> None:
        """Commit what was gathered and how far it reaches, under the claim."""
        if self._rows > self._most_rows:
            raise FileUnreadable(
                f"The file has more than {self._most_rows} rows. Split it and send the parts one "
                "after the other."
            )
        sheet, key = (self._sheets or [""])[-1], self.record.pk
        with transaction.atomic():
            self.judgement.store()
            insert_texts(
                StagedPlacement,
                (*self._columns, *_BEHIND),
                [
                    (*stored, *own, row, reached.pk, sheet, key)
                    for stored, own, row, reached in self._taken
                ],
            )
            insert_texts(
                StagedPlacement,
                _REFUSED,
                [(reference, sheet, row, 1, key) for reference, row in self._refused],
            )
            self._staged += len(self._taken) + len(self._refused)
            self._store_problems()
            self._renew_claim()
        self._refused.clear()
        self._problems.clear()

    def _store_problems(self) -> None:
        room = max(MOST_PROBLEMS - self._problems_told, 0)
        self._problems_told += len(self._problems)
        insert_rows(
            ImportProblem,
            (*_PROBLEM, "replacements", "placement_import_id"),
            [
                (
                    *(getattr(problem, name) for name in _PROBLEM),
                    json.dumps(problem.replacements),
                    self.record.pk,
                )
                for problem in self._problems[:room]
            ],
        )

    def _renew_claim(self) -> None:
        now = timezone.now()
        renewed = PlacementImport.objects.filter(
            pk=self.record.pk, state=ImportState.RUNNING, claimed_at=self.record.claimed_at
        ).update(
            claimed_at=now,
            rows_done=self._rows,
            rows_total=max(self._rows, self._expected),
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

    def finish(self) -> None:
        """Refuse repeated references, count, and show the preview."""
        with transaction.atomic():
            saving.look_over(self.record)
            repeated = self._refuse_repeated()
            withdrawn = saving.refuse_withdrawn(self.record)
            standing = saving.standing_of_staged(self.record)
            now = timezone.now()
            shown_now = PlacementImport.objects.filter(
                pk=self.record.pk, state=ImportState.RUNNING, claimed_at=self.record.claimed_at
            ).update(
                state=next_state("show", ImportState.RUNNING),
                notes=[*self.notes, *self._last_notes()],
                layout={
                    "sheets": [
                        {"name": shown(name, 120), "columns": columns}
                        for name, columns in zip(self._sheets, self._layouts, strict=True)
                    ],
                    "aside": list(self._aside),
                    "remembered": list(self._remembered),
                },
                header=self.sample,
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

    def _refuse_repeated(self) -> saving.Repeated:
        """The same reference twice in one file refuses both (design §10); each row is counted."""
        repeated = saving.count_repeated(self.record)
        if repeated.rows:
            told = self._problems_told
            for reference, places in saving.repeated_references(self.record):
                self._problems += self._problems_of(reference, places)
            self._store_problems()
            self._problems_told = told + repeated.rows
        saving.drop_refused(self.record, repeated)
        return repeated

    def _problems_of(self, reference: str, places: list[tuple[str, int]]) -> Iterator[Problem]:
        several = len(self._sheets) > 1
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
