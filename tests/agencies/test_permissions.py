"""The one door of this room: lists and single answers agree, and nothing but a role opens it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from agencies.enums import CASE_ROLES, AgencyRole, RegulatorRole
from agencies.models import Agency, Officer
from agencies.permissions import (
    acts_for,
    agencies_of,
    check_acts_for,
    check_holds,
    holds,
    people_with,
    regulators_of,
)
from tests.factories import agencies as make

pytestmark = pytest.mark.django_db


def a_person(standing, agency):
    """Somebody in one relation to `agency`."""
    regulator = agency.regulator
    if isinstance(standing, AgencyRole):
        return make.agency_person(agency, standing)
    if isinstance(standing, RegulatorRole):
        return make.staff(regulator, standing)
    person = make.user()
    if standing == "delegate":
        make.delegation(person, agency)
    if standing == "former member":
        make.agency_membership(person, agency, AgencyRole.ADMIN, ended_at=make.BEGINNING)
    if standing == "former case officer":
        make.regulator_membership(person, regulator, ended_at=make.BEGINNING)
    if standing == "case officer elsewhere":
        make.regulator_membership(person, make.regulator())
    if standing == "member elsewhere":
        make.agency_membership(person, make.agency(), AgencyRole.ADMIN)
    if standing == "operator":
        person.is_operator = True
        person.save(update_fields=["is_operator"])
    if standing == "superuser":
        person.is_superuser = True
        person.save(update_fields=["is_superuser"])
    return person


INSIDE = [*AgencyRole, *CASE_ROLES, "delegate"]
OUTSIDE = [
    RegulatorRole.DATA_STEWARD,
    RegulatorRole.NATIONAL_AUTHORITY,
    "former member",
    "former case officer",
    "case officer elsewhere",
    "member elsewhere",
    "operator",
    "superuser",
    "nobody in particular",
]


@pytest.mark.parametrize("standing", INSIDE)
def test_who_has_a_role_or_a_delegation_sees_the_agency(standing):
    agency, another = make.agency(), make.agency()
    person = a_person(standing, agency)

    assert list(Agency.objects.visible_to(person)) == [agency]
    assert Agency.objects.visible_to(person).filter(pk=another.pk).exists() is False


@pytest.mark.parametrize("standing", OUTSIDE)
def test_nobody_else_sees_the_agency(standing):
    agency = make.agency()
    person = a_person(standing, agency)

    assert Agency.objects.visible_to(person).filter(pk=agency.pk).exists() is False


@pytest.mark.parametrize("standing", INSIDE)
def test_an_inactive_person_sees_nothing_and_holds_nothing(standing):
    agency = make.agency()
    person = a_person(standing, agency)
    person.is_active = False
    person.save(update_fields=["is_active"])

    assert list(Agency.objects.visible_to(person)) == []
    assert holds(person) is False
    assert acts_for(person, agency) is False
    assert list(agencies_of(person)) == []
    assert list(regulators_of(person)) == []


def test_nobody_signed_in_is_nobody():
    agency = make.agency()
    anonymous = AnonymousUser()

    assert list(Agency.objects.visible_to(anonymous)) == []
    assert list(Officer.objects.visible_to(anonymous)) == []
    assert holds(anonymous) is False
    assert acts_for(anonymous, agency) is False


def test_what_belongs_to_an_agency_is_seen_with_it():
    agency, another = make.agency(), make.agency()
    seen, _unseen = make.officer(agency), make.officer(another)

    assert list(Officer.objects.visible_to(a_person(AgencyRole.MEMBER, agency))) == [seen]


def test_another_permission_on_the_same_row_is_no_delegation():
    agency, person = make.agency(), make.user()
    row = make.delegation(person, agency)
    row.permission = type(row.permission).objects.get(codename="view_agency")
    row.save()

    assert list(Agency.objects.visible_to(person)) == []


@pytest.mark.parametrize(
    ("standing", "expected"),
    [(role, True) for role in AgencyRole]
    + [("delegate", True)]
    + [(role, False) for role in RegulatorRole]
    + [(standing, False) for standing in OUTSIDE],
)
def test_only_its_own_people_and_delegates_act_for_an_agency(standing, expected):
    agency = make.agency()
    person = a_person(standing, agency)

    assert acts_for(person, agency) is expected
    if not expected:
        with pytest.raises(PermissionDenied):
            check_acts_for(person, agency)


def test_a_role_is_held_where_it_is_held_and_nowhere_else():
    agency, another = make.agency(), make.agency()
    admin = a_person(AgencyRole.ADMIN, agency)

    assert holds(admin, AgencyRole.ADMIN, agency=agency) is True
    assert holds(admin, AgencyRole.ADMIN) is True
    assert holds(admin, agency=agency) is True
    assert holds(admin, AgencyRole.ADMIN, agency=another) is False
    assert holds(admin, AgencyRole.SIGNING_OFFICER, agency=agency) is False
    assert holds(admin, RegulatorRole.ADMIN) is False
    assert holds(admin, RegulatorRole.ADMIN, regulator=agency.regulator) is False
    assert holds(admin, regulator=agency.regulator) is False


def test_an_admin_of_a_regulator_is_no_admin_of_its_agencies():
    agency = make.agency()
    admin = a_person(RegulatorRole.ADMIN, agency)

    assert holds(admin, AgencyRole.ADMIN, agency=agency) is False
    assert holds(admin, agency=agency) is False
    assert holds(admin, RegulatorRole.ADMIN, regulator=agency.regulator) is True
    assert list(regulators_of(admin, RegulatorRole.ADMIN)) == [agency.regulator]
    assert list(regulators_of(admin, RegulatorRole.DECIDER)) == []
    assert list(agencies_of(admin)) == []


def test_a_bare_word_is_no_role():
    with pytest.raises(TypeError):
        holds(make.user(), "admin")


def test_a_refusal_says_which_role_would_do():
    agency = make.agency("Example Care")

    with pytest.raises(PermissionDenied) as refused:
        check_holds(make.user(), AgencyRole.ADMIN, AgencyRole.SIGNING_OFFICER, agency=agency)

    assert str(refused.value) == (
        "This is done by somebody who holds administrator or signing officer "
        f"at Example Care ({agency.register_number})."
    )


def test_whom_to_tell_leaves_out_who_left_and_who_is_inactive():
    agency = make.agency()
    admin = a_person(AgencyRole.ADMIN, agency)
    a_person("former member", agency)
    a_person(AgencyRole.MEMBER, agency)
    asleep = a_person(AgencyRole.ADMIN, agency)
    asleep.is_active = False
    asleep.save(update_fields=["is_active"])

    assert list(people_with(AgencyRole.ADMIN, agency=agency)) == [admin]


def test_seeing_agencies_takes_one_query(django_assert_num_queries):
    person = a_person(RegulatorRole.CASE_OFFICER, make.agency())

    with django_assert_num_queries(1):
        list(Agency.objects.visible_to(person))
