"""Brings what is stored before the pure rules, and each distinct combination only once.

A placement is a tuple of the fields that a rule may see (`JUDGED_FIELDS`). Its dates are reduced to
stretches, its amounts to charged or not, and whatever is then equal is looked up and judged one
time (design §4). There is no second way to a verdict: imports, re-checks, questions and case
tables all come through `Judgement`.
"""

import hashlib
import json
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from agencies.enums import Scheme
from agencies.enums import Side as AgencySide
from agencies.models import Agency
from attestations.crosscheck.enums import Mode, RestrictionKind, Side
from attestations.crosscheck.facts import Facts, facts_digest, facts_of
from attestations.crosscheck.keys import FactsCache
from attestations.crosscheck.lists import (
    AgencyRecord,
    AgencyRestriction,
    Authorization,
    Lists,
    Stretch,
    canonical,
)
from attestations.crosscheck.models import Verdict
from attestations.crosscheck.record import Place, PlacementRecord, RepaymentTerms, Unresolved
from attestations.crosscheck.ruleset import TRANSIT_MONTHS, VERSION
from attestations.crosscheck.stored_lists import beginning, load_lists
from attestations.crosscheck.verdict import Verdict as PureVerdict
from attestations.crosscheck.verdict import judge, verdict_digest

# Up to here equal values are equal facts; behind it stand what is reduced to a key.
_PROFILE_FIELDS = (
    "residence",
    "training",
    "source",
    "destination",
    "destination_part",
    "qualified",
    "placed",
    "other_occupations",
    "mode",
    "independent_application",
    "agreement_cited",
    "by_federal_agency",
    "lower_post_disclosed",
    "obligation_outstanding",
    "consultation_recorded",
    "repayment",
    "unresolved",
)
_REDUCED_FIELDS = (
    "months_resident",
    "fees",
    "recruited_on",
    "offered_on",
    "contracted_on",
    "started_on",
)
JUDGED_FIELDS = (*_PROFILE_FIELDS, *_REDUCED_FIELDS)
JSON_FIELDS = frozenset({"fees", "repayment", "unresolved"})

_PROFILES = len(_PROFILE_FIELDS)
_RESIDENCE, _DESTINATION = JUDGED_FIELDS.index("residence"), JUDGED_FIELDS.index("destination")
AGREEMENT_AT = JUDGED_FIELDS.index("agreement_cited")
_BATCH = 500

Values = Sequence[Any]
"""What a placement says, in the order of JUDGED_FIELDS; JSON as its text."""


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
            _stretch(row) for row in agency.scheme_memberships.filter(scheme=Scheme.ENGLAND_ERL)
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


def values_of(placement: Any) -> tuple[Any, ...]:
    """What a stored placement, staged or not, says, in the order of JUDGED_FIELDS."""
    return tuple(
        _text_of(getattr(placement, field)) if field in JSON_FIELDS else getattr(placement, field)
        for field in JUDGED_FIELDS
    )


def _text_of(value: Any) -> str | None:
    return None if value is None else json.dumps(value)


def record_of(placement: Any) -> PlacementRecord:
    """A stored placement as the rules know it."""
    return record_from(values_of(placement))


def record_from(values: Values) -> PlacementRecord:
    """The record that these values stand for; what is NULL or empty was not answered."""
    said = dict(zip(JUDGED_FIELDS, values, strict=True))
    unresolved = json.loads(said["unresolved"]) if said["unresolved"] else {}

    def place(field: str) -> Place:
        if field in unresolved:
            found = unresolved[field]
            return Unresolved(found["text"], tuple(found.get("candidates", ())))
        return said[field]

    return PlacementRecord(
        residence=place("residence"),
        training=place("training"),
        source=place("source"),
        dest=place("destination"),
        destination_part=said["destination_part"] or None,
        months=said["months_resident"],
        qualified=said["qualified"],
        placed=said["placed"],
        other_occ=tuple((said["other_occupations"] or "").split()),
        mode=Mode(said["mode"]) if said["mode"] else None,
        evidence=said["independent_application"],
        recruited_on=said["recruited_on"],
        offered_on=said["offered_on"],
        contracted_on=said["contracted_on"],
        started_on=said["started_on"],
        fees=_fees(said["fees"]),
        repayment=_repayment(said["repayment"]),
        agreement_cited=said["agreement_cited"] or None,
        by_ba=said["by_federal_agency"],
        disclosed=said["lower_post_disclosed"],
        obligation=said["obligation_outstanding"],
        consulted=said["consultation_recorded"],
    )


def _fees(text: str | None) -> tuple[tuple[str, Decimal | None], ...] | None:
    if text is None:
        return None
    return tuple(
        (what, None if amount is None else Decimal(str(amount)))
        for what, amount in json.loads(text)
    )


def _repayment(text: str | None) -> RepaymentTerms | None:
    if text is None:
        return None
    terms = json.loads(text)
    return RepaymentTerms(tuple(terms["reclaimed"]), terms.get("disclosed"), terms.get("tapers"))


@dataclass(slots=True, eq=False)
class Reached:
    """A verdict that was reached, and its row once it is stored."""

    facts: Facts
    verdict: PureVerdict
    facts_digest: str
    pk: int | None = None


class Judgement:
    """Judges the placements of one agency over one state of the lists.

    `of` answers from memory wherever the same was asked before; `store` gives every verdict that
    was reached its row, shared by all who have the same facts.
    """

    def __init__(self, lists: Lists, agency: AgencyRecord) -> None:
        self.lists = lists
        self.agency = agency
        self._corridors = FactsCache(lists, agency)
        self._profiles: dict[Hashable, tuple[Any, dict[Hashable, Reached]]] = {}
        self._fees: dict[str | None, Hashable] = {None: None}
        self._reached: dict[Facts, Reached] = {}
        self._unstored: list[Reached] = []

    @property
    def digest(self) -> str:
        """The same rules, lists and agency give the same digest, and the same verdicts."""
        return digest_of(self.lists, self.agency)

    def of(self, values: Values, quota_exceeded: bool = False) -> Reached:
        months = values[_PROFILES]
        fees = values[_PROFILES + 1]
        try:
            fees_key = self._fees[fees]
        except KeyError:
            fees_key = self._fees[fees] = _amounts(fees)
        profile = (
            values[:_PROFILES],
            months if months is None else months < TRANSIT_MONTHS,
            fees_key,
            quota_exceeded,
        )
        found = self._profiles.get(profile)
        if found is None:
            stretches = self._corridors.stretches(
                values[_RESIDENCE], values[_DESTINATION], values[AGREEMENT_AT] or None
            )
            found = self._profiles[profile] = (stretches.key, {})
        key_of, by_dates = found
        dates = key_of(*values[_PROFILES + 2 :])
        reached = by_dates.get(dates)
        if reached is None:
            reached = by_dates[dates] = self.of_record(record_from(values), quota_exceeded)
        return reached

    def of_record(self, record: PlacementRecord, quota_exceeded: bool = False) -> Reached:
        """The one place where facts are made and judged."""
        facts = facts_of(record, self.lists, self.agency, quota_exceeded)
        reached = self._reached.get(facts)
        if reached is None:
            reached = self._reached[facts] = Reached(facts, judge(facts), facts_digest(facts))
            self._unstored.append(reached)
        return reached

    def store(self) -> None:
        """Give each verdict that was reached since its row; one that is there is shared."""
        while self._unstored:
            batch, self._unstored = self._unstored[:_BATCH], self._unstored[_BATCH:]
            digests = {verdict_digest(one.facts, self.lists.digest): one for one in batch}
            known = _stored(digests)
            Verdict.objects.bulk_create(
                [
                    _row(digest, one, self.lists.digest)
                    for digest, one in digests.items()
                    if digest not in known
                ],
                ignore_conflicts=True,
            )
            if len(known) < len(digests):
                known = _stored(digests)
            for digest, one in digests.items():
                one.pk = known[digest]


def digest_of(lists: Lists, agency: AgencyRecord) -> str:
    """What verdicts depend on beside the placements themselves, as one text."""
    parts = (VERSION, lists.digest, canonical(agency))
    return hashlib.sha256(canonical(parts).encode()).hexdigest()


def judgement_for(agency: Agency) -> Judgement:
    """A judgement over the lists and the agency as they are stored now."""
    return Judgement(load_lists(), agency_record(agency))


def _amounts(text: str) -> Hashable:
    """Whether something was charged, by which texts differ for the rules."""
    return frozenset(None if amount is None else amount > 0 for _, amount in _fees(text) or ())


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
