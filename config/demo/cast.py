"""Who appears in the demonstration: two regulators, four agencies, their people; all invented."""

import json
import secrets
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from agencies.enums import AgencyRole, RegulatorRole, Scheme, Side
from agencies.models import Agency, Officer, Regulator, User
from agencies.services import people, records, registration
from agencies.tokens import invitation_token

DESTINATION = "Invented Health Recruitment Authority (United Kingdom)"
SOURCE = "Invented Bureau of Departing Health Workers (Philippines)"
ISSUING_REGISTER = "Invented Company Register"

STAFF = {
    DESTINATION: {
        "admin": ("Ada Invented", RegulatorRole.ADMIN),
        "officer": ("Olive Invented", RegulatorRole.CASE_OFFICER),
        "auditor": ("Arthur Invented", RegulatorRole.AUDITOR),
        "decider": ("Delia Invented", RegulatorRole.DECIDER),
        "steward": ("Stella Invented", RegulatorRole.DATA_STEWARD),
        "appeals": ("Penny Invented", RegulatorRole.APPEAL_PANEL),
        "authority": ("Nadia Invented", RegulatorRole.NATIONAL_AUTHORITY),
    },
    SOURCE: {
        "admin": ("Amado Invented", RegulatorRole.ADMIN),
        "officer": ("Corazon Invented", RegulatorRole.CASE_OFFICER),
        "auditor": ("Isko Invented", RegulatorRole.AUDITOR),
        "decider": ("Dalisay Invented", RegulatorRole.DECIDER),
    },
}
DOMAINS = {DESTINATION: "authority.example", SOURCE: "bureau.example"}


@dataclass(frozen=True)
class Part:
    """An agency of the story; the letter is what the summary calls it."""

    letter: str
    name: str
    trading: str
    regulator: str
    domain: str
    ethical_list: bool


AGENCIES = (
    Part(
        "A", "Alder Invented Recruitment Ltd", "Alder Careers", DESTINATION, "alder.example", True
    ),
    Part("B", "Birch Invented Manpower Corporation", "Birch", SOURCE, "birch.example", False),
    Part("C", "Cedar Invented Nursing Partners Ltd", "Cedar", DESTINATION, "cedar.example", True),
    Part("D", "Dogwood Invented Staffing Ltd", "Dogwood", DESTINATION, "dogwood.example", False),
)
AGENCY_PEOPLE = {
    "admin": ("Admin Invented", AgencyRole.ADMIN),
    "officer": ("Signing Officer Invented", AgencyRole.SIGNING_OFFICER),
    "member": ("Member Invented", AgencyRole.MEMBER),
}


OPERATOR = "operator@registry.example"


class Passwords:
    """One for each person, made at the first run and kept beside the documents for the next."""

    def __init__(self, path: Path):
        self.path = path
        self.by_email = json.loads(path.read_text()) if path.exists() else {}

    def of(self, email: str) -> str:
        if email not in self.by_email:
            self.by_email[email] = secrets.token_urlsafe(12)
            self.path.touch(mode=0o600)
            self.path.write_text(json.dumps(self.by_email, indent=1, sort_keys=True))
        return self.by_email[email]


def person(email: str) -> User:
    return User.objects.get(email=email)


def staff(regulator: str, part: str) -> User:
    return person(f"{part}@{DOMAINS[regulator]}")


def agent(part: Part, who: str) -> User:
    return person(f"{who}@{part.domain}")


def agency_of(part: Part) -> Agency:
    return Agency.objects.get(legal_name=part.name)


@transaction.atomic
def appoint_regulator(name: str, country: str, passwords: Passwords) -> bool:
    """The first regulator as the command makes it, then everybody else by invitation."""
    if Regulator.objects.filter(name=name).exists():
        return False
    email = f"admin@{DOMAINS[name]}"
    regulator, invitation = people.add_regulator(name=name, country_id=country, admin_email=email)
    admin = _accept(invitation, STAFF[name]["admin"][0], passwords)
    for part, (called, role) in STAFF[name].items():
        if part != "admin":
            invitation = people.invite(
                email=f"{part}@{DOMAINS[name]}",
                role=role,
                by=admin,
                regulator_id=regulator.pk,
            )
            _accept(invitation, called, passwords)
    return True


@transaction.atomic
def appoint_operator(passwords: Passwords) -> bool:
    """Whoever runs the service; the mailed link is passed over, the password is printed here."""
    if User.objects.filter(email=OPERATOR).exists():
        return False
    operator = people.add_operator(email=OPERATOR, name="Otto Invented")
    operator.set_password(passwords.of(OPERATOR))
    operator.save(update_fields=["password"])
    return True


@transaction.atomic
def enter_agency(part: Part, passwords: Passwords) -> bool:
    """Registered by its regulator, its people invited, its papers recorded."""
    if Agency.objects.filter(legal_name=part.name).exists():
        return False
    by = staff(part.regulator, "officer")
    regulator = Regulator.objects.get(name=part.regulator)
    agency = registration.register_agency(
        regulator_id=regulator.pk,
        legal_name=part.name,
        trading_names=(part.trading,),
        company_number=f"INV-{part.letter}-0001",
        issuing_register=ISSUING_REGISTER,
        registered_on=timezone.localdate(),
        contact_email=f"office@{part.domain}",
        by=by,
    )
    for who, (called, role) in AGENCY_PEOPLE.items():
        invitation = people.invite(
            email=f"{who}@{part.domain}", role=role, by=by, agency_id=agency.pk
        )
        _accept(invitation, f"{called} of {part.trading}", passwords)
    records.add_officer(
        agency_id=agency.pk,
        name=f"Signing Officer Invented of {part.trading}",
        position="Managing director",
        may_sign=True,
        valid_from=date(2010, 1, 1),
        user_id=agent(part, "officer").pk,
        by=by,
    )
    records.add_authorization(
        agency_id=agency.pk,
        side=Side.HOME,
        country_id=regulator.country_id,
        issuer="Invented licensing office",
        number=f"INV/{part.letter}/2010-7",
        valid_from=date(2010, 1, 1),
        valid_until=date(2029, 12, 31),
        by=by,
    )
    if part.ethical_list:
        records.add_scheme_membership(
            agency_id=agency.pk,
            scheme=Scheme.ENGLAND_ERL,
            valid_from=date(2010, 1, 1),
            source="Invented for the demonstration",
            by=by,
        )
    return True


def signing_officer(part: Part) -> Officer:
    return Officer.objects.get(agency__legal_name=part.name, may_sign=True)


def _accept(invitation, name: str, passwords: Passwords) -> User:
    return people.accept_invitation(
        token=invitation_token(invitation.public_id),
        at=timezone.now(),
        name=name,
        password=passwords.of(invitation.email),
    ).user
