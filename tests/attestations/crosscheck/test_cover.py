from dataclasses import replace
from datetime import date

import pytest

from attestations.crosscheck.cover import Cover, CoverAnswer, Shortfall, cover_of, willingness_for
from attestations.crosscheck.enums import NOT_ASKED, Mode, Truth
from attestations.crosscheck.facts import facts_of
from attestations.crosscheck.lists import AgreementTerms, Lists, Willingness
from attestations.crosscheck.record import Unresolved
from attestations.crosscheck.verdict import judge
from tests.attestations.crosscheck.examples import IN_ORDER, LISTS, said

MAY = date(2024, 5, 1)
TERMS = AgreementTerms(
    reference="MoU 1",
    source="PHL",
    dest="CAN",
    valid_from=MAY,
    valid_until=MAY,
    occupations=frozenset({"2221"}),
)
CITING = replace(IN_ORDER, agreement_cited="MoU 1")


@pytest.mark.parametrize(
    ("record", "terms", "cover", "shortfalls"),
    [
        pytest.param({"agreement_cited": None}, {}, Cover.NONE_CITED, (), id="none cited"),
        pytest.param(
            {"agreement_cited": "MoU 9"},
            {},
            Cover.DOES_NOT,
            (Shortfall.NO_SUCH_AGREEMENT,),
            id="a citation that resolves to none",
        ),
        pytest.param({}, {}, Cover.COVERS, (), id="covers on its only day"),
        pytest.param({}, {"occupations": frozenset({"222"})}, Cover.COVERS, (), id="by its group"),
        pytest.param({}, {"occupations": None}, Cover.COVERS, (), id="every post"),
        pytest.param(
            {},
            {"occupations": frozenset()},
            Cover.DOES_NOT,
            (Shortfall.POST_NOT_LISTED,),
            id="no post",
        ),
        pytest.param(
            {},
            {"agencies_may_act": False},
            Cover.DOES_NOT,
            (Shortfall.AGENCIES_MAY_NOT_ACT,),
            id="agencies may not act",
        ),
        pytest.param(
            {"mode": Mode.G2G},
            {"agencies_may_act": False},
            Cover.DOES_NOT,
            (Shortfall.AGENCIES_MAY_NOT_ACT,),
            id="whatever the mode",
        ),
        pytest.param(
            {"residence": "IND", "dest": "GBR", "recruited_on": date(2024, 5, 2), "placed": "2211"},
            {},
            Cover.DOES_NOT,
            (
                Shortfall.OTHER_SOURCE,
                Shortfall.OTHER_DESTINATION,
                Shortfall.OUTSIDE_ITS_DATES,
                Shortfall.POST_NOT_LISTED,
            ),
            id="every shortfall is named",
        ),
        pytest.param({"residence": None}, {}, Cover.CANNOT_TELL, (), id="residence missing"),
        pytest.param(
            {"residence": Unresolved("Congo")}, {}, Cover.CANNOT_TELL, (), id="residence not clear"
        ),
        pytest.param({"dest": None}, {}, Cover.CANNOT_TELL, (), id="destination missing"),
        pytest.param({"placed": None}, {}, Cover.CANNOT_TELL, (), id="post missing"),
        pytest.param(
            {"recruited_on": None, "started_on": None}, {}, Cover.CANNOT_TELL, (), id="no date"
        ),
        pytest.param(
            {}, {"agencies_may_act": None}, Cover.CANNOT_TELL, (), id="role of agencies not known"
        ),
        pytest.param({"placed": NOT_ASKED}, {}, Cover.COVERS, (), id="post not in question"),
        pytest.param(
            {"placed": None, "dest": "GBR"},
            {},
            Cover.DOES_NOT,
            (Shortfall.OTHER_DESTINATION,),
            id="one failed test is enough",
        ),
    ],
)
def test_cover(record, terms, cover, shortfalls):
    lists = Lists(agreements=(replace(TERMS, **terms),))
    record = replace(CITING, **record)
    day = record.recruited_on

    answer = cover_of(record, day, lists)

    assert (answer.cover, answer.shortfalls) == (cover, shortfalls)


def test_of_two_terms_under_one_reference_the_one_that_covers_counts():
    past = replace(TERMS, valid_from=None, valid_until=date(2020, 1, 1))

    answer = cover_of(CITING, MAY, Lists(agreements=(past, TERMS)))

    assert answer == CoverAnswer(Cover.COVERS)


def test_a_used_up_quota_does_not_cover_and_says_both():
    lists = replace(LISTS, agreements=(replace(TERMS, source="GHA"),))
    record = replace(CITING, residence="GHA", training="GHA", source="GHA")

    findings = judge(facts_of(record, lists, quota_exceeded=True)).findings

    assert said(findings) == {
        ("BLA-INVALID", "major", "open"),
        ("CAP-EXCEEDED", "major", "open"),
        ("SSL-ACTIVE", "critical", "open"),
    }


def test_a_quota_counts_only_where_all_else_covers():
    elsewhere = replace(CITING, dest="GBR")

    answer = cover_of(elsewhere, MAY, Lists(agreements=(TERMS,)), quota_exceeded=True)

    assert answer == CoverAnswer(Cover.DOES_NOT, (Shortfall.OTHER_DESTINATION,))


LETTER = Willingness(
    country="PHL",
    reference="letter",
    valid_from=MAY,
    valid_until=MAY,
    occupations=frozenset({"2221"}),
)


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        pytest.param({}, (Truth.YES, "letter"), id="within its day and posts"),
        pytest.param({"residence": "IND"}, (Truth.NO, None), id="another country"),
        pytest.param({"placed": "2211"}, (Truth.NO, None), id="another post"),
        pytest.param({"placed": None}, (Truth.UNKNOWN, None), id="post missing"),
        pytest.param({"residence": None}, (Truth.NO, None), id="residence missing"),
        pytest.param({"recruited_on": date(2024, 5, 2)}, (Truth.NO, None), id="the day after"),
    ],
)
def test_willingness(changes, answer):
    record = replace(IN_ORDER, **changes)

    assert willingness_for(record, record.recruited_on, Lists(willingness=(LETTER,))) == answer
