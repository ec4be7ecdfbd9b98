"""What a certificate states: one frozen value, and the one way in which it is written down.

The canonical bytes (RFC 8785) are committed before anything is signed, and everything that is
printed is read back from them: the same statement gives the same document.
"""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from agencies.lib.canonical import canonical, parse

TYPE = "recruitment-code-registry/certificate"
SCHEMA = "1"
TEMPLATE = "1"


@dataclass(frozen=True, slots=True)
class Place:
    """A country by its ISO 3166-1 code, with the name that is printed."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ScopeLine:
    """One corridor and one group of occupations (ISCO-08) that a certificate covers."""

    source: Place
    destination: Place
    group: str
    group_title: str


@dataclass(frozen=True, slots=True)
class ScopeRow:
    """The corridors to one country that share their occupations, as one row on paper."""

    sources: tuple[Place, ...]
    destination: Place
    groups: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition of a text that was judged by."""

    label: str
    title: str


@dataclass(frozen=True, slots=True)
class CertificateStatement:
    """Everything that a certificate says. Nothing in it depends on the machine or the moment."""

    number: str
    holder_name: str
    holder_number: str
    holder_country: Place
    regulator_name: str
    regulator_country: Place
    scope: tuple[ScopeLine, ...]
    conditions: str
    valid_from: dt.date
    valid_until: dt.date
    issued_on: dt.date
    decision: str
    decided_on: dt.date
    audit_number: str
    report_number: str
    report_digest: str
    code_version: Edition
    list_edition: Edition | None
    catalogue_edition: Edition
    verify_address: str
    time_zone: str
    is_demonstration: bool

    def written(self) -> bytes:
        """The canonical bytes: what is hashed, signed and kept."""
        return canonical(
            {
                "type": TYPE,
                "schema": SCHEMA,
                "template": TEMPLATE,
                "number": self.number,
                "holder": {
                    "legal_name": self.holder_name,
                    "register_number": self.holder_number,
                    "country": _place(self.holder_country),
                },
                "regulator": {
                    "name": self.regulator_name,
                    "country": _place(self.regulator_country),
                },
                "scope": [
                    {
                        "source": _place(line.source),
                        "destination": _place(line.destination),
                        "occupation_group": {"isco_08": line.group, "title": line.group_title},
                    }
                    for line in self.scope
                ],
                "conditions": self.conditions,
                "valid_from": self.valid_from.isoformat(),
                "valid_until": self.valid_until.isoformat(),
                "issued_on": self.issued_on.isoformat(),
                "decision": {"reference": self.decision, "decided_on": self.decided_on.isoformat()},
                "audit": self.audit_number,
                "report": {"number": self.report_number, "statement_sha256": self.report_digest},
                "code_version": _edition(self.code_version),
                "list_edition": _edition(self.list_edition) if self.list_edition else None,
                "catalogue_edition": _edition(self.catalogue_edition),
                "verify_address": self.verify_address,
                "time_zone": self.time_zone,
                "demonstration": self.is_demonstration,
            }
        )


def scope_rows(scope: tuple[ScopeLine, ...]) -> tuple[ScopeRow, ...]:
    """A scope as it is printed: one row for all sources with the same occupations."""
    groups: dict[tuple[Place, Place], list[tuple[str, str]]] = {}
    for line in scope:
        listed = groups.setdefault((line.destination, line.source), [])
        listed.append((line.group, line.group_title))
    sources: dict[tuple[Place, tuple[tuple[str, str], ...]], list[Place]] = {}
    for (destination, source), listed in groups.items():
        sources.setdefault((destination, tuple(listed)), []).append(source)
    return tuple(
        ScopeRow(tuple(found), destination, listed)
        for (destination, listed), found in sources.items()
    )


class UnknownStatement(ValueError):
    """The bytes are no statement of a certificate in a form that this version knows."""


def read(written: bytes) -> CertificateStatement:
    """The statement that these bytes stand for; other forms and other types are refused."""
    return _understood(parse(written))


def read_kept(written: str) -> CertificateStatement:
    """The statement of a row of ours: its bytes were checked when it was published."""
    return _understood(json.loads(written))


def _understood(stated: Any) -> CertificateStatement:
    if not isinstance(stated, dict) or (stated.get("type"), stated.get("schema")) != (TYPE, SCHEMA):
        raise UnknownStatement("This is no certificate's statement of a form known here.")
    return CertificateStatement(
        number=stated["number"],
        holder_name=stated["holder"]["legal_name"],
        holder_number=stated["holder"]["register_number"],
        holder_country=_read_place(stated["holder"]["country"]),
        regulator_name=stated["regulator"]["name"],
        regulator_country=_read_place(stated["regulator"]["country"]),
        scope=tuple(
            ScopeLine(
                _read_place(line["source"]),
                _read_place(line["destination"]),
                line["occupation_group"]["isco_08"],
                line["occupation_group"]["title"],
            )
            for line in stated["scope"]
        ),
        conditions=stated["conditions"],
        valid_from=dt.date.fromisoformat(stated["valid_from"]),
        valid_until=dt.date.fromisoformat(stated["valid_until"]),
        issued_on=dt.date.fromisoformat(stated["issued_on"]),
        decision=stated["decision"]["reference"],
        decided_on=dt.date.fromisoformat(stated["decision"]["decided_on"]),
        audit_number=stated["audit"],
        report_number=stated["report"]["number"],
        report_digest=stated["report"]["statement_sha256"],
        code_version=Edition(**stated["code_version"]),
        list_edition=Edition(**stated["list_edition"]) if stated["list_edition"] else None,
        catalogue_edition=Edition(**stated["catalogue_edition"]),
        verify_address=stated["verify_address"],
        time_zone=stated["time_zone"],
        is_demonstration=stated["demonstration"],
    )


def _place(place: Place) -> dict[str, Any]:
    return {"iso_3166_1": place.code, "name": place.name}


def _read_place(stated: dict[str, Any]) -> Place:
    return Place(stated["iso_3166_1"], stated["name"])


def _edition(edition: Edition) -> dict[str, Any]:
    return {"label": edition.label, "title": edition.title}
