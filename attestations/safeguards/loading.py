"""Bringing lists from files into the register: again and again with one effect.

What was published under a name never changes under it: a file that says something else is refused
with the difference named, and nothing of the whole load is kept.
"""

from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from agencies import journal
from agencies.lib.canonical import digest
from agencies.models import Country
from attestations.safeguards.dated_files import DATED_FILES, DatedFile, read_dated_file
from attestations.safeguards.editions import EditionText, ListedCountry, differences_in_words
from attestations.safeguards.models import (
    ListEdition,
    ListEntry,
    NationalGrade,
    NationalList,
    Revision,
)
from attestations.safeguards.reading import (
    FOLDER,
    NationalListText,
    read_national_lists,
    read_reference_editions,
)


class AlreadyPublished(Exception):
    """Something else is kept under this name; the message says in what it differs."""

    def __init__(self, what: str, differences: list[str]) -> None:
        self.what, self.differences = what, differences
        super().__init__(
            f"{what} is kept already and differs: {'; '.join(differences)}. "
            "What is published never changes: load a new one under a name of its own."
        )


@dataclass(frozen=True)
class Kept:
    """One thing that a load came across, and whether it was new."""

    what: str
    rows: int
    is_new: bool
    note: str = ""

    def __str__(self) -> str:
        line = f"{'loaded' if self.is_new else 'kept'}: {self.what} ({self.rows} rows)"
        return f"{line}; {self.note}" if self.note else line


@transaction.atomic
def load_safeguards(*, at, folder: Path = FOLDER) -> list[Kept]:
    """Everything in the folder: editions, national lists, agreements and what countries told.

    A register that holds no edition yet starts with those of the files in force. Later ones wait
    for a data steward to activate them.
    """
    known = frozenset(Country.objects.values_list("iso3", flat=True))
    is_first = not ListEdition.objects.exists()
    kept = [
        _load_edition(text, at=at, activate=is_first)
        for text in read_reference_editions(known, folder)
    ]
    kept += [_load_national_list(text) for text in read_national_lists(known, folder)]
    return kept + [_load_dated_file(file, known, folder, at=at) for file in DATED_FILES]


@transaction.atomic
def keep_edition(text: EditionText, *, at, by=None) -> tuple[ListEdition, bool]:
    """The edition as an inactive row, and whether it is new; AlreadyPublished if it differs."""
    stored = ListEdition.objects.select_for_update().filter(label=text.label).first()
    if stored:
        if stored.digest != text.digest:
            raise AlreadyPublished(
                f"The edition {text.label}", differences_in_words(text_of(stored), text)
            )
        return stored, False
    same_day = ListEdition.objects.filter(valid_from=text.valid_from, rolled_back_at=None).first()
    if same_day:
        raise AlreadyPublished(
            f"An edition in force from {text.valid_from}",
            [f"it is the edition {same_day.label}, and the file's is {text.label}"],
        )
    edition = ListEdition.objects.create(
        label=text.label,
        urn=text.urn,
        title=text.title,
        published_on=text.published_on,
        valid_from=text.valid_from,
        certainty=text.certainty,
        source=text.source,
        digest=text.digest,
        loaded_at=at,
        loaded_by=by,
    )
    ListEntry.objects.bulk_create(
        ListEntry(edition=edition, country_id=each.iso3, printed_name=each.printed_name)
        for each in text.countries
    )
    journal.record("list_edition.loaded", edition, by=by, digest=text.digest)
    return edition, True


def text_of(edition: ListEdition) -> EditionText:
    """What the rows of an edition say now; its digest is the edition's own unless they changed."""
    entries = edition.entries.values_list("country_id", "printed_name")
    return EditionText(
        label=edition.label,
        title=edition.title,
        published_on=edition.published_on,
        valid_from=edition.valid_from,
        certainty=edition.certainty,
        source=edition.source,
        countries=tuple(sorted(ListedCountry(*entry) for entry in entries)),
    )


def digest_of_national_list(national_list: NationalList) -> str:
    """Over what the rows say now."""
    return _national_digest(
        national_list,
        national_list.grades.values_list(
            "country_id", "grade", "earliest_possible", "valid_from", "valid_to_exclusive"
        ),
    )


def _load_edition(text: EditionText, *, at, activate: bool) -> Kept:
    edition, is_new = keep_edition(text, at=at)
    if is_new and activate:
        edition.activated_at = edition.applied_at = at
        edition.save(update_fields=["activated_at", "applied_at"])
        journal.record("list_edition.activated", edition, by=None, digest=edition.digest)
    return Kept(
        f"List edition {edition.label}, in force from {edition.valid_from}",
        len(text.countries),
        is_new,
        "" if edition.activated_at else "not active: a data steward has to activate it",
    )


def _load_national_list(text: NationalListText) -> Kept:
    left_out = f"{text.left_out} rows without a grade are not kept" if text.left_out else ""
    what = text.title
    written = _national_digest(
        text,
        (
            (row.country, row.grade, row.earliest_possible, row.valid_from, row.valid_to_exclusive)
            for row in text.grades
        ),
    )
    stored = NationalList.objects.select_for_update().filter(code=text.code).first()
    if stored:
        if stored.digest != written and not _was_before(stored, written):
            raise AlreadyPublished(
                f"The national list {text.code}", _national_changes(stored, text)
            )
        return Kept(what, len(text.grades), False, left_out)
    national_list = NationalList.objects.create(
        code=text.code,
        title=text.title,
        country_id=text.country,
        part=text.part,
        basis=text.basis,
        source=text.source,
        digest=written,
    )
    NationalGrade.objects.bulk_create(
        NationalGrade(
            national_list=national_list,
            country_id=row.country,
            grade=row.grade,
            earliest_possible=row.earliest_possible,
            valid_from=row.valid_from,
            valid_to_exclusive=row.valid_to_exclusive,
            precision=row.precision,
            source=row.source,
        )
        for row in text.grades
    )
    journal.record("lists.national_list_loaded", national_list, by=None, digest=written)
    return Kept(what, len(text.grades), True, left_out)


def _was_before(stored: NationalList, written: str) -> bool:
    """Whether this is a version that the list has gone on from."""
    versions = Revision.objects.confirmed().filter(content__list=stored.pk)
    return versions.filter(digest_before=written).exists()


def _load_dated_file(file: DatedFile, known: frozenset[str], folder: Path, *, at) -> Kept:
    rows = read_dated_file(file, known, folder)
    added = 0
    for row in rows:
        key = {field: row[field] for field in file.key}
        stored = file.model._default_manager.filter(**key).first()
        if stored:
            differences = [
                f"{field}: kept as “{getattr(stored, field)}”, the file says “{value}”"
                for field, value in row.items()
                if getattr(stored, field) != value
            ]
            if differences:
                raise AlreadyPublished(
                    f"{file.name}, {' '.join(map(str, key.values()))}", differences
                )
            continue
        made = file.model._default_manager.create(**row, recorded_at=at, confirmed_at=at)
        journal.record(f"{file.noun}.loaded", made, by=None)
        added += 1
    return Kept(file.name, len(rows), added > 0)


def _national_digest(described, grades) -> str:
    return digest(
        {
            "code": described.code,
            "basis": described.basis,
            "part": described.part,
            "grades": sorted(
                [country, grade, *(str(day) if day else "" for day in days)]
                for country, grade, *days in grades
            ),
        }
    )


def _national_changes(stored: NationalList, text: NationalListText) -> list[str]:
    columns = ("country_id", "grade", "earliest_possible", "valid_from", "valid_to_exclusive")
    kept = set(stored.grades.values_list(*columns))
    given = {
        (row.country, row.grade, row.earliest_possible, row.valid_from, row.valid_to_exclusive)
        for row in text.grades
    }
    changes = [
        f"{row[0]} {row[1]} from {row[3]} is {where}"
        for rows, where in ((given - kept, "in the file only"), (kept - given, "not in the file"))
        for row in sorted(rows, key=lambda row: (row[0], row[3]))
    ]
    return changes or ["its title, part or basis"]
