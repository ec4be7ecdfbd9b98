"""What two people do at once: on PostgreSQL, with real threads, and with the protection off."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from agencies import numbering, services
from agencies.enums import AgencyRole
from agencies.lib.transitions import IllegalTransition
from agencies.models import AgencyMembership, Invitation, NumberSeries, User
from agencies.tokens import invitation_token
from tests.factories import agencies as make

pytestmark = [
    pytest.mark.postgresql_only,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]


def at_once(*acts):
    """Run the acts in threads of their own, started together; what each returned or raised."""
    together = threading.Barrier(len(acts))
    results = [None] * len(acts)

    def run(place, act):
        together.wait()
        try:
            results[place] = act()
        except Exception as problem:
            results[place] = problem
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.fixture
def agency():
    return make.agency()


def test_an_invitation_accepted_twice_at_once_makes_one_membership(agency):
    admin = make.agency_person(agency, AgencyRole.ADMIN)
    person = make.user("new@people.example")
    invitation = services.invite(
        email=person.email, role=AgencyRole.MEMBER, agency_id=agency.pk, by=admin
    )

    def accept():
        return services.accept_invitation(
            token=invitation_token(invitation.public_id), at=timezone.now(), by=person
        )

    results = at_once(*[accept] * 6)

    accepted = [result for result in results if isinstance(result, AgencyMembership)]
    refused = [result for result in results if isinstance(result, IllegalTransition)]
    assert (len(accepted), len(refused)) == (1, 5)
    assert AgencyMembership.objects.filter(user=person).count() == 1


def test_two_new_accounts_for_one_invitation_make_one_person(agency):
    admin = make.agency_person(agency, AgencyRole.ADMIN)
    invitation = services.invite(
        email="new@people.example", role=AgencyRole.MEMBER, agency_id=agency.pk, by=admin
    )

    def accept():
        return services.accept_invitation(
            token=invitation_token(invitation.public_id),
            at=timezone.now(),
            name="New Example",
            password=make.PASSWORD,
        )

    results = at_once(accept, accept, accept)

    assert [type(result) for result in results].count(AgencyMembership) == 1
    assert User.objects.filter(email="new@people.example").count() == 1


def test_control_who_looks_first_and_writes_then_makes_two(agency):
    """Without the row lock, the condition and the UNIQUE, each sees an open invitation."""
    person = make.user()
    invitation = make.invitation(agency=agency, email=person.email)
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX agencies_agencymembership_live_once")
    looked = threading.Barrier(2)

    def accept():
        with transaction.atomic():
            seen = Invitation.objects.get(pk=invitation.pk)
            looked.wait()
            if seen.accepted_at is None:
                Invitation.objects.filter(pk=seen.pk).update(
                    accepted_at=make.BEGINNING, accepted_by=person
                )
                return make.agency_membership(person, agency)
        return None

    try:
        at_once(accept, accept)

        assert AgencyMembership.objects.filter(user=person).count() == 2
    finally:
        AgencyMembership.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE UNIQUE INDEX agencies_agencymembership_live_once ON "
                "agencies_agencymembership (user_id, agency_id, role) WHERE ended_at IS NULL"
            )


def test_the_last_two_administrators_cannot_leave_at_once(agency):
    first, second = (make.agency_person(agency, AgencyRole.ADMIN) for _ in range(2))

    def leave(person):
        return services.end_agency_membership(
            membership_id=person.agency_memberships.get().pk, by=person
        )

    results = at_once(lambda: leave(first), lambda: leave(second))

    assert sorted(type(result).__name__ for result in results) == [
        "AgencyMembership",
        "LastAdministrator",
    ]
    assert AgencyMembership.objects.live().count() == 1


def test_numbers_are_given_once_whoever_asks_together():
    results = at_once(*[lambda: numbering.next_number(numbering.AGENCY)] * 8)

    assert len(set(results)) == 8
    assert all(isinstance(result, str) for result in results)


def test_control_who_reads_the_last_number_and_adds_one_gives_it_twice():
    NumberSeries.objects.create(name="control", last=5)
    read = threading.Barrier(2)

    def take():
        with transaction.atomic():
            last = NumberSeries.objects.get(name="control").last
            read.wait()
            NumberSeries.objects.filter(name="control").update(last=last + 1)
            return last + 1

    assert at_once(take, take) == [6, 6]


def test_one_company_number_is_registered_once_whoever_comes_together():
    regulator = make.regulator()
    officer = make.staff(regulator)

    def register():
        return services.register_agency(
            regulator_id=regulator.pk,
            legal_name="Harbour Example",
            company_number="1",
            issuing_register="CRO",
            registered_on=make.FIRST_DAY,
            is_another=True,
            by=officer,
        )

    results = at_once(register, register, register)

    assert [type(result).__name__ for result in results].count("Agency") == 1
    assert not any(isinstance(result, IntegrityError) for result in results)
