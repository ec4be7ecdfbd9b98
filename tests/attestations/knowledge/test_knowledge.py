"""The knowledge check: its questions, its rules, and a person who takes it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from agencies.models import JournalEntry
from attestations.knowledge import bank, services
from attestations.knowledge.models import KnowledgeAttempt
from attestations.knowledge.queries import passes_of
from attestations.knowledge.rules import (
    ASKED,
    ATTEMPTS,
    TO_PASS,
    Tried,
    draw,
    may_begin,
    order_of_answers,
)
from attestations.models import Requirement
from tests.factories import agencies as make

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
WAIT = timedelta(days=7)
CITES = re.compile(
    r"WHO Global Code of Practice, article \d+\.\d|Resolution WHA63\.16|Commitment REQ-\d\d|"
    r"WHO Health Workforce Support and Safeguards List|This register|"
    r"Cross-check of this register, rule R-[A-Z]+|Code of practice of England|"
    r"Employment Agencies Act 1973 \(United Kingdom\), section 6\(1\)|"
    r"Beschäftigungsverordnung \(Germany\), section 38"
)
# articles whose text was read, or that the seed cites by number (code_articles.md)
READ = {"2.1", "2.2", "2.3", "4.1", "4.2", "4.3", "4.4", "5.1", "5.2", "7.2", "7.3"}
READ |= {"8.4", "8.5", "8.6", "8.7", "9.4", "9.5"}


# --- the bank -------------------------------------------------------------------------------------


def test_the_bank_is_large_enough_and_every_question_is_whole():
    for edition in bank.editions().values():
        assert len(edition.questions) >= 40
        for question in edition.questions.values():
            assert len(set(question.answers)) == len(question.answers) >= 3
            assert question.asks.endswith("?")
            assert CITES.fullmatch(question.cites), question.cites
            assert question.explains.endswith((".", "!"))


def test_no_question_rests_on_an_article_that_was_not_read():
    for question in bank.newest().questions.values():
        if "article" in question.cites:
            assert question.cites.rpartition(" ")[2] in READ, question.cites


def test_every_question_speaks_of_commitments_that_exist(reference):
    known = set(Requirement.objects.values_list("ref", flat=True))
    cited = {
        question.cites.rpartition(" ")[2]
        for question in bank.newest().questions.values()
        if question.cites.startswith("Commitment")
    }
    assert cited <= known


# --- the rules ------------------------------------------------------------------------------------


def tried(days, right):
    began = NOON + timedelta(days=days)
    return Tried(began, began, right)


@pytest.mark.parametrize(
    ("attempts", "day", "now", "left"),
    [
        ([], 0, True, 3),
        ([(0, 12)], 0, True, 2),
        ([(0, 12), (0, 3)], 0, True, 1),
        ([(0, 12), (0, 3), (1, 0)], 1, False, 0),
        ([(0, 12), (0, 3), (1, 0)], 7, False, 0),
        ([(0, 12), (0, 3), (1, 0)], 8, True, 3),
        ([(0, 12), (0, 3), (1, 0), (8, 2)], 8, True, 2),
        ([(0, 12), (0, 13)], 0, True, 3),
        ([(0, 12), (0, 12), (0, 15), (0, 1)], 0, True, 2),
    ],
)
def test_three_attempts_and_then_a_wait(attempts, day, now, left):
    chance = may_begin([tried(*each) for each in attempts], NOON + timedelta(days=day), WAIT)
    assert (chance.now, chance.left) == (now, left)


def test_an_attempt_that_was_left_counts():
    left = Tried(NOON, None, None)
    assert not may_begin([left] * ATTEMPTS, NOON, WAIT).now


@given(st.text(max_size=20))
def test_a_draw_is_the_same_again_and_repeats_as_little_as_it_can(seed):
    ids = list(bank.newest().questions)
    first = draw(ids, seed)
    assert first == draw(reversed(ids), seed)
    assert len(set(first)) == ASKED
    assert not set(first) & set(draw(ids, seed, before=first))
    assert sorted(order_of_answers(seed, "K01", 4)) == [0, 1, 2, 3]


# --- a person -------------------------------------------------------------------------------------


@pytest.fixture
def agency(db):
    return make.agency("Harbour Example Recruitment")


@pytest.fixture
def member(agency):
    return make.agency_person(agency)


def take(agency, person, right, *, at=None):
    """One whole attempt with so many right answers."""
    attempt = services.begin_attempt(agency_id=agency.pk, by=person, at=at)
    for number, question in enumerate(attempt.questions):
        services.answer_question(
            attempt_id=attempt.pk, question=question, answer=int(number >= right), by=person
        )
    return services.finish_attempt(attempt_id=attempt.pk, by=person, at=at)


def test_thirteen_pass_and_twelve_do_not(agency, member):
    assert take(agency, member, TO_PASS - 1).right == 12
    assert not passes_of(agency, timezone.now())
    take(agency, member, TO_PASS)
    assert [attempt.user for attempt in passes_of(agency, timezone.now())] == [member]
    verbs = JournalEntry.objects.filter(verb__startswith="knowledge.")
    assert verbs.count() == 4


def test_a_pass_counts_for_a_year(agency, member, settings):
    long_ago = timezone.now() - timedelta(days=settings.KNOWLEDGE_VALID_DAYS + 1)
    take(agency, member, ASKED, at=long_ago)
    assert not passes_of(agency, timezone.now())


def test_after_three_attempts_the_day_of_the_next_is_said(agency, member):
    for _ in range(ATTEMPTS):
        take(agency, member, 0)
    with pytest.raises(ValidationError, match="can begin on"):
        services.begin_attempt(agency_id=agency.pk, by=member)
    colleague = make.agency_person(agency, name="Another Example")
    assert services.begin_attempt(agency_id=agency.pk, by=colleague)


def test_two_windows_begin_one_attempt(agency, member):
    first = services.begin_attempt(agency_id=agency.pk, by=member)
    assert services.begin_attempt(agency_id=agency.pk, by=member) == first
    assert KnowledgeAttempt.objects.count() == 1


def test_nothing_is_marked_before_every_question_is_answered(agency, member):
    attempt = services.begin_attempt(agency_id=agency.pk, by=member)
    services.answer_question(
        attempt_id=attempt.pk, question=attempt.questions[0], answer=0, by=member
    )
    with pytest.raises(ValidationError, match="question 2, 3"):
        services.finish_attempt(attempt_id=attempt.pk, by=member)


def test_what_is_ended_stays_as_it_is(agency, member):
    attempt = take(agency, member, ASKED)
    with pytest.raises(ValidationError, match="ended"):
        services.answer_question(
            attempt_id=attempt.pk, question=attempt.questions[0], answer=1, by=member
        )


def test_strangers_take_no_check_for_an_agency(agency):
    with pytest.raises(PermissionDenied):
        services.begin_attempt(agency_id=agency.pk, by=make.user("stranger@people.example"))


def test_the_whole_way_through_the_pages(client, agency, member):
    client.force_login(member)
    number = agency.register_number
    page = client.post(reverse("knowledge:begin", args=(number,)), follow=True)
    attempt = KnowledgeAttempt.objects.get()
    for position, each in enumerate(attempt.questions, 1):
        question = bank.newest().questions[each]
        content = page.content.decode()
        assert f"Question {position} of {ASKED}" in content
        assert question.explains not in content
        address = reverse("knowledge:question", args=(number, attempt.public_id, position))
        page = client.post(address, {"answer": "0"}, follow=True)
    page = client.post(reverse("knowledge:finish", args=(number, attempt.public_id)), follow=True)
    content = page.content.decode()
    assert "You passed" in content
    assert "15 of 15 answers are right" in content


def test_hostile_answers_are_refused_in_words(client, agency, member):
    attempt = services.begin_attempt(agency_id=agency.pk, by=member)
    client.force_login(member)
    where = reverse("knowledge:question", args=(agency.register_number, attempt.public_id, 1))
    for answer in ("", "-1", "99", "x" * 5000, "\x00", "٣", "1e9"):
        page = client.post(where, {"answer": answer})
        assert page.status_code == 200
        assert "Choose one of the answers" in page.content.decode()
    assert client.get(where.replace("/1/", "/16/")).status_code == 404
