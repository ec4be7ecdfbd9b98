from dataclasses import replace
from datetime import date

import pytest

from attestations.crosscheck.answers import Licence
from attestations.crosscheck.enums import NOT_ASKED, RestrictionKind, Side, Truth
from attestations.crosscheck.facts import facts_of
from attestations.crosscheck.lists import (
    AgencyRecord,
    AgencyRestriction,
    Authorization,
    AuthorizationRequirement,
    Edition,
    Lists,
    Stretch,
)
from tests.attestations.crosscheck.examples import IN_ORDER, LISTS

MAY = date(2024, 5, 1)
SEPTEMBER = date(2024, 9, 1)


@pytest.mark.parametrize(
    ("day", "label"),
    [
        pytest.param(date(2010, 5, 20), None, id="the day before the Code"),
        pytest.param(date(2010, 5, 21), "2006", id="the first day of the Code"),
        pytest.param(date(2021, 2, 24), "2006", id="the day before SSL 2020 was published"),
        pytest.param(date(2021, 2, 25), "2020", id="the day SSL 2020 was published"),
        pytest.param(date(2023, 3, 7), "2020", id="the day before SSL 2023"),
        pytest.param(date(2023, 3, 8), "2023", id="the day of SSL 2023"),
        pytest.param(date(2099, 1, 1), "2023", id="until the next edition"),
    ],
)
def test_edition_on(day, label):
    edition = LISTS.edition_on(day)

    assert (edition.label if edition else None) == label


def test_editions_hold_as_many_countries_as_were_counted():
    counted = {edition.label: len(edition.countries) for edition in LISTS.editions}

    assert counted == {"2006": 57, "2020": 47, "2023": 55}


def test_a_later_edition_changes_only_what_was_recruited_from_its_day():
    later = replace(LISTS, editions=(*LISTS.editions, Edition("2026", SEPTEMBER, frozenset())))
    listed = replace(IN_ORDER, residence="GHA")
    days = (MAY, date(2024, 8, 31), SEPTEMBER)

    answers = [
        facts_of(replace(listed, recruited_on=day, started_on=day), later).residence_listed
        for day in days
    ]

    assert answers == [Truth.YES, Truth.YES, Truth.NO]


def test_the_digest_does_not_depend_on_the_order_of_loading():
    turned = replace(LISTS, editions=LISTS.editions[::-1], germany=LISTS.germany[::-1])
    fewer = replace(LISTS, germany=LISTS.germany[1:])

    assert turned.digest == LISTS.digest
    assert fewer.digest != LISTS.digest


@pytest.mark.parametrize(
    ("stretch", "day", "covered"),
    [
        pytest.param(Stretch(), None, Truth.YES, id="open at both ends, day unknown"),
        pytest.param(Stretch(valid_from=MAY), None, Truth.UNKNOWN, id="day unknown"),
        pytest.param(Stretch(valid_from=MAY), MAY, Truth.YES, id="first day"),
        pytest.param(Stretch(valid_until=MAY), MAY, Truth.YES, id="last day"),
        pytest.param(Stretch(valid_from=SEPTEMBER), MAY, Truth.NO, id="before"),
        pytest.param(Stretch(valid_until=MAY), SEPTEMBER, Truth.NO, id="after"),
    ],
)
def test_stretch(stretch, day, covered):
    assert stretch.covers(day) is covered


def test_a_stretch_to_the_end_of_time_has_a_change_day():
    assert tuple(Stretch(valid_until=date.max).change_days()) == (date.max,)


def licences(*pairs):
    return AgencyRecord(
        licences=tuple(Stretch(valid_from=first, valid_until=last) for first, last in pairs)
    )


JANUARY, JUNE, DECEMBER = date(2024, 1, 1), date(2024, 6, 30), date(2024, 12, 31)


@pytest.mark.parametrize(
    ("agency", "licence", "missing"),
    [
        pytest.param(AgencyRecord(), Licence.NOT_TESTED, (), id="not asked"),
        pytest.param(licences(), Licence.NOT_TESTED, ("lic",), id="none recorded is missing"),
        pytest.param(licences((JANUARY, DECEMBER)), Licence.COVERS, (), id="covers both days"),
        pytest.param(licences((JANUARY, JUNE)), Licence.LAPSED, (), id="ends before the start"),
        pytest.param(
            licences((JANUARY, JUNE), (date(2024, 7, 1), DECEMBER)),
            Licence.COVERS,
            (),
            id="renewed in time",
        ),
        pytest.param(
            licences((JANUARY, JUNE), (date(2024, 10, 1), DECEMBER)),
            Licence.LAPSED,
            (),
            id="renewed too late",
        ),
        pytest.param(
            licences((date(2024, 6, 1), DECEMBER)), Licence.DOES_NOT, (), id="not yet licensed"
        ),
    ],
)
def test_licences_in_the_register(agency, licence, missing):
    facts = facts_of(IN_ORDER, LISTS, agency)

    assert (facts.licence, facts.missing) == (licence, missing)


def requirement(side, country, **dates):
    return AuthorizationRequirement(country=country, side=side, **dates)


def authorization(side, country, **how):
    return Authorization(country=country, side=side, **how)


SRC, DST = Side.SOURCE, Side.DESTINATION


@pytest.mark.parametrize(
    ("requirements", "authorizations", "answers", "missing"),
    [
        pytest.param((), (), (NOT_ASKED, NOT_ASKED), (), id="no requirement recorded"),
        pytest.param(
            (requirement(SRC, "PHL"),),
            (),
            (Truth.UNKNOWN, NOT_ASKED),
            ("src_auth",),
            id="required, nothing recorded: missing",
        ),
        pytest.param(
            (requirement(SRC, "PHL"),),
            (authorization(SRC, "PHL"),),
            (Truth.YES, NOT_ASKED),
            (),
            id="required and held",
        ),
        pytest.param(
            (requirement(DST, "CAN"),),
            (authorization(DST, "CAN", held=False),),
            (NOT_ASKED, Truth.NO),
            (),
            id="required, recorded as not held",
        ),
        pytest.param(
            (requirement(DST, "CAN"),),
            (authorization(DST, "CAN", valid_until=date(2024, 4, 30)),),
            (NOT_ASKED, Truth.NO),
            (),
            id="required, held until the day before",
        ),
        pytest.param(
            (requirement(DST, "CAN"),),
            (authorization(SRC, "CAN"), authorization(DST, "PHL")),
            (NOT_ASKED, Truth.UNKNOWN),
            ("dst_auth",),
            id="another side or country does not answer",
        ),
        pytest.param(
            (requirement(SRC, "PHL", valid_from=date(2024, 5, 2)),),
            (),
            (NOT_ASKED, NOT_ASKED),
            (),
            id="required from the day after only",
        ),
    ],
)
def test_authorizations_in_the_register(requirements, authorizations, answers, missing):
    facts = facts_of(
        IN_ORDER, Lists(requirements=requirements), AgencyRecord(authorizations=authorizations)
    )

    assert (facts.source_authorization, facts.destination_authorization) == answers
    assert facts.missing == missing


def restricted(first, restored=None):
    return AgencyRestriction(
        kind=RestrictionKind.SUSPENSION, valid_from=first, restored_on=restored
    )


@pytest.mark.parametrize(
    ("restrictions", "under", "under_way"),
    [
        pytest.param((), False, False, id="never held or never restricted"),
        pytest.param((restricted(MAY),), True, False, id="from the day itself"),
        pytest.param((restricted(JANUARY, MAY),), False, False, id="restored on that day"),
        pytest.param((restricted(JANUARY, date(2024, 5, 2)),), True, False, id="restored after"),
        pytest.param((restricted(JUNE),), False, True, id="between recruitment and start"),
        pytest.param((restricted(SEPTEMBER),), False, False, id="on the day of the start"),
        pytest.param(
            (restricted(JANUARY, JUNE), restricted(date(2024, 8, 1))),
            True,
            True,
            id="one before and one between",
        ),
    ],
)
def test_restrictions(restrictions, under, under_way):
    facts = facts_of(IN_ORDER, LISTS, AgencyRecord(restrictions=restrictions))

    assert (facts.recruited_under_restriction, facts.under_way_at_restriction) == (
        under,
        under_way,
    )


def test_a_start_that_is_not_known_is_not_a_start_before_the_suspension():
    agency = AgencyRecord(restrictions=(restricted(JUNE),))

    answers = [
        facts_of(replace(IN_ORDER, started_on=start), LISTS, agency).under_way_at_restriction
        for start in (None, NOT_ASKED)
    ]

    assert answers == [True, False]


@pytest.mark.parametrize(
    ("memberships", "listed"),
    [
        pytest.param((), Truth.NO, id="absent on the day is not on it"),
        pytest.param((Stretch(valid_from=MAY),), Truth.YES, id="on it from that day"),
        pytest.param(
            (Stretch(valid_until=date(2024, 4, 30)),), Truth.NO, id="off it the day before"
        ),
        pytest.param(NOT_ASKED, NOT_ASKED, id="not asked"),
    ],
)
def test_ethical_recruiters_list(memberships, listed):
    to_england = replace(IN_ORDER, dest="GBR")
    elsewhere = IN_ORDER
    agency = AgencyRecord(ethical_list=memberships)

    assert facts_of(to_england, LISTS, agency).on_ethical_list is listed
    assert facts_of(elsewhere, LISTS, agency).on_ethical_list is NOT_ASKED
