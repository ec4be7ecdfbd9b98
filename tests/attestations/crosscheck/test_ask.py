from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings

from attestations.crosscheck.ask import OPENING, answer
from attestations.crosscheck.enums import Mode, Outcome, Side
from attestations.crosscheck.lists import AgencyRecord, AuthorizationRequirement, Stretch
from attestations.crosscheck.record import PlacementRecord
from tests.attestations.crosscheck.examples import LISTS
from tests.attestations.crosscheck.strategies import agencies, lists, records

QUESTION = PlacementRecord(
    residence="PHL",
    dest="DEU",
    qualified="2221",
    placed="2221",
    mode=Mode.AGENCY,
    recruited_on=date(2024, 5, 10),
)


def test_nothing_found_is_said_as_just_that():
    given = answer(QUESTION, LISTS)

    assert given.verdict.outcome is Outcome.CLEAR
    assert given.sentence == (
        "On what you told us (from PHL to DEU on 10 May 2024): nothing was found in the lists "
        "that were read. 12 points were not asked, and are listed."
    )
    assert given.not_asked == (
        "the standing of the agency in this register",
        "the agency's licence",
        "the authorization of the agency in the source country",
        "the authorization of the agency in the destination",
        "fees and costs charged to the worker",
        "a repayment clause",
        "the country of training, and the months of residence",
        "the day of the start",
        "an agreement that the recruitment relies on",
        "a legal duty of the worker at home",
        "a consultation of the source country",
        "whether the Federal Employment Agency recruits",
    )
    assert given.not_recorded == (
        "PHL: whether recruiters need its authorization: requirement not recorded",
        "DEU: whether recruiters need its authorization: requirement not recorded",
    )


def test_a_listed_country_with_its_reasons():
    given = answer(replace(QUESTION, residence="GHA", dest="IRL"), LISTS)

    data = given.as_data()

    assert (data["outcome"], data["outcome_in_words"], data["edition"]) == (
        "NON_COMPLIANT",
        "not in line with the safeguards",
        "2023",
    )
    assert [found["code"] for found in data["findings"]] == ["SSL-ACTIVE"]
    assert data["would_change"] == list(given.explanations[0].would_change)


def test_a_known_agency_is_asked_less_about():
    agency = AgencyRecord(licences=(Stretch(),), ethical_list=())
    given = answer(replace(QUESTION, dest="GBR"), LISTS, agency, agency_known=True)

    assert [found.code for found in given.verdict.findings] == ["UK-ERL"]
    assert "the standing of the agency in this register" not in given.not_asked
    assert "the agency's licence" not in given.not_asked
    assert "which part of the United Kingdom; England was taken" in given.not_asked


@pytest.mark.parametrize(
    ("requirements", "not_recorded"),
    [
        pytest.param(
            (AuthorizationRequirement(country="PHL", side=Side.SOURCE),),
            ("DEU: whether recruiters need its authorization: requirement not recorded",),
            id="recorded for the source",
        ),
        pytest.param(
            (
                AuthorizationRequirement(country="PHL", side=Side.SOURCE),
                AuthorizationRequirement(country="DEU", side=Side.DESTINATION),
            ),
            (),
            id="recorded for both",
        ),
    ],
)
def test_requirements_not_recorded_are_said(requirements, not_recorded):
    given = answer(QUESTION, replace(LISTS, requirements=requirements))

    assert given.not_recorded == not_recorded


@settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(records, lists, agencies)
def test_every_answer_begins_with_what_was_told_and_none_is_a_bare_clear(record, around, agency):
    given = answer(record, around, agency)

    assert given.sentence.startswith(OPENING)
    assert given.verdict.outcome is not Outcome.CLEAR or given.not_asked
    assert "clear" not in given.sentence.casefold()
