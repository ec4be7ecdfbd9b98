"""All that a rule may know of a placement, already looked up; and the one way to build it.

No date, no amount and no name of a country is left in `Facts`: dates are comparisons and answers,
amounts are yes, no and unknown. So equal facts are equal verdicts (design §4).
"""

import hashlib
from dataclasses import dataclass
from datetime import date

from attestations.crosscheck.answers import (
    Destination,
    Fees,
    Licence,
    Scope,
    Stay,
    added_before_start,
    any_covers,
    authorization_of,
    country_of,
    destination_of,
    differ,
    fees_of,
    graded,
    in_annex,
    is_health,
    licence_of,
    listed,
    missing_answers,
    on_ethical_list,
    scope_of,
    stay_of,
    trained_in_listed,
    unfair_terms,
)
from attestations.crosscheck.cover import Cover, cover_of, willingness_for
from attestations.crosscheck.enums import NOT_ASKED, Mode, NotAsked, Side, Truth
from attestations.crosscheck.lists import (
    AMBER,
    NOTHING_ASKED_OF_THE_AGENCY,
    RED,
    AgencyRecord,
    Lists,
    canonical,
)
from attestations.crosscheck.record import (
    PlacementRecord,
    RepaymentTerms,
    Unresolved,
    day_of_recruitment,
)
from attestations.crosscheck.ruleset import (
    CARE_CODES,
    IRISH_COMMITMENT_FROM,
    NORWEGIAN_PLAN_FROM,
    NORWEGIAN_PLAN_UNTIL,
    SCOPE_EXTENDED_ON,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the rules see. `missing` holds the keys of rules.md §6 that were found missing."""

    day_known: bool
    edition: str | None
    missing: tuple[str, ...]
    unresolved: bool
    source_differs: bool
    starts_before_recruitment: bool
    mode: Mode | NotAsked | None
    evidence: bool
    scope: Scope
    placed_below_qualification: bool
    scope_extended: bool
    disclosed: bool
    residence_listed: Truth
    added_before_start: bool
    trained_in_listed: Truth
    stay: Stay
    cover: Cover
    agreement: str | None
    health_ministry_takes_part: bool
    quota_used_up: bool
    willing: Truth
    willingness: str | None
    restricting_policy: Truth
    destination: Destination
    red: Truth
    amber: Truth
    on_ethical_list: Truth | NotAsked
    annex: Truth
    by_federal_agency: bool
    norwegian_plan: bool
    irish_commitment: bool
    emergency: Truth
    consulted: bool
    obligation: bool
    fees: Fees
    repayment_unfair: bool
    licence: Licence
    source_authorization: Truth | NotAsked
    destination_authorization: Truth | NotAsked
    recruited_under_restriction: bool
    under_way_at_restriction: bool

    @property
    def health(self) -> bool:
        """In the scope of the WHO Code."""
        return self.scope is Scope.HEALTH

    @property
    def health_or_care(self) -> bool:
        """In England's and Germany's scope."""
        return self.scope in (Scope.HEALTH, Scope.CARE)


def facts_digest(facts: Facts) -> str:
    """The same facts give the same digest in every process."""
    return hashlib.sha256(canonical(facts).encode()).hexdigest()


def facts_of(
    record: PlacementRecord,
    lists: Lists,
    agency: AgencyRecord = NOTHING_ASKED_OF_THE_AGENCY,
    quota_exceeded: bool = False,
) -> Facts:
    """Looks up everything the rules need; nothing else may build `Facts`.

    `quota_exceeded`: the agreement's places were used up by earlier placements (design §10).
    """
    day, _ = day_of_recruitment(record)
    start = record.started_on if isinstance(record.started_on, date) else None
    residence = country_of(record.residence)
    training = country_of(record.training)
    destination = destination_of(record)
    edition = lists.edition_on(day) if day else None
    cover = cover_of(record, day, lists, quota_exceeded=quota_exceeded)
    willing, willingness = willingness_for(record, day, lists)
    source_authorization = authorization_of(
        agency.source_authorization, residence, Side.SOURCE, day, lists, agency
    )
    destination_authorization = authorization_of(
        agency.destination_authorization,
        country_of(record.dest),
        Side.DESTINATION,
        day,
        lists,
        agency,
    )
    return Facts(
        day_known=day is not None,
        edition=edition.label if edition else None,
        missing=missing_answers(record, agency, source_authorization, destination_authorization),
        unresolved=any(
            isinstance(place, Unresolved)
            for place in (record.residence, record.training, record.source, record.dest)
        ),
        source_differs=differ(record.source, record.residence),
        starts_before_recruitment=bool(day and start and start < day),
        mode=record.mode,
        evidence=record.evidence is True,
        scope=scope_of(record),
        placed_below_qualification=(
            isinstance(record.qualified, str)
            and is_health(record.qualified)
            and record.placed in CARE_CODES
        ),
        scope_extended=bool(day and day >= SCOPE_EXTENDED_ON),
        disclosed=record.disclosed is True,
        residence_listed=listed(residence, day, lists),
        added_before_start=added_before_start(residence, day, start, lists),
        trained_in_listed=trained_in_listed(training, residence, day, lists),
        stay=stay_of(record.months),
        cover=cover.cover,
        agreement=record.agreement_cited if cover.cover is not Cover.NONE_CITED else None,
        health_ministry_takes_part=cover.health_ministry_takes_part,
        quota_used_up=cover.quota_used_up,
        willing=willing,
        willingness=willingness,
        restricting_policy=any_covers(lists.policies_of(residence) if residence else (), day),
        destination=destination,
        red=graded(residence, RED, day, lists, destination),
        amber=graded(residence, AMBER, day, lists, destination),
        on_ethical_list=on_ethical_list(agency, destination, day),
        annex=in_annex(residence, day, lists, destination),
        by_federal_agency=record.by_ba is True,
        norwegian_plan=bool(
            destination is Destination.NORWAY
            and day
            and NORWEGIAN_PLAN_FROM <= day <= NORWEGIAN_PLAN_UNTIL
        ),
        irish_commitment=bool(
            destination is Destination.IRELAND and day and day >= IRISH_COMMITMENT_FROM
        ),
        emergency=any_covers(
            [
                flag
                for country in (residence, country_of(record.dest))
                if country
                for flag in lists.emergencies_of(country)
            ],
            day,
        ),
        consulted=record.consulted is True,
        obligation=record.obligation is True,
        fees=fees_of(record),
        repayment_unfair=isinstance(record.repayment, RepaymentTerms)
        and bool(unfair_terms(record.repayment)),
        licence=licence_of(agency, day, start),
        source_authorization=source_authorization,
        destination_authorization=destination_authorization,
        recruited_under_restriction=bool(
            day
            and any(
                row.valid_from <= day and (row.restored_on is None or day < row.restored_on)
                for row in agency.restrictions
            )
        ),
        under_way_at_restriction=bool(
            day
            and record.started_on is not NOT_ASKED
            and any(
                day < row.valid_from and (start is None or start > row.valid_from)
                for row in agency.restrictions
            )
        ),
    )
