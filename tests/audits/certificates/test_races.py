"""Two at once over one decision or one corridor: one wins, and controls show who sees to it."""

import time
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from agencies.models import Agency
from audits.certificates import services
from audits.certificates.services import issuing
from audits.keys import signing
from audits.keys.enums import Purpose
from audits.models import Certificate, CertificateScope
from tests.audits.test_races import PAUSE, at_once, won
from tests.factories import agencies as make
from tests.factories import certificates as certify

pytestmark = [
    pytest.mark.postgresql_only,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]


@contextmanager
def switched_off(model, name):
    """Without a constraint of the schema; what came in meanwhile goes before it is put back."""
    constraint = next(each for each in model._meta.constraints if each.name == name)
    with connection.schema_editor() as editor:
        editor.remove_constraint(model, constraint)
    yield
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no trigger refuses
        cursor.execute(f"DELETE FROM {model._meta.db_table}")
    with connection.schema_editor() as editor:
        editor.add_constraint(model, constraint)


@pytest.fixture
def no_certificate_a_decision():
    with switched_off(Certificate, "audits_certificate_one_a_decision"):
        yield


@pytest.fixture
def no_open_row_a_corridor():
    with switched_off(CertificateScope, "audits_certificatescope_one_open"):
        yield


@pytest.fixture
def slow_numbering(monkeypatch):
    """Whoever has looked whether there is a certificate waits a little for the other to look."""
    take = Agency.objects.select_for_update

    def wait(*args, **options):
        time.sleep(PAUSE)
        return take(*args, **options)

    monkeypatch.setattr(Agency.objects, "select_for_update", wait)


def prepare_twice():
    granted = certify.decision(make.agency())
    return at_once(
        *[lambda: services.prepare_certificate(decision=granted, by=granted.decided_by)] * 2
    )


def test_one_decision_gets_one_certificate(slow_numbering):
    results = prepare_twice()

    assert [type(each) for each in results if each not in won(results)] == [IntegrityError]
    assert Certificate.objects.count() == 1


def test_without_the_constraint_it_would_get_two(slow_numbering, no_certificate_a_decision):
    results = prepare_twice()

    assert len(won(results)) == 2
    assert Certificate.objects.count() == 2


@pytest.fixture
def slow_publishing(monkeypatch):
    """Whoever has seen which rows are open waits a little for the other to see them."""
    look = issuing.open_scopes_like

    def look_and_wait(lines, agency):
        found = look(lines, agency)
        time.sleep(PAUSE)
        return found

    monkeypatch.setattr(issuing, "open_scopes_like", look_and_wait)


@pytest.fixture
def no_lock(monkeypatch):
    """The control: an agency is fetched without its lock."""
    monkeypatch.setattr(Agency.objects, "select_for_update", lambda **options: Agency.objects.all())


def issue_two():
    """Two certificates for one corridor, published at once."""
    agency = make.agency()
    for purpose in Purpose:  # demonstration keys, which register themselves
        signing.current(purpose, at=timezone.now())
    first, second = certify.prepared(agency), certify.prepared(agency)
    return at_once(
        lambda: services.issue_certificate(certificate_id=first.pk),
        lambda: services.issue_certificate(certificate_id=second.pk),
    )


def open_rows():
    return CertificateScope.objects.filter(ended_at=None).count()


def test_one_corridor_has_one_current_certificate(slow_publishing):
    results = issue_two()

    assert len(won(results)) == 2
    assert open_rows() == 1
    assert Certificate.objects.filter(superseded_by__isnull=False).count() == 1


def test_without_the_lock_the_schema_still_lets_one_through(slow_publishing, no_lock):
    results = issue_two()

    assert len(won(results)) == 1
    assert open_rows() == 1


def test_without_lock_and_constraint_there_would_be_two(
    slow_publishing, no_lock, no_open_row_a_corridor
):
    results = issue_two()

    assert len(won(results)) == 2
    assert open_rows() == 2
