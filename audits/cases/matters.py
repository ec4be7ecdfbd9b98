"""What each entry of the journal does to the matters on a regulator's desk: pure.

The queue is a projection: `follow` takes an entry to the book of matters, one after the other, and
whoever does so from the first entry on comes to the same book.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID, uuid5

from audits.cases.clocks import Clock, gone_on, started, stopped
from audits.cases.enums import CaseKind, Ending, Stage, WaitsOn

# a matter keeps its address whenever the queue is built anew
NAMESPACE = UUID("7c0f4f3e-6a0b-5c53-9d1e-3f6c0a5e8b11")

NO_CLOCK = Clock()
LEADER = "team_leader"


@dataclass(frozen=True, slots=True)
class Heard:
    """What is read of one entry; `agency` is the key of the agency it names."""

    position: int
    verb: str
    subject: str
    data: Mapping[str, Any]
    agency: int | None
    at: datetime
    on: date


@dataclass(frozen=True, slots=True)
class About:
    """What a record says of its matter, and never changes but for whose it is."""

    kind: CaseKind
    regulator: int
    agency: int | None = None
    audit: int | None = None
    reference: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter as the journal leaves it."""

    kind: CaseKind
    subject: str
    regulator: int
    agency: int | None
    audit: int | None
    reference: str
    facts: Mapping[str, Any]
    stage: Stage
    waits_on: WaitsOn
    opened_at: datetime
    moved_at: datetime
    position: int
    earlier: tuple[str, ...] = ()
    days_given: int | None = None
    clock: Clock = NO_CLOCK
    assignee: int | None = None
    closed_at: datetime | None = None
    ending: Ending | None = None

    @property
    def public_id(self) -> UUID:
        return uuid5(NAMESPACE, (*self.earlier, self.subject)[0])

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class Book(Protocol):
    """Where matters are kept: the table of cases, or a dictionary."""

    def get(self, subject: str) -> Matter | None: ...
    def attestation_of(self, agency: int) -> Matter | None: ...
    def of_audit(self, audit: int) -> Iterable[Matter]: ...
    def of_agency(self, agency: int) -> Iterable[Matter]: ...
    def put(self, matter: Matter) -> None: ...


class Records(Protocol):
    """What stands in the records that the journal names."""

    def about(self, heard: Heard) -> About | None: ...
    def audit_of(self, heard: Heard) -> str | None:
        """The label of the audit to which a finding belongs."""

    def corrections_of(self, heard: Heard) -> Iterable[str]:
        """The labels of the corrective actions that a finding led to."""


class Days(Protocol):
    """How many days of our own a matter of each kind is given, now or when it was opened."""

    def __call__(self, kind: CaseKind, public_id: UUID) -> int: ...


class Runs(StrEnum):
    """What a step does to the clock. Where nothing is said it runs on."""

    STARTS = "starts"
    STOPS = "stops"
    GOES_ON = "goes on"
    AS_SAID = "as said"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Step:
    """Where a verb leaves the matter it is about; `until` is the detail that says a day."""

    stage: Stage | None = None
    waits_on: WaitsOn | None = None
    runs: Runs | None = None
    until: str = ""
    ending: Ending | None = None


STEPS: dict[str, Step] = {
    "attestation.submitted": Step(Stage.HANDED_IN, WaitsOn.REGULATOR, Runs.STARTS),
    "attestation.returned": Step(Stage.RETURNED, WaitsOn.AGENCY, Runs.STOPS, "answer_by"),
    "attestation.accepted": Step(ending=Ending.ACCEPTED),
    "attestation.withdrawn": Step(ending=Ending.WITHDRAWN),
    "claim.sent": Step(Stage.HANDED_IN, WaitsOn.REGULATOR, Runs.STARTS),
    "claim.question_asked": Step(Stage.QUESTION_ASKED, WaitsOn.AGENCY, Runs.STOPS, "due_on"),
    "claim.answered": Step(Stage.ANSWERED, WaitsOn.REGULATOR, Runs.GOES_ON),
    "claim.accepted": Step(ending=Ending.ACCEPTED),
    "claim.refused": Step(ending=Ending.REFUSED),
    "claim.withdrawn": Step(ending=Ending.WITHDRAWN),
    "audit.planned": Step(Stage.PLANNED, WaitsOn.REGULATOR, Runs.AS_SAID, "planned_for"),
    "audit.opened": Step(Stage.CONDUCTING, WaitsOn.REGULATOR, Runs.NOT),
    "audit.concluded": Step(Stage.CONCLUDED, WaitsOn.REGULATOR),
    "audit.reported": Step(Stage.REPORTED, WaitsOn.REGULATOR),
    "audit.closed": Step(ending=Ending.CLOSED),
    "audit.cancelled": Step(ending=Ending.CANCELLED),
    "audit.reopened": Step(Stage.FOLLOW_UP, WaitsOn.REGULATOR),
    "correction.requested": Step(Stage.REQUESTED, WaitsOn.AGENCY, Runs.AS_SAID, "due_on"),
    "correction.submitted": Step(Stage.HANDED_IN, WaitsOn.REGULATOR, Runs.STARTS),
    "correction.verified": Step(ending=Ending.VERIFIED),
    "correction.rejected": Step(ending=Ending.NOT_ACCEPTED),
    "decision.proposed": Step(Stage.PROPOSED, WaitsOn.REGULATOR, Runs.STARTS),
    "decision.taken": Step(ending=Ending.TAKEN),
    "decision.declined": Step(ending=Ending.DECLINED),
    "appeal.lodged": Step(Stage.LODGED, WaitsOn.REGULATOR, Runs.STARTS),
    "appeal.heard": Step(ending=Ending.HEARD),
    "status_change.proposed": Step(Stage.PROPOSED, WaitsOn.REGULATOR, Runs.STARTS),
    "status_change.declined": Step(ending=Ending.DECLINED),
    "concern.received": Step(Stage.RECEIVED, WaitsOn.REGULATOR, Runs.STARTS),
    "concern.replied": Step(Stage.QUESTION_ASKED, WaitsOn.AGENCY, Runs.STOPS, "due_on"),
    "concern.answered": Step(Stage.ANSWERED, WaitsOn.REGULATOR, Runs.GOES_ON),
    "concern.closed": Step(ending=Ending.CLOSED),
}

# the entry is about the certificate, and names the change that was confirmed
CONFIRMING = frozenset({"certificate.suspended", "certificate.restored", "certificate.withdrawn"})
# what is recorded of an audit without bringing it further; a conclusion falls by most of them
AT_WORK = frozenset({"sample.result_recorded", "checklist.result_recorded"})
OF_FINDINGS = frozenset({"finding.raised", "finding.replied", "finding.withdrawn"})
UNDO_A_CONCLUSION = AT_WORK | {"finding.raised", "finding.withdrawn"}
TEAM_CHANGED = "audit.team_changed"
TRANSFERRED = "agency.transferred"
ASSIGNED = "case.assigned"

HEARD_OF = (
    frozenset(STEPS)
    | CONFIRMING
    | AT_WORK
    | OF_FINDINGS
    | {TEAM_CHANGED, TRANSFERRED, ASSIGNED, "sample.drawn"}
)


def follow(heard: Heard, book: Book, records: Records, days: Days) -> None:
    """Bring the book up to date with one entry."""
    if heard.verb in STEPS:
        _take(STEPS[heard.verb], heard, book, records, days)
    elif heard.verb in CONFIRMING:
        change = book.get(f"audits.statuschange:{heard.data.get('change')}")
        _end(change, Ending.CONFIRMED, heard, book)
    elif heard.verb in OF_FINDINGS:
        _hear_of_finding(heard, book, records)
    elif heard.verb == TEAM_CHANGED:
        _change_leader(heard, book)
    elif heard.verb == ASSIGNED:
        matter = book.get(str(heard.data["matter"]))
        if matter:
            book.put(_touched(replace(matter, assignee=heard.data["to"]), heard))
    elif heard.verb == TRANSFERRED:
        _transfer(heard, book)
    elif matter := book.get(heard.subject):
        book.put(_worked_on(matter, heard))


def _take(step: Step, heard: Heard, book: Book, records: Records, days: Days) -> None:
    matter = book.get(heard.subject)
    if step.ending:
        _end(matter, step.ending, heard, book)
        return
    matter = matter or _taken_over(heard, book, records) or _opened(step, heard, book, records)
    if matter is None:
        return
    given = matter.days_given or days(matter.kind, matter.public_id)
    matter = replace(
        matter,
        stage=step.stage or matter.stage,
        waits_on=step.waits_on or matter.waits_on,
        clock=_clock(step, matter, heard, given),
        days_given=given if step.runs in (Runs.STARTS, Runs.GOES_ON) else matter.days_given,
        closed_at=None,
        ending=None,
    )
    book.put(_touched(matter, heard))
    if matter.kind == CaseKind.AUDIT:
        _take_up_again(matter, heard, book)
    _lead_the_audit(matter, heard, book)


def _opened(step: Step, heard: Heard, book: Book, records: Records) -> Matter | None:
    about = records.about(heard)
    if about is None or step.stage is None or step.waits_on is None:
        return None
    return Matter(
        kind=about.kind,
        subject=heard.subject,
        regulator=about.regulator,
        agency=about.agency,
        audit=about.audit,
        reference=about.reference,
        facts=about.facts,
        stage=step.stage,
        waits_on=step.waits_on,
        opened_at=heard.at,
        moved_at=heard.at,
        position=heard.position,
        assignee=_first_assignee(about, heard, book),
    )


def _first_assignee(about: About, heard: Heard, book: Book) -> int | None:
    """An audit begins with its leader, and what follows from it with whoever has the audit."""
    if about.kind == CaseKind.AUDIT:
        return _leader(heard.data.get("team", ()))
    if about.kind == CaseKind.CORRECTION and about.audit is not None:
        audit = _audit_in(book, about.audit)
        return audit.assignee if audit else None
    return None


def _taken_over(heard: Heard, book: Book, records: Records) -> Matter | None:
    """An attestation that was returned comes back as another record: the matter goes on."""
    if heard.verb != "attestation.submitted" or heard.agency is None:
        return None
    before, about = book.attestation_of(heard.agency), records.about(heard)
    if before is None or about is None:
        return None
    return replace(
        before,
        earlier=(*before.earlier, before.subject),
        subject=heard.subject,
        reference=about.reference,
        facts=about.facts,
    )


def _clock(step: Step, matter: Matter, heard: Heard, days: int) -> Clock:
    said = heard.data.get(step.until) or matter.facts.get(step.until) if step.until else None
    until = date.fromisoformat(said) if said else None
    match step.runs:
        case Runs.STARTS if matter.clock.days_left is None:
            return started(heard.on, days)
        case Runs.STARTS | Runs.GOES_ON:
            return gone_on(matter.clock, heard.on, days=days)
        case Runs.STOPS:
            return stopped(matter.clock, heard.on, until=until)
        case Runs.AS_SAID:
            return Clock(due_on=until)
        case Runs.NOT:
            return Clock()
        case _:
            return matter.clock


def _end(matter: Matter | None, ending: Ending, heard: Heard, book: Book) -> None:
    if matter is None or not matter.is_open:
        return
    book.put(_touched(replace(matter, closed_at=heard.at, ending=ending), heard))
    if matter.kind == CaseKind.AUDIT and matter.audit is not None:
        for other in list(book.of_audit(matter.audit)):
            if other.kind != CaseKind.AUDIT:
                _end(other, Ending.WITH_AUDIT, heard, book)
    _lead_the_audit(matter, heard, book)


def _take_up_again(audit: Matter, heard: Heard, book: Book) -> None:
    """What ended only because its audit did goes on where it was."""
    for other in list(book.of_audit(audit.audit)) if audit.audit is not None else ():
        if other.ending == Ending.WITH_AUDIT:
            book.put(_touched(replace(other, closed_at=None, ending=None), heard))


def _lead_the_audit(matter: Matter, heard: Heard, book: Book) -> None:
    """An audit in follow-up waits for the agency as long as a corrective action does."""
    if matter.kind not in (CaseKind.CORRECTION, CaseKind.AUDIT) or matter.audit is None:
        return
    audit = _audit_in(book, matter.audit)
    if audit is None or not audit.is_open:
        return
    stage = audit.stage
    if heard.verb == "correction.requested":
        stage = Stage.FOLLOW_UP
    waits = any(
        other.kind == CaseKind.CORRECTION and other.is_open and other.waits_on == WaitsOn.AGENCY
        for other in book.of_audit(matter.audit)
    )
    waits_on = WaitsOn.AGENCY if stage == Stage.FOLLOW_UP and waits else WaitsOn.REGULATOR
    book.put(_touched(replace(audit, stage=stage, waits_on=waits_on), heard))


def _hear_of_finding(heard: Heard, book: Book, records: Records) -> None:
    label = records.audit_of(heard)
    audit = book.get(label) if label else None
    if audit:
        book.put(_worked_on(audit, heard))
    if heard.verb == "finding.withdrawn":
        for subject in records.corrections_of(heard):
            _end(book.get(subject), Ending.WITHDRAWN, heard, book)


def _worked_on(audit: Matter, heard: Heard) -> Matter:
    if audit.stage == Stage.CONCLUDED and heard.verb in UNDO_A_CONCLUSION:
        audit = replace(audit, stage=Stage.CONDUCTING)
    return _touched(audit, heard)


def _change_leader(heard: Heard, book: Book) -> None:
    """Who held the audit as its leader hands it to the next one."""
    audit = book.get(heard.subject)
    if audit is None or audit.audit is None:
        return
    was, now = _leader(heard.data.get("before", ())), _leader(heard.data.get("after", ()))
    for matter in list(book.of_audit(audit.audit)):
        if matter.kind in (CaseKind.AUDIT, CaseKind.CORRECTION) and matter.assignee in (was, None):
            book.put(_touched(replace(matter, assignee=now), heard))


def _transfer(heard: Heard, book: Book) -> None:
    """What follows an agency goes with it; an audit stays with the regulator that plans it."""
    if heard.agency is None:
        return
    for matter in list(book.of_agency(heard.agency)):
        if matter.audit is None:
            book.put(_touched(replace(matter, regulator=heard.data["new"]), heard))


def _touched(matter: Matter, heard: Heard) -> Matter:
    return replace(matter, moved_at=heard.at, position=heard.position)


def _audit_in(book: Book, audit: int) -> Matter | None:
    return next((each for each in book.of_audit(audit) if each.kind == CaseKind.AUDIT), None)


def _leader(team: Iterable[Iterable[str]]) -> int | None:
    for person, role in team:
        if role == LEADER:
            return int(person.removeprefix("user:"))
    return None
