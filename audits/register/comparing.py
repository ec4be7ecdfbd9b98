"""The public page before an act and after it, for whoever decides: the register's own answer on
what stands, and on what would stand."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.enums import AgencyRole
from agencies.permissions import people_with
from audits.enums import DecisionOutcome
from audits.register.agency_answers import corridors_in_words
from audits.register.rules import Corridor, Event, agency_standing
from audits.register.standing import facts_of
from audits.register.supposing import if_granted, if_refused, if_status_changed
from audits.register.wording import STANDINGS, standing_sentence


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of the public page, before and after; `differs` says it in a word, not a colour."""

    what: str
    before: str
    after: str

    @property
    def differs(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Effect:
    """What the public page says on the day the act counts from, and how many people are written
    to. Nobody is named."""

    on: object
    lines: list[Compared]
    told: int


def effect_of_decision(decision, *, at) -> Effect:
    """What taking the proposed decision would change; a grant counts from its first day."""
    audit, today = decision.audit, timezone.localdate(at)
    facts = facts_of([audit.agency])[audit.agency_id]
    corridors = [
        Corridor(*codes)
        for codes in audit.scopes.values_list("source", "destination", "occupation_group")
    ]
    if decision.outcome == DecisionOutcome.REFUSED:
        on, then = today, if_refused(facts, corridors=corridors, on=today, at=at)
    else:
        on = max(today, decision.valid_from)
        then = if_granted(
            facts,
            corridors=corridors,
            valid_from=decision.valid_from,
            valid_until=decision.valid_until,
            has_conditions=bool(decision.conditions),
            at=at,
        )
    return _effect(audit.agency, facts, then, on, today)


def effect_of_status_change(change, *, at) -> Effect:
    """What confirming the proposed change of a certificate's status would change."""
    certificate, today = change.certificate, timezone.localdate(at)
    facts = facts_of([certificate.agency])[certificate.agency_id]
    event = Event(change.kind, change.effective_on, at, change.reason)
    then = if_status_changed(facts, certificate.number, event)
    return _effect(certificate.agency, facts, then, max(today, change.effective_on), today)


def _effect(agency, now, then, on, today) -> Effect:
    before, after = agency_standing(now, on=on), agency_standing(then, on=on)
    told = people_with(AgencyRole.ADMIN, AgencyRole.SIGNING_OFFICER, agency=agency).count()
    return Effect(on, list(_compared(agency, before, after, today)), told)


def _compared(agency, before, after, today):
    yield Compared(_("Standing"), str(STANDINGS[before.word].word), str(STANDINGS[after.word].word))
    yield Compared(
        _("In one sentence"),
        *(standing_sentence(line, name=agency.legal_name, today=today) for line in (before, after)),
    )
    was, becomes = _by_corridor(before), _by_corridor(after)
    for corridor in sorted(was | becomes):
        yield Compared(
            corridor,
            *(line.get(corridor, _("No certificate")) for line in (was, becomes)),
        )


def _by_corridor(line) -> dict[str, str]:
    return {
        f"{place['source_name']} → {place['destination_name']}, {place['occupation_title']}": place[
            "word"
        ]
        for place in corridors_in_words(line)
    }
