from datetime import date
from decimal import Decimal

import pytest

from attestations.crosscheck.case_documents import CaseError
from attestations.crosscheck.case_inputs import CaseInputs, parse_case
from attestations.crosscheck.enums import NOT_ASKED, Mode, RestrictionKind
from attestations.crosscheck.lists import (
    AgencyRecord,
    AgencyRestriction,
    AgreementTerms,
    EmergencyFlag,
    RestrictingPolicy,
    Stretch,
    Willingness,
)
from attestations.crosscheck.record import PlacementRecord, RepaymentTerms, Unresolved
from tests.attestations.crosscheck.examples import resolve


def test_absent_is_not_in_question():
    assert parse_case("{}", resolve) == CaseInputs(PlacementRecord(), AgencyRecord())


def test_null_is_missing():
    stated = dict.fromkeys(
        [
            "residence",
            "training",
            "source",
            "nationality",
            "dest",
            "months",
            "qualified",
            "placed",
            "mode",
            "evidence",
            "recruited",
            "start",
            "fees",
            "repay",
            "by_ba",
            "disclosed",
            "obligation",
            "consulted",
        ]
    )

    record = parse_case(stated, resolve).record

    assert record == PlacementRecord(
        residence=None,
        training=None,
        source=None,
        nationality=None,
        dest=None,
        months=None,
        qualified=None,
        placed=None,
        mode=None,
        evidence=None,
        recruited_on=None,
        started_on=None,
        fees=None,
        repayment=None,
        by_ba=None,
        disclosed=None,
        obligation=None,
        consulted=None,
    )


def test_null_of_the_agency_and_of_documents():
    case = parse_case(
        dict.fromkeys(
            ["lic", "src_auth", "dst_auth", "erl", "cert", "bla", "waiver", "policy", "emergency"]
        ),
        resolve,
    )

    assert case == CaseInputs(
        PlacementRecord(),
        AgencyRecord(
            licences=(),
            source_authorization=None,
            destination_authorization=None,
            ethical_list=None,
        ),
    )


def test_everything_stated():
    case = parse_case(
        {
            "residence": "Zanzibar",
            "training": "Congo",
            "dest": "northern  Ireland",
            "months": 5,
            "qualified": "2221",
            "placed": "5322",
            "other_occ": ["2411"],
            "mode": "AGENCY",
            "recruited": "2024-05-01",
            "start": "2024-09-01",
            "fees": [["visa", 20.5], ["flight", None]],
            "repay": {"items": ["flight"], "tapers": False},
            "lic": ["2024-01-01", None],
            "src_auth": True,
            "dst_auth": False,
            "erl": True,
            "cert": ["withdrawn", "2024-03-01"],
            "bla": {
                "source": "TZA",
                "dest": "GBR",
                "frm": "2024-01-01",
                "to": None,
                "occ": ["2221"],
            },
            "waiver": {"country": "TZA", "frm": "2024-01-01", "to": "2025-01-01", "occ": ["2221"]},
            "policy": {"country": "TZA", "frm": "2024-01-01"},
            "emergency": True,
        },
        resolve,
    )

    january = date(2024, 1, 1)
    assert case == CaseInputs(
        record=PlacementRecord(
            residence="TZA",
            training=Unresolved("Congo", ("COG", "COD")),
            dest="GBR",
            destination_part="Northern Ireland",
            months=5,
            qualified="2221",
            placed="5322",
            other_occ=("2411",),
            mode=Mode.AGENCY,
            recruited_on=date(2024, 5, 1),
            started_on=date(2024, 9, 1),
            fees=(("visa", Decimal("20.5")), ("flight", None)),
            repayment=RepaymentTerms(("flight",), True, False),
            agreement_cited="case agreement",
        ),
        agency=AgencyRecord(
            licences=(Stretch(valid_from=january),),
            source_authorization=True,
            destination_authorization=False,
            ethical_list=(Stretch(),),
            restrictions=(
                AgencyRestriction(kind=RestrictionKind.WITHDRAWAL, valid_from=date(2024, 3, 1)),
            ),
        ),
        agreements=(
            AgreementTerms(
                reference="case agreement",
                source="TZA",
                dest="GBR",
                valid_from=january,
                occupations=frozenset({"2221"}),
            ),
        ),
        willingness=(
            Willingness(
                country="TZA",
                reference="case communication",
                valid_from=january,
                valid_until=date(2025, 1, 1),
                occupations=frozenset({"2221"}),
            ),
        ),
        policies=(RestrictingPolicy(country="TZA", reference="case policy", valid_from=january),),
        emergencies=(EmergencyFlag(country="TZA", title="case emergency"),),
    )


@pytest.mark.parametrize(
    ("clause", "terms"),
    [
        pytest.param(
            {"items": ["agency fee"], "disclosed": True, "tapers": True},
            RepaymentTerms(("agency fee",), True, True),
            id="a list of items",
        ),
        pytest.param(
            {"reclaims": "flight"}, RepaymentTerms(("flight",), True, True), id="one item"
        ),
        pytest.param(
            {"agency_fee": True, "flight": False, "disclosed": None},
            RepaymentTerms(("agency_fee",), None, True),
            id="items as keys",
        ),
        pytest.param(
            {"items": {"flight": 700, "agency fee": 300}, "tapers": False},
            RepaymentTerms(("flight", "agency fee"), True, False),
            id="items with their amounts",
        ),
    ],
)
def test_repayment_clause(clause, terms):
    assert parse_case({"repay": clause}, resolve).record.repayment == terms


def test_an_agreement_of_a_country_that_is_not_clear_matches_none():
    case = parse_case({"bla": {"source": "Congo", "dest": "GBR"}}, resolve)

    assert (case.agreements[0].source, case.agreements[0].dest) == ("Congo", "GBR")


def test_a_flag_stands_at_the_destination_where_the_source_is_not_clear():
    case = parse_case({"residence": "Congo", "dest": "CAN", "emergency": True}, resolve)

    assert case.emergencies == (EmergencyFlag(country="CAN", title="case emergency"),)


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        pytest.param("[]", "not an object", id="a list"),
        pytest.param({"colour": "red"}, "Unknown keys: colour", id="an unknown key"),
        pytest.param({"residence": 7}, "residence: 7", id="a number for a country"),
        pytest.param({"dest_part": 7}, "dest_part: 7", id="a number for a part"),
        pytest.param({"months": -1}, "months: -1", id="months below nothing"),
        pytest.param({"months": True}, "months: True", id="a truth for months"),
        pytest.param({"qualified": "nurse"}, "qualified: 'nurse'", id="a title for a code"),
        pytest.param({"other_occ": "2221"}, "other_occ: '2221'", id="a code for a list"),
        pytest.param({"mode": "PIGEON"}, "mode: 'PIGEON'", id="an unknown mode"),
        pytest.param({"evidence": "yes"}, "evidence: 'yes'", id="a word for a truth"),
        pytest.param({"recruited": "1 May"}, "recruited: '1 May'", id="a date in words"),
        pytest.param({"fees": 12}, "fees: 12", id="a number for fees"),
        pytest.param({"fees": [["visa"]]}, r"fees: \['visa'\]", id="a fee without an amount"),
        pytest.param({"fees": [["visa", "much"]]}, "fees: 'much'", id="an amount in words"),
        pytest.param({"repay": True}, "repay: True", id="a truth for a clause"),
        pytest.param({"lic": "2024"}, "lic: '2024'", id="a year for a licence"),
        pytest.param({"cert": ["lost", "2024-01-01"]}, "cert: ", id="an unknown status"),
        pytest.param({"cert": ["suspended", None]}, "cert: the day", id="a status without a day"),
        pytest.param({"bla": {"source": "GHA"}}, "bla: ", id="an agreement of one party"),
        pytest.param(
            {"bla": {"source": "GHA", "dest": "IRL", "cap": 3}}, "bla: unknown keys cap", id="cap"
        ),
        pytest.param(
            {"bla": {"source": "GHA", "dest": "IRL", "moh": 3}}, "bla.moh: 3", id="moh a number"
        ),
        pytest.param(
            {"bla": {"source": 3, "dest": "IRL"}}, "bla.source: 3", id="a party that is a number"
        ),
        pytest.param({"waiver": {}}, "waiver: ", id="a waiver of nobody"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_key(inputs, message):
    with pytest.raises(CaseError, match=message):
        parse_case(inputs, resolve)


def test_a_mode_is_read_in_any_case():
    record = parse_case({"mode": "online_ad"}, resolve).record

    assert (record.mode, record.evidence) == (Mode.ONLINE_AD, NOT_ASKED)
