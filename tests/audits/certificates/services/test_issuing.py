"""Issuing in the one order there is: whatever fails, nothing unsigned or half published is seen."""

import hashlib
import io
import json
from base64 import urlsafe_b64decode
from datetime import date, timedelta

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection
from django.utils import timezone

from agencies.lib.check_characters import is_issuable
from agencies.models import Delivery, JournalEntry
from audits.certificates import services
from audits.certificates.services import issuing
from audits.certificates.statement import read
from audits.documents.keeping import open_kept
from audits.documents.sealing import certificates_of
from audits.documents.seals import sealed_with
from audits.enums import DecisionOutcome, DecisionState, DocumentState
from audits.keys.enums import Purpose
from audits.keys.queries import trusted_keys
from audits.keys.services import register_key
from audits.keys.signing import SigningUnavailable, holder_of
from audits.models import AuditReport, Certificate, CertificateScope, SigningKey
from tests.factories import agencies as make
from tests.factories import certificates as certify
from tests.factories.keys import set_triggers_aside, statement_is_signed

pytestmark = pytest.mark.django_db

STEPS = ("claimed", "signed", "credential signed", "drawn", "sealed", "kept", "published")
NURSES, DOCTORS = ("PHL", "IRL", "222"), ("PHL", "IRL", "221")


class Killed(BaseException):
    """The process is gone: nothing that catches errors gets to run."""


def stop_at(step, error):
    def at_step(reached):
        if reached == step:
            raise error

    return at_step


def open_scopes(certificate):
    rows = CertificateScope.objects.filter(certificate=certificate, ended_at=None)
    return sorted(rows.values_list("source", "destination", "occupation_group"))


def kept(certificate):
    with open_kept(certificate.pdf_digest) as file:
        return file.read()


def attached(document):
    with pikepdf.open(io.BytesIO(document)) as opened:
        return {name: file.get_file().read_bytes() for name, file in opened.attachments.items()}


def verbs(certificate):
    label = f"audits.certificate:{certificate.pk}"
    return list(JournalEntry.objects.filter(subject=label).values_list("verb", flat=True))


def test_preparing_reserves_a_number_and_commits_the_statement():
    certificate = certify.prepared()

    written = certificate.statement.encode()
    assert read(written).number == certificate.number
    assert is_issuable(certificate.number)
    assert certificate.statement_digest == hashlib.sha256(written).hexdigest()
    assert (certificate.state, certificate.signature, certificate.pdf_digest) == (
        "prepared",
        "",
        "",
    )
    assert verbs(certificate) == ["certificate.prepared"]


def test_preparing_twice_gives_the_same_certificate():
    certificate = certify.prepared()

    again = services.prepare_certificate(
        decision=certificate.decision, by=certificate.decision.decided_by
    )

    assert (again.pk, Certificate.objects.count()) == (certificate.pk, 1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"outcome": DecisionOutcome.REFUSED}, "grants"),
        ({"valid_until": date(2024, 3, 1)}, "would have ended"),
        ({"scopes": ()}, "no corridor"),
    ],
)
def test_what_does_not_grant_is_not_prepared(change, message):
    decided = certify.decision(make.agency(), **change)

    with pytest.raises(ValidationError, match=message):
        services.prepare_certificate(decision=decided, by=decided.decided_by)


def test_a_decision_only_proposed_or_without_a_report_is_not_prepared():
    decided = certify.decision(make.agency())
    set_triggers_aside("audits_auditreport")
    AuditReport.objects.all().delete()
    with pytest.raises(ValidationError, match="report"):
        services.prepare_certificate(decision=decided, by=decided.decided_by)

    decided.state = DecisionState.PROPOSED
    with pytest.raises(ValidationError, match="taken"):
        services.prepare_certificate(decision=decided, by=decided.decided_by)


def test_issuing_publishes_everything_at_once():
    certificate = certify.issued()
    certificate.refresh_from_db()

    key = SigningKey.objects.get(pk=certificate.key_id)
    document = kept(certificate)
    assert certificate.state == DocumentState.ISSUED
    assert statement_is_signed(
        certificate.statement.encode(), certificate.signature, key.public_key
    )
    assert (document[:5], len(document)) == (b"%PDF-", certificate.pdf_size)
    assert open_scopes(certificate) == [NURSES]
    assert verbs(certificate) == ["certificate.prepared", "certificate.issued"]
    entry = JournalEntry.objects.get(verb="certificate.issued")
    files = attached(document)
    assert entry.data == {
        "number": certificate.number,
        "statement_sha256": certificate.statement_digest,
        "signature_sha256": hashlib.sha256(certificate.signature.encode()).hexdigest(),
        "credential_sha256": hashlib.sha256(files["credential.json"]).hexdigest(),
        "credential_jwt_sha256": hashlib.sha256(files["credential.jwt"]).hexdigest(),
        "status_index": certificate.status_index,
        "pdf_sha256": certificate.pdf_digest,
        "key": key.pk,
        "credential_key": trusted_keys(Purpose.CREDENTIAL).get().pk,
        "document_key": trusted_keys(Purpose.DOCUMENT).get().pk,
        "replaces": [],
    }


def test_the_document_carries_statement_and_credential():
    certificate = certify.issued()

    files = attached(kept(certificate))

    stated = json.loads(files["statement.json"])
    claims = files["credential.jwt"].split(b".")[1]
    credential = json.loads(files["credential.json"])
    assert stated["statement"] == json.loads(certificate.statement)
    assert stated["signature"]["value"] == certificate.signature
    assert json.loads(urlsafe_b64decode(claims + b"==")) == {
        name: value for name, value in credential.items() if name != "proof"
    }


def test_the_document_is_sealed_with_the_key_of_documents():
    certificate = certify.issued()

    seals = {key.pk: certificates_of(key) for key in trusted_keys(Purpose.DOCUMENT)}

    assert [sealed_with(kept(certificate), seals)] == list(seals)


def test_a_second_try_draws_the_same_and_only_the_seal_differs(monkeypatch):
    certificate, drawn = certify.prepared(), []
    monkeypatch.setattr(issuing, "seal", lambda document, *, at: drawn.append(document) or 1 / 0)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            services.issue_certificate(certificate_id=certificate.pk)

    assert drawn[0] == drawn[1]


def test_the_agency_is_told():
    people = certify.people()

    certificate = certify.issued(people.agency)

    told = Delivery.objects.get()
    assert (told.recipient, told.template, told.context["path"]) == (
        people.signer,
        "email/certificate_issued",
        f"/verify/{certificate.number}/",
    )


def test_running_twice_has_one_effect():
    certificate = certify.issued()

    services.issue_certificate(certificate_id=certificate.pk)

    assert verbs(certificate) == ["certificate.prepared", "certificate.issued"]
    assert CertificateScope.objects.count() == 1


@pytest.mark.parametrize("step", STEPS)
def test_an_error_at_any_step_leaves_it_prepared_and_is_taken_up_at_once(step):
    certificate = certify.prepared()

    with pytest.raises(OSError, match="no space"):
        services.issue_certificate(
            certificate_id=certificate.pk, at_step=stop_at(step, OSError("no space"))
        )

    certificate.refresh_from_db()
    assert (certificate.state, certificate.claimed_at) == (DocumentState.PREPARED, None)
    assert CertificateScope.objects.count() == 0
    assert services.resume_prepared() == 1
    certificate.refresh_from_db()
    assert certificate.state == DocumentState.ISSUED


@pytest.mark.parametrize("step", STEPS)
def test_a_crash_at_any_step_leaves_it_prepared_until_the_lease_runs_out(step):
    certificate = certify.prepared()

    with pytest.raises(Killed):
        services.issue_certificate(certificate_id=certificate.pk, at_step=stop_at(step, Killed()))

    certificate.refresh_from_db()
    assert certificate.state == DocumentState.PREPARED
    assert services.resume_prepared() == 0
    later = timezone.now() + timedelta(minutes=6)
    Certificate.objects.update(claimed_at=certificate.claimed_at - timedelta(minutes=6))
    assert services.resume_prepared(at=later) == 1
    certificate.refresh_from_db()
    assert (certificate.state, Certificate.objects.count()) == (DocumentState.ISSUED, 1)


def test_nobody_works_on_what_another_has_claimed():
    certificate = certify.prepared()

    services.issue_certificate(
        certificate_id=certificate.pk,
        at_step=lambda step: (
            step == "signed" and services.issue_certificate(certificate_id=certificate.pk)
        ),
    )

    assert verbs(certificate) == ["certificate.prepared", "certificate.issued"]


def test_a_worker_that_lost_its_lease_publishes_nothing():
    certificate = certify.prepared()

    def lose_the_lease(step):
        if step == "kept":
            Certificate.objects.update(claimed_at=timezone.now())

    services.issue_certificate(certificate_id=certificate.pk, at_step=lose_the_lease)

    certificate.refresh_from_db()
    assert certificate.state == DocumentState.PREPARED


def fail_inserts(table):
    """A trigger that refuses every INSERT into one table, as a full disk might."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                f"CREATE TRIGGER refuse BEFORE INSERT ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'planted'); END"
            )
        else:
            cursor.execute(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'planted'; END $$"
            )
            cursor.execute(
                f"CREATE TRIGGER refuse BEFORE INSERT ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse()"
            )


def let_inserts(table):
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TRIGGER refuse"
            if connection.vendor == "sqlite"
            else f"DROP TRIGGER refuse ON {table}"
        )


@pytest.mark.parametrize("table", ["audits_certificatescope", "agencies_journalentry"])
def test_an_insert_that_fails_publishes_nothing(table):
    certificate = certify.prepared()
    fail_inserts(table)

    with pytest.raises(DatabaseError, match="planted"):
        services.issue_certificate(certificate_id=certificate.pk)

    let_inserts(table)
    certificate.refresh_from_db()
    assert (certificate.state, certificate.signature) == (DocumentState.PREPARED, "")
    assert services.issue_certificate(certificate_id=certificate.pk).state == DocumentState.ISSUED


def test_without_a_key_nothing_is_drawn(settings):
    certificate = certify.prepared()
    settings.SIGNING_KEY_IS_DEMONSTRATION = False
    reached = []

    with pytest.raises(SigningUnavailable):
        services.issue_certificate(certificate_id=certificate.pk, at_step=reached.append)

    certificate.refresh_from_db()
    assert (certificate.state, reached) == (DocumentState.PREPARED, ["claimed"])


def test_a_statement_altered_after_it_was_prepared_is_not_signed():
    certificate = certify.prepared()
    altered = certificate.statement.replace(certificate.agency.legal_name, "Somebody Else")
    Certificate.objects.update(statement=altered)

    with pytest.raises(SigningUnavailable, match="not what was prepared"):
        services.issue_certificate(certificate_id=certificate.pk)


def test_a_demonstration_is_not_signed_with_a_real_key(settings):
    certificate = certify.prepared()
    holder = holder_of(Purpose.STATEMENT)
    settings.SIGNING_KEY_IS_DEMONSTRATION = False
    register_key(purpose=Purpose.STATEMENT, holder=holder, at=certify.AUDITED_AT)

    with pytest.raises(SigningUnavailable, match="disagree"):
        services.issue_certificate(certificate_id=certificate.pk)


def test_a_decision_set_aside_meanwhile_makes_the_number_void():
    certificate = certify.prepared()
    certificate.decision.state = DecisionState.SET_ASIDE
    certificate.decision.set_aside_at = timezone.now()
    certificate.decision.save()

    services.issue_certificate(certificate_id=certificate.pk)

    certificate.refresh_from_db()
    assert (certificate.state, certificate.pdf_digest) == (DocumentState.VOID, "")
    assert verbs(certificate) == ["certificate.prepared", "certificate.void"]


def test_an_agency_that_ends_while_it_is_drawn_gets_no_certificate():
    certificate = certify.prepared()

    def end_the_agency(step):
        if step == "kept":
            type(certificate.agency).objects.filter(pk=certificate.agency_id).update(
                ended_on=date(2026, 11, 1), end_reason="ended_voluntarily"
            )

    services.issue_certificate(certificate_id=certificate.pk, at_step=end_the_agency)

    certificate.refresh_from_db()
    assert (certificate.state, open_scopes(certificate)) == (DocumentState.VOID, [])


@pytest.mark.slow
def test_numbers_are_never_given_twice_even_after_a_void():
    numbers = []
    for _ in range(3):
        certificate = certify.prepared()
        Certificate.objects.filter(pk=certificate.pk).update(state="void", void_reason="planted")
        numbers.append((certificate.number, certificate.status_index))

    assert len(set(numbers)) == 3
    assert [index for _, index in numbers] == sorted(index for _, index in numbers)
