"""What is stored comes before the rules as they need it, and each combination once."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.models import Agency
from attestations.crosscheck import engine
from attestations.crosscheck.engine import Judgement
from attestations.crosscheck.enums import Mode, RestrictionKind, Side
from attestations.crosscheck.facts import facts_of
from attestations.crosscheck.lists import (
    AMBER,
    RED,
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
from attestations.crosscheck.models import Verdict
from attestations.crosscheck.record import PlacementRecord, RepaymentTerms, Unresolved
from attestations.crosscheck.reference_files import read_lists
from attestations.crosscheck.values import JUDGED_FIELDS, record_from, record_of
from attestations.safeguards.reading import FOLDER
from tests.factories import agencies, attestations
from tests.factories import placements as make

FILES = read_lists(FOLDER)

PLAIN = {
    "residence": "PHL",
    "training": "PHL",
    "source": "PHL",
    "destination": "IRL",
    "destination_part": "",
    "qualified": "2221",
    "placed": "2221",
    "mode": "AGENCY",
    "agreement_cited": "",
    "fees": "[]",
    "recruited_on": date(2024, 5, 10),
    "started_on": date(2024, 9, 1),
}


def values(**stated):
    said = PLAIN | stated
    return tuple(said.get(field) for field in JUDGED_FIELDS)


@pytest.mark.django_db
def test_the_lists_in_the_database_are_those_of_the_files():
    attestations.reference()

    # "green" is kept by no list in the database, and read by no rule
    graded = tuple(row for row in FILES.england if row.grade in (RED, AMBER))
    assert engine.load_lists().digest == replace(FILES, england=graded).digest


@pytest.mark.django_db
def test_what_is_confirmed_counts_and_what_is_not_does_not():
    attestations.agreement("YES", quota=5, valid_until=date(2030, 1, 1))
    attestations.agreement("NO", is_confirmed=False)
    attestations.communication("ETH", kind="willing")
    attestations.communication("FJI", kind="restricting", is_confirmed=True)
    attestations.communication("NPL", kind="restricting", is_confirmed=False)
    attestations.emergency("LKA")
    attestations.authorization_requirement("PHL", side="source", valid_from=date(2000, 1, 1))
    attestations.list_edition("waiting", is_active=False)

    assert (
        engine.load_lists().digest
        == Lists(
            agreements=(
                AgreementTerms(
                    reference="YES",
                    source="BGD",
                    dest="SAU",
                    occupations=frozenset({"2221"}),
                    quota=5,
                    valid_from=date(2020, 1, 1),
                    valid_until=date(2030, 1, 1),
                ),
            ),
            willingness=(
                Willingness(
                    country="ETH",
                    reference="ETH 2026-06-01",
                    occupations=frozenset({"2221"}),
                    valid_from=date(2026, 6, 1),
                ),
            ),
            policies=(
                RestrictingPolicy(
                    country="FJI", reference="FJI 2026-06-01", valid_from=date(2026, 6, 1)
                ),
            ),
            emergencies=(
                EmergencyFlag(country="LKA", title="Example crisis", valid_from=date(2022, 4, 1)),
            ),
            requirements=(
                AuthorizationRequirement(
                    country="PHL", side=Side.SOURCE, valid_from=date(2000, 1, 1)
                ),
            ),
        ).digest
    )


@pytest.mark.django_db
def test_what_the_register_holds_of_an_agency():
    agency = agencies.agency()
    agencies.authorization(agency, valid_from=date(2020, 1, 1), valid_until=date(2025, 1, 1))
    agencies.authorization(
        agency, side="source", country="PHL", held=False, valid_from=date(2021, 1, 1)
    )
    agencies.scheme_membership(agency, scheme="england_erl", valid_from=date(2022, 1, 1))
    agencies.scheme_membership(agency, scheme="iris", valid_from=date(2022, 1, 1))
    agencies.restriction(agency, effective_on=date(2024, 3, 1))

    assert engine.agency_record(agency) == AgencyRecord(
        licences=(Stretch(valid_from=date(2020, 1, 1), valid_until=date(2025, 1, 1)),),
        authorizations=(
            Authorization(country="PHL", side=Side.SOURCE, held=False, valid_from=date(2021, 1, 1)),
        ),
        ethical_list=(Stretch(valid_from=date(2022, 1, 1)),),
        restrictions=(
            AgencyRestriction(kind=RestrictionKind.SUSPENSION, valid_from=date(2024, 3, 1)),
        ),
    )


@pytest.mark.django_db
def test_agencies_that_were_read_with_their_papers_are_asked_nothing_more(
    django_assert_num_queries,
):
    agencies.scheme_membership(agencies.agency(), scheme="england_erl")
    papers = ("authorizations", "scheme_memberships", "restrictions")
    [agency] = Agency.objects.prefetch_related(*papers)

    with django_assert_num_queries(0):
        engine.agency_record(agency)


@pytest.mark.django_db
def test_no_licence_recorded_is_missing_and_none_held_covers_no_day():
    silent, without = agencies.agency(), agencies.agency()
    agencies.authorization(without, held=False)

    assert engine.agency_record(silent).licences == ()
    assert engine.agency_record(without).licences == (Stretch(valid_from=date.max),)


@pytest.mark.django_db
def test_a_stored_placement_is_the_record_that_the_rules_know():
    placement = make.placement(
        agencies.agency(),
        judged=False,
        residence=None,
        unresolved={"residence": {"text": "Congo", "candidates": ["COD", "COG"]}},
        destination_part="England",
        other_occupations="2222 3221",
        fees=[["visa", "120.50"], ["medical", None]],
        repayment={"reclaimed": ["flight"], "disclosed": True, "tapers": None},
        agreement_cited="AG",
        by_federal_agency=False,
    )
    placement.refresh_from_db()

    record = record_of(placement)

    assert record == PlacementRecord(
        residence=Unresolved("Congo", ("COD", "COG")),
        training="PHL",
        source="PHL",
        dest="IRL",
        destination_part="England",
        months=None,
        qualified="2221",
        placed="2221",
        other_occ=("2222", "3221"),
        mode=Mode.AGENCY,
        evidence=None,
        recruited_on=date(2024, 5, 10),
        offered_on=None,
        contracted_on=None,
        started_on=date(2024, 9, 1),
        fees=(("visa", Decimal("120.50")), ("medical", None)),
        repayment=RepaymentTerms(("flight",), True, None),
        agreement_cited="AG",
        by_ba=False,
        disclosed=None,
        obligation=None,
        consulted=None,
    )


AGENCY = AgencyRecord(
    licences=(Stretch(valid_from=date(2021, 1, 1), valid_until=date(2024, 1, 31)),),
    ethical_list=(Stretch(valid_from=date(2022, 6, 1)),),
    restrictions=(
        AgencyRestriction(
            kind=RestrictionKind.SUSPENSION,
            valid_from=date(2023, 6, 1),
            restored_on=date(2023, 9, 1),
        ),
    ),
)
_DAYS = st.none() | st.dates(date(2019, 1, 1), date(2025, 1, 1))
_COUNTRIES = st.sampled_from(["PHL", "GHA", "ZWE", "KEN", None])
_SAID = st.sampled_from([True, False, None])


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "residence": _COUNTRIES,
                "training": _COUNTRIES,
                "destination": st.sampled_from(["IRL", "GBR", "DEU", None]),
                "destination_part": st.sampled_from(["", "England", "Wales"]),
                "qualified": st.sampled_from(["2221", "5322", "2411", None]),
                "mode": st.sampled_from([*(mode.value for mode in Mode), None]),
                "independent_application": _SAID,
                "months_resident": st.sampled_from([None, 0, 11, 12, 40]),
                "fees": st.sampled_from(
                    [None, "[]", '[["visa", "1"]]', '[["visa", "2"]]', '[["visa", null]]']
                ),
                "recruited_on": _DAYS,
                "offered_on": _DAYS,
                "started_on": _DAYS,
            }
        ),
        max_size=12,
    )
)
def test_the_quick_way_gives_the_facts_of_the_plain_one(rows):
    """One judgement, asked in any order, answers each as if it had been asked alone."""
    judgement = Judgement(FILES, AGENCY)

    asked = [values(**row) for row in rows]

    assert [judgement.of(one).facts for one in asked] == [
        facts_of(record_from(one), FILES, AGENCY) for one in asked
    ]


def test_each_distinct_combination_is_judged_once():
    judgement = Judgement(FILES, AGENCY)
    first = date(2022, 1, 1)

    reached = {
        id(judgement.of(values(recruited_on=first + timedelta(days=day), fees=fees)))
        for day in range(100)
        for fees in ('[["visa", "120"]]', '[["medical", "80"]]')
    }

    assert len(reached) == 1


@pytest.mark.django_db
def test_a_verdict_has_one_row_however_often_it_is_reached(django_assert_num_queries):
    first, second = Judgement(FILES, AGENCY), Judgement(FILES, AGENCY)
    ghana = dict.fromkeys(("residence", "training", "source"), "GHA")
    one = first.of(values(**ghana))
    first.store()

    same = second.of(values(**ghana, recruited_on=date(2024, 5, 11)))
    with django_assert_num_queries(1):
        second.store()

    row = Verdict.objects.get()
    assert (row.pk, row.pk) == (one.pk, same.pk)
    assert (row.outcome, row.edition_label, row.lists_digest) == (
        "NON_COMPLIANT",
        "2023",
        FILES.digest,
    )
    assert row.findings == [
        {
            "code": code,
            "severity": "critical",
            "basis": basis,
            "disposition": "open",
            "document": None,
        }
        for code, basis in (("LIC-INVALID", "statute"), ("SSL-ACTIVE", "code"))
    ]
