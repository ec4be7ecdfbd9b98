from datetime import UTC, date, datetime

import pytest

from attestations.enums import TaskStatus
from attestations.models import Answer, AnswerEvidence, Attestation, EvidenceFile
from attestations.queries import (
    has_lapsed,
    is_superseded,
    progress_of,
    standing_attestation,
    valid_until,
)
from tests.factories import agencies as people
from tests.factories import attestations as make

pytestmark = pytest.mark.usefixtures("reference")
FIRST, SECOND = datetime(2024, 3, 1, 12, tzinfo=UTC), datetime(2024, 9, 1, 12, tzinfo=UTC)


def test_the_last_accepted_one_stands_until_it_lapses():
    agency = people.agency()
    officer = make.signing_officer(agency)
    first = make.accepted_attestation(agency, officer=officer, at=FIRST)
    second = make.accepted_attestation(agency, officer=officer, at=SECOND)
    make.draft_attestation(agency)

    def standing(*days):
        return [standing_attestation(agency, date(*day)) for day in days]

    assert valid_until(first) == date(2025, 3, 1)
    assert standing((2024, 2, 29), (2024, 3, 1), (2024, 8, 31)) == [None, first, first]
    assert standing((2024, 9, 1), (2025, 9, 1), (2025, 9, 2)) == [second, second, None]
    assert [is_superseded(first, day) for day in (date(2024, 8, 31), date(2024, 9, 1))] == [
        False,
        True,
    ]
    assert not is_superseded(second, date(2030, 1, 1))
    assert [has_lapsed(second, day) for day in (date(2025, 9, 1), date(2025, 9, 2))] == [
        False,
        True,
    ]


def test_neither_a_submitted_nor_a_returned_one_stands():
    submitted = make.submitted_attestation(people.agency(), at=FIRST)
    returned = make.returned_attestation(people.agency(), at=FIRST)

    found = [standing_attestation(each.agency, date(2024, 4, 1)) for each in (submitted, returned)]

    assert found == [None, None]


def test_the_task_list_says_how_each_requirement_stands(django_assert_num_queries):
    attestation = make.complete_draft(people.agency(), choices={"REQ-01": "does_not"})
    attestation.answers.filter(requirement__ref="REQ-38").delete()
    AnswerEvidence.objects.all().delete()

    with django_assert_num_queries(3):
        progress = progress_of(attestation)

    statuses = {task.requirement.ref: task.status for task in progress.tasks}
    assert [theme.letter for theme in progress.themes] == list("ABCDEFGHI")
    assert {ref: status for ref, status in statuses.items() if status != TaskStatus.DONE} == {
        "REQ-07": TaskStatus.PROBLEM,
        "REQ-38": TaskStatus.NOT_STARTED,
    }
    assert (progress.done, progress.total, progress.is_ready) == (36, 38, False)
    assert {(each.says, each.lacks) for each in progress.contradictions} == {
        ("REQ-02", "REQ-01"),
        ("REQ-11", "REQ-01"),
    }


def test_the_regulator_sees_what_was_submitted_and_nobody_else_anything():
    regulator = people.regulator()
    agencies = [people.agency(regulator=regulator) for _ in range(3)]
    draft = make.complete_draft(agencies[0])
    submitted = make.submitted_attestation(agencies[1])
    withdrawn = make.draft_attestation(agencies[2])
    Attestation.objects.filter(pk=withdrawn.pk).update(state="withdrawn")

    def seen(user):
        return set(Attestation.objects.visible_to(user)), set(EvidenceFile.objects.visible_to(user))

    licence = {each: set(each.agency.evidence_files.all()) for each in (draft, submitted)}
    member = people.agency_person(draft.agency)
    inactive = people.agency_person(draft.agency)
    inactive.is_active = False
    assert seen(member) == ({draft}, licence[draft])
    assert seen(people.staff(regulator)) == ({submitted}, licence[submitted])
    for nobody in (
        inactive,
        people.user(is_operator=True),
        people.staff(people.regulator(country="IND")),
        people.agency_person(people.agency()),
    ):
        assert seen(nobody) == (set(), set())
    assert Answer.objects.filter(attestation=draft).count() == 38
