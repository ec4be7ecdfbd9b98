"""Brings what is stored before the pure rules, and each distinct combination only once.

A placement is a tuple of the fields that a rule may see (`JUDGED_FIELDS`). Its dates are reduced to
stretches, its amounts to charged or not, and whatever is then equal is looked up and judged one
time (`keys`, design §4). There is no second way to a verdict: imports, re-checks, questions and
case tables all come through `Judgement`.
"""

import hashlib
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils import timezone

from agencies.enums import Scheme
from agencies.enums import Side as AgencySide
from agencies.models import Agency
from attestations.crosscheck.enums import RestrictionKind, Side
from attestations.crosscheck.facts import Facts, facts_digest, facts_of
from attestations.crosscheck.keys import FactsCache, Stretches
from attestations.crosscheck.lists import (
    AgencyRecord,
    AgencyRestriction,
    Authorization,
    Lists,
    Stretch,
    canonical,
)
from attestations.crosscheck.models import Verdict
from attestations.crosscheck.record import PlacementRecord
from attestations.crosscheck.ruleset import VERSION
from attestations.crosscheck.stored_lists import beginning, load_lists
from attestations.crosscheck.values import (
    DATE_FIELDS,
    DATES_AT,
    Values,
    as_seen,
    date_of,
    record_from,
    text_of_day,
)
from attestations.crosscheck.verdict import Verdict as PureVerdict
from attestations.crosscheck.verdict import judge, verdict_digest

# beyond this many different profiles they are forgotten, and found again when they are met again
REMEMBERED = 100_000
_BATCH = 500
_NO_DATES = (None,) * len(DATE_FIELDS)


def agency_record(agency: Agency) -> AgencyRecord:
    """What the register holds of an agency that a rule may see.

    An agency that says it holds no licence has one that covers no day; one of which nothing is
    recorded has none, which is missing.
    """
    authorizations = list(agency.authorizations.all())
    licences = [row for row in authorizations if row.side == AgencySide.HOME]
    held = tuple(_stretch(row) for row in licences if row.held)
    return AgencyRecord(
        licences=held or ((Stretch(valid_from=date.max),) if licences else ()),
        authorizations=tuple(
            Authorization(
                country=row.country_id,
                side=Side(row.side),
                held=row.held,
                valid_from=beginning(row.valid_from),
                valid_until=row.valid_until,
            )
            for row in authorizations
            if row.side != AgencySide.HOME
        ),
        ethical_list=tuple(
            _stretch(row)
            for row in agency.scheme_memberships.all()
            if row.scheme == Scheme.ENGLAND_ERL
        ),
        restrictions=tuple(
            AgencyRestriction(
                kind=RestrictionKind(row.kind),
                valid_from=row.effective_on,
                restored_on=row.restored_on,
            )
            for row in agency.restrictions.all()
        ),
    )


def _stretch(row: Any) -> Stretch:
    return Stretch(valid_from=beginning(row.valid_from), valid_until=row.valid_until)


@dataclass(slots=True, eq=False)
class Reached:
    """A verdict that was reached, in which place, and its row once it is stored."""

    facts: Facts
    verdict: PureVerdict
    facts_digest: str
    number: int
    pk: int | None = None

    @property
    def identity(self) -> tuple[str, str]:
        """What tells one verdict from another: the facts and the set of rules."""
        return (self.facts_digest, self.verdict.ruleset)


class Profile:
    """What placements that differ in their dates alone come to; asked once for each stretch."""

    __slots__ = ("_by_dates", "_judgement", "_key", "_quota_exceeded", "_record")

    def __init__(
        self, judgement: "Judgement", record: PlacementRecord, key: Any, quota_exceeded: bool
    ) -> None:
        self._judgement = judgement
        self._record = record
        self._key = key
        self._quota_exceeded = quota_exceeded
        self._by_dates: dict[Hashable, Reached] = {}

    def on(
        self,
        recruited_on: str | None,
        offered_on: str | None,
        contracted_on: str | None,
        started_on: str | None,
    ) -> Reached:
        """The verdict on these days, as ISO texts; None and '' are not answered."""
        key = self._key(recruited_on, offered_on, contracted_on, started_on)
        reached = self._by_dates.get(key)
        if reached is None:
            record = replace(
                self._record,
                recruited_on=date_of(recruited_on),
                offered_on=date_of(offered_on),
                contracted_on=date_of(contracted_on),
                started_on=date_of(started_on),
            )
            reached = self._by_dates[key] = self._judgement.of_record(record, self._quota_exceeded)
        return reached


class Judgement:
    """Judges the placements of one agency over one state of the lists.

    `of` answers from memory wherever the same was asked before; `store` gives every verdict that
    was reached its row, shared by all who have the same facts.
    """

    def __init__(self, lists: Lists, agency: AgencyRecord) -> None:
        self.lists = lists
        self.agency = agency
        self._cache = FactsCache(lists, agency)
        self._in_text: dict[int, Stretches] = {}
        self._profiles: dict[Hashable, Profile] = {}
        self._known: dict[Hashable, Profile] = {}
        self._reached: dict[Facts, Reached] = {}
        self._unstored: list[Reached] = []

    @property
    def digest(self) -> str:
        """The same rules, lists and agency give the same digest, and the same verdicts."""
        return digest_of(self.lists, self.agency)

    @property
    def remembers(self) -> int:
        """How many profiles it would find without reading them again."""
        return len(self._known)

    def forget(self) -> None:
        self._known.clear()

    def of(self, values: Values, quota_exceeded: bool = False) -> Reached:
        """The verdict on one placement, its values in the order of JUDGED_FIELDS."""
        profile = self.profile(values[:DATES_AT], quota_exceeded)
        return profile.on(*map(text_of_day, values[DATES_AT:]))

    def profile(self, values: Values, quota_exceeded: bool = False) -> Profile:
        """What everything but the dates comes to, shared by all that are alike for the rules."""
        said = (as_seen(values), quota_exceeded)
        known = self._known.get(said)
        if known is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            known = self._known[said] = self._profile_of(values, quota_exceeded)
        return known

    def _profile_of(self, values: Values, quota_exceeded: bool) -> Profile:
        record = record_from((*values, *_NO_DATES))
        key = self._cache.profile(record, quota_exceeded)
        found = self._profiles.get(key)
        if found is None:
            stretches = self._cache.stretches(record)
            in_text = self._in_text.get(id(stretches))
            if in_text is None:
                in_text = self._in_text[id(stretches)] = stretches.in_text()
            found = self._profiles[key] = Profile(self, record, in_text.key, quota_exceeded)
        return found

    def of_record(self, record: PlacementRecord, quota_exceeded: bool = False) -> Reached:
        """The one place where facts are made and judged."""
        facts = facts_of(record, self.lists, self.agency, quota_exceeded)
        reached = self._reached.get(facts)
        if reached is None:
            reached = self._reached[facts] = Reached(
                facts, judge(facts), facts_digest(facts), number=len(self._reached)
            )
            self._unstored.append(reached)
        return reached

    def reached_since(self) -> list[Reached]:
        """The verdicts that were reached since this was last asked, in order, to be stored."""
        new, self._unstored = self._unstored, []
        return new

    def store(self) -> None:
        """Give each verdict that was reached since its row; one that is there is shared."""
        store_reached(self.reached_since(), self.lists)


def store_reached(reached: Sequence[Reached], lists: Lists) -> None:
    """Give these verdicts, reached over `lists`, their rows; one that is there is shared."""
    for at in range(0, len(reached), _BATCH):
        batch = {
            verdict_digest(one.facts_digest, lists.digest): one for one in reached[at : at + _BATCH]
        }
        known = _stored(batch)
        Verdict.objects.bulk_create(
            [
                _row(digest, one, lists.digest)
                for digest, one in batch.items()
                if digest not in known
            ],
            ignore_conflicts=True,
        )
        if len(known) < len(batch):
            known = _stored(batch)
        for digest, one in batch.items():
            one.pk = known[digest]


def digest_of(lists: Lists, agency: AgencyRecord) -> str:
    """What verdicts depend on beside the placements themselves, as one text."""
    parts = (VERSION, lists.digest, canonical(agency))
    return hashlib.sha256(canonical(parts).encode()).hexdigest()


def judgement_for(agency: Agency) -> Judgement:
    """A judgement over the lists and the agency as they are stored now."""
    return Judgement(load_lists(), agency_record(agency))


def _stored(digests: Iterable[str]) -> dict[str, int]:
    rows = Verdict.objects.filter(digest__in=list(digests)).values_list("digest", "pk")
    return dict(rows)


def _row(digest: str, reached: Reached, lists_digest: str) -> Verdict:
    return Verdict(
        digest=digest,
        facts_digest=reached.facts_digest,
        ruleset_version=reached.verdict.ruleset,
        lists_digest=lists_digest,
        edition_label=reached.verdict.edition or "",
        outcome=reached.verdict.outcome.value,
        findings=[finding.as_data() for finding in reached.verdict.findings],
        recorded_at=timezone.now(),
    )
