import random
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.lib.canonical import NotCanonical
from audits.sampling import (
    OUTCOMES_WORST_FIRST,
    Member,
    draw,
    members_of,
    population_bytes,
    population_digest,
    suggested_size,
)

outcomes = st.sampled_from(OUTCOMES_WORST_FIRST)
references = st.text(min_size=1, max_size=12).filter(lambda text: text.isprintable())
populations = st.dictionaries(references, outcomes, min_size=1, max_size=60).map(
    lambda found: [Member(reference, 1, "0" * 64, outcome) for reference, outcome in found.items()]
)


def members(*outcomes):
    return [Member(f"P-{at}", 1, "", outcome) for at, outcome in enumerate(outcomes, start=1)]


def test_the_population_is_written_down_in_one_way():
    two = [Member("B-2", 1, "cd", "CLEAR"), Member("A-1", 3, "ab", "NON_COMPLIANT")]

    assert population_bytes(two) == b'[["A-1",3,"ab","NON_COMPLIANT"],["B-2",1,"cd","CLEAR"]]'
    assert population_digest(two) == sha256(population_bytes(two)).hexdigest()


def test_another_order_of_bytes_is_refused():
    with pytest.raises(NotCanonical):
        members_of(b'[["A-1", 1, "", ""]]')


def test_this_seed_draws_this_sample():
    """A golden answer: whoever drew a sample in the past draws the same one for ever."""
    population = members("CLEAR", "CLEAR", "NON_COMPLIANT", "CLEAR", "INCOMPLETE", "CLEAR", "CLEAR")

    assert draw(population, seed="2026", size=5) == ["P-3", "P-5", "P-7", "P-1", "P-6"]


def test_every_outcome_is_looked_at_the_worst_first():
    population = members(*(["CLEAR"] * 500), "MINOR_ACTION", "NON_COMPLIANT", "")

    drawn = draw(population, seed="any", size=5)

    assert drawn[:3] == ["P-503", "P-502", "P-501"]


def test_a_small_size_takes_the_worst():
    population = members("CLEAR", "NON_COMPLIANT", "INCOMPLETE")

    assert draw(population, seed="any", size=2) == ["P-2", "P-3"]


@given(populations, st.text(max_size=20), st.integers(1, 80), st.randoms())
def test_anyone_draws_the_same_from_population_and_seed(population, seed, size, chance):
    shuffled = list(population)
    chance.shuffle(shuffled)

    drawn = draw(population, seed=seed, size=size)

    assert draw(members_of(population_bytes(shuffled)), seed=seed, size=size) == drawn
    assert len(drawn) == len(set(drawn)) == min(size, len(population))


@given(populations, st.integers(1, 80))
def test_no_class_of_outcome_is_left_out_that_fits(population, size):
    outcome_of = {member.reference: member.outcome for member in population}

    drawn = draw(population, seed="seed", size=size)

    seen = {outcome_of[reference] for reference in drawn}
    assert len(seen) == min(size, len(set(outcome_of.values())))


def test_another_seed_draws_another_sample():
    population = members(*(["CLEAR"] * 200))
    seeds = [str(random.Random(at).random()) for at in range(20)]

    samples = {tuple(draw(population, seed=seed, size=10)) for seed in seeds}

    assert len(samples) == len(seeds)


@pytest.mark.parametrize(
    ("population", "size"), [(0, 0), (1, 1), (9, 9), (10, 10), (100, 10), (101, 11), (20_000, 142)]
)
def test_the_suggested_size_grows_with_the_square_root(population, size):
    assert suggested_size(population) == size
