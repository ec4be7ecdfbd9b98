"""Each invariant holds of what the services leave behind, and names what is planted behind them."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from agencies import invariants, journal, numbering
from agencies.models import (
    Agency,
    AgencyMembership,
    AgencyUserObjectPermission,
    Authorization,
    Country,
    JournalEntry,
    NumberSeries,
    Officer,
    User,
)
from tests.factories import agencies as make

pytestmark = pytest.mark.django_db


def plant(model, pk, **values):
    """Change a row behind the back of every service and model."""
    columns = ", ".join(f"{name} = %s" for name in values)
    quoted = connection.ops.quote_name(model._meta.db_table)
    key = model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {quoted} SET {columns} WHERE {key} = %s", [*values.values(), pk])
        assert cursor.rowcount == 1


def violations(check):
    return list(check())


@pytest.fixture
def agency():
    """An agency with something of everything, as the services would leave it."""
    agency = make.agency("Harbour Example")
    person = make.agency_person(agency)
    make.delegation(person, make.agency("Inland Example"))
    make.officer(agency, user=person)
    make.officer(agency, name="Another Example")
    make.authorization(agency)
    make.authorization(agency, number="EA 9/9")
    journal.record("agency.registered", agency, by=person)
    journal.record("agency.renamed", agency, by=person)
    return agency


def test_everything_holds_of_a_sound_register(agency):
    assert [found for _, found in invariants.run_all() if found] == []


def test_a_number_that_a_slip_of_the_pen_made_is_named(agency):
    plant(Agency, agency.pk, register_number="AG0000010")

    assert violations(invariants.register_numbers) == [
        "AG0000010 does not end with its check character."
    ]


def test_a_number_that_two_agencies_answer_to_is_named(agency):
    another = make.agency()
    twin = agency.register_number.lower()
    plant(Agency, another.pk, register_number=twin)

    assert violations(invariants.register_numbers) == [
        f"{agency.register_number} was given to 2 agencies.",
        f"{twin} does not end with its check character.",
    ]


def test_a_series_that_was_turned_back_is_named(agency):
    plant(NumberSeries, numbering.AGENCY, last=1)

    (found,) = violations(invariants.register_number_series)

    given = max(int(number[2:-1]) for number in _numbers())
    assert found == f"The series AG stands at 1, and {given} has been given."


def test_one_officer_at_the_same_time_twice_is_named(agency):
    first, second = agency.officers.order_by("pk")
    third = make.officer(agency, name="ANOTHER example", valid_from=make.FIRST_DAY)

    assert violations(invariants.overlapping_officers) == [
        f"{agency}: officers {second.pk} and {third.pk} are one person at one time."
    ]
    day_before = make.FIRST_DAY + timedelta(days=9)
    plant(Officer, second.pk, valid_until=day_before)
    plant(Officer, third.pk, valid_from=day_before + timedelta(days=1))
    assert violations(invariants.overlapping_officers) == []
    plant(Officer, third.pk, valid_from=day_before)
    assert len(violations(invariants.overlapping_officers)) == 1
    assert first.user_id


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"number": "ea 1234/56"}, "say the same twice"),
        ({"held": False, "number": "", "issuer": ""}, "contradict each other"),
    ],
)
def test_authorizations_that_speak_of_the_same_day_are_named(agency, values, words):
    first, second = agency.authorizations.order_by("pk")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(
                "ALTER TABLE agencies_authorization "
                "DROP CONSTRAINT agencies_authorization_no_overlap"
            )
    plant(Authorization, second.pk, **values)

    assert violations(invariants.overlapping_authorizations) == [
        f"{agency}: authorizations {first.pk}, {second.pk} {words}."
    ]


def test_a_live_role_of_a_closed_account_is_named(agency):
    membership = AgencyMembership.objects.get()
    plant(User, membership.user_id, is_active=False)

    assert violations(invariants.roles_of_closed_accounts) == [
        (
            f"agencies.agencymembership:{membership.pk} is live, "
            f"and user {membership.user_id} is closed."
        )
    ]


def test_a_delegation_that_outlived_the_role_is_named(agency):
    membership = AgencyMembership.objects.get()
    delegation = AgencyUserObjectPermission.objects.get()
    label = f"agencies.agencyuserobjectpermission:{delegation.pk}"
    plant(AgencyMembership, membership.pk, ended_at=make.BEGINNING, ended_by_id=membership.user_id)

    assert violations(invariants.orphaned_delegations) == [
        f"{label} is held by user {membership.user_id}, who holds no live role anywhere."
    ]
    plant(User, membership.user_id, is_active=False)
    assert violations(invariants.orphaned_delegations) == [
        f"{label} is held by user {membership.user_id}, who is closed."
    ]


def _slip_in(position, recorded_at):
    JournalEntry.objects.create(
        position=position,
        verb="agency.renamed",
        subject="agencies.agency:1",
        actor="system",
        recorded_at=recorded_at,
    )


def test_a_gap_in_the_journal_is_named(agency):
    last = JournalEntry.objects.latest("position")
    _slip_in(last.position + 5, last.recorded_at)

    assert violations(invariants.journal_in_order) == [
        f"The journal goes from entry {last.position} to entry {last.position + 5}.",
        f"The journal ends with entry {last.position + 5}, and its head says {last.position}.",
    ]


def test_a_backdated_entry_is_named(agency):
    last = JournalEntry.objects.latest("position")
    _slip_in(last.position + 1, last.recorded_at - timedelta(seconds=1))

    assert violations(invariants.journal_in_order) == [
        f"Entry {last.position + 1} of the journal is older than the one before it.",
        f"The journal ends with entry {last.position + 1}, and its head says {last.position}.",
    ]


def test_a_country_that_was_edited_is_named(agency):
    plant(Country, "IRL", name="Eire", income_group="Low income")

    assert violations(invariants.countries_of_the_file) == [
        "IRL differs from the file in: name, income_group."
    ]


def test_fsck_names_each_violation_and_fails(agency):
    plant(Agency, agency.pk, register_number="AG0000010")
    said = StringIO()

    with pytest.raises(CommandError) as failed:
        call_command("fsck", stdout=said)

    assert str(failed.value).startswith("1 violations of ")
    assert (
        "FAILED  Register numbers are unique and end with the check character that belongs to "
        "them.\n        AG0000010 does not end with its check character.\n"
    ) in said.getvalue()


def test_fsck_is_content_with_a_sound_register(agency):
    said = StringIO()

    call_command("fsck", stdout=said)

    assert said.getvalue().endswith("invariants hold.\n")


def test_an_invariant_is_stated_once():
    with pytest.raises(ValueError, match="stated once"):
        invariants.invariant("A closed account holds no live role.")(lambda: iter(()))


def _numbers():
    return Agency.objects.values_list("register_number", flat=True)
