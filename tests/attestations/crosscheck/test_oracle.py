"""The engine answers for each placement what the pure rules answer for it alone.

The oracle looks up and judges every placement by itself and remembers nothing. Two thousand
placements here; twenty thousand in `tests/test_long.py`.
"""

from bisect import bisect_left
from collections import Counter
from random import Random

import pytest

from attestations.crosscheck import engine, services
from attestations.crosscheck.cover import Cover
from attestations.crosscheck.engine import Judgement, agency_record, load_lists
from attestations.crosscheck.enums import Outcome
from attestations.crosscheck.facts import facts_digest, facts_of
from attestations.crosscheck.keys import FactsCache, Stretches
from attestations.crosscheck.record import day_of_recruitment
from attestations.crosscheck.values import record_from, values_of
from attestations.crosscheck.verdict import judge
from attestations.placements.models import Placement
from tests.attestations.crosscheck import by_chance
from tests.attestations.crosscheck.test_keys import CoarserCache, ForgetfulLikeness
from tests.factories import agencies
from tests.factories.placements import RECORDED

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

SOME = 2_000


@pytest.fixture
def lists(db):
    by_chance.invented_documents()
    return load_lists()


def drawn(seed, count, lists, agency):
    """So many placements round the turns of these lists and this agency, as values."""
    draw = Random(seed)
    made = by_chance.placements(draw, by_chance.turns(lists, agency), count)
    return [by_chance.values(draw, said) for said in made]


def alone(values, lists, agency, *, quota_exceeded=False):
    """The oracle: one placement by the pure rules, and nothing kept for the next."""
    facts = facts_of(record_from(values), lists, agency, quota_exceeded)
    return facts, judge(facts), facts_digest(facts)


def differing(asked, lists, agency):
    """Of these values, those of which the engine says anything else than the oracle."""
    judgement = Judgement(lists, agency)
    reached = [judgement.of(values) for values in asked]
    return [
        values
        for values, one in zip(asked, reached, strict=True)
        if (one.facts, one.verdict, one.facts_digest) != alone(values, lists, agency)
    ]


def check_values(lists, count):
    """An agency with papers of every kind, and one of which nothing is recorded."""
    for seed, agency in enumerate((by_chance.agency_with_papers(), agencies.agency())):
        known = agency_record(agency)

        assert differing(drawn(seed, count, lists, known), lists, known) == []


def test_what_is_remembered_gives_what_is_looked_up_anew(lists):
    check_values(lists, SOME)


def check_stored(lists, count):
    """Placements of two agencies that were judged at once, and the places of agreements given."""
    ours = by_chance.agency_with_papers(), agencies.agency()
    draw = Random("stored")
    around = by_chance.turns(lists, agency_record(ours[0]))
    stored = [
        Placement(agency=ours[at % 2], reference=f"R-{at}", recorded_at=RECORDED, **said)
        for at, said in enumerate(by_chance.placements(draw, around, count))
    ]
    Placement.objects.bulk_create(stored, batch_size=500)

    services.judge(Placement.objects.all(), reason="test")

    judged = Placement.objects.select_related("verdict")
    assert {one.reference: _said_of(one.verdict) for one in judged} == _answers_alone(stored, lists)


def _said_of(verdict):
    return (verdict.facts_digest, verdict.edition_label, verdict.outcome, verdict.findings)


def _answers_alone(stored, lists):
    known = {agency: agency_record(agency) for agency in {one.agency for one in stored}}
    exceeded = _without_a_place(stored, lists, known)
    answers = {}
    for one in stored:
        _, verdict, digest = alone(
            values_of(one),
            lists,
            known[one.agency],
            quota_exceeded=one.reference in exceeded,
        )
        findings = [found.as_data() for found in verdict.findings]
        answers[one.reference] = (digest, verdict.edition or "", verdict.outcome.value, findings)
    return answers


def _without_a_place(stored, lists, known):
    """Who comes too late for an agreement's places, by (day, agency number, reference)."""
    quotas = {terms.reference: terms.quota for terms in lists.agreements if terms.quota}
    covered = []
    for one in stored:
        record = record_from(values_of(one))
        facts = facts_of(record, lists, known[one.agency])
        if one.agreement_cited in quotas and facts.cover is Cover.COVERS:
            day, _ = day_of_recruitment(record)
            covered.append((day, one.agency.register_number, one.reference, one.agreement_cited))
    taken, late = Counter(), set()
    for _, _, reference, agreement in sorted(covered):
        taken[agreement] += 1
        if taken[agreement] > quotas[agreement]:
            late.add(reference)
    return late


def test_stored_placements_are_judged_as_each_would_be_alone(lists):
    check_stored(lists, SOME)


def test_the_drawn_placements_lie_on_both_sides_of_every_turn_and_come_out_in_every_way(lists):
    agency = agency_record(by_chance.agency_with_papers())
    asked = drawn(0, SOME, lists, agency)

    governed = {day_of_recruitment(record_from(values))[0] for values in asked}
    verdicts = [alone(values, lists, agency)[1] for values in asked]

    around = by_chance.turns(lists, agency)
    days = {day for turn in around for day in turn.days}
    assert days - governed == set()
    assert {verdict.outcome for verdict in verdicts} == set(Outcome)


def test_a_good_part_of_the_answers_comes_from_memory(lists):
    """Else nothing would be compared but each placement with itself."""
    agency = agency_record(by_chance.agency_with_papers())
    cache = FactsCache(lists, agency)

    keys = {cache.key(record_from(values)) for values in drawn(0, SOME, lists, agency)}

    assert len(keys) < SOME * 0.7


class ForgetfulCache(FactsCache):
    """A control: takes all countries for alike."""

    def __init__(self, lists, agency):
        super().__init__(lists, agency)
        self.likeness = ForgetfulLikeness(lists, agency)


class LateStretches(Stretches):
    """A control: a change counts from the day after it."""

    def key(self, recruited_on, *others):
        on_a_turn = bool(recruited_on) and recruited_on in self.days
        if on_a_turn and (at := bisect_left(self.days, recruited_on)):
            recruited_on = self.days[at - 1]
        return super().key(recruited_on, *others)

    def in_text(self):
        return LateStretches(super().in_text().days)


class LateCache(FactsCache):
    def stretches(self, record):
        return LateStretches(super().stretches(record).days)


@pytest.mark.parametrize(
    "coarser",
    [
        pytest.param(ForgetfulCache, id="all countries alike"),
        pytest.param(CoarserCache, id="the agency's days forgotten"),
        pytest.param(LateCache, id="changes a day late"),
    ],
)
def test_a_coarser_key_is_caught(lists, monkeypatch, coarser):
    agency = agency_record(by_chance.agency_with_papers())
    asked = drawn(0, SOME, lists, agency)
    monkeypatch.setattr(engine, "FactsCache", coarser)

    assert differing(asked, lists, agency) != []
