import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from agencies import journal, services
from agencies.enums import AgencyRole, RegulatorRole
from agencies.models import Agency
from agencies.permissions import acts_for
from agencies.services.delegations import delegation_tables
from tests.factories import agencies as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    return make.agency()


@pytest.fixture
def admin(agency):
    return make.agency_person(agency, AgencyRole.ADMIN)


def test_a_named_person_acts_for_the_agency_until_it_is_taken_back(agency, admin):
    person = make.agency_person(make.agency())

    for _ in range(2):
        services.grant_delegation(user_id=person.pk, agency_id=agency.pk, by=admin)
    assert acts_for(person, agency) is True
    services.revoke_delegation(user_id=person.pk, agency_id=agency.pk, by=admin)
    services.revoke_delegation(user_id=person.pk, agency_id=agency.pk, by=admin)

    assert acts_for(person, agency) is False
    assert [entry.verb for entry in journal.history_of(agency)] == [
        "delegation.granted",
        "delegation.revoked",
    ]


def test_somebody_without_a_role_anywhere_is_not_named(agency, admin):
    with pytest.raises(ValidationError):
        services.grant_delegation(user_id=make.user().pk, agency_id=agency.pk, by=admin)


@pytest.mark.parametrize("role", [AgencyRole.MEMBER, AgencyRole.SIGNING_OFFICER])
def test_only_who_manages_people_names_somebody(agency, role):
    person = make.agency_person(make.agency())

    with pytest.raises(PermissionDenied):
        services.grant_delegation(
            user_id=person.pk, agency_id=agency.pk, by=make.agency_person(agency, role)
        )


def test_a_delegation_is_not_handed_on(agency, admin):
    delegate, friend = (make.agency_person(make.agency()) for _ in range(2))
    services.grant_delegation(user_id=delegate.pk, agency_id=agency.pk, by=admin)

    with pytest.raises(PermissionDenied):
        services.grant_delegation(user_id=friend.pk, agency_id=agency.pk, by=delegate)


def test_it_ends_with_the_role_that_the_person_held(agency, admin):
    regulator = make.regulator()
    chief = make.staff(regulator, RegulatorRole.ADMIN)
    person = make.staff(regulator, RegulatorRole.AUDITOR)
    services.grant_delegation(user_id=person.pk, agency_id=agency.pk, by=admin)

    services.end_regulator_membership(membership_id=person.regulator_memberships.get().pk, by=chief)

    assert list(Agency.objects.visible_to(person)) == []


def test_every_room_with_such_a_table_is_known():
    assert {table._meta.label for table in delegation_tables()} == {
        "agencies.AgencyUserObjectPermission",
        "audits.AuditUserObjectPermission",
        "guardian.UserObjectPermission",
    }
