"""Whoever comes, leaves, is named or is moved: the door shows what live roles imply, and no more.

A model in plain sets follows random acts beside the services; after each act, for each person,
the list, the single answer and the model agree (invariants I-21 to I-23 of the threat model).
"""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from agencies import services
from agencies.enums import AgencyRole, RegulatorRole
from agencies.models import Agency, AgencyMembership, RegulatorMembership
from agencies.permissions import acts_for
from tests.factories import agencies as make

PEOPLE, AGENCIES = range(3), range(2)

acts = st.one_of(
    st.tuples(st.just("join"), st.sampled_from(PEOPLE), st.sampled_from(AGENCIES)),
    st.tuples(st.just("leave"), st.sampled_from(PEOPLE), st.sampled_from(AGENCIES)),
    st.tuples(st.just("join_regulator"), st.sampled_from(PEOPLE), st.sampled_from(AGENCIES)),
    st.tuples(st.just("leave_regulator"), st.sampled_from(PEOPLE), st.sampled_from(AGENCIES)),
    st.tuples(st.just("name"), st.sampled_from(PEOPLE), st.sampled_from(AGENCIES)),
    st.tuples(st.just("unname"), st.sampled_from(PEOPLE), st.sampled_from(AGENCIES)),
    st.tuples(st.just("transfer"), st.sampled_from(AGENCIES), st.sampled_from(AGENCIES)),
    st.tuples(st.just("close"), st.sampled_from(PEOPLE), st.just(0)),
)


class Register:
    """Two agencies, each with an administrator, and two regulators, each with its own."""

    def __init__(self):
        self.regulators = [make.regulator() for _ in AGENCIES]
        self.agencies = [make.agency(regulator=regulator) for regulator in self.regulators]
        self.chiefs = [make.staff(one, RegulatorRole.ADMIN) for one in self.regulators]
        self.admins = [make.agency_person(one, AgencyRole.ADMIN) for one in self.agencies]
        self.operator = make.user(is_operator=True)
        self.people = [make.user() for _ in PEOPLE]
        self.members, self.staff, self.named, self.closed = set(), set(), set(), set()
        self.kept_by = dict(enumerate(AGENCIES))

    def join(self, person, agency):
        if person not in self.closed and (person, agency) not in self.members:
            make.agency_membership(self.people[person], self.agencies[agency])
            self.members.add((person, agency))

    def leave(self, person, agency):
        live = AgencyMembership.objects.live()
        for one in live.filter(user=self.people[person], agency=self.agencies[agency]):
            services.end_agency_membership(membership_id=one.pk, by=self.admins[agency])
            self.members.discard((person, agency))
            self._forget(person)

    def join_regulator(self, person, regulator):
        if person not in self.closed and (person, regulator) not in self.staff:
            make.regulator_membership(self.people[person], self.regulators[regulator])
            self.staff.add((person, regulator))

    def leave_regulator(self, person, regulator):
        live = RegulatorMembership.objects.live()
        for one in live.filter(user=self.people[person], regulator=self.regulators[regulator]):
            services.end_regulator_membership(membership_id=one.pk, by=self.chiefs[regulator])
            self.staff.discard((person, regulator))
            self._forget(person)

    def name(self, person, agency):
        self.people[person].refresh_from_db()
        services.grant_delegation(
            user_id=self.people[person].pk,
            agency_id=self.agencies[agency].pk,
            by=self.admins[agency],
        )
        self.named.add((person, agency))

    def unname(self, person, agency):
        services.revoke_delegation(
            user_id=self.people[person].pk,
            agency_id=self.agencies[agency].pk,
            by=self.admins[agency],
        )
        self.named.discard((person, agency))

    def transfer(self, agency, regulator):
        services.transfer_regulator(
            agency_id=self.agencies[agency].pk,
            regulator_id=self.regulators[regulator].pk,
            on=make.FIRST_DAY,
            by=self.chiefs[self.kept_by[agency]],
        )
        self.kept_by[agency] = regulator
        self.named = {pair for pair in self.named if pair[1] != agency}

    def close(self, person, _):
        if person not in self.closed:
            services.deactivate_user(user_id=self.people[person].pk, by=self.operator)
            self.closed.add(person)
            self.members = {pair for pair in self.members if pair[0] != person}
            self.staff = {pair for pair in self.staff if pair[0] != person}
            self._forget(person)

    def _forget(self, person):
        self.named = {pair for pair in self.named if pair[0] != person}

    def expected(self, person):
        """The agencies that this person's live roles and delegations imply."""
        return {
            self.agencies[agency].pk
            for agency in AGENCIES
            if (person, agency) in self.members | self.named
            or (person, self.kept_by[agency]) in self.staff
        }

    def check(self):
        for number in PEOPLE:
            person = self.people[number]
            person.refresh_from_db()
            seen = Agency.objects.visible_to(person)
            assert set(seen.values_list("pk", flat=True)) == self.expected(number)
            for place, agency in enumerate(self.agencies):
                assert seen.filter(pk=agency.pk).exists() is (agency.pk in self.expected(number))
                acting = (number, place) in self.members | self.named
                assert acts_for(person, agency) is acting


@pytest.mark.slow
@pytest.mark.django_db
@settings(max_examples=15)
@given(st.lists(acts, max_size=12))
def test_no_chain_of_acts_opens_more_than_live_roles_imply(chain):
    with transaction.atomic():
        register = Register()
        for act, first, second in chain:
            try:
                with transaction.atomic():
                    getattr(register, act)(first, second)
            except (ValidationError, PermissionDenied):
                pass
            register.check()
        transaction.set_rollback(True)
