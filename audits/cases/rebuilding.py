"""The queue made anew from the journal, and compared with what stands."""

from collections.abc import Iterator

from django.db import transaction

from agencies import journal
from agencies.models import Agency, JournalEntry
from audits.cases.books import MemoryBook, columns_of, matter_of
from audits.cases.hearing import days_given, heard_from
from audits.cases.matters import HEARD_OF, Matter, follow
from audits.cases.models import Case
from audits.cases.records import AllRecords


def matters_of_the_journal() -> dict[object, Matter]:
    """Every matter by its address, as all entries together leave it.

    What a matter was given stays, whatever a setting says today; so that is read of its row.
    """
    given = dict(Case.objects.exclude(days_given=None).values_list("public_id", "days_given"))
    agencies = dict(Agency.objects.values_list("register_number", "pk"))
    book, records = MemoryBook(), AllRecords()

    def days(kind, public_id):
        return given.get(public_id) or days_given(kind, public_id)

    entries = JournalEntry.objects.filter(verb__in=HEARD_OF).order_by("position")
    for entry in entries.iterator(chunk_size=2000):
        follow(heard_from(entry, agencies.get(entry.agency_number)), book, records, days)
    return book.matters


def differences() -> Iterator[str]:
    """Where the queue is not what the journal says, one sentence each."""
    expected = matters_of_the_journal()
    for case in Case.objects.order_by("pk").iterator(chunk_size=2000):
        matter = expected.pop(case.public_id, None)
        if matter is None:
            yield f"The case {case.public_id} ({case.subject}) is in no entry of the journal."
        elif matter != (stands := matter_of(case)):
            wrong = sorted(_changed(stands, matter))
            yield f"The case {case.public_id} ({case.subject}) differs in {', '.join(wrong)}."
    for matter in expected.values():
        yield f"The matter {matter.subject} is missing from the queue."


@transaction.atomic
def rebuild() -> int:
    """Bring every row to what the journal says; how many were not. Rows keep their addresses, so
    that notes and visits stay where they are."""
    journal.hold()
    expected = matters_of_the_journal()
    mended = 0
    for case in Case.objects.order_by("pk"):
        matter = expected.pop(case.public_id, None)
        if matter is not None and matter != matter_of(case):
            Case.objects.filter(pk=case.pk).update(**columns_of(matter))
            mended += 1
    Case.objects.bulk_create(
        Case(public_id=matter.public_id, **columns_of(matter)) for matter in expected.values()
    )
    return mended + len(expected)


def _changed(stands, matter):
    before, after = columns_of(stands), columns_of(matter)
    return [name.removesuffix("_id") for name in before if before[name] != after[name]]
