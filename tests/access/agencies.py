"""The pages of `agencies` × every role."""

from agencies import services
from agencies.enums import AgencyRole, PartnerKind, RegulatorRole
from agencies.tokens import invitation_token
from tests.access.table import Row
from tests.access.world import cells
from tests.factories import agencies as make

ON = "2026-01-05"
STAFF_DESK = {"case_officer": 200, "regulator_admin": 200}
# who sees the agency but does not keep its record
READERS = {"auditor": 403, "decider": 403, "appeal_panel": 403}
PEOPLE = {"agency_member": 403, "signing_officer": 403}


def build(world):
    inviter = world.people["regulator_admin"]
    for case in (world, world.suspended):
        agency = case.agency
        case.officer = make.officer(agency, name="Ciara Leaving")
        case.branch = make.branch(agency)
        case.partner = make.partner(agency, kind=PartnerKind.SUB_AGENT)
        case.authorization = make.authorization(agency)
        case.scheme = make.scheme_membership(agency)
        case.member = make.agency_membership(
            make.user(name="Second Member"), agency, AgencyRole.MEMBER
        )
        # a second one, so that no administrator is the last
        make.agency_membership(make.user(name="Second Admin"), agency, AgencyRole.ADMIN)
        case.invited = make.invitation(
            email=f"invited-to-{agency.pk}@people.example", agency=agency, invited_by=inviter
        )
    world.colleague = make.regulator_membership(
        make.user(name="Second Auditor"), world.regulator, RegulatorRole.AUDITOR
    )
    world.invited_staff = make.invitation(
        email="invited-to-staff@people.example",
        regulator=world.regulator,
        role=RegulatorRole.AUDITOR,
        invited_by=inviter,
    )
    open_invitation = services.invite(
        email="newcomer@people.example",
        role=AgencyRole.MEMBER,
        agency_id=world.agency.pk,
        by=inviter,
    )
    world.invitation_token = invitation_token(open_invitation.public_id)
    world.invited.expires_at = world.suspended.invited.expires_at = open_invitation.expires_at
    for invited in (world.invited, world.suspended.invited, world.invited_staff):
        invited.expires_at = open_invitation.expires_at
        invited.save(update_fields=["expires_at"])
    world.foreign_officer = make.officer(world.foreign_agency, name="Canary Foreign Officer")
    _plant_canaries(world)


def _plant_canaries(world):
    desk = ("agency_admin", "case_officer", "regulator_admin")
    # a signing officer reads the addresses of colleagues when naming an officer
    colleagues = (*desk, "signing_officer")
    world.canary(world.member.user.email, seen_by=colleagues, at="agencies:people")
    world.canary(world.invited.email, seen_by=desk, at="agencies:people")
    world.canary(
        world.suspended.invited.email,
        seen_by=("suspended_agency_admin", "case_officer", "regulator_admin"),
        at="agencies:people",
    )
    world.canary(world.colleague.user.email, seen_by=("regulator_admin",), at="agencies:staff")
    world.canary(world.invited_staff.email, seen_by=("regulator_admin",), at="agencies:staff")
    world.canary(world.foreign_officer.name, seen_by=("corridor_officer",), at="agencies:agency")


def agency(world):
    return {"number": world.agency.register_number}


def record(kind, name):
    def args(world):
        return agency(world) | {"kind": kind, "pk": getattr(world, name).pk}

    return args


def regulator(world):
    return {"public_id": world.regulator.public_id}


def form(name_of_args, data, expect):
    """A page that shows a form and acts by it: the same people reach both."""
    acted = {role: 302 if status == 200 else status for role, status in expect.items()}
    return (
        Row(args=name_of_args, expect=expect),
        Row(args=name_of_args, method="POST", data=data, expect=acted),
    )


EVERYBODY = cells(anonymous=200, others=200)
SEES = cells(own_agency=200, case_staff=200)
EDITS = cells(own_agency=200, agency_member=403, **STAFF_DESK, **READERS)
KEEPS = cells(own_agency=403, **STAFF_DESK, **READERS)
MANAGES = cells(own_agency=200, **PEOPLE, **STAFF_DESK, **READERS)
STAFF_ADMIN = cells(all_staff=403, corridor_officer=404, regulator_admin=200)
FOREIGN = cells(corridor_officer=200)

PAGES = {
    "agencies:home": Row(
        expect=cells(own_agency=200, all_staff=302, operator=200),
    ),
    "agencies:sign_in": (
        Row(expect=cells(anonymous=200, others=302)),
        Row(
            method="POST",
            data={"username": "nobody@people.example", "password": "wrong"},
            expect=cells(anonymous=200, others=302),
        ),
    ),
    "agencies:sign_out": Row(method="POST", expect=cells(anonymous=302, others=302)),
    "agencies:password_forgotten": (
        Row(expect=EVERYBODY),
        Row(
            method="POST",
            data={"email": "nobody@people.example"},
            expect=cells(anonymous=302, others=302),
        ),
    ),
    "agencies:password_sent": Row(expect=EVERYBODY),
    "agencies:password_new": (
        Row(args={"uidb64": "MQ", "token": "made-up"}, expect=cells(anonymous=410, others=410)),
        Row(
            args={"uidb64": "MQ", "token": "made-up"},
            method="POST",
            expect=cells(anonymous=410, others=410),
        ),
    ),
    "agencies:invitation": (
        Row(args=lambda world: {"token": world.invitation_token}, expect=EVERYBODY),
        Row(
            args=lambda world: {"token": world.invitation_token},
            method="POST",
            data={"name": "New Comer", "password": make.PASSWORD, "again": make.PASSWORD},
            expect=cells(anonymous=302, others=403),
        ),
    ),
    "agencies:revoke_invitation": (
        Row(
            args=lambda world: {"public_id": world.invited.public_id},
            method="POST",
            expect=cells(
                agency_admin=302, suspended_agency_admin=302, case_officer=302, regulator_admin=302
            ),
        ),
        Row(
            args=lambda world: {"public_id": world.invited_staff.public_id},
            method="POST",
            expect=cells(regulator_admin=302),
        ),
    ),
    "agencies:agency": (
        Row(args=agency, expect=SEES),
        Row(args=lambda world: {"number": world.foreign_agency.register_number}, expect=FOREIGN),
    ),
    "agencies:contact": form(agency, {"telephone": "+353 1 000"}, EDITS),
    "agencies:rename": form(agency, {"legal_name": "Another Name", "on": ON}, KEEPS),
    "agencies:end": form(agency, {"on": ON}, EDITS),
    "agencies:merge": form(
        agency,
        lambda world: {
            "into": world.behind.agency.register_number
            if world.behind
            else world.suspended.agency.register_number,
            "on": ON,
        },
        KEEPS,
    ),
    "agencies:transfer": form(
        agency,
        lambda world: {"regulator": world.other_regulator.pk, "on": ON},
        cells(own_agency=403, case_staff=403, regulator_admin=200),
    ),
    "agencies:add_record": (
        *form(
            lambda world: agency(world) | {"kind": "officer"},
            {"name": "New Officer", "position": "Director", "may_sign": "on", "valid_from": ON},
            EDITS,
        ),
        *form(
            lambda world: agency(world) | {"kind": "authorization"},
            {
                "side": "source",
                "country": "IND",
                "held": "yes",
                "issuer": "Protector",
                "number": "B-1/2",
                "valid_from": ON,
            },
            EDITS,
        ),
        *form(
            lambda world: agency(world) | {"kind": "partner"},
            {"name": "Partner", "kind": "sub_agent", "country": "IRL", "valid_from": ON},
            EDITS,
        ),
        *form(
            lambda world: agency(world) | {"kind": "branch"},
            {"name": "Cork", "country": "IRL", "valid_from": ON},
            EDITS,
        ),
        *form(
            lambda world: agency(world) | {"kind": "name"},
            {"name": "Trading Example", "valid_from": ON},
            EDITS,
        ),
        *form(
            lambda world: agency(world) | {"kind": "scheme"},
            {"scheme": "iris", "source": "IRIS list, 2026-01-05", "valid_from": ON},
            KEEPS,
        ),
    ),
    "agencies:end_record": (
        *form(record("officer", "officer"), {"last_day": ON}, EDITS),
        *form(record("scheme", "scheme"), {"last_day": ON}, KEEPS),
        Row(
            args=lambda world: {
                "number": world.foreign_agency.register_number,
                "kind": "officer",
                "pk": world.foreign_officer.pk,
            },
            expect=cells(corridor_officer=200),
        ),
    ),
    "agencies:replace_officer": form(
        lambda world: agency(world) | {"pk": world.officer.pk},
        {"name": "Successor", "position": "Director", "on": ON},
        EDITS,
    ),
    "agencies:check_authorization": Row(
        args=lambda world: agency(world) | {"pk": world.authorization.pk},
        method="POST",
        expect=cells(own_agency=403, case_staff=403, case_officer=302, regulator_admin=302),
    ),
    "agencies:people": Row(args=agency, expect=MANAGES),
    "agencies:invite": form(agency, {"email": "fresh@people.example", "role": "member"}, MANAGES),
    "agencies:end_membership": Row(
        args=lambda world: agency(world) | {"pk": world.member.pk},
        method="POST",
        expect=cells(own_agency=302, **PEOPLE, **READERS, case_officer=302, regulator_admin=302),
    ),
    "agencies:regulator_home": Row(expect=cells(all_staff=200)),
    "agencies:regulator_agencies": Row(expect=cells(case_staff=200, corridor_officer=200)),
    "agencies:register": (
        Row(expect=cells(**STAFF_DESK, corridor_officer=200)),
        Row(
            method="POST",
            data=lambda world: {
                "regulator": world.regulator.pk,
                "legal_name": "Wholly New Example",
                "registered_on": ON,
            },
            # the form comes back to staff of another regulator: theirs is not this one to give
            expect=cells(case_officer=302, regulator_admin=302, corridor_officer=200),
        ),
    ),
    "agencies:staff": Row(args=regulator, expect=STAFF_ADMIN),
    "agencies:invite_staff": form(
        regulator, {"email": "fresh@people.example", "role": "auditor"}, STAFF_ADMIN
    ),
    "agencies:end_staff": Row(
        args=lambda world: regulator(world) | {"pk": world.colleague.pk},
        method="POST",
        expect=cells(all_staff=403, corridor_officer=404, regulator_admin=302),
    ),
}
