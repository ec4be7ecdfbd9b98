"""The people of the access table and the records they may or may not reach.

Every role of design.md §10 is one person; each who signs in has a twin with the same roles whose
account is deactivated. `world.agency` is the agency the table is about, of `world.regulator`;
`world.foreign_agency`, of `world.other_regulator`, is everybody else's. The admin of a suspended
agency is asked about their own: their cells are filled from `world.suspended`, which holds what
was built for the suspended agency and falls back to `world` for the rest.
"""

from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from agencies.enums import AgencyRole, RegulatorRole
from tests.factories import agencies as make

AGENCY_ROLES = {
    "agency_member": AgencyRole.MEMBER,
    "signing_officer": AgencyRole.SIGNING_OFFICER,
    "agency_admin": AgencyRole.ADMIN,
}
REGULATOR_ROLES = {
    "case_officer": RegulatorRole.CASE_OFFICER,
    "auditor": RegulatorRole.AUDITOR,
    "decider": RegulatorRole.DECIDER,
    "data_steward": RegulatorRole.DATA_STEWARD,
    "regulator_admin": RegulatorRole.ADMIN,
    "appeal_panel": RegulatorRole.APPEAL_PANEL,
    "national_authority": RegulatorRole.NATIONAL_AUTHORITY,
}
SIGNED_IN = (
    *AGENCY_ROLES,
    "suspended_agency_admin",
    *REGULATOR_ROLES,
    "corridor_officer",
    "operator",
)
ROLES = ("anonymous", *SIGNED_IN)
GROUPS = {
    "agency_people": tuple(AGENCY_ROLES),
    "own_agency": (*AGENCY_ROLES, "suspended_agency_admin"),
    "case_staff": ("case_officer", "auditor", "decider", "regulator_admin", "appeal_panel"),
    "all_staff": (*REGULATOR_ROLES, "corridor_officer"),
    "signed_in": SIGNED_IN,
}

# A namespace may build on what stands before it.
NAMESPACES = (
    "agencies",
    "safeguards",
    "attestations",
    "knowledge",
    "placements",
    "audits",
    "cases",
    "certificates",
    "credentials",
    "checking",
    "concerns",
    "log",
    "register",
)


@dataclass(frozen=True)
class Canary:
    """A text that no page may show but to `roles`; `at` is a page that does show it to them."""

    text: str
    roles: frozenset[str]
    at: str


@dataclass(eq=False)
class World:
    """Whatever the builders put here, by name. Asking for what nobody built is an error."""

    behind: "World | None" = None
    canaries: list[Canary] = field(default_factory=list)
    people: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name):
        behind = self.__dict__.get("behind")
        if behind is None:
            raise AttributeError(f"The world of the access table has no {name!r}.")
        return getattr(behind, name)

    def canary(self, text, *, seen_by, at):
        """`text` must not reach anybody but `seen_by` (roles and groups), who see it at `at`."""
        self.canaries.append(Canary(text, frozenset(_roles(seen_by)), at))

    def as_for(self, role):
        """The records that a role is asked about."""
        return self.suspended if role.endswith("suspended_agency_admin") else self


def build_world():
    """The people and both agencies, and then what each namespace adds by its own `build`."""
    world = World()
    world.regulator = make.regulator("Authority of the Destination", country="IRL")
    world.other_regulator = make.regulator("Authority of the Source", country="IND")
    world.agency = make.agency("Harbour Example Recruitment", regulator=world.regulator)
    world.foreign_agency = make.agency(
        "Foreign Example Recruitment", country="IND", regulator=world.other_regulator
    )
    world.suspended = World(behind=world, canaries=world.canaries, people=world.people)
    world.suspended.agency = make.agency("Suspended Example Recruitment", regulator=world.regulator)
    make.restriction(world.suspended.agency, effective_on=date(2024, 3, 1))
    for role in SIGNED_IN:
        for prefix in ("", "deactivated_"):
            world.people[prefix + role] = _person(world, role, prefix)
    for namespace in NAMESPACES:
        if build := getattr(table_module(namespace), "build", None):
            build(world)
    for role in SIGNED_IN:
        twin = world.people[f"deactivated_{role}"]
        type(twin).objects.filter(pk=twin.pk).update(is_active=False)
    return world


def table_module(namespace):
    """`tests/access/<namespace>.py`, or None as long as nobody has written it."""
    name = f"tests.access.{namespace}"
    return import_module(name) if find_spec(name) else None


def cells(*, anonymous="sign in", others=404, **by_role):
    """The whole column of a row: a status for each role, named alone or by its group.

    "sign in" is a redirect to the sign-in page. A single role overrules its group.
    """
    expected = dict.fromkeys(ROLES, others) | {"anonymous": anonymous}
    for name, roles in GROUPS.items():
        if name in by_role:
            expected |= dict.fromkeys(roles, by_role[name])
    singles = {name: status for name, status in by_role.items() if name not in GROUPS}
    if unknown := singles.keys() - set(ROLES):
        raise ValueError(f"The access table knows no role {', '.join(sorted(unknown))}.")
    return expected | singles


def _roles(names):
    for name in names:
        yield from GROUPS.get(name, (name,))


def _person(world, role, prefix):
    person = make.user(
        f"{prefix}{role}@people.example".replace("_", "-"),
        name=f"{prefix}{role}".replace("_", " ").title(),
        is_operator=role == "operator",
    )
    if role in AGENCY_ROLES:
        make.agency_membership(person, world.agency, AGENCY_ROLES[role])
    elif role == "suspended_agency_admin":
        make.agency_membership(person, world.suspended.agency, AgencyRole.ADMIN)
    elif role == "corridor_officer":
        make.regulator_membership(person, world.other_regulator, RegulatorRole.CASE_OFFICER)
    elif role in REGULATOR_ROLES:
        make.regulator_membership(person, world.regulator, REGULATOR_ROLES[role])
    return person
