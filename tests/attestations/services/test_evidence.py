from datetime import date

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from agencies.lib import stored_files
from attestations import services
from attestations.models import AnswerEvidence, EvidenceFile
from tests.factories import agencies as people
from tests.factories import attestations as make

pytestmark = pytest.mark.usefixtures("reference")
TEXT = b"Training log of 2026: 14 recruiters."


@pytest.fixture
def agency(db):
    return people.agency()


@pytest.fixture
def member(agency):
    return people.agency_person(agency)


def receive(agency, by, content=TEXT, name="log.txt"):
    return services.receive_evidence(
        agency_id=agency.pk, file=SimpleUploadedFile("upload", content), name=name, by=by
    )


def test_the_same_content_is_kept_once_an_agency(agency, member):
    first = receive(agency, member)
    again = receive(agency, member, name="another name.txt")
    elsewhere = people.agency()
    theirs = receive(elsewhere, people.agency_person(elsewhere))

    assert (again, again.original_name) == (first, "log.txt")
    assert theirs != first
    assert (first.digest, first.size, first.kind) == (theirs.digest, len(TEXT), "txt")
    assert stored_files.verify(django_settings.EVIDENCE_ROOT, first.digest)


def test_the_file_is_on_the_disk_before_the_row_is_written(agency, member):
    seen = []

    def look(execute, sql, params, many, context):
        if sql.startswith("INSERT") and "evidencefile" in sql:
            seen.append(list(stored_files.stored_digests(django_settings.EVIDENCE_ROOT)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        evidence = receive(agency, member)

    assert seen == [[evidence.digest]]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        pytest.param("log.pdf", b"MZ\x90\x00", "This is a program", id="a program named pdf"),
        pytest.param(
            "log.txt", b"<script>alert(1)</script>", "This is a web page", id="a page named txt"
        ),
        pytest.param("log.txt", b"", "This file is empty", id="nothing"),
        pytest.param("log.txt", b"x" * 1025, "larger than 1.02 kB", id="too large"),
    ],
)
def test_what_is_no_document_or_too_large_is_refused_and_not_kept(
    agency, member, settings, name, content, message
):
    settings.EVIDENCE_MAX_BYTES = 1024

    with pytest.raises(ValidationError, match=message):
        receive(agency, member, content, name)

    assert EvidenceFile.objects.count() == 0
    assert list(stored_files.stored_digests(settings.EVIDENCE_ROOT)) == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        pytest.param("report.txt", "report.txt", id="a plain name"),
        pytest.param("../../etc/passwd", "passwd.txt", id="a path upwards"),
        pytest.param("C:\\Users\\a\\log.txt", "log.txt", id="a path of another system"),
        pytest.param("invoice\u202ecod.txt", "invoicecod.txt", id="direction overridden"),
        pytest.param("a\r\nSet-Cookie: x.txt", "a Set-Cookie: x.txt", id="line ends"),
        pytest.param("..", "evidence.txt", id="dots"),
        pytest.param("é" * 300, "é" * 251 + ".txt", id="too long"),
    ],
)
def test_what_a_person_calls_a_file_is_made_harmless(agency, member, given, kept):
    assert receive(agency, member, name=given).original_name == kept


def test_nobody_hands_in_a_file_for_others(agency):
    for nobody in (people.agency_person(people.agency()), people.staff(agency.regulator)):
        with pytest.raises(PermissionDenied):
            receive(agency, nobody)

    assert list(stored_files.stored_digests(django_settings.EVIDENCE_ROOT)) == []


def test_a_file_bears_out_an_answer_for_the_days_it_covers(agency, member):
    attestation = make.draft_attestation(agency, by=member, answers={"REQ-01": "complies"})
    evidence = receive(agency, member)

    def attach(**days):
        return services.attach_evidence(
            attestation_id=attestation.pk, ref="REQ-01", evidence_id=evidence.pk, by=member, **days
        )

    attach(covers_from=date(2026, 1, 1))
    attach(covers_from=date(2026, 1, 1), covers_until=date(2026, 6, 30))

    link = AnswerEvidence.objects.get(answer__attestation=attestation)
    assert (link.covers_from, link.covers_until) == (date(2026, 1, 1), date(2026, 6, 30))
    with pytest.raises(ValidationError, match="cannot come before"):
        attach(covers_from=date(2026, 1, 2), covers_until=date(2026, 1, 1))
    services.detach_evidence(
        attestation_id=attestation.pk, ref="REQ-01", evidence_id=evidence.pk, by=member
    )
    assert AnswerEvidence.objects.count() == 0
    assert EvidenceFile.objects.get() == evidence


def test_only_own_files_and_only_to_what_is_answered(agency, member):
    attestation = make.draft_attestation(agency, by=member, answers={"REQ-01": "complies"})
    elsewhere = people.agency()
    theirs = receive(elsewhere, people.agency_person(elsewhere))
    own = receive(agency, member)

    with pytest.raises(ValidationError, match="not among your agency's files"):
        services.attach_evidence(
            attestation_id=attestation.pk, ref="REQ-01", evidence_id=theirs.pk, by=member
        )
    with pytest.raises(ValidationError, match="Answer the requirement before"):
        services.attach_evidence(
            attestation_id=attestation.pk, ref="REQ-02", evidence_id=own.pk, by=member
        )
