"""Records of the room `agencies`, made plainly: explicit arguments, fixed dates, no surprises."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count

from django.contrib.auth.models import Permission

from agencies import numbering
from agencies.countries.loading import read_countries
from agencies.enums import (
    AgencyRole,
    PartnerKind,
    RegulatorRole,
    RestrictionKind,
    Scheme,
    Side,
)
from agencies.models import (
    Agency,
    AgencyMembership,
    AgencyName,
    AgencyRestriction,
    AgencyUserObjectPermission,
    Authorization,
    Branch,
    Country,
    Invitation,
    Officer,
    Partner,
    Regulator,
    RegulatorMembership,
    SchemeMembership,
    User,
)
from agencies.names import name_keys

BEGINNING = datetime(2022, 1, 10, 9, 0, tzinfo=UTC)
FIRST_DAY = BEGINNING.date()
PASSWORD = "correct horse battery staple"

_sequence = count(1)


@cache
def _countries():
    return {row.iso3: row for row in read_countries()}


def country(iso3="IRL"):
    """The reference row of one country, stored if it is not yet."""
    row = _countries()[iso3]
    values = {
        field.attname: getattr(row, field.attname)
        for field in Country._meta.concrete_fields
        if not field.primary_key
    }
    return Country.objects.get_or_create(iso3=iso3, defaults=values)[0]


def user(email=None, *, name="Niamh Example", password=None, is_active=True, is_operator=False):
    """A person; given no password, one who cannot sign in with any."""
    return User.objects.create_user(
        email or f"person{next(_sequence)}@people.example",
        password,
        name=name,
        is_active=is_active,
        is_operator=is_operator,
        joined_at=BEGINNING,
    )


def regulator(name=None, *, country="IRL", part=""):
    return Regulator.objects.create(
        name=name or f"Recruitment Authority {next(_sequence)}",
        country=_as_country(country),
        part=part,
        contact_email="desk@authority.example",
        recorded_at=BEGINNING,
    )


def agency(
    legal_name=None,
    *,
    country="IRL",
    regulator=None,
    company_number="",
    issuing_register="",
    registered_on=FIRST_DAY,
    recorded_by=None,
):
    """A registered agency; its regulator is made in the same country unless one is given."""
    home = _as_country(country)
    name = legal_name or f"Example Care Recruitment {next(_sequence)}"
    return Agency.objects.create(
        register_number=numbering.next_number(numbering.AGENCY),
        legal_name=name,
        **name_keys(name),
        home_country=home,
        regulator=regulator or _regulator_of(home),
        company_number=company_number,
        issuing_register=issuing_register,
        registered_on=registered_on,
        recorded_at=BEGINNING,
        recorded_by=recorded_by,
    )


def agency_name(agency, name, *, kind, valid_from=None, valid_until=None):
    return AgencyName.objects.create(
        agency=agency,
        kind=kind,
        name=name,
        **name_keys(name),
        valid_from=valid_from,
        valid_until=valid_until,
        recorded_at=BEGINNING,
    )


def agency_membership(user, agency, role=AgencyRole.MEMBER, *, ended_at=None, ended_by=None):
    return AgencyMembership.objects.create(
        user=user,
        agency=agency,
        role=role,
        started_at=BEGINNING,
        ended_at=ended_at,
        ended_by=ended_by or (user if ended_at else None),
    )


def regulator_membership(
    user, regulator, role=RegulatorRole.CASE_OFFICER, *, ended_at=None, ended_by=None
):
    return RegulatorMembership.objects.create(
        user=user,
        regulator=regulator,
        role=role,
        started_at=BEGINNING,
        ended_at=ended_at,
        ended_by=ended_by or (user if ended_at else None),
    )


def agency_person(agency, role=AgencyRole.MEMBER, *, name="Niamh Example", password=None):
    """A new person with one live role at an agency."""
    person = user(name=name, password=password)
    agency_membership(person, agency, role)
    return person


def staff(regulator, role=RegulatorRole.CASE_OFFICER, *, name="Aoife Example", password=None):
    """A new person with one live role at a regulator."""
    person = user(name=name, password=password)
    regulator_membership(person, regulator, role)
    return person


def delegation(user, agency):
    """A named delegation to act for one agency, as guardian's direct row."""
    permission = Permission.objects.get(
        codename="act_for_agency", content_type__app_label="agencies"
    )
    return AgencyUserObjectPermission.objects.create(
        user=user, permission=permission, content_object=agency
    )


def officer(
    agency,
    *,
    user=None,
    name="Ciara Example",
    position="Director",
    may_sign=True,
    valid_from=FIRST_DAY,
    valid_until=None,
):
    return Officer.objects.create(
        agency=agency,
        user=user,
        name=name,
        position=position,
        may_sign=may_sign,
        valid_from=valid_from,
        valid_until=valid_until,
        recorded_at=BEGINNING,
    )


def branch(agency, *, name="Head office", country="IRL", valid_from=FIRST_DAY, valid_until=None):
    return Branch.objects.create(
        agency=agency,
        name=name,
        country=_as_country(country),
        valid_from=valid_from,
        valid_until=valid_until,
        recorded_at=BEGINNING,
    )


def partner(
    agency,
    *,
    name="Example Partner",
    kind=PartnerKind.SOURCE_PARTNER,
    country="IND",
    partner_agency=None,
    licence="",
    valid_from=FIRST_DAY,
    valid_until=None,
):
    return Partner.objects.create(
        agency=agency,
        partner_agency=partner_agency,
        name=name,
        kind=kind,
        country=_as_country(country),
        licence=licence,
        valid_from=valid_from,
        valid_until=valid_until,
        recorded_at=BEGINNING,
    )


def authorization(
    agency,
    *,
    side=Side.HOME,
    country="IRL",
    held=True,
    issuer="Department of Employment",
    number="EA 1234/56",
    partner=None,
    valid_from=FIRST_DAY,
    valid_until=None,
    checked_by=None,
):
    return Authorization.objects.create(
        agency=agency,
        side=side,
        country=_as_country(country),
        held=held,
        issuer=issuer,
        number=number,
        partner=partner,
        valid_from=valid_from,
        valid_until=valid_until,
        recorded_at=BEGINNING,
        checked_by=checked_by,
        checked_at=BEGINNING if checked_by else None,
    )


def scheme_membership(
    agency, *, scheme=Scheme.ENGLAND_ERL, reference="", valid_from=FIRST_DAY, valid_until=None
):
    return SchemeMembership.objects.create(
        agency=agency,
        scheme=scheme,
        reference=reference,
        valid_from=valid_from,
        valid_until=valid_until,
        recorded_at=BEGINNING,
    )


def restriction(
    agency,
    *,
    kind=RestrictionKind.SUSPENSION,
    certificate_number="CE000012Z",
    effective_on=date(2024, 3, 1),
    restored_on=None,
    reason_code="under_investigation",
):
    return AgencyRestriction.objects.create(
        agency=agency,
        kind=kind,
        certificate_number=certificate_number,
        effective_on=effective_on,
        restored_on=restored_on,
        reason_code=reason_code,
        recorded_at=BEGINNING,
    )


def invitation(
    *,
    email="invited@people.example",
    agency=None,
    regulator=None,
    role=AgencyRole.MEMBER,
    token_digest=None,
    invited_by=None,
    invited_at=BEGINNING,
    expires_at=None,
):
    """A row only: nobody knows a token for it unless the digest is given."""
    return Invitation.objects.create(
        email=email,
        agency=agency,
        regulator=regulator,
        role=role,
        token_digest=token_digest or f"{next(_sequence):064x}",
        invited_at=invited_at,
        invited_by=invited_by,
        expires_at=expires_at or invited_at + timedelta(days=14),
    )


def _as_country(given):
    return country(given) if isinstance(given, str) else given


def _regulator_of(home):
    return regulator(country=home)
