"""Equal keys give equal facts; a coarser key would not, and this test would say so."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from attestations.crosscheck.answers import country_of
from attestations.crosscheck.enums import NOT_ASKED, Mode
from attestations.crosscheck.facts import facts_digest, facts_of
from attestations.crosscheck.keys import FactsCache, Likeness, Stretches
from attestations.crosscheck.lists import AgencyRecord, Stretch
from attestations.crosscheck.verdict import judge
from tests.attestations.crosscheck.examples import IN_ORDER, LISTS
from tests.attestations.crosscheck.strategies import agencies, lists, records

QUICKLY = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

DATES = ("recruited_on", "offered_on", "contracted_on", "started_on")


def moved(record, steps):
    """The same placement some days earlier or later, each date by its own step."""
    changes = {}
    for name, step in zip(DATES, steps, strict=True):
        day = getattr(record, name)
        if isinstance(day, date):
            changes[name] = day + timedelta(days=step)
    return replace(record, **changes)


steps = st.tuples(*[st.sampled_from((0, 0, 1, -1, 3, -3, 40, 300))] * 4)


@QUICKLY
@given(records, steps, lists, agencies, st.booleans())
def test_equal_keys_give_equal_facts(record, step, around, agency, used_up):
    other = moved(record, step)
    cache = FactsCache(around, agency)

    if cache.key(record, used_up) == cache.key(other, used_up):
        assert facts_of(record, around, agency, used_up) == facts_of(other, around, agency, used_up)


PLACES = ("residence", "training", "source", "dest")

elsewhere = st.lists(
    st.tuples(st.sampled_from(PLACES), st.sampled_from(("FRA", "POL", "ESP", "GHA", "ZWE"))),
    min_size=1,
    max_size=3,
)
other_posts = st.dictionaries(
    st.sampled_from(("qualified", "placed")), st.sampled_from(("2221", "2212", "2222", "2411"))
)


@QUICKLY
@given(records, elsewhere, other_posts, lists, agencies)
def test_countries_and_posts_that_are_alike_give_equal_facts(
    record, elsewhere, other_posts, around, agency
):
    other = replace(record, **dict(elsewhere), **other_posts)
    cache = FactsCache(around, agency)

    if cache.key(record) == cache.key(other):
        assert facts_of(record, around, agency) == facts_of(other, around, agency)


def test_countries_of_which_nothing_is_recorded_share_a_key():
    cache = FactsCache(LISTS, AgencyRecord())
    french, spanish = living_in("FRA"), living_in("ESP")

    assert cache.key(french) == cache.key(spanish)
    assert cache.key(french) != cache.key(replace(french, training="ESP"))
    assert cache.key(french) != cache.key(replace(french, source="ESP"))


class ForgetfulLikeness(Likeness):
    """The control: takes all countries for alike."""

    def of_country(self, code):
        return 0


def living_in(country):
    return replace(IN_ORDER, residence=country, training=country, source=country)


def test_a_likeness_that_forgets_is_caught():
    cache = FactsCache(LISTS, AgencyRecord())
    cache.likeness = ForgetfulLikeness(LISTS, AgencyRecord())
    listed, other = living_in("NGA"), living_in("FRA")

    assert cache.key(listed) == cache.key(other)
    assert facts_of(listed, LISTS) != facts_of(other, LISTS)


class CoarserCache(FactsCache):
    """The control: forgets what the agency holds when it cuts the stretches."""

    def stretches(self, record):
        return Stretches(
            self.lists.change_days(
                country_of(record.residence), country_of(record.dest), record.agreement_cited
            )
        )


def test_a_coarser_key_is_caught():
    """The same property fails for it, so the property above can fail."""
    agency = AgencyRecord(licences=(Stretch(valid_until=date(2024, 5, 10)),))
    coarse = CoarserCache(LISTS, agency)

    def breaks(step):
        other = moved(IN_ORDER, step)
        return coarse.key(IN_ORDER) == coarse.key(other) and facts_of(
            IN_ORDER, LISTS, agency
        ) != facts_of(other, LISTS, agency)

    assert breaks(find(steps, breaks, settings=settings(derandomize=True, database=None)))


def test_the_finer_key_has_no_such_example():
    agency = AgencyRecord(licences=(Stretch(valid_until=date(2024, 5, 10)),))
    cache = FactsCache(LISTS, agency)

    def breaks(step):
        other = moved(IN_ORDER, step)
        return cache.key(IN_ORDER) == cache.key(other) and facts_of(
            IN_ORDER, LISTS, agency
        ) != facts_of(other, LISTS, agency)

    with pytest.raises(NoSuchExample):
        find(steps, breaks, settings=settings(derandomize=True, database=None, max_examples=200))


@QUICKLY
@given(records, records, lists, agencies)
def test_equal_facts_give_equal_verdicts_and_digests(first, second, around, agency):
    facts = facts_of(first, around, agency)
    again = facts_of(first, around, agency)
    other = facts_of(second, around, agency)

    assert (judge(facts), facts_digest(facts)) == (judge(again), facts_digest(again))
    assert (facts == other) == (facts_digest(facts) == facts_digest(other))


def test_days_within_a_stretch_are_looked_up_once():
    cache = FactsCache(LISTS, AgencyRecord())

    for day in range(1, 29):
        cache.facts(replace(IN_ORDER, recruited_on=date(2024, 5, day)))

    assert len(cache) == 1


def test_amounts_and_nationality_are_no_part_of_the_key():
    cache = FactsCache(LISTS, AgencyRecord())
    charged = [(("visa", 20),), (("visa", 2000), ("flight", 1))]

    keys = {
        cache.key(replace(IN_ORDER, fees=fees, nationality=nationality))
        for fees in charged
        for nationality in ("GHA", "POL", None)
    }

    assert len(keys) == 1


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        pytest.param({"months": 30}, True, id="another number of long months"),
        pytest.param({"months": 3}, False, id="a short stay"),
        pytest.param({"mode": Mode.DIRECT}, False, id="another mode"),
        pytest.param({"mode": None}, False, id="mode missing"),
        pytest.param({"recruited_on": None}, False, id="recruitment date missing"),
        pytest.param({"recruited_on": NOT_ASKED}, False, id="recruitment date not asked"),
        pytest.param({"started_on": date(2024, 4, 1)}, False, id="start before the recruitment"),
        pytest.param({"started_on": date(2024, 8, 1)}, True, id="start in the same stretch"),
        pytest.param({"fees": None}, False, id="fees missing"),
    ],
)
def test_what_a_key_tells_apart(changes, same):
    cache = FactsCache(LISTS, AgencyRecord())

    assert (cache.key(IN_ORDER) == cache.key(replace(IN_ORDER, **changes))) is same
