"""What people and agencies are told: invited, leaving, renamed, handed over, ended."""

from datetime import timedelta

from django.utils import timezone

from agencies import services
from agencies.enums import AgencyRole, RegulatorRole
from agencies.services.signing_in import ask_for_new_password
from tests.factories import agencies as make


def people_come_and_go():
    agency = make.agency()
    admin = make.agency_person(agency, AgencyRole.ADMIN)
    services.invite(
        email="new@people.example", role=AgencyRole.MEMBER, agency_id=agency.pk, by=admin
    )
    services.add_regulator(
        name="Authority of the Source", country_id=agency.home_country_id, admin_email="a@b.example"
    )
    member = make.agency_membership(make.user(), agency)
    services.end_agency_membership(membership_id=member.pk, by=admin)
    officer = make.regulator_membership(make.user(), agency.regulator, RegulatorRole.CASE_OFFICER)
    services.end_regulator_membership(
        membership_id=officer.pk, by=make.staff(agency.regulator, RegulatorRole.ADMIN)
    )


def a_password_is_forgotten():
    person = make.user(password=make.PASSWORD)
    ask_for_new_password(email=person.email, at=timezone.now())


def an_agency_lives():
    agency = make.agency("A" * 200)
    make.agency_person(agency, AgencyRole.ADMIN)
    admin = make.staff(agency.regulator, RegulatorRole.ADMIN)
    on = make.FIRST_DAY + timedelta(days=365)
    services.rename_agency(agency_id=agency.pk, legal_name="Harbour & Sons", on=on, by=admin)
    other = make.regulator("Authority of the Destination", country="GBR")
    services.transfer_regulator(agency_id=agency.pk, regulator_id=other.pk, on=on, by=admin)
    services.end_agency(
        agency_id=agency.pk, on=on, by=make.staff(other, RegulatorRole.CASE_OFFICER)
    )


LIVES = (people_come_and_go, a_password_is_forgotten, an_agency_lives)
