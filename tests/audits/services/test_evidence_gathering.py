from hashlib import sha256

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from agencies.lib.transitions import IllegalTransition
from agencies.models import JournalEntry
from audits import sampling, services
from audits.enums import CheckResult, TeamRole
from audits.models import Audit
from audits.populations import kept_population
from tests.factories import audits as make
from tests.factories.placements import placement

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return make.case()


@pytest.fixture
def audit(people):
    return make.opened(people)


def references(draw):
    return list(draw.placements.values_list("placement__reference", flat=True))


def test_the_sample_is_what_anyone_draws_from_population_and_seed(audit, people):
    for number in range(30):
        placement(people.agency, reference=f"P-{number:02}", judged=number % 2 == 0)
    placement(people.agency, reference="elsewhere", destination="DEU")

    draw = services.draw_sample(audit_id=audit.pk, by=people.leader, seed="2026")

    population = kept_population(draw)
    assert draw.population_size == len(population) == 30
    assert draw.size == 10
    assert draw.population_digest == sha256(sampling.population_bytes(population)).hexdigest()
    assert references(draw) == sampling.draw(population, seed="2026", size=10)
    assert JournalEntry.objects.get(verb="sample.drawn").data == {
        "population_digest": draw.population_digest,
        "population_size": 30,
        "seed": "2026",
        "size": 10,
    }


def test_the_population_stands_though_its_placements_change(audit, people):
    draw = make.sampled(audit, people)
    people.agency.placements.update(version=2)

    assert {member.version for member in kept_population(draw)} == {1}


def test_a_seed_is_made_at_random(people):
    seeds = set()
    for _ in range(2):
        audit = make.opened(people)
        placement(people.agency)
        seeds.add(services.draw_sample(audit_id=audit.pk, by=people.leader).seed)

    assert [len(seed) for seed in seeds] == [64, 64]


def test_a_sample_is_drawn_once(audit, people):
    make.sampled(audit, people)

    with pytest.raises(ValidationError, match="drawn only once"):
        services.draw_sample(audit_id=audit.pk, by=people.leader)


def test_nothing_is_drawn_from_nothing(audit, people):
    with pytest.raises(ValidationError, match="no placement in the period"):
        services.draw_sample(audit_id=audit.pk, by=people.leader)


@pytest.mark.parametrize("size", [0, -1, 2])
def test_a_sample_is_not_larger_than_its_population(audit, people, size):
    placement(people.agency)

    with pytest.raises(ValidationError, match="from 1 to 1"):
        services.draw_sample(audit_id=audit.pk, by=people.leader, size=size)


def test_only_an_open_audit_draws(people):
    audit = make.planned(people)

    with pytest.raises(IllegalTransition):
        services.draw_sample(audit_id=audit.pk, by=people.leader)


def test_an_observer_records_nothing(people):
    audit = make.opened(people, team=[(people.auditor, TeamRole.OBSERVER)])

    with pytest.raises(PermissionDenied):
        services.record_checklist_result(
            audit_id=audit.pk, ref="REQ-01", result=CheckResult.CONFORMS, by=people.auditor
        )


def test_a_result_of_the_sample_is_recorded(audit, people):
    make.sampled(audit, people)

    sampled = services.record_sample_result(
        audit_id=audit.pk,
        position=2,
        result=CheckResult.DOES_NOT,
        note="No contract on file.",
        by=people.leader,
    )

    assert (sampled.position, sampled.result, sampled.note) == (
        2,
        CheckResult.DOES_NOT,
        "No contract on file.",
    )


def test_what_does_not_conform_says_what(audit, people):
    with pytest.raises(ValidationError, match="Say what does not conform"):
        services.record_checklist_result(
            audit_id=audit.pk, ref="REQ-01", result=CheckResult.DOES_NOT, by=people.leader
        )


def test_the_journal_holds_a_digest_of_a_note_and_not_the_note(audit, people):
    services.record_checklist_result(
        audit_id=audit.pk,
        ref="REQ-01",
        result=CheckResult.CONFORMS,
        note="Seen with Ms Example.",
        by=people.leader,
    )

    assert JournalEntry.objects.get(verb="checklist.result_recorded").data == {
        "requirement": "REQ-01",
        "result": "conforms",
        "note": sha256(b"Seen with Ms Example.").hexdigest(),
    }


def test_a_result_takes_the_conclusion_back(audit, people):
    make.concluded(audit, people)

    services.record_checklist_result(
        audit_id=audit.pk, ref="REQ-01", result=CheckResult.CONFORMS, by=people.leader
    )

    audit = Audit.objects.get()
    assert (audit.concluded_at, audit.concluded_by) == (None, None)
    assert audit.conclusion == "The agency keeps most of its commitments."
