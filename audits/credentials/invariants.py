"""What must never be of credentials and status lists: another word than the register's."""

import hashlib

from django.conf import settings
from django.utils import timezone

from agencies.invariants import invariant
from audits.certificates.models import Certificate
from audits.credentials.checking import Kind, check
from audits.credentials.models import CertificateCredential
from audits.credentials.publishing import signed_list
from audits.credentials.queries import BITS, last_list
from audits.credentials.reading import Looked, read_lists, status_at
from audits.credentials.status_lists import PURPOSES, position_of
from audits.enums import DocumentState
from audits.keys.enums import Algorithm, Answer, Purpose
from audits.keys.holding import SigningUnavailable
from audits.keys.queries import check_signature
from audits.register.standing import statuses_of

# How many credentials are read anew in one go; each costs some milliseconds.
_AT_ONCE = 500


@invariant("Every credential is ours as it is kept, in both forms, and says what was certified.")
def credentials_are_as_published():
    kept = CertificateCredential.objects.select_related("certificate")
    for credential in kept.iterator(_AT_ONCE):
        number = credential.certificate.number
        for form, written, digest in (
            ("JSON", credential.jsonld, credential.jsonld_digest),
            ("JWT", credential.jwt, credential.jwt_digest),
        ):
            if hashlib.sha256(written.encode()).hexdigest() != digest:
                yield f"The {form} credential of {number} is not what its digest says."
                continue
            checked = check(written, at=timezone.now())
            if checked.kind not in (Kind.OURS, Kind.NOT_RELIABLE):
                yield f"The {form} credential of {number} is not ours: {checked.why}"
            elif checked.kind is Kind.OURS and (
                checked.number != number
                or checked.statement_sha256 != credential.certificate.statement_digest
                or checked.status_index != credential.certificate.status_index
            ):
                yield f"The {form} credential of {number} speaks of another certificate."


@invariant("The published status lists say of each certificate what the register says of it.")
def lists_say_what_the_register_says():
    at = timezone.now()
    published = Certificate.objects.filter(
        state=DocumentState.ISSUED, credential__isnull=False
    ).order_by("status_index")
    for number in range(1, last_list() + 1):
        here = [row for row in published if position_of(row.status_index).number == number]
        if not here:
            continue
        try:
            published = {
                purpose: signed_list(purpose, number, at=at).jsonld for purpose in PURPOSES
            }
        except SigningUnavailable as wrong:
            yield f"Status list {number} cannot be signed: {wrong}"
            continue
        contents = read_lists(
            published, number, origin=settings.CANONICAL_ORIGIN, at=at, is_signed=_is_signed
        )
        statuses = statuses_of(here, on=timezone.localdate(at))
        for certificate in here:
            said = status_at(contents, position_of(certificate.status_index).index)
            meant = _meant(BITS[statuses[certificate.pk].status])
            if said.status is not meant:
                yield (
                    f"The status lists say of {certificate.number}: {said.status}. {said.why} "
                    f"The register says: {meant}."
                )


def _meant(bits):
    if bits.revoked:
        return Looked.REVOKED
    return Looked.SUSPENDED if bits.suspended else Looked.CLEAR


def _is_signed(key_id, message, signature, created):
    answer = check_signature(
        Purpose.STATUS_LIST, key_id, Algorithm.ED25519, message, signature, at=created
    )
    return answer is Answer.GOOD
