"""What the journal says of a case, in words."""

from dataclasses import dataclass
from datetime import datetime

from agencies.models import User
from audits.enums import AppealState, CheckResult, DecisionOutcome, FindingGrade

WORDS = {
    "audit.planned": "planned the audit",
    "audit.team_changed": "changed the team",
    "audit.opened": "opened the audit",
    "audit.cancelled": "cancelled the audit",
    "audit.concluded": "wrote the conclusion",
    "audit.reported": "approved the report {report}",
    "audit.closed": "closed the audit",
    "audit.reopened": "took the audit up again",
    "sample.drawn": "drew a sample of {size} from {population_size} placements",
    "sample.result_recorded": "recorded a result for placement {position} of the sample: {result}",
    "checklist.result_recorded": "recorded a result for {requirement}: {result}",
    "finding.raised": "raised finding {position} ({grade}) against {requirement}",
    "finding.withdrawn": "withdrew a finding",
    "finding.replied": "replied to a finding",
    "correction.requested": "asked to correct finding {finding} by {due_on}",
    "correction.submitted": "handed in a corrective action for finding {finding}",
    "correction.verified": "verified the corrective action for finding {finding}",
    "correction.rejected": "did not accept the corrective action for finding {finding}",
    "addendum.proposed": "wrote an addendum to report {report}",
    "addendum.issued": "issued addendum {position} to report {report}",
    "decision.proposed": "proposed a decision: {outcome}",
    "decision.taken": "took the decision: {outcome}",
    "decision.declined": "did not follow the proposed decision",
    "decision.set_aside": "set the decision aside",
    "appeal.lodged": "lodged an appeal",
    "appeal.heard": "answered the appeal: {outcome}",
    "report.prepared": "froze report {number}",
    "report.issued": "issued report {number}",
    "certificate.prepared": "reserved certificate {number} and froze its statement",
    "certificate.issued": "issued certificate {number}",
    "certificate.void": "left certificate {number} unissued",
    "certificate.superseded": "let certificate {by_number} take over from {on}",
    "certificate.suspended": "suspended it with effect from {on}",
    "certificate.restored": "restored it with effect from {on}",
    "certificate.withdrawn": "withdrew it with effect from {on}",
}


LABELS = {
    value: label.lower()
    for choices in (CheckResult, DecisionOutcome, AppealState, FindingGrade)
    for value, label in choices.choices
}


@dataclass(frozen=True, slots=True)
class Line:
    """One act: when, who, and what in words."""

    at: datetime
    who: str
    what: str


def in_words(entries) -> list[Line]:
    """Each entry as a line; names are looked up once, and a verb of another room is spelled out."""
    entries = list(entries)
    actors = {entry.actor.removeprefix("user:") for entry in entries if ":" in entry.actor}
    names = dict(User.objects.filter(pk__in=actors).values_list("pk", "name"))
    return [Line(entry.recorded_at, _who(entry.actor, names), _what(entry)) for entry in entries]


def _who(actor, names):
    kind, _, key = actor.partition(":")
    return names.get(int(key), "a person") if kind == "user" else "the system"


def _what(entry):
    words = WORDS.get(entry.verb)
    if words is None:
        return entry.verb.replace(".", " ").replace("_", " ")
    plain = {key: LABELS.get(str(value), value) for key, value in entry.data.items()}
    return words.format(**plain)
