"""What `fsck` says of changes that two people made."""

from datetime import date

import pytest

from agencies.enums import RegulatorRole
from attestations.enums import RevisionKind
from attestations.models import Emergency
from attestations.safeguards import invariants
from attestations.safeguards.revisions import services
from tests.attestations.safeguards.rollbacks import rolled_back
from tests.factories import agencies as people
from tests.factories import attestations as make

pytestmark = pytest.mark.usefixtures("reference")

REVISIONS = ("attestations_revision",)
ALL = (
    invariants.revisions_unchanged,
    invariants.two_people_on_a_revision,
    invariants.confirmed_revisions_have_their_rows,
    invariants.rows_lead_to_who_confirmed_them,
)
STORM = {
    "country_id": "PHL",
    "title": "Example storm",
    "valid_from": "2024-01-01",
    "valid_until": None,
    "source": "invented for a test",
}


@pytest.fixture
def steward(db):
    return people.staff(people.regulator(), RegulatorRole.DATA_STEWARD)


@pytest.fixture
def another(db):
    return people.staff(people.regulator(country="IND"), RegulatorRole.DATA_STEWARD)


@pytest.fixture
def storm(steward, another):
    made = services.record_rows(
        kind=RevisionKind.EMERGENCY, rows=[STORM], by=steward, at=make.LOADED_AT
    )
    return services.confirm_revision(revision_id=made.pk, by=another, at=make.LOADED_AT)


def ended(steward, another):
    made = services.record_ending(
        kind=RevisionKind.EMERGENCY,
        row_id=Emergency.objects.get().pk,
        ends_on=date(2026, 12, 31),
        document="invented for a test",
        by=steward,
        on=date(2026, 11, 22),
    )
    return services.confirm_revision(revision_id=made.pk, by=another)


def found():
    return [list(check()) for check in ALL]


def test_nothing_is_wrong_with_what_the_services_leave(steward, another, storm):
    ending = ended(steward, another)
    later = STORM | {"title": "A later storm", "valid_from": "2027-01-01"}
    services.record_rows(kind=RevisionKind.EMERGENCY, rows=[later], by=steward)
    rolled_back(ending, asks=another, confirms=steward, on=date(2026, 11, 22))

    assert found() == [[], [], [], []]


def test_nothing_is_wrong_with_an_ending_and_what_it_ends(steward, another, storm):
    ended(steward, another)

    assert found() == [[], [], [], []]


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM attestations_emergency",
        "UPDATE attestations_emergency SET title = 'Another'",
        "UPDATE attestations_emergency SET revision_id = NULL",
        "UPDATE attestations_emergency SET confirmed_by_id = NULL",
    ],
)
def test_a_confirmed_revision_without_its_row_is_named(planted, storm, change):
    planted(change, tables=("attestations_emergency",))

    assert list(invariants.confirmed_revisions_have_their_rows()) == [
        f"Revision {storm.public_id} does not stand among the lists as it says."
    ]


def test_a_row_of_a_revision_that_waits_is_named(planted, storm):
    planted(
        "UPDATE attestations_revision SET confirmed_at = NULL, confirmed_by_id = NULL",
        tables=REVISIONS,
    )

    assert list(invariants.confirmed_revisions_have_their_rows()) == [
        f"Revision {storm.public_id} does not stand among the lists as it says."
    ]


def test_a_lost_ending_is_named(planted, steward, another, storm):
    ending = ended(steward, another)
    planted(
        "UPDATE attestations_emergency SET ended_on = NULL, ending_id = NULL",
        tables=("attestations_emergency",),
    )

    assert list(invariants.confirmed_revisions_have_their_rows()) == [
        f"Revision {ending.public_id} does not stand among the lists as it says."
    ]


def test_one_person_alone_is_named(planted, storm):
    planted(
        "UPDATE attestations_revision SET confirmed_by_id = recorded_by_id",
        tables=REVISIONS,
        without=[("attestations_revision", "check", "attestations_revision_two_people")],
    )

    assert list(invariants.two_people_on_a_revision()) == [
        f"Revision {storm.public_id} was recorded and confirmed by the same person."
    ]


def test_a_revision_that_was_altered_is_named(planted, storm):
    planted("UPDATE attestations_revision SET digest = 'another'", tables=REVISIONS)

    assert list(invariants.revisions_unchanged()) == [
        f"Revision {storm.public_id} no longer has its digest."
    ]


def test_a_row_that_nobody_is_known_to_have_confirmed_is_named(planted, storm):
    planted(
        "UPDATE attestations_emergency SET revision_id = NULL, confirmed_by_id = NULL",
        tables=("attestations_emergency",),
    )

    assert list(invariants.rows_lead_to_who_confirmed_them()) == [
        f"Emergency {Emergency.objects.get()}: nobody says who confirmed it."
    ]
