"""Each invariant holds for what the services make, and names what is planted by raw SQL."""

import shutil
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from agencies.models import AgencyRestriction, NumberSeries
from audits.certificates import invariants
from audits.enums import AuditKind, DecisionState, StatusKind
from audits.models import Certificate, CertificateScope, Decision, StatusChange
from tests.factories import certificates as certify
from tests.factories.keys import set_triggers_aside

pytestmark = pytest.mark.django_db

DAY = date(2024, 5, 1)
ALL = (
    invariants.numbers_are_unique_and_check,
    invariants.one_current_certificate_a_scope,
    invariants.scopes_are_as_stated,
    invariants.files_are_as_issued,
    invariants.signatures_verify,
    invariants.rows_are_as_stated,
    invariants.nothing_stays_prepared,
    invariants.restrictions_follow_from_status_changes,
    invariants.set_aside_decisions_leave_no_certificate,
)


def violations():
    return {check.__name__: list(check()) for check in ALL if any(check())}


def plant(sql, *parameters):
    for table in ("certificate", "certificatescope", "statuschange"):
        set_triggers_aside(f"audits_{table}")
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def test_a_register_with_a_history_of_its_own_violates_nothing():
    people = certify.people()
    first = certify.issued(people.agency)
    certify.confirmed(first, people, effective_on=DAY)
    back = DAY + timedelta(days=9)
    certify.confirmed(first, people, kind=StatusKind.RESTORATION, effective_on=back)
    renewed = certify.issued(people.agency, kind=AuditKind.RENEWAL)
    certify.confirmed(renewed, people, kind=StatusKind.WITHDRAWAL)
    certify.issued(people.agency)
    certify.prepared()

    assert violations() == {}


@pytest.fixture
def issued():
    return certify.issued()


def test_a_number_that_is_none(issued):
    plant("UPDATE audits_certificate SET number = 'CE9999990' WHERE id = %s", issued.pk)

    assert list(invariants.numbers_are_unique_and_check()) == [
        "CE9999990 is not a number that this register gives out."
    ]


def test_a_number_that_would_be_given_again(issued):
    NumberSeries.objects.filter(name="CE").update(last=0)

    assert list(invariants.numbers_are_unique_and_check()) == [
        f"{issued.number} lies beyond the last number of its series and may be given again."
    ]


def test_two_current_certificates_for_a_corridor(issued):
    agency = issued.agency.register_number
    plant("DROP INDEX audits_certificatescope_one_open")
    plant(
        "INSERT INTO audits_certificatescope "
        "(certificate_id, agency_id, source_id, destination_id, occupation_group) "
        "SELECT certificate_id, agency_id, source_id, destination_id, occupation_group "
        "FROM audits_certificatescope"
    )

    assert list(invariants.one_current_certificate_a_scope()) == [
        "The unique index audits_certificatescope_one_open is missing from the database.",
        f"Agency {agency} has 2 open rows for PHL to IRL, 222.",
    ]


def test_a_corridor_that_was_not_stated(issued):
    plant("UPDATE audits_certificatescope SET occupation_group = '221'")

    assert list(invariants.scopes_are_as_stated()) == [
        f"Certificate {issued.number}: its corridors are not those of its statement."
    ]


def test_a_withdrawn_certificate_that_still_holds_a_corridor(issued):
    people = certify.people(issued.agency)
    certify.confirmed(issued, people, kind=StatusKind.WITHDRAWAL)
    plant("UPDATE audits_certificatescope SET ended_at = NULL, ended_on = NULL")

    assert list(invariants.scopes_are_as_stated()) == [
        f"Certificate {issued.number} is withdrawn or replaced and still holds a corridor."
    ]


def test_a_current_certificate_that_holds_no_corridor(issued):
    CertificateScope.objects.update(ended_at=timezone.now(), ended_on=DAY)

    assert list(invariants.scopes_are_as_stated()) == [
        f"Certificate {issued.number} holds no corridor, and was neither withdrawn nor replaced."
    ]


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        pytest.param(lambda file: file.write_bytes(b"%PDF-forged"), "altered", id="altered"),
        pytest.param(lambda file: file.unlink(), "missing", id="missing"),
        pytest.param(
            lambda file: file.write_bytes(file.read_bytes()[:-1]), "altered", id="one byte short"
        ),
    ],
)
def test_a_file_that_is_not_what_was_issued(issued, settings, damage, found):
    digest = issued.pdf_digest
    damage(settings.DOCUMENT_ROOT / digest[:2] / digest[2:4] / digest)

    assert list(invariants.files_are_as_issued()) == [
        f"Certificate {issued.number}: its file {digest[:12]}… is {found}."
    ]


def test_a_store_that_is_gone(issued, settings):
    shutil.rmtree(settings.DOCUMENT_ROOT)

    assert len(list(invariants.files_are_as_issued())) == 1


def test_a_statement_that_was_changed(issued):
    plant(
        "UPDATE audits_certificate SET statement = replace(statement, 'Ireland', 'Iceland') "
        "WHERE id = %s",
        issued.pk,
    )

    assert list(invariants.signatures_verify()) == [
        f"Certificate {issued.number}: its statement is not the one that was prepared."
    ]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audits_certificate SET signature = 'AAAA' WHERE id = %s",
        "UPDATE audits_signingkey SET public_key = 'AAAA' WHERE %s > 0",
    ],
)
def test_a_signature_that_does_not_verify(issued, sql):
    set_triggers_aside("audits_signingkey")
    plant(sql, issued.pk)

    assert list(invariants.signatures_verify()) == [
        f"Certificate {issued.number}: its signature does not verify with the key {issued.key_id}."
    ]


@pytest.mark.parametrize(
    "column",
    ["valid_until = '2098-01-01'", "valid_from = '2024-02-02'", "conditions = 'Others.'"],
)
def test_a_row_that_says_otherwise_than_its_statement(issued, column):
    plant(f"UPDATE audits_certificate SET {column} WHERE id = %s", issued.pk)

    differs = "number, holder, dates or conditions differ from its statement."
    assert list(invariants.rows_are_as_stated()) == [f"Certificate {issued.number}: {differs}"]


def test_what_was_forgotten_in_preparation():
    certificate = certify.prepared()
    long_ago = timezone.now() - timedelta(hours=2)
    Certificate.objects.update(prepared_at=long_ago)

    since = f"{long_ago:%Y-%m-%d %H:%M} UTC"
    assert list(invariants.nothing_stays_prepared()) == [
        f"Certificate {certificate.number} has been in preparation since {since}."
    ]


def test_a_restriction_that_nobody_confirmed_and_one_that_is_missing(issued):
    people = certify.people(issued.agency)
    certify.confirmed(issued, people, effective_on=DAY)
    number = issued.number
    set_triggers_aside("agencies_agencyrestriction")
    AgencyRestriction.objects.update(effective_on=DAY + timedelta(days=1))

    assert list(invariants.restrictions_follow_from_status_changes()) == [
        f"The suspension of {number} from 2024-05-01 is confirmed and not recorded like that.",
        f"A suspension of {number} from 2024-05-02 is recorded like that and not confirmed.",
    ]


def test_a_restoration_undone_behind_the_registers_back(issued):
    people = certify.people(issued.agency)
    certify.confirmed(issued, people, effective_on=DAY)
    certify.confirmed(
        issued, people, kind=StatusKind.RESTORATION, effective_on=DAY + timedelta(days=9)
    )
    set_triggers_aside("audits_statuschange")
    StatusChange.objects.filter(kind=StatusKind.RESTORATION).delete()

    assert len(list(invariants.restrictions_follow_from_status_changes())) == 2


def test_a_decision_set_aside_whose_certificate_stands(issued):
    Decision.objects.update(state=DecisionState.SET_ASIDE, set_aside_at=timezone.now())

    assert list(invariants.set_aside_decisions_leave_no_certificate()) == [
        f"Certificate {issued.number} stands, though its decision was set aside."
    ]
