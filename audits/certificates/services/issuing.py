"""From a granted decision to a published certificate, in the one order there is (design.md §5).

Number and status index reserved, statement committed; statement and credential signed and checked
with the public keys; drawn with both, sealed, and the seal checked; kept and read back; published,
with the digests of all three. A crash anywhere leaves it `prepared`: publicly never issued, seen by
the regulator, and taken up again by the sweep. Running twice has one effect.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils import timezone

from agencies import journal, numbering
from agencies.enums import RestrictionKind
from agencies.lib.stored_files import StoredFile
from agencies.models import Agency, AgencyRestriction
from agencies.services.mailing import tell_people
from attestations.crosscheck.services import rejudge_agency
from audits.certificates import tasks
from audits.certificates.document import credential_files, render_certificate
from audits.certificates.models import Certificate, CertificateScope
from audits.certificates.queries import open_scopes_like, statement_of, status_of
from audits.certificates.statement import read
from audits.certificates.workflow import SUSPENDED, next_state
from audits.credentials.making import Credential, credential_for
from audits.credentials.services import keep_credential
from audits.documents.keeping import keep
from audits.documents.sealing import seal
from audits.enums import DecisionOutcome, DecisionState, DocumentState
from audits.keys.enums import Purpose
from audits.keys.models import SigningKey
from audits.keys.signing import (
    SigningUnavailable,
    confirm_in_use,
    current,
    sign_statement,
)
from audits.permissions import BIND_AGENCY

GRANTED = (DecisionOutcome.GRANTED, DecisionOutcome.GRANTED_WITH_CONDITIONS)

# How long a claim keeps others away; a worker that died loses it after this.
LEASE = timedelta(minutes=5)

# What is prepared for longer needs a look by somebody.
EXPECTED_WITHIN = timedelta(hours=1)


def _pass(step):
    """What a test puts in its place, to stop the work at a named step."""


@transaction.atomic
def prepare_certificate(*, decision, by):
    """Reserve number and status index for a granted decision, and commit its statement.

    Belongs into the deciding transaction, which sends the task that issues it. A second call gives
    the same certificate. ValidationError says what stands in the way.
    """
    existing = Certificate.objects.exclude(state=DocumentState.VOID).filter(decision=decision)
    if found := existing.first():
        return found
    agency = Agency.objects.select_for_update(of=("self",)).get(pk=decision.audit.agency_id)
    at = timezone.now()
    _refuse_ungrantable(decision, agency, timezone.localdate(at))
    number = numbering.next_number(numbering.CERTIFICATE)
    statement = statement_of(decision, number=number, issued_on=timezone.localdate(at))
    replaced = [row.certificate for row in open_scopes_like(_lines_of(statement), agency)]
    _refuse_while_suspended(replaced)
    written = statement.written()
    certificate = Certificate.objects.create(
        number=number,
        status_index=numbering.next_in(numbering.STATUS_INDEX),
        agency=agency,
        regulator=decision.audit.regulator,
        decision=decision,
        statement=written.decode(),
        statement_digest=hashlib.sha256(written).hexdigest(),
        valid_from=decision.valid_from,
        valid_until=decision.valid_until,
        conditions=decision.conditions,
        prepared_at=at,
        prepared_by=by,
    )
    journal.record(
        "certificate.prepared",
        certificate,
        by=by,
        agency=agency,
        number=number,
        status_index=certificate.status_index,
        statement_sha256=certificate.statement_digest,
    )
    return certificate


def issue_certificate(*, certificate_id, at_step=_pass):
    """Sign, draw, seal, keep and publish what was prepared; does nothing if somebody else is at it.

    `at_step` is told the name of each step as it is reached, so that a test can fail there.
    """
    claim = _claim(certificate_id)
    if claim is None:
        return Certificate.objects.get(pk=certificate_id)
    try:
        at_step("claimed")
        return _issue(certificate_id, claim, at_step)
    except Exception:
        # somebody may try at once; after a crash the lease has to run out
        Certificate.objects.filter(
            pk=certificate_id, state=DocumentState.PREPARED, claimed_at=claim
        ).update(claimed_at=None)
        raise


def resume_prepared(*, at=None):
    """Send again the task of everything prepared that nobody is working on."""
    at = at or timezone.now()
    waiting = _unclaimed(at).values_list("pk", flat=True)
    for certificate_id in waiting:
        tasks.issue_certificate.delay(certificate_id=certificate_id)
    return len(waiting)


def _unclaimed(at):
    return Certificate.objects.filter(
        Q(claimed_at=None) | Q(claimed_at__lt=at - LEASE), state=DocumentState.PREPARED
    )


def _claim(certificate_id):
    """The instant under which this run holds the certificate, or None if it is not to be had."""
    at = timezone.now()
    claimed = _unclaimed(at).filter(pk=certificate_id).update(claimed_at=at)
    return at if claimed else None


def _issue(certificate_id, claim, at_step):
    certificate = Certificate.objects.select_related("decision", "agency").get(pk=certificate_id)
    if why := _no_longer_grantable(certificate):
        return _void(certificate_id, why)
    statement = certificate.statement.encode()
    if hashlib.sha256(statement).hexdigest() != certificate.statement_digest:
        raise SigningUnavailable(f"The statement of {certificate.number} is not what was prepared.")
    at = timezone.now()
    signature, key = sign_statement(statement, at=at)
    if key.is_demonstration != read(statement).is_demonstration:
        raise SigningUnavailable(
            f"The statement of {certificate.number} and the key {key.key_id} disagree on whether "
            "this is a demonstration."
        )
    at_step("signed")
    credential = credential_for(
        statement, status_index=certificate.status_index, at=_dated(certificate, at)
    )
    at_step("credential signed")
    document = render_certificate(
        statement=statement,
        signature=signature,
        public_key=key.public_key,
        credential=credential_files(jsonld=credential.jsonld, jwt=credential.jwt),
    )
    at_step("drawn")
    sealing_key = current(Purpose.DOCUMENT, at=at)
    sealed = seal(document, at=at)
    at_step("sealed")
    stored = keep(sealed)
    at_step("kept")
    made = _Made(
        signature=signature,
        key=key,
        credential=credential,
        credential_key=SigningKey.objects.get(pk=credential.key_id),
        stored=stored,
        document_key=sealing_key,
    )
    return _publish(certificate_id, claim, made, at_step)


@dataclass(frozen=True, slots=True)
class _Made:
    """All that was made of a certificate, and is nothing until it is published."""

    signature: str
    key: SigningKey
    credential: Credential
    credential_key: SigningKey
    stored: StoredFile
    document_key: SigningKey


def _dated(certificate, at):
    """The instant of the credential: of the statement, so that a second try gives the same bytes.

    A key that was registered since signs from then on.
    """
    keys = [current(purpose, at=at) for purpose in (Purpose.CREDENTIAL, Purpose.STATUS_LIST)]
    return max(certificate.prepared_at, *(key.valid_from for key in keys))


@transaction.atomic
def _publish(certificate_id, claim, made, at_step):
    """Everything that becomes true with the certificate, in one transaction."""
    confirm_in_use(made.key, made.credential_key, made.document_key)
    agency_id = Certificate.objects.values_list("agency", flat=True).get(pk=certificate_id)
    agency = Agency.objects.select_for_update(of=("self",)).get(pk=agency_id)
    certificate = (
        Certificate.objects.select_for_update(of=("self",))
        .select_related("decision__audit__agency")
        .get(pk=certificate_id)
    )
    if certificate.state != DocumentState.PREPARED or certificate.claimed_at != claim:
        return certificate  # another worker took over after our lease ran out
    if why := _no_longer_grantable(certificate):
        return _void(certificate_id, why)
    at = timezone.now()
    certificate.state = next_state("issue", certificate.state)
    certificate.signature, certificate.key = made.signature, made.key
    certificate.pdf_digest, certificate.pdf_size = made.stored.digest, made.stored.size
    certificate.issued_at = at
    certificate.save(
        update_fields=["state", "signature", "key", "pdf_digest", "pdf_size", "issued_at"]
    )
    keep_credential(certificate=certificate, credential=made.credential)
    replaced = _take_over(certificate, agency, at)
    _end_restrictions_of_withdrawn(certificate)
    entry = journal.record(
        "certificate.issued",
        certificate,
        by=None,
        agency=agency,
        number=certificate.number,
        statement_sha256=certificate.statement_digest,
        signature_sha256=hashlib.sha256(made.signature.encode()).hexdigest(),
        credential_sha256=made.credential.jsonld_sha256,
        credential_jwt_sha256=made.credential.jwt_sha256,
        status_index=certificate.status_index,
        pdf_sha256=made.stored.digest,
        key=made.key.key_id,
        credential_key=made.credential_key.key_id,
        document_key=made.document_key.key_id,
        replaces=sorted(replaced),
    )
    tell_people(
        entry,
        agency,
        *BIND_AGENCY,
        template="email/certificate_issued",
        path=reverse("register:verify", args=(certificate.number,)),
        number=certificate.number,
    )
    at_step("published")
    return certificate


def _end_restrictions_of_withdrawn(certificate):
    """Whoever is certified again is no longer recruiting under a withdrawal, from that day on.

    A suspension of a certificate that still stands goes on: only its restoration ends it.
    """
    open_then = AgencyRestriction.objects.filter(
        agency=certificate.agency_id, restored_on=None, effective_on__lte=certificate.valid_from
    )
    withdrawn = open_then.filter(kind=RestrictionKind.WITHDRAWAL)
    numbers = list(withdrawn.values_list("certificate_number", flat=True))
    if open_then.filter(certificate_number__in=numbers).update(restored_on=certificate.valid_from):
        rejudge_agency(agency_id=certificate.agency_id, reason="certificate.issued")


def _take_over(certificate, agency, at):
    """Open the certificate's scope, closing what it replaces from its own first day on.

    Returns the numbers of the certificates that lost a corridor; one that lost all of them is
    superseded.
    """
    statement = read(certificate.statement.encode())
    replaced = open_scopes_like(_lines_of(statement), agency)
    _refuse_while_suspended([row.certificate for row in replaced])
    since = max(timezone.localdate(at), certificate.valid_from)
    CertificateScope.objects.filter(pk__in=[row.pk for row in replaced]).update(
        ended_at=at, ended_on=since, replaced_by=certificate
    )
    CertificateScope.objects.bulk_create(
        CertificateScope(
            certificate=certificate,
            agency=agency,
            source_id=source,
            destination_id=destination,
            occupation_group=group,
        )
        for source, destination, group in _lines_of(statement)
    )
    older = {row.certificate_id: row.certificate for row in replaced}
    rows = CertificateScope.objects.filter(certificate__in=older).order_by().values("certificate")
    counted = rows.annotate(left=Count("pk", filter=Q(ended_at=None)), last=Max("ended_on"))
    for pk, last in counted.filter(left=0).values_list("certificate", "last"):
        superseded = older[pk]
        # another may have taken a corridor from a later day on: until then this one speaks for it
        Certificate.objects.filter(pk=pk).update(
            superseded_by=certificate, superseded_at=at, superseded_on=last
        )
        journal.record(
            "certificate.superseded",
            superseded,
            by=None,
            agency=agency,
            number=superseded.number,
            by_number=certificate.number,
            on=last.isoformat(),
        )
    return {row.certificate.number for row in replaced}


@transaction.atomic
def _void(certificate_id, reason):
    """Keep the number for ever, and say why nothing was ever issued under it."""
    certificate = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate_id)
    certificate.state = next_state("void", certificate.state)
    certificate.void_reason = reason
    certificate.save(update_fields=["state", "void_reason"])
    journal.record(
        "certificate.void",
        certificate,
        by=None,
        agency=certificate.agency,
        number=certificate.number,
    )
    return certificate


def _lines_of(statement):
    return [(line.source.code, line.destination.code, line.group) for line in statement.scope]


def _no_longer_grantable(certificate):
    """Why what was prepared must not be published any more; empty if it may."""
    if certificate.decision.state != DecisionState.DECIDED:
        return "The decision was set aside before the certificate was issued."
    if certificate.agency.ended_on is not None:
        return "The agency ended before the certificate was issued."
    return ""


def _refuse_ungrantable(decision, agency, today):
    if decision.state != DecisionState.DECIDED or decision.outcome not in GRANTED:
        raise ValidationError("Only a decision that was taken and grants leads to a certificate.")
    if decision.valid_until < today:
        raise ValidationError("The certificate would have ended before it is issued.")
    if agency.ended_on is not None:
        raise ValidationError("The agency has ended; nothing can be certified any more.")


def _refuse_while_suspended(certificates):
    held = sorted({c.number for c in certificates if status_of(c) == SUSPENDED})
    if held:
        raise ValidationError(
            f"Certificate {', '.join(held)} covers the same corridor and is suspended. "
            "Restore or withdraw it before another takes its place."
        )
