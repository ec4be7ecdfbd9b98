"""Two acts on one audit at once, with real threads; each control takes the lock away."""

import threading
import time
from contextlib import nullcontext

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from agencies.enums import RegulatorRole
from agencies.lib.transitions import IllegalTransition
from agencies.models import JournalEntry
from audits import services
from audits.enums import AuditState, DecisionOutcome, FindingGrade
from audits.models import Audit, CorrectiveAction, Finding
from audits.models.audit import AuditQuerySet
from tests.factories import agencies as make_agencies
from tests.factories import audits as make

pytestmark = [
    pytest.mark.postgresql_only,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]

PAUSE = 0.2
WRITES = ("INSERT", "UPDATE", "DELETE")


@pytest.fixture
def people():
    return make.case()


class AllHaveRead:
    """Holds back each thread's first write until every thread has come to its own; then they write
    in the order of their acts."""

    def __init__(self, parties):
        self.barrier = threading.Barrier(parties)
        self.of_thread = threading.local()

    def back(self, place):
        self.of_thread.place = place
        return connection.execute_wrapper(self)

    def __call__(self, execute, sql, params, many, context):
        if sql.startswith(WRITES) and not hasattr(self.of_thread, "wrote"):
            self.of_thread.wrote = True
            self.barrier.wait(timeout=30)
            time.sleep(PAUSE * self.of_thread.place)
        return execute(sql, params, many, context)


def at_once(*acts, held=None):
    """Each act in a thread of its own, begun together: what each returned or raised."""
    together = threading.Barrier(len(acts))
    results = [None] * len(acts)

    def run(place, act):
        together.wait()
        try:
            with held.back(place) if held else nullcontext():
                results[place] = act()
        except Exception as refused:
            results[place] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def won(results):
    return [result for result in results if not isinstance(result, Exception)]


@pytest.fixture
def slow_acts(monkeypatch):
    """Whoever has fetched the audit waits a little, so that the other is there too."""
    locked = AuditQuerySet.locked

    def fetch_and_wait(self, **key):
        audit = locked(self, **key)
        time.sleep(PAUSE)
        return audit

    monkeypatch.setattr(AuditQuerySet, "locked", fetch_and_wait)


@pytest.fixture
def no_lock(monkeypatch):
    """The control: the audit is fetched without its lock; nobody writes before all have read."""

    def fetch(self, **key):
        return self.select_related("agency__regulator", "regulator").get(**key)

    monkeypatch.setattr(AuditQuerySet, "locked", fetch)
    return AllHaveRead(2)


@pytest.fixture
def decisions_may_change():
    """Without the trigger that keeps a decision as it was taken."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audits_decision DISABLE TRIGGER USER")
    yield
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audits_decision ENABLE TRIGGER USER")


def decide_twice(people, held=None):
    other = make_agencies.staff(people.regulator, RegulatorRole.DECIDER)
    decision = make.proposed(people, outcome=DecisionOutcome.REFUSED)
    return at_once(
        lambda: services.decide(decision_id=decision.pk, by=people.decider),
        lambda: services.decide(decision_id=decision.pk, by=other),
        held=held,
    )


def test_two_decide_at_once_and_one_has_decided(people, slow_acts):
    results = decide_twice(people)

    assert len(won(results)) == 1
    assert sorted(type(result).__name__ for result in results) == ["Decision", "IllegalTransition"]
    assert JournalEntry.objects.filter(verb="decision.taken").count() == 1


def test_without_the_lock_the_schema_still_lets_nobody_decide_anew(people, no_lock):
    results = decide_twice(people, no_lock)

    (refused,) = [result for result in results if isinstance(result, Exception)]
    assert "a decision stays as it was taken" in str(refused)


def test_without_lock_and_trigger_both_would_have(people, no_lock, decisions_may_change):
    results = decide_twice(people, no_lock)

    assert len(won(results)) == 2
    assert JournalEntry.objects.filter(verb="decision.taken").count() == 2


def conditional(people):
    """Granted on condition that a minor finding is mended: it may be closed, or asked for."""
    audit = make.reported(people, FindingGrade.MINOR)
    make.decided(
        people,
        audit,
        outcome=DecisionOutcome.GRANTED_WITH_CONDITIONS,
        conditions="Mend it.",
    )
    return audit


def close_and_ask(people, audit, held=None):
    finding = audit.findings.get()
    return at_once(
        lambda: services.request_correction(finding_id=finding.pk, by=people.leader),
        lambda: services.close_audit(audit_id=audit.pk, by=people.leader),
        held=held,
    )


def test_an_audit_is_closed_or_something_is_asked_for_and_never_both(people, slow_acts):
    results = close_and_ask(people, conditional(people))

    closed = Audit.objects.get().state == AuditState.CLOSED
    assert len(won(results)) == 1
    assert CorrectiveAction.objects.open().exists() == (not closed)


def test_without_the_lock_it_could_be_both(people, no_lock):
    results = close_and_ask(people, conditional(people), no_lock)

    assert len(won(results)) == 2
    assert CorrectiveAction.objects.open().exists()


def report_and_find(people, held=None):
    audit = make.opened(people)
    make.concluded(audit, people)
    return at_once(
        lambda: services.issue_report(audit_id=audit.pk, by=people.officer),
        lambda: make.finding(audit, people),
        held=held,
    )


def test_a_finding_comes_before_the_report_or_not_at_all(people, slow_acts):
    results = report_and_find(people)

    reported = Audit.objects.get().state == AuditState.REPORTED
    assert len(won(results)) == 1
    assert Finding.objects.exists() == (not reported)
    refused = next(result for result in results if isinstance(result, Exception))
    assert isinstance(refused, IllegalTransition if reported else ValidationError)


def test_without_the_lock_the_schema_still_lets_no_finding_slip_behind_the_report(people, no_lock):
    results = report_and_find(people, no_lock)

    (refused,) = [result for result in results if isinstance(result, Exception)]
    assert "audits_audit_reported_after_conclusion" in str(refused)
