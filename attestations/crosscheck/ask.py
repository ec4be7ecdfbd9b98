"""The answer to a question about a recruitment that has not happened (rules.md §6, design §10).

It answers on what it was told and begins so, lists what it did not ask, and is never a bare
"clear": nothing found is said as just that.
"""

from dataclasses import dataclass
from typing import Any

from attestations.crosscheck.answers import Destination
from attestations.crosscheck.enums import Mode, NotAsked, Outcome, Side
from attestations.crosscheck.explain import Explanation, Name, as_written, explain
from attestations.crosscheck.facts import Facts, facts_digest, facts_of
from attestations.crosscheck.lists import NOTHING_ASKED_OF_THE_AGENCY, AgencyRecord, Lists
from attestations.crosscheck.record import PlacementRecord, day_of_recruitment
from attestations.crosscheck.verdict import Verdict, judge, verdict_digest
from attestations.crosscheck.wording import in_words, unrecorded_requirements

OPENING = "On what you told us"

_HEADLINES = {
    Outcome.NON_COMPLIANT: "this recruitment is not in line with the safeguards.",
    Outcome.REFER_TO_AUDITOR: "this cannot be determined here; somebody has to look at it.",
    Outcome.ACTION_REQUIRED: "something would have to be put right.",
    Outcome.INCOMPLETE: "no answer is possible yet: answers are missing.",
    Outcome.MINOR_ACTION: "a small matter would have to be put right.",
    Outcome.CLEAR_WITH_NOTES: "nothing stands open; please read the notes.",
    Outcome.CLEAR: "nothing was found in the lists that were read.",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """A dated answer with its reasons, and with what it does not know."""

    sentence: str
    verdict: Verdict
    facts: Facts
    explanations: tuple[Explanation, ...]
    not_asked: tuple[str, ...]
    not_recorded: tuple[str, ...]
    would_change: tuple[str, ...]
    lists_digest: str

    def as_data(self) -> dict[str, Any]:
        of_facts = facts_digest(self.facts)
        return {
            "answer": self.sentence,
            "outcome": self.verdict.outcome.value,
            "outcome_in_words": self.verdict.outcome.label,
            "edition": self.verdict.edition,
            "ruleset": self.verdict.ruleset,
            "verdict_digest": verdict_digest(of_facts, self.lists_digest),
            "facts_digest": of_facts,
            "lists_digest": self.lists_digest,
            "findings": [explanation.as_data() for explanation in self.explanations],
            "not_asked": list(self.not_asked),
            "not_recorded": list(self.not_recorded),
            "would_change": list(self.would_change),
        }


def answer(
    record: PlacementRecord,
    lists: Lists,
    agency: AgencyRecord = NOTHING_ASKED_OF_THE_AGENCY,
    *,
    agency_known: bool = False,
    name: Name = as_written,
) -> Answer:
    """Judges a question by the rules of real placements.

    `agency_known`: the question names an agency of the register, whose standing was looked at.
    """
    facts = facts_of(record, lists, agency)
    verdict = judge(facts)
    explanations = tuple(
        explain(finding, record, facts, lists, agency, name) for finding in verdict.findings
    )
    not_asked = _not_asked(record, facts, agency, agency_known)
    changes = dict.fromkeys(
        change for explanation in explanations for change in explanation.would_change
    )
    return Answer(
        sentence=_sentence(record, verdict, not_asked, name),
        verdict=verdict,
        facts=facts,
        explanations=explanations,
        not_asked=not_asked,
        not_recorded=_not_recorded(record, lists, agency, name),
        would_change=tuple(changes),
        lists_digest=lists.digest,
    )


def _sentence(
    record: PlacementRecord, verdict: Verdict, not_asked: tuple[str, ...], name: Name
) -> str:
    day, _ = day_of_recruitment(record)
    about = []
    if isinstance(record.residence, str):
        about.append(f"from {name(record.residence)}")
    if isinstance(record.dest, str):
        about.append(f"to {name(record.dest)}")
    if day is not None:
        about.append(f"on {in_words(day)}")
    said = f"{OPENING} ({' '.join(about)})" if about else OPENING
    sentence = f"{said}: {_HEADLINES[verdict.outcome]}"
    if not_asked:
        sentence += f" {len(not_asked)} points were not asked, and are listed."
    return sentence


def _not_asked(
    record: PlacementRecord, facts: Facts, agency: AgencyRecord, agency_known: bool
) -> tuple[str, ...]:
    in_england = facts.destination is Destination.ENGLAND
    points = (
        ("the standing of the agency in this register", not agency_known),
        ("the agency's licence", _unasked(agency.licences)),
        (
            "the authorization of the agency in the source country",
            _unasked(agency.source_authorization) and _unasked(facts.source_authorization),
        ),
        (
            "the authorization of the agency in the destination",
            _unasked(agency.destination_authorization)
            and _unasked(facts.destination_authorization),
        ),
        (
            "whether the agency was on England's Ethical Recruiters List",
            in_england and _unasked(agency.ethical_list),
        ),
        ("fees and costs charged to the worker", _unasked(record.fees)),
        ("a repayment clause", _unasked(record.repayment)),
        ("how recruiter and worker came together", _unasked(record.mode)),
        (
            "proof that the application came before any help",
            record.mode is Mode.FACILITATED and _unasked(record.evidence),
        ),
        ("the country of training, and the months of residence", _unasked(record.training)),
        ("the occupation of the post", _unasked(record.placed)),
        ("the occupation that the worker is qualified in", _unasked(record.qualified)),
        ("the day of the start", _unasked(record.started_on)),
        ("an agreement that the recruitment relies on", record.agreement_cited is None),
        ("a legal duty of the worker at home", _unasked(record.obligation)),
        ("a consultation of the source country", _unasked(record.consulted)),
        (
            "whether the Federal Employment Agency recruits",
            facts.destination is Destination.GERMANY and _unasked(record.by_ba),
        ),
        (
            "which part of the United Kingdom; England was taken",
            in_england and record.destination_part is None,
        ),
    )
    return tuple(point for point, open_still in points if open_still)


def _unasked(value: object) -> bool:
    return isinstance(value, NotAsked)


def _not_recorded(
    record: PlacementRecord, lists: Lists, agency: AgencyRecord, name: Name
) -> tuple[str, ...]:
    """Authorization is judged only where a dated requirement is recorded (design §10)."""
    stated = {
        Side.SOURCE: (agency.source_authorization, record.residence),
        Side.DESTINATION: (agency.destination_authorization, record.dest),
    }
    return tuple(
        f"{name(place)}: whether recruiters need its authorization: requirement not recorded"
        for side in unrecorded_requirements(record, lists)
        for answered, place in (stated[side],)
        if isinstance(place, str) and _unasked(answered)
    )
