"""A report from an audit, in the one order there is, whatever fails on the way."""

import pytest
from django.utils import timezone

from agencies.models import JournalEntry
from audits import services as case_work
from audits.documents.keeping import open_kept
from audits.enums import DocumentState, FindingGrade
from audits.keys.signing import SigningUnavailable
from audits.models import AuditReport, SigningKey
from audits.reports import services
from audits.reports.references import public_code
from audits.reports.statement import read
from tests.factories import audits as make_case
from tests.factories.keys import statement_is_signed
from tests.factories.placements import placement

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


class Killed(BaseException):
    """The process is gone."""


def stop_at(step, error):
    def at_step(reached):
        if reached == step:
            raise error

    return at_step


@pytest.fixture
def people():
    return make_case.case()


@pytest.fixture
def report(people):
    audit = make_case.opened(people)
    make_case.sampled(audit, people)
    found = make_case.finding(audit, people, grade=FindingGrade.MINOR)
    withdrawn = make_case.finding(audit, people, ref="REQ-12", statement="Raised in error.")
    case_work.withdraw_finding(
        finding_id=withdrawn.pk, reason="It was another agency.", by=people.leader
    )
    assert found.position == 1
    make_case.reported(people, audit=audit)
    return AuditReport.objects.get()


def verbs(report):
    label = f"audits.auditreport:{report.pk}"
    return list(JournalEntry.objects.filter(subject=label).values_list("verb", flat=True))


def test_preparing_freezes_what_the_audit_established(people, report):
    stated = read(report.statement.encode())

    assert (stated.number, stated.holder_number) == (
        report.number,
        people.agency.register_number,
    )
    assert [(found.position, found.ref, found.grade) for found in stated.findings] == [
        (1, "REQ-11", "Minor")
    ]
    assert (stated.placements, stated.sample.population_size, len(stated.checklist)) == (3, 3, 38)
    assert sorted(line.code for line in stated.sample.lines) == sorted(
        public_code(people.agency.register_number, f"P-{n}") for n in (1, 2, 3)
    )
    assert '"P-1"' not in report.statement
    assert verbs(report) == ["report.prepared"]


def test_what_changes_afterwards_changes_no_report(people, report):
    before = report.statement
    placement(people.agency, reference="P-9")

    again = services.prepare_report(audit=report.audit, by=people.officer)

    assert (again.pk, again.statement) == (report.pk, before)


def test_issuing_signs_draws_keeps_and_publishes(report):
    services.issue_report(report_id=report.pk)

    report.refresh_from_db()
    key = SigningKey.objects.get(pk=report.key_id)
    with open_kept(report.pdf_digest) as file:
        assert file.read(5) == b"%PDF-"
    assert report.state == DocumentState.ISSUED
    assert statement_is_signed(report.statement.encode(), report.signature, key.public_key)
    assert verbs(report) == ["report.prepared", "report.issued"]


def test_running_twice_has_one_effect(report):
    services.issue_report(report_id=report.pk)
    services.issue_report(report_id=report.pk)

    assert verbs(report) == ["report.prepared", "report.issued"]


@pytest.mark.parametrize("step", ["claimed", "sealed", "kept", "published"])
def test_an_error_leaves_it_prepared_and_the_sweep_takes_it_up(report, step):
    with pytest.raises(OSError, match="no space"):
        services.issue_report(report_id=report.pk, at_step=stop_at(step, OSError("no space")))

    report.refresh_from_db()
    assert (report.state, report.claimed_at) == (DocumentState.PREPARED, None)
    assert services.resume_prepared() == 1
    report.refresh_from_db()
    assert report.state == DocumentState.ISSUED


def test_a_crash_leaves_it_prepared_until_the_lease_runs_out(report):
    with pytest.raises(Killed):
        services.issue_report(report_id=report.pk, at_step=stop_at("signed", Killed()))

    assert services.resume_prepared() == 0
    AuditReport.objects.update(claimed_at=timezone.now() - services.LEASE * 2)
    assert services.resume_prepared() == 1
    report.refresh_from_db()
    assert report.state == DocumentState.ISSUED


def test_a_statement_altered_after_it_was_prepared_is_not_signed(report):
    AuditReport.objects.update(statement=report.statement.replace("Minor", "Major"))

    with pytest.raises(SigningUnavailable, match="not what was prepared"):
        services.issue_report(report_id=report.pk)
