"""One pass over a file: its rows into staging, checked, judged, counted, in committed chunks."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from attestations.crosscheck.engine import Judgement, judgement_for
from attestations.crosscheck.values import AGREEMENT_AT, JUDGED_FIELDS
from attestations.enums import FileKind, ImportState
from attestations.placements import saving
from attestations.placements.bulk import insert_rows
from attestations.placements.cells import Reader
from attestations.placements.column_samples import ROWS_SAMPLED, sampled
from attestations.placements.columns import key_of, shown
from attestations.placements.corrections import read_corrections
from attestations.placements.files import Budget, FileUnreadable, Sheet, Spreadsheet, open_csv
from attestations.placements.layout import ColumnsRefused, Layout, lay_out, recognised
from attestations.placements.models import ImportProblem, PlacementImport, StagedPlacement
from attestations.placements.rows import FIELDS, REFERENCE_AT, Problem, RowReader, vocabulary
from attestations.placements.telling import tell_read
from attestations.placements.workbooks import open_workbook
from attestations.placements.workflow import next_state

CHUNK = 5_000
MOST_PROBLEMS = 100_000

_STAGED = (*FIELDS, "sheet", "row", "verdict_id", "placement_import_id")
_PROBLEM = ("sheet", "row", "column", "name", "code", "value", "message", "suggestion")
_JUDGED = len(JUDGED_FIELDS)
_SHEET_SHIFT = 32
_ROW_MASK = (1 << _SHEET_SHIFT) - 1
_BATCH = 500

# fewer headers of ours than these are a sheet of something else
_A_TABLE = 2


class ClaimLost(Exception):
    """Somebody else took the import over, or it was cancelled: nothing more is written."""


def budget() -> Budget:
    return Budget(
        file_bytes=settings.IMPORT_MAX_BYTES,
        unpacked_bytes=settings.IMPORT_MAX_UNPACKED_BYTES,
        unpack_ratio=settings.IMPORT_MAX_UNPACK_RATIO,
        rows=settings.IMPORT_MAX_ROWS,
        cpu_seconds=settings.IMPORT_WORKBOOK_CPU_SECONDS,
        memory_bytes=settings.IMPORT_WORKBOOK_MAX_BYTES,
    )


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
    clear_staging(record.pk)
    staging = _Staging(record, judgement_for(record.agency))
    with _opened(path, record.file_kind) as spreadsheet:
        staging.notes += spreadsheet.notes
        for sheet, layout, rows, sample in _tables(spreadsheet, record, staging.notes):
            staging.sample = staging.sample or sample
            staging.read_sheet(sheet, layout, rows)
    staging.finish()


@contextmanager
def _opened(path: Path, kind: str) -> Iterator[Spreadsheet]:
    opened = open_workbook(path, budget()) if kind == FileKind.XLSX else open_csv(path)
    with opened as spreadsheet:
        yield spreadsheet


def _tables(
    spreadsheet: Spreadsheet, record: PlacementImport, notes: list[str]
) -> Iterator[tuple[Sheet, Layout, Iterator[tuple[int, list[str]]], dict[str, Any]]]:
    """The sheets that hold placements, with their layout; refuses a file without any.

    What was said of one sheet's columns holds for those of the same name on the sheets after it.
    """
    mapping = record.mapping
    mapped = {key_of(name) for name in (*mapping, *record.remembered)}
    refused: list[tuple[int, ColumnsRefused]] = []
    found = False
    for sheet in spreadsheet.sheets:
        if sheet.hidden:
            notes.append(f"The hidden sheet “{shown(sheet.name)}” was left out.")
            continue
        rows = iter(sheet.rows)
        at, header = next((one for one in rows if any(map(str.strip, one[1]))), (0, None))
        if header is None:
            continue
        keys = {key_of(cell) for cell in header}
        ours = recognised(header) + sum(key_of(cell) in mapped for cell in header)
        if found:
            mapping = {name: to for name, to in record.mapping.items() if key_of(name) in keys}
        first = list(islice(rows, ROWS_SAMPLED))
        sample = sampled(sheet.name, at, header, first)
        try:
            layout = lay_out(header, mapping, record.remembered)
        except ColumnsRefused as reasons:
            if reasons.personal and (ours >= _A_TABLE or not found):
                raise
            reasons.sample = sample
            refused.append((ours, reasons))
            notes.append(f"The sheet “{shown(sheet.name)}” was left out: it lacks columns of ours.")
            continue
        found = True
        yield sheet, layout, chain(first, rows), sample
    if not found:
        if not refused:
            raise FileUnreadable("The file has no rows: not even a header.")
        raise max(refused, key=lambda one: one[0])[1]


class _Staging:
    """What is gathered on the way through one file."""

    def __init__(self, record: PlacementImport, judgement: Judgement) -> None:
        self.record = record
        self.judgement = judgement
        self.notes: list[str] = []
        self._words = vocabulary(timezone.localdate(), read_corrections(record.corrections))
        self._readers: dict[str, Reader] = {}
        self._sheets: list[str] = []
        self._layouts: list[dict[str, str]] = []
        self._aside: dict[str, None] = {}
        self._remembered: dict[str, None] = {}
        self.sample: dict[str, Any] = {}
        self._seen: dict[str, int] = {}
        self._repeated: dict[str, list[int]] = {}
        self._bad: set[int] = set()
        self._chunk: list[tuple[tuple, str, int]] = []
        self._problems: list[Problem] = []
        self._problems_told = 0
        self._rows = self._refused = self._expected = 0
        self._most_rows = settings.IMPORT_MAX_ROWS
        self._quotas = {
            terms.reference for terms in judgement.lists.agreements if terms.quota is not None
        }
        self._cites_a_quota = False

    def read_sheet(
        self, sheet: Sheet, layout: Layout, rows: Iterator[tuple[int, list[str]]]
    ) -> None:
        reader = RowReader(layout, sheet.name, self._readers, self._words)
        self._layouts.append(
            {shown(layout.header_of(name), 120): name for name in layout.positions}
        )
        self._aside |= dict.fromkeys(shown(header, 120) for header in layout.aside)
        self._remembered |= dict.fromkeys(shown(header, 120) for header in layout.remembered)
        if layout.aside:
            where = f" of “{shown(sheet.name)}”" if sheet.name else ""
            aside = ", ".join(shown(header) for header in layout.aside)
            self.notes.append(f"Columns{where} that we do not know were left aside: {aside}.")
        self._sheets.append(sheet.name)
        self._expected += sheet.expected
        base = (len(self._sheets) - 1) << _SHEET_SHIFT
        seen = self._seen
        for row, cells in rows:
            read = reader.read(row, cells)
            if read is None:
                continue
            place = base | row
            self._rows += 1
            if type(read) is tuple:
                reference = read[REFERENCE_AT]
                first = seen.setdefault(reference, place)
                if first == place:
                    self._chunk.append((read, sheet.name, row))
                else:
                    self._repeated.setdefault(reference, [first]).append(place)
            else:
                self._refused += 1
                self._problems += read
                reference = reader.reference(cells)
                if reference is not None:
                    self._bad.add(place)
                    first = seen.setdefault(reference, place)
                    if first != place:
                        self._repeated.setdefault(reference, [first]).append(place)
            if len(self._chunk) + len(self._problems) >= CHUNK:
                self._flush()

    def _flush(self) -> None:
        """Commit what was gathered, under the claim."""
        if self._rows > self._most_rows:
            raise FileUnreadable(
                f"The file has more than {self._most_rows} rows. Split it and send the parts one "
                "after the other."
            )
        reached = [self.judgement.of(values[:_JUDGED]) for values, _, _ in self._chunk]
        with transaction.atomic():
            self.judgement.store()
            insert_rows(
                StagedPlacement,
                _STAGED,
                (
                    (*values, sheet, row, one.pk, self.record.pk)
                    for (values, sheet, row), one in zip(self._chunk, reached, strict=True)
                ),
            )
            self._store_problems()
            self._renew_claim()
        if self._quotas and not self._cites_a_quota:
            self._cites_a_quota = any(
                values[AGREEMENT_AT] in self._quotas for values, _, _ in self._chunk
            )
        self._chunk.clear()
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
        ).update(claimed_at=now, rows_done=self._rows, rows_total=max(self._rows, self._expected))
        if not renewed:
            raise ClaimLost
        self.record.claimed_at = now

    def finish(self) -> None:
        """Refuse repeated references, count, and show the preview."""
        self._flush()
        with transaction.atomic():
            duplicate = self._refuse_repeated()
            withdrawn = saving.refuse_withdrawn(self.record)
            refused = self._refused - self._repeated_among_bad() + withdrawn
            standing = saving.standing_of_staged(self.record)
            if self._problems_told > MOST_PROBLEMS:
                self.notes.append(
                    f"There are {self._problems_told} problems; the first {MOST_PROBLEMS} are "
                    "listed."
                )
            if self._cites_a_quota:
                self.notes.append(
                    "Some rows cite an agreement whose places are counted: whether they are used "
                    "up is settled when the rows are saved."
                )
            if not self._rows:
                self.notes.append("The file has a header and no rows.")
            now = timezone.now()
            shown_now = PlacementImport.objects.filter(
                pk=self.record.pk, state=ImportState.RUNNING, claimed_at=self.record.claimed_at
            ).update(
                state=next_state("show", ImportState.RUNNING),
                notes=self.notes,
                layout={
                    "sheets": [
                        {"name": shown(name, 120), "columns": columns}
                        for name, columns in zip(self._sheets, self._layouts, strict=True)
                    ],
                    "aside": list(self._aside),
                    "remembered": list(self._remembered),
                },
                header=self.sample,
                judged_with=self.judgement.digest,
                rows_done=self._rows,
                rows_total=self._rows,
                rows_new=standing.new,
                rows_changed=standing.changed,
                rows_unchanged=standing.unchanged,
                rows_duplicate=duplicate,
                rows_refused=refused,
                finished_at=now,
            )
            if not shown_now:
                raise ClaimLost
            tell_read(import_id=self.record.pk, at=now)

    def _repeated_among_bad(self) -> int:
        return sum(place in self._bad for places in self._repeated.values() for place in places)

    def _refuse_repeated(self) -> int:
        """The same reference twice in one file refuses both (design §10); each row is counted."""
        references = list(self._repeated)
        for at in range(0, len(references), _BATCH):
            _drop(
                StagedPlacement,
                placement_import=self.record.pk,
                reference__in=references[at : at + _BATCH],
            )
        self._problems = [
            problem
            for reference, places in self._repeated.items()
            for problem in self._problems_of(reference, places)
        ]
        self._store_problems()
        return sum(map(len, self._repeated.values()))

    def _problems_of(self, reference: str, places: list[int]) -> Iterator[Problem]:
        rows = [(self._sheets[place >> _SHEET_SHIFT], place & _ROW_MASK) for place in places]
        several = len(self._sheets) > 1
        names = [f"{row} of {shown(sheet)}" if several else str(row) for sheet, row in rows]
        told = ", ".join(names[:10]) + (" and others" if len(names) > 10 else "")
        for sheet, row in rows:
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
