from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from agencies import journal, services
from agencies.enums import AgencyRole, PartnerKind, RegulatorRole, Scheme, Side
from agencies.lib.transitions import IllegalTransition
from agencies.models import AgencyName, Authorization, Officer, SchemeMembership
from tests.factories import agencies as make

pytestmark = pytest.mark.django_db

JANUARY, MAY, JUNE = date(2024, 1, 1), date(2024, 5, 31), date(2024, 6, 1)


@pytest.fixture
def agency():
    make.country("IND")
    return make.agency("Harbour Example")


@pytest.fixture
def admin(agency):
    return make.agency_person(agency, AgencyRole.ADMIN)


def add_officer(agency, by, name="Ciara Example", **more):
    values = {"position": "Director", "may_sign": True, "valid_from": JANUARY}
    return services.add_officer(agency_id=agency.pk, name=name, by=by, **values | more)


def add_authorization(agency, by, **more):
    values = {
        "side": Side.SOURCE,
        "country_id": "IND",
        "issuer": "Protector of Emigrants",
        "number": "B-0001/KER/PART/1000+/5/2020",
        "valid_from": JANUARY,
    }
    return services.add_authorization(agency_id=agency.pk, by=by, **values | more)


ADDING = [
    lambda agency, by: add_officer(agency, by),
    lambda agency, by: add_authorization(agency, by),
    lambda agency, by: services.add_branch(
        agency_id=agency.pk, name="Cork", country_id="IRL", valid_from=JANUARY, by=by
    ),
    lambda agency, by: services.add_partner(
        agency_id=agency.pk,
        name="Partner",
        kind=PartnerKind.SUB_AGENT,
        country_id="IND",
        valid_from=JANUARY,
        by=by,
    ),
    lambda agency, by: services.add_trading_name(
        agency_id=agency.pk, name="Harbour Care", valid_from=JANUARY, by=by
    ),
    lambda agency, by: services.add_scheme_membership(
        agency_id=agency.pk, scheme=Scheme.IRIS, source="List", valid_from=JANUARY, by=by
    ),
]
WORDS = ["officer", "authorization", "branch", "partner", "trading_name", "scheme_membership"]


@pytest.mark.parametrize("add", ADDING, ids=WORDS)
def test_an_entry_is_recorded_once_for_its_days_and_journalled(agency, add, request):
    staff = make.staff(agency.regulator)

    row = add(agency, staff)

    kind = request.node.callspec.id
    assert [entry.verb for entry in journal.history_of(row)] == [f"{kind}.added"]
    with pytest.raises(ValidationError):
        add(agency, staff)


@pytest.mark.parametrize("add", ADDING, ids=WORDS)
def test_an_agency_that_has_ended_takes_no_entry(agency, add):
    staff = make.staff(agency.regulator)
    services.end_agency(agency_id=agency.pk, on=date(2024, 1, 1), by=staff)

    with pytest.raises(IllegalTransition):
        add(agency, staff)


@pytest.mark.parametrize("add", ADDING, ids=WORDS)
def test_strangers_and_plain_members_record_nothing(agency, add):
    for person in (
        make.agency_person(agency, AgencyRole.MEMBER),
        make.agency_person(make.agency(), AgencyRole.ADMIN),
        make.staff(agency.regulator, RegulatorRole.AUDITOR),
        make.staff(make.regulator(), RegulatorRole.ADMIN),
    ):
        with pytest.raises(PermissionDenied):
            add(agency, person)


def test_a_place_in_a_scheme_is_the_regulators_to_record(agency, admin):
    with pytest.raises(PermissionDenied):
        ADDING[-1](agency, admin)

    membership = ADDING[-1](agency, make.staff(agency.regulator))
    with pytest.raises(PermissionDenied):
        services.end_record(model=SchemeMembership, pk=membership.pk, last_day=MAY, by=admin)


def test_a_delegate_records_for_the_agency(agency):
    delegate = make.agency_person(make.agency())
    make.delegation(delegate, agency)

    assert add_officer(agency, delegate).agency == agency


def test_who_left_may_come_back_later_and_not_on_the_same_day(agency, admin):
    officer = add_officer(agency, admin)
    services.end_record(model=Officer, pk=officer.pk, last_day=MAY, by=admin)

    with pytest.raises(ValidationError):
        add_officer(agency, admin, "CIARA  EXAMPLE", valid_from=MAY)
    assert add_officer(agency, admin, valid_from=JUNE).valid_until is None


def test_an_officer_with_an_account_is_the_same_person_under_another_name(agency, admin):
    add_officer(agency, admin, user_id=admin.pk)

    with pytest.raises(ValidationError):
        add_officer(agency, admin, "Somebody Else", user_id=admin.pk)


def test_an_account_from_outside_is_no_officers_account(agency, admin):
    with pytest.raises(ValidationError) as refused:
        add_officer(agency, admin, user_id=make.user().pk)

    assert list(refused.value.message_dict) == ["user"]


def test_one_signing_officer_follows_another(agency, admin):
    leaving = add_officer(agency, admin)

    coming = services.change_signing_officer(
        agency_id=agency.pk,
        leaving_id=leaving.pk,
        name="Deirdre Example",
        position="Director",
        on=JUNE,
        by=admin,
    )

    leaving.refresh_from_db()
    assert (leaving.valid_until, coming.valid_from, coming.may_sign) == (MAY, JUNE, True)


def test_a_change_of_officers_happens_whole_or_not_at_all(agency, admin):
    leaving = add_officer(agency, admin)
    add_officer(agency, admin, "Deirdre Example")

    with pytest.raises(ValidationError):
        services.change_signing_officer(
            agency_id=agency.pk,
            leaving_id=leaving.pk,
            name="Deirdre Example",
            position="Director",
            on=JUNE,
            by=admin,
        )

    leaving.refresh_from_db()
    assert leaving.valid_until is None


@pytest.mark.parametrize(
    "number",
    ["EA 1234/56", "DMW-123-LB-010124-R", "Reg. Nr. 7/2020 (§ 2)", "رخصة ١٢٣", "-", "=1+1"],
)
def test_the_number_of_an_authorization_is_free_text(agency, admin, number):
    assert add_authorization(agency, admin, number=number).number == number


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {"number": "b-0001/ker/part/1000+/5/2020"}),
        ({}, {"held": False, "issuer": "", "number": ""}),
        ({"held": False, "issuer": "", "number": ""}, {}),
        (
            {"held": False, "issuer": "", "number": ""},
            {"held": False, "issuer": "", "number": "", "valid_from": JUNE},
        ),
        ({"valid_until": MAY}, {"valid_from": MAY}),
        ({"valid_from": JUNE}, {"valid_from": JANUARY}),
    ],
)
def test_authorizations_that_repeat_or_contradict_are_refused(agency, admin, first, second):
    add_authorization(agency, admin, **first)

    with pytest.raises(ValidationError):
        add_authorization(agency, admin, **second)

    assert Authorization.objects.count() == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {"number": "Another"}),
        ({}, {"side": Side.DESTINATION}),
        ({}, {"country_id": "IRL"}),
        ({"valid_until": MAY}, {"valid_from": JUNE}),
        ({"valid_until": MAY}, {"valid_from": JUNE, "held": False, "issuer": "", "number": ""}),
    ],
)
def test_other_authorizations_stand_beside_each_other(agency, admin, first, second):
    add_authorization(agency, admin, **first)
    add_authorization(agency, admin, **second)

    assert Authorization.objects.count() == 2


@pytest.mark.parametrize(
    "values",
    [{"number": ""}, {"issuer": ""}, {"held": False}, {"valid_until": date(2023, 1, 1)}],
)
def test_half_an_authorization_is_refused(agency, admin, values):
    with pytest.raises(ValidationError):
        add_authorization(agency, admin, **values)


def test_an_authorization_is_checked_once_by_somebody_else_at_the_regulator(agency, admin):
    row = add_authorization(agency, admin)
    staff = make.staff(agency.regulator)

    services.check_authorization(authorization_id=row.pk, by=staff)
    again = services.check_authorization(authorization_id=row.pk, by=make.staff(agency.regulator))

    assert again.checked_by == staff
    assert [entry.verb for entry in journal.history_of(row)] == [
        "authorization.added",
        "authorization.checked",
    ]


def test_nobody_checks_what_they_recorded_and_no_agency_checks_itself(agency, admin):
    staff = make.staff(agency.regulator)

    with pytest.raises(ValidationError):
        services.check_authorization(authorization_id=add_authorization(agency, staff).pk, by=staff)
    with pytest.raises(PermissionDenied):
        services.check_authorization(
            authorization_id=add_authorization(agency, admin, number="2").pk, by=admin
        )


def test_an_entry_ends_once_and_not_before_it_began(agency, admin):
    officer = add_officer(agency, admin)

    with pytest.raises(ValidationError):
        services.end_record(model=Officer, pk=officer.pk, last_day=date(2023, 1, 1), by=admin)
    services.end_record(model=Officer, pk=officer.pk, last_day=MAY, by=admin)
    with pytest.raises(ValidationError):
        services.end_record(model=Officer, pk=officer.pk, last_day=JUNE, by=admin)

    officer.refresh_from_db()
    assert officer.valid_until == MAY


def test_a_trading_name_without_a_beginning_can_end(agency, admin):
    name = make.agency_name(agency, "Harbour Care", kind="trading")

    services.end_record(model=AgencyName, pk=name.pk, last_day=MAY, by=admin)

    name.refresh_from_db()
    assert name.valid_until == MAY
