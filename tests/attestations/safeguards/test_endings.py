"""An end that comes early is an act of two people; what was agreed stays as it was."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from agencies.enums import RegulatorRole
from attestations.crosscheck.engine import load_lists
from attestations.enums import RevisionKind
from attestations.models import Agreement, Revision
from attestations.safeguards.revisions import services
from attestations.safeguards.revisions.effects import lists_with
from tests.attestations.safeguards.rollbacks import rolled_back
from tests.factories import agencies as people
from tests.factories import attestations as make

pytestmark = pytest.mark.usefixtures("reference")
TODAY = date(2026, 11, 22)


@pytest.fixture
def steward(db):
    return people.staff(people.regulator(), RegulatorRole.DATA_STEWARD)


@pytest.fixture
def another(db):
    return people.staff(people.regulator(country="IND"), RegulatorRole.DATA_STEWARD)


def ending(by, row, ends_on, **said):
    return services.record_ending(
        kind=RevisionKind.AGREEMENT,
        row_id=row.pk,
        ends_on=ends_on,
        document="a note of both governments, invented",
        by=by,
        on=TODAY,
        **said,
    )


def test_an_ending_by_two_keeps_what_was_agreed_and_governs_the_last_day(steward, another):
    row = make.agreement(valid_until=date(2030, 12, 31))
    revision = ending(steward, row, date(2026, 12, 31))
    foreseen = lists_with(revision, load_lists()).digest
    assert Agreement.objects.in_force(date(2027, 6, 1)).count() == 1

    services.confirm_revision(revision_id=revision.pk, by=another)

    row.refresh_from_db()
    assert (row.valid_until, row.ended_on, row.holds_until) == (
        date(2030, 12, 31),
        date(2026, 12, 31),
        date(2026, 12, 31),
    )
    assert [
        Agreement.objects.in_force(day).count() for day in (date(2026, 12, 31), date(2027, 1, 1))
    ] == [1, 0]
    assert load_lists().digest == foreseen
    assert revision.effective_on == date(2027, 1, 1)


def test_an_ending_that_does_not_count_yet_is_rolled_back(steward, another):
    row = make.agreement()
    before = load_lists().digest
    revision = ending(steward, row, date(2026, 12, 31))
    services.confirm_revision(revision_id=revision.pk, by=another)

    rolled_back(revision, asks=another, confirms=steward, on=TODAY)

    row.refresh_from_db()
    assert (row.ended_on, row.ending, load_lists().digest) == (None, None, before)


@pytest.mark.parametrize(
    ("ends_on", "said"),
    [
        pytest.param(date(2026, 11, 21), {}, id="yesterday"),
        pytest.param(
            date(2026, 5, 31),
            {"document_dated_on": date(2026, 6, 1)},
            id="the day before its document",
        ),
        pytest.param(
            date(2026, 12, 1),
            {"document_dated_on": date(2026, 11, 23)},
            id="a document of tomorrow",
        ),
        pytest.param(
            date(2019, 12, 31), {"document_dated_on": date(2019, 1, 1)}, id="before it began"
        ),
        pytest.param(date(2031, 1, 1), {}, id="later than was agreed"),
    ],
)
def test_an_ending_on_a_wrong_day_is_refused(steward, ends_on, said):
    row = make.agreement(valid_until=date(2030, 12, 31))

    with pytest.raises(ValidationError):
        ending(steward, row, ends_on, **said)

    assert not Revision.objects.exists()


def test_a_document_of_an_earlier_day_may_end_it_in_the_past(steward):
    row = make.agreement()

    revision = ending(steward, row, date(2026, 6, 1), document_dated_on=date(2026, 6, 1))

    assert revision.effective_on == date(2026, 6, 2)
