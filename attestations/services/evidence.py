"""Files that bear out answers: on disk before any row names them, once each by their content."""

from pathlib import PurePosixPath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from agencies import journal
from agencies.lib import file_kinds, plain_text, stored_files
from agencies.models import Agency
from attestations.models import Answer, AnswerEvidence, EvidenceFile
from attestations.permissions import check_can_answer
from attestations.services.drafting import locked
from attestations.workflow import next_state

LONGEST_NAME = 255


def receive_evidence(*, agency_id, file, name, by, at=None):
    """The row of a file handed in by an agency; the same content again is the same row.

    What the file is follows from its content. The bytes are flushed to the disk first, outside any
    transaction; then the row is written.
    """
    agency = Agency.objects.get(pk=agency_id)
    check_can_answer(by, agency)
    limit = settings.EVIDENCE_MAX_BYTES
    if _size_of(file) > limit:
        raise ValidationError(str(stored_files.FileTooLarge(limit)))
    try:
        name = _last_part(name)
        kind = file_kinds.kind_of(file, name)
        file.seek(0)
        stored = stored_files.store(file, settings.EVIDENCE_ROOT, limit=limit)
    except (file_kinds.FileRefused, stored_files.FileTooLarge) as refused:
        raise ValidationError(str(refused)) from refused
    with transaction.atomic():
        evidence, is_new = EvidenceFile.objects.get_or_create(
            agency=agency,
            digest=stored.digest,
            defaults={
                "size": stored.size,
                "kind": kind.ending,
                "original_name": _shown_name(name, kind),
                "stored_at": at or timezone.now(),
                "stored_by": by,
            },
        )
        if is_new:
            journal.record(
                "evidence.received", evidence, by=by, agency=agency, digest=stored.digest
            )
    return evidence


@transaction.atomic
def attach_evidence(*, attestation_id, ref, evidence_id, covers_from=None, covers_until=None, by):
    """Ties a file of the agency to an answer for the days it covers; again changes the days."""
    attestation, answer = _answer(attestation_id, ref, by)
    evidence = EvidenceFile.objects.filter(agency=attestation.agency, pk=evidence_id).first()
    if evidence is None:
        raise ValidationError({"existing": "This file is not among your agency's files."})
    if covers_from and covers_until and covers_until < covers_from:
        raise ValidationError(
            {"covers_until": "The last day covered cannot come before the first."}
        )
    link, _ = AnswerEvidence.objects.update_or_create(
        answer=answer,
        file=evidence,
        defaults={"covers_from": covers_from, "covers_until": covers_until},
    )
    journal.record(
        "attestation.evidence_attached",
        attestation,
        by=by,
        agency=attestation.agency,
        requirement=ref,
        digest=evidence.digest,
    )
    return link


@transaction.atomic
def detach_evidence(*, attestation_id, ref, evidence_id, by):
    """The answer no longer leans on the file; the agency keeps the file."""
    attestation, answer = _answer(attestation_id, ref, by)
    link = AnswerEvidence.objects.filter(answer=answer, file=evidence_id).first()
    if link is None:
        return
    digest = link.file.digest
    link.delete()
    journal.record(
        "attestation.evidence_detached",
        attestation,
        by=by,
        agency=attestation.agency,
        requirement=ref,
        digest=digest,
    )


def _answer(attestation_id, ref, by):
    attestation = locked(attestation_id)
    check_can_answer(by, attestation.agency)
    next_state("answer", attestation.state)
    answer = Answer.objects.filter(attestation=attestation, requirement__ref=ref).first()
    if answer is None:
        raise ValidationError("Answer the requirement before you attach a file to it.")
    return attestation, answer


def _size_of(file):
    file.seek(0, 2)
    size = file.tell()
    file.seek(0)
    return size


def _last_part(name):
    """What the person called the file, without a path and whatever could mislead a reader."""
    return PurePosixPath(plain_text.clean(name).replace("\\", "/")).name.strip(". ")


def _shown_name(name, kind):
    """Its content decides what a name ends in."""
    if not name.lower().endswith(f".{kind.ending}"):
        name = f"{name or 'evidence'}.{kind.ending}"
    if len(name) > LONGEST_NAME:
        name = name[: LONGEST_NAME - len(kind.ending) - 1] + f".{kind.ending}"
    return name
