"""What an audit report states: frozen values, written down in one way (RFC 8785).

All that is printed is read back from the written bytes. Placements appear by a public code, staff
by their role; only the team leader, who answers for the audit, is named.
"""

import datetime as dt
from dataclasses import dataclass, fields, is_dataclass
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from agencies.lib.canonical import canonical, parse
from audits.certificates.statement import Place, ScopeLine

TYPE = "recruitment-code-registry/audit-report"
SCHEMA = "1"
TEMPLATE = "1"


@dataclass(frozen=True, slots=True)
class Counted:
    """Something counted, by its code and in words."""

    code: str
    words: str
    count: int


@dataclass(frozen=True, slots=True)
class DatedEdition:
    label: str
    title: str
    valid_from: dt.date


@dataclass(frozen=True, slots=True)
class SampledLine:
    position: int
    code: str
    result: str


@dataclass(frozen=True, slots=True)
class Sample:
    """How the sample was drawn, so that whoever holds the population draws the same one."""

    population_digest: str
    population_size: int
    seed: str
    size: int
    drawn_on: dt.date
    lines: tuple[SampledLine, ...]


@dataclass(frozen=True, slots=True)
class Declared:
    """The agency's own declaration, in counts, and where its answers do not go together."""

    submitted_on: dt.date
    answers: tuple[Counted, ...]
    contradictions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CorridorLine:
    source: Place
    destination: Place
    count: int


@dataclass(frozen=True, slots=True)
class RuleLine:
    """How often the cross-check found one thing: standing, excepted by a document, undecided."""

    code: str
    title: str
    severity: str
    basis: str
    open: int
    excepted: int
    indeterminate: int


@dataclass(frozen=True, slots=True)
class ChecklistLine:
    ref: str
    wording: str
    result: str


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A placement by its public code with the edition that governed it, a file, or words."""

    kind: str
    text: str
    rule: str
    edition: str


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    state: str
    due_on: dt.date
    root_cause: str
    correction: str
    prevention: str


@dataclass(frozen=True, slots=True)
class FindingLine:
    position: int
    ref: str
    wording: str
    grade: str
    statement: str
    raised_on: dt.date
    evidence: tuple[EvidenceLine, ...]
    reply: str
    corrections: tuple[CorrectionLine, ...]


@dataclass(frozen=True, slots=True)
class ReportStatement:
    """Everything that a report says."""

    number: str
    audit_number: str
    kind: str
    holder_name: str
    holder_number: str
    holder_country: Place
    other_names: tuple[str, ...]
    regulator_name: str
    regulator_country: Place
    leader: str
    team: tuple[Counted, ...]
    scope: tuple[ScopeLine, ...]
    period_from: dt.date
    period_until: dt.date
    catalogue_edition: str
    code_version: str
    list_editions: tuple[DatedEdition, ...]
    plan: str
    method: str
    sample: Sample | None
    attestation: Declared | None
    placements: int
    corridors: tuple[CorridorLine, ...]
    outcomes: tuple[Counted, ...]
    rules: tuple[RuleLine, ...]
    checklist: tuple[ChecklistLine, ...]
    findings: tuple[FindingLine, ...]
    conclusion: str
    issued_on: dt.date
    address: str
    time_zone: str
    is_demonstration: bool

    def written(self) -> bytes:
        """The canonical bytes: what is hashed, signed and kept."""
        return canonical(
            {"type": TYPE, "schema": SCHEMA, "template": TEMPLATE, "report": _plain(self)}
        )


class UnknownStatement(ValueError):
    """The bytes are no statement of a report in a form that this version knows."""


def read(written: bytes) -> ReportStatement:
    """The statement that these bytes stand for; other forms and other types are refused."""
    stated = parse(written)
    if not isinstance(stated, dict) or (stated.get("type"), stated.get("schema")) != (TYPE, SCHEMA):
        raise UnknownStatement("This is no report's statement of a form known here.")
    return _built(ReportStatement, stated["report"])


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def _built(kind: Any, value: Any) -> Any:
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{name: _built(hint, value[name]) for name, hint in hints.items()})
    if get_origin(kind) is tuple:
        return tuple(_built(get_args(kind)[0], item) for item in value)
    if get_origin(kind) is UnionType:
        return None if value is None else _built(get_args(kind)[0], value)
    return dt.date.fromisoformat(value) if kind is dt.date else value
