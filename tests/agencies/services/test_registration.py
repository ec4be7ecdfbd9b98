from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from agencies import journal, services
from agencies.enums import AgencyRole, NameKind, RegulatorRole
from agencies.lib.check_characters import is_issuable
from agencies.lib.transitions import IllegalTransition
from agencies.models import Agency, Delivery, JournalEntry
from agencies.names import near_duplicates
from tests.factories import agencies as make

pytestmark = pytest.mark.django_db

DAY = date(2024, 5, 2)


@pytest.fixture
def regulator():
    return make.regulator("Authority of Examples", country="IRL")


@pytest.fixture
def officer(regulator):
    return make.staff(regulator, RegulatorRole.CASE_OFFICER)


def register(regulator, by, legal_name="Harbour Example Care Ltd", **more):
    return services.register_agency(
        regulator_id=regulator.pk, legal_name=legal_name, registered_on=DAY, by=by, **more
    )


def verbs(subject):
    return [entry.verb for entry in journal.history_of(subject)]


def test_an_agency_is_registered_in_the_jurisdiction_of_its_regulator(regulator, officer):
    agency = register(
        regulator,
        officer,
        "  Harbour\u200b  Example Care Ltd ",
        company_number="123456",
        issuing_register="Companies Registration Office",
        trading_names=["Harbour Care"],
        website="https://harbour.example/",
    )

    assert is_issuable(agency.register_number)
    assert agency.legal_name == "Harbour Example Care Ltd"
    assert (agency.regulator, agency.home_country_id) == (regulator, "IRL")
    assert [(name.kind, name.name) for name in agency.names.all()] == [
        (NameKind.TRADING, "Harbour Care")
    ]
    entry = JournalEntry.objects.get()
    assert (entry.verb, entry.agency_number, entry.actor) == (
        "agency.registered",
        agency.register_number,
        f"user:{officer.pk}",
    )
    assert entry.data == {"regulator": regulator.pk, "looked_like": []}


@pytest.mark.parametrize(
    "role",
    [
        role
        for role in RegulatorRole
        if role not in (RegulatorRole.CASE_OFFICER, RegulatorRole.ADMIN)
    ],
)
def test_other_roles_register_nobody(regulator, role):
    with pytest.raises(PermissionDenied):
        register(regulator, make.staff(regulator, role))

    assert Agency.objects.count() == 0


def test_staff_of_another_regulator_registers_nobody(regulator):
    with pytest.raises(PermissionDenied):
        register(regulator, make.staff(make.regulator(), RegulatorRole.ADMIN))


@pytest.mark.parametrize(
    ("name", "number", "reasons"),
    [
        ("HARBOUR example care", "", ("the same name: Harbour Example Care Ltd",)),
        (
            "Hаrbour Example Care Ltd",  # a Cyrillic letter
            "",
            ("a name that looks the same: Harbour Example Care Ltd",),
        ),
        (
            "Safe Haven Ltd",
            "",
            ("the same name as its trading name: Safe Haven",),
        ),
        ("Elsewhere", "ab 12", ("the same company number: AB 12 (CRO)",)),
        (
            "Harbour Example Care",
            "AB 12",
            (
                "the same name: Harbour Example Care Ltd",
                "the same company number: AB 12 (CRO)",
            ),
        ),
    ],
)
def test_who_looks_alike_is_shown_with_reasons(regulator, officer, name, number, reasons):
    known = register(
        regulator,
        officer,
        company_number="AB 12",
        issuing_register="CRO",
        trading_names=["Safe Haven"],
    )

    (found,) = near_duplicates([name], country_id="IRL", company_number=number)

    assert (found.agency, found.reasons) == (known, reasons)


def test_an_agency_unlike_any_other_has_no_near_duplicate(regulator, officer):
    register(regulator, officer, company_number="12", issuing_register="CRO")

    assert near_duplicates(["Inland Example"], country_id="IRL", company_number="13") == []
    assert near_duplicates(["Inland Example"], country_id="IND", company_number="12") == []
    assert near_duplicates(["---"], country_id="IRL") == []


def test_a_near_duplicate_is_registered_only_by_a_person_who_says_it_is_another(regulator, officer):
    first = register(regulator, officer)

    with pytest.raises(services.NearDuplicatesFound) as found:
        register(regulator, officer)
    second = register(regulator, officer, is_another=True)

    assert [duplicate.agency for duplicate in found.value.duplicates] == [first]
    assert second.register_number != first.register_number
    assert journal.history_of(second).get().data["looked_like"] == [first.register_number]


def test_a_company_number_is_recorded_once_a_register(regulator, officer):
    known = register(regulator, officer, company_number="77", issuing_register="CRO")

    with pytest.raises(services.CompanyNumberTaken) as taken:
        register(
            regulator,
            officer,
            "Inland",
            company_number="77",
            issuing_register="CRO",
            is_another=True,
        )

    assert taken.value.messages == [
        (
            f"{known} is already recorded under this company number. Look at its record; "
            "if that one is wrong, correct it first."
        )
    ]
    other_register = register(
        regulator,
        officer,
        "Inland",
        company_number="77",
        issuing_register="Charities",
        is_another=True,
    )
    assert other_register.company_number == "77"


def test_a_company_number_without_its_register_is_refused(regulator, officer):
    with pytest.raises(ValidationError) as refused:
        register(regulator, officer, company_number="77")

    assert refused.value.messages == ["Say which register gave the company number."]


def test_a_new_name_keeps_the_old_one_with_its_dates(regulator, officer):
    agency = register(regulator, officer, "First Example")
    admin = make.agency_person(agency, AgencyRole.ADMIN)

    services.rename_agency(
        agency_id=agency.pk, legal_name="Second Example", on=date(2024, 7, 1), by=officer
    )
    agency = services.rename_agency(
        agency_id=agency.pk, legal_name="Third Example", on=date(2025, 1, 1), by=officer
    )

    assert agency.legal_name == "Third Example"
    assert agency.name_key == "third example"
    assert sorted(agency.names.values_list("name", "kind", "valid_from", "valid_until")) == [
        ("First Example", "former", DAY, date(2024, 6, 30)),
        ("Second Example", "former", date(2024, 7, 1), date(2024, 12, 31)),
    ]
    assert verbs(agency) == ["agency.registered", "agency.renamed", "agency.renamed"]
    assert [d.recipient for d in Delivery.objects.all()] == [admin, admin]


@pytest.mark.parametrize("on", [DAY, date(2020, 1, 1)])
def test_a_new_name_begins_after_the_present_one(regulator, officer, on):
    agency = register(regulator, officer)

    with pytest.raises(ValidationError):
        services.rename_agency(agency_id=agency.pk, legal_name="Second", on=on, by=officer)


def test_a_record_goes_to_another_regulator_with_its_delegations_ended(regulator):
    admin = make.staff(regulator, RegulatorRole.ADMIN)
    agency = make.agency(regulator=regulator)
    delegate = make.staff(regulator, RegulatorRole.AUDITOR)
    make.delegation(delegate, agency)
    new = make.regulator(country="IND")

    services.transfer_regulator(agency_id=agency.pk, regulator_id=new.pk, on=DAY, by=admin)

    agency.refresh_from_db()
    assert (agency.regulator, agency.home_country_id) == (new, "IND")
    assert Agency.objects.visible_to(delegate).exists() is False
    assert Agency.objects.visible_to(admin).exists() is False
    assert journal.history_of(agency).get().data == {
        "old": regulator.pk,
        "new": new.pk,
        "on": "2024-05-02",
        "delegations_ended": [delegate.pk],
    }


def test_a_case_officer_does_not_give_a_record_away(regulator, officer):
    agency = make.agency(regulator=regulator)

    with pytest.raises(PermissionDenied):
        services.transfer_regulator(
            agency_id=agency.pk, regulator_id=make.regulator().pk, on=DAY, by=officer
        )


def test_a_merged_agency_points_to_where_it_went(regulator, officer):
    one, other = make.agency(regulator=regulator), make.agency(regulator=regulator)

    services.merge_agencies(agency_id=one.pk, into_id=other.pk, on=DAY, by=officer)

    one.refresh_from_db()
    assert (one.stage, one.ended_on, one.merged_into) == ("merged", DAY, other)
    assert verbs(one) == ["agency.merged"]
    assert verbs(other) == ["agency.absorbed"]


def test_nothing_is_merged_into_itself_or_into_what_has_ended(regulator, officer):
    one, other = make.agency(regulator=regulator), make.agency(regulator=regulator)
    services.end_agency(agency_id=other.pk, on=DAY, by=officer)

    with pytest.raises(ValidationError):
        services.merge_agencies(agency_id=one.pk, into_id=one.pk, on=DAY, by=officer)
    with pytest.raises(IllegalTransition):
        services.merge_agencies(agency_id=one.pk, into_id=other.pk, on=DAY, by=officer)


def test_a_merger_needs_the_word_of_both_regulators(regulator, officer):
    one, other = make.agency(regulator=regulator), make.agency()

    with pytest.raises(PermissionDenied):
        services.merge_agencies(agency_id=one.pk, into_id=other.pk, on=DAY, by=officer)


def test_an_agency_ends_itself_once_and_stays_in_the_register(regulator, officer):
    agency = make.agency(regulator=regulator)
    signing = make.agency_person(agency, AgencyRole.SIGNING_OFFICER)

    services.end_agency(agency_id=agency.pk, on=DAY, by=signing)

    agency.refresh_from_db()
    assert (agency.stage, agency.ended_on) == ("ended", DAY)
    with pytest.raises(IllegalTransition):
        services.end_agency(agency_id=agency.pk, on=DAY, by=signing)
    with pytest.raises(IllegalTransition):
        services.rename_agency(agency_id=agency.pk, legal_name="New", on=DAY, by=officer)


def test_a_member_ends_no_agency(regulator):
    agency = make.agency(regulator=regulator)

    with pytest.raises(PermissionDenied):
        services.end_agency(
            agency_id=agency.pk, on=DAY, by=make.agency_person(agency, AgencyRole.MEMBER)
        )


def test_only_what_changed_of_the_contact_is_written(regulator):
    agency = make.agency(regulator=regulator)
    admin = make.agency_person(agency, AgencyRole.ADMIN)

    services.change_contact(
        agency_id=agency.pk, by=admin, telephone=" +353 1 000 ", address="1 Quay\r\nCork"
    )

    agency.refresh_from_db()
    assert (agency.telephone, agency.address) == ("+353 1 000", "1 Quay\nCork")
    assert journal.history_of(agency).get().data == {"fields": ["address", "telephone"]}


def test_a_bad_website_is_refused_and_nothing_else_is_looked_at(regulator):
    agency = make.agency(regulator=regulator)

    with pytest.raises(ValidationError) as refused:
        services.change_contact(
            agency_id=agency.pk,
            by=make.agency_person(agency, AgencyRole.ADMIN),
            website="javascript:alert(1)",
        )

    assert list(refused.value.message_dict) == ["website"]
