"""What was published stays: the database refuses each change, and lets pass what is to come."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from agencies.models import AgencyRestriction
from audits.enums import DecisionOutcome, DecisionState, StatusKind
from audits.migrations import _log_stays, _published_stays
from audits.models import Appeal, AuditReport, Certificate, Decision, ReportAddendum, StatusChange
from audits.services import issue_addendum, propose_addendum
from tests.factories import audits as make
from tests.factories import certificates as certify
from tests.factories.keys import set_triggers_aside

pytestmark = pytest.mark.django_db

EXPECTED = [*_log_stays.REFUSALS, *_published_stays.REFUSALS]


def refused(statement, *values):
    """In which words the database refuses a statement; None if it does not."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except DatabaseError as refusal:
        return str(refusal).partition("\n")[0]
    return None


def test_every_trigger_is_in_the_database():
    """SQLite forgets them when a table is altered: then that migration has to make them again."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        there = {name for (name,) in cursor.fetchall()}
    expected = {
        refusal.name
        for refusal in EXPECTED
        if connection.vendor == "postgresql" or refusal.event != "TRUNCATE"
    }

    assert expected - there == set()


@pytest.fixture
def certificate():
    return certify.published()


@pytest.mark.parametrize(
    "change",
    [
        "number = 'CE9999990'",
        "state = 'void', issued_at = NULL, void_reason = 'gone'",
        "statement = '{}'",
        "statement_digest = 'x'",
        "signature = 'x'",
        "pdf_digest = 'x'",
        "pdf_size = 2",
        "status_index = 77",
        "valid_from = '2020-01-01'",
        "valid_until = '2098-01-01'",
        "conditions = 'Others.'",
        "issued_at = '2024-01-01 00:00:00+00:00'",
        "prepared_at = '2020-01-01 00:00:00+00:00'",
    ],
)
def test_an_issued_certificate_never_changes(certificate, change):
    said = refused(f"UPDATE audits_certificate SET {change}")

    assert said == _published_stays.CERTIFICATE


def test_the_number_of_a_certificate_is_kept_for_ever(certificate):
    prepared = certify.prepared()

    for pk in (certificate.pk, prepared.pk):
        assert refused("DELETE FROM audits_certificate WHERE id = %s", pk) == (
            "the number of a certificate is kept for ever"
        )


def test_a_certificate_is_superseded_once_and_may_be_claimed(certificate):
    other = certify.published()
    mine = Certificate.objects.filter(pk=certificate.pk)

    mine.update(superseded_by=other, superseded_at=timezone.now(), superseded_on="2026-01-01")
    mine.update(claimed_at=timezone.now())

    assert (
        refused(
            "UPDATE audits_certificate SET superseded_on = '2027-01-01'"
            " WHERE superseded_on IS NOT NULL"
        )
        == "a certificate is superseded once"
    )


def test_a_prepared_certificate_can_still_be_issued_or_void():
    prepared = certify.prepared()

    assert refused("UPDATE audits_certificate SET state = 'void', void_reason = 'x'") is None
    assert Certificate.objects.get(pk=prepared.pk).state == "void"
    assert refused("UPDATE audits_certificate SET state = 'prepared'") == (
        _published_stays.CERTIFICATE
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audits_certificatescope SET occupation_group = '221'",
        "UPDATE audits_certificatescope SET agency_id = agency_id + 1",
        "DELETE FROM audits_certificatescope",
    ],
)
def test_the_corridors_of_a_certificate_stay(certificate, statement):
    assert refused(statement) == _published_stays.SCOPE


def test_a_corridor_ends_once(certificate):
    end = "UPDATE audits_certificatescope SET ended_at = '{0} 00:00:00+00:00', ended_on = '{0}'"

    assert refused(end.format("2026-01-01")) is None
    assert refused(end.format("2026-02-01")) == _published_stays.SCOPE


@pytest.fixture
def suspended():
    people = certify.people()
    certificate = certify.published(people.agency)
    certify.confirmed(certificate, people)
    return certificate, people


@pytest.mark.parametrize(
    "change",
    [
        "effective_on = '2025-01-01'",
        "kind = 'withdrawal'",
        "reason = 'misleading_use'",
        "explanation = 'Another.'",
        "state = 'declined', decline_reason = 'No.'",
        "confirmed_at = '2025-01-01 00:00:00+00:00'",
        "proposed_at = '2025-01-01 00:00:00+00:00'",
    ],
)
def test_a_confirmed_suspension_is_neither_backdated_nor_taken_back(suspended, change):
    assert refused(f"UPDATE audits_statuschange SET {change}") == _published_stays.CHANGE
    assert refused("DELETE FROM audits_statuschange") == _published_stays.CHANGE


def test_what_is_proposed_is_what_the_second_person_confirms(suspended):
    certificate, people = suspended
    change = certify.proposed(certificate, people.officer, kind=StatusKind.RESTORATION)

    said = refused(
        "UPDATE audits_statuschange SET effective_on = '2025-01-01' WHERE id = %s", change.pk
    )

    assert said == _published_stays.CHANGE
    assert refused("DELETE FROM audits_statuschange WHERE id = %s", change.pk) is None
    assert StatusChange.objects.count() == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE agencies_agencyrestriction SET effective_on = '2025-01-01'",
        "UPDATE agencies_agencyrestriction SET reason_code = 'other'",
        "DELETE FROM agencies_agencyrestriction",
    ],
)
def test_a_restriction_stays_as_it_was_recorded(suspended, statement):
    assert "a restriction stays" in refused(statement)


def test_a_restriction_ends_once(suspended):
    certificate, people = suspended
    certify.confirmed(certificate, people, kind=StatusKind.RESTORATION)

    assert AgencyRestriction.objects.get().restored_on is not None
    assert "ends once" in refused("UPDATE agencies_agencyrestriction SET restored_on = NULL")


@pytest.fixture
def decided():
    people = make.case()
    return people, make.decided(people, outcome=DecisionOutcome.REFUSED)


@pytest.mark.parametrize(
    "change",
    [
        "reasons = 'Others.'",
        "decided_at = '2025-01-01 00:00:00+00:00'",
        "decided_by_id = NULL",
        "appeal_until = '2099-01-01'",
        "outcome = 'granted', valid_from = '2026-01-01', valid_until = '2027-01-01'",
        "proposed_at = '2025-01-01 00:00:00+00:00'",
    ],
)
def test_a_decision_stays_as_it_was_taken(decided, change):
    assert refused(f"UPDATE audits_decision SET {change}") == _published_stays.DECISION
    assert refused("DELETE FROM audits_decision") == _published_stays.DECISION


def test_a_decision_is_set_aside_once_and_an_appeal_stays_as_it_was_heard(decided):
    people, decision = decided
    make.heard(people, make.appealed(people, decision))

    assert Decision.objects.get(pk=decision.pk).state == DecisionState.SET_ASIDE
    assert [
        refused("UPDATE audits_decision SET state = 'decided', set_aside_at = NULL"),
        refused("UPDATE audits_appeal SET reasons = 'Others.'"),
        refused("UPDATE audits_appeal SET grounds = 'Others.'"),
        refused("DELETE FROM audits_appeal"),
    ] == [_published_stays.SET_ASIDE, *[_published_stays.APPEAL] * 3]
    assert Appeal.objects.count() == 1


@pytest.mark.slow
def test_an_issued_report_and_its_addenda_never_change():
    people = make.case()
    audit = make.reported(people)
    AuditReport.objects.update(
        state="issued",
        signature="x",
        key_id="x",
        pdf_digest="x",
        pdf_size=1,
        issued_at=timezone.now(),
    )
    addendum = propose_addendum(
        audit_id=audit.pk, text="Read 2025 for 2024.", reason="A slip.", by=people.leader
    )
    issue_addendum(addendum_id=addendum.pk, by=people.officer)

    assert [
        refused("UPDATE audits_auditreport SET statement = '{}'"),
        refused("UPDATE audits_auditreport SET state = 'prepared', issued_at = NULL"),
        refused("DELETE FROM audits_auditreport"),
        refused("UPDATE audits_reportaddendum SET text = 'Other.'"),
        refused("DELETE FROM audits_reportaddendum"),
    ] == [
        _published_stays.REPORT,
        _published_stays.REPORT,
        "the number of a report is kept for ever",
        _published_stays.ADDENDUM,
        _published_stays.ADDENDUM,
    ]
    assert ReportAddendum.objects.get().text == "Read 2025 for 2024."


@pytest.mark.postgresql_only
@pytest.mark.parametrize(
    "table", sorted({rule.table for rule in EXPECTED if rule.event == "TRUNCATE"})
)
def test_nothing_published_is_emptied(table):
    said = refused(f"TRUNCATE {table} CASCADE")

    assert said in {"what was published is not emptied", _log_stays.WORDS} or "stays" in said


def test_control_without_its_triggers_the_same_statement_does_the_damage(certificate):
    set_triggers_aside("audits_certificate")

    assert refused("UPDATE audits_certificate SET valid_until = '2098-01-01'") is None
