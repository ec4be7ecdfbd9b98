"""Placements, agencies and lists by chance, crowded round the days on which answers change."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from attestations.crosscheck.enums import NOT_ASKED, Mode, RestrictionKind, Side
from attestations.crosscheck.lists import (
    AgencyRecord,
    AgencyRestriction,
    AgreementTerms,
    Authorization,
    AuthorizationRequirement,
    EmergencyFlag,
    Lists,
    RestrictingPolicy,
    Stretch,
    Willingness,
)
from attestations.crosscheck.record import PlacementRecord, RepaymentTerms, Unresolved
from tests.attestations.crosscheck.examples import LISTS

COUNTRIES = ("GHA", "ZWE", "NPL", "KEN", "PHL", "IND")
DESTINATIONS = ("GBR", "DEU", "IRL", "NOR", "CAN")
TURNS = (
    "2010-05-21 2013-11-07 2021-02-25 2021-07-01 2021-11-11 2022-08-22 2023-03-08 2023-03-23 "
    "2023-12-08 2024-01-01 2024-01-31 2024-10-28 2026-05-29 2028-01-01"
)

days = st.one_of(
    st.builds(
        lambda turn, step: date.fromisoformat(turn) + timedelta(days=step),
        st.sampled_from(TURNS.split()),
        st.integers(-2, 2),
    ),
    st.dates(date(2009, 1, 1), date(2028, 12, 31)),
)
maybe_days = st.one_of(st.none(), days)
answers = st.sampled_from((NOT_ASKED, None, True, False))
day_answers = st.one_of(st.just(NOT_ASKED), st.none(), days)
places = st.sampled_from((*COUNTRIES, "GBR", None, NOT_ASKED, Unresolved("Congo", ("COG", "COD"))))
occupations = st.sampled_from(("2221", "2211", "5322", "2411", None, NOT_ASKED))
posts = st.one_of(st.none(), st.frozensets(st.sampled_from(("2221", "5322")), max_size=2))

records = st.builds(
    PlacementRecord,
    residence=places,
    training=places,
    source=places,
    nationality=places,
    dest=st.sampled_from((*DESTINATIONS, None, NOT_ASKED, Unresolved("Congo"))),
    destination_part=st.sampled_from((None, "England", "Scotland")),
    months=st.sampled_from((NOT_ASKED, None, 0, 11, 12, 40)),
    qualified=occupations,
    placed=occupations,
    other_occ=st.sampled_from(((), ("2411",), ("2212",))),
    mode=st.sampled_from((*Mode, None, NOT_ASKED)),
    evidence=answers,
    recruited_on=day_answers,
    offered_on=day_answers,
    contracted_on=day_answers,
    started_on=day_answers,
    fees=st.one_of(
        st.sampled_from((NOT_ASKED, None, ())),
        st.lists(
            st.tuples(st.just("fee"), st.one_of(st.none(), st.integers(0, 3).map(Decimal))),
            max_size=3,
        ).map(tuple),
    ),
    repayment=st.one_of(
        st.sampled_from((NOT_ASKED, None)),
        st.builds(
            RepaymentTerms,
            st.sampled_from(((), ("flight",), ("agency fee",))),
            st.sampled_from((None, True, False)),
            st.sampled_from((None, True, False)),
        ),
    ),
    agreement_cited=st.sampled_from((None, "MoU 1", "MoU 2", "MoU 3")),
    by_ba=answers,
    disclosed=answers,
    obligation=answers,
    consulted=answers,
)

_dated = {"valid_from": maybe_days, "valid_until": maybe_days}
stretches = st.builds(Stretch, **_dated)
countries = st.sampled_from((*COUNTRIES, *DESTINATIONS))
sides = st.sampled_from(Side)

agencies = st.builds(
    AgencyRecord,
    licences=st.one_of(st.just(NOT_ASKED), st.lists(stretches, max_size=2).map(tuple)),
    authorizations=st.lists(
        st.builds(Authorization, country=countries, side=sides, held=st.booleans(), **_dated),
        max_size=3,
    ).map(tuple),
    source_authorization=answers,
    destination_authorization=answers,
    ethical_list=st.one_of(
        st.sampled_from((NOT_ASKED, None)), st.lists(stretches, max_size=2).map(tuple)
    ),
    restrictions=st.lists(
        st.builds(
            AgencyRestriction,
            kind=st.sampled_from(RestrictionKind),
            valid_from=days,
            restored_on=maybe_days,
        ),
        max_size=2,
    ).map(tuple),
)


def _some(rows):
    return st.lists(rows, max_size=3).map(tuple)


lists = st.builds(
    Lists,
    editions=st.just(LISTS.editions),
    england=st.just(LISTS.england),
    germany=st.just(LISTS.germany),
    agreements=_some(
        st.builds(
            AgreementTerms,
            reference=st.sampled_from(("MoU 1", "MoU 2")),
            source=st.sampled_from(COUNTRIES),
            dest=st.sampled_from(DESTINATIONS),
            occupations=posts,
            agencies_may_act=st.sampled_from((None, True, True, False)),
            health_ministry_takes_part=st.sampled_from((None, True, False)),
            **_dated,
        )
    ),
    willingness=_some(
        st.builds(
            Willingness,
            country=countries,
            reference=st.sampled_from(("letter 1", "letter 2")),
            occupations=posts,
            **_dated,
        )
    ),
    policies=_some(st.builds(RestrictingPolicy, country=countries, **_dated)),
    emergencies=_some(st.builds(EmergencyFlag, country=countries, **_dated)),
    requirements=_some(
        st.builds(AuthorizationRequirement, country=countries, side=sides, **_dated)
    ),
)
