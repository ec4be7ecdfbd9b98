"""Signing and handing in: from here on nobody changes a word of it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from agencies import journal
from agencies.enums import RegulatorRole
from agencies.services.mailing import tell_people
from attestations.models import Attestation
from attestations.permissions import check_can_sign
from attestations.queries import progress_of
from attestations.services.drafting import locked
from attestations.statement import declaration_for, statement_digest
from attestations.workflow import next_state


class NotReady(ValidationError):
    """Something is not answered yet; the messages name each."""


class DeclarationChanged(ValidationError):
    """What was read is no longer what would be signed."""


@transaction.atomic
def submit_attestation(*, attestation_id, officer_id, declaration, by, at=None):
    """Signed by a named officer who acts as themselves, in exactly the words that they read.

    `declaration` is what `declaration_for` gave; if anything in it has changed since, it is to be
    read again.
    """
    at = at or timezone.now()
    on = timezone.localdate(at)
    attestation = locked(attestation_id)
    officer = attestation.agency.officers.get(pk=officer_id)
    check_can_sign(by, officer, attestation.agency, on)
    attestation.state = next_state("submit", attestation.state)
    if obstacles := progress_of(attestation).obstacles:
        raise NotReady(obstacles)
    if _one_line(declaration) != _one_line(declaration_for(attestation, officer, on=on)):
        raise DeclarationChanged(
            "Something has changed since you opened this page. Read the declaration again."
        )
    attestation.declaration = declaration_for(attestation, officer, on=on)
    attestation.signed_by, attestation.submitted_by, attestation.submitted_at = officer, by, at
    attestation.statement_digest = statement_digest(attestation)
    attestation.save(
        update_fields=[
            "state",
            "declaration",
            "signed_by",
            "submitted_by",
            "submitted_at",
            "statement_digest",
        ]
    )
    entry = journal.record(
        "attestation.submitted",
        attestation,
        by=by,
        agency=attestation.agency,
        digest=attestation.statement_digest,
        edition=attestation.edition_id,
        officer=str(officer.public_id),
    )
    _tell_regulator(entry, attestation)
    return attestation


def _tell_regulator(entry, attestation: Attestation):
    agency = attestation.agency
    tell_people(
        entry,
        agency.regulator,
        RegulatorRole.CASE_OFFICER,
        template="email/attestation_submitted",
        path=reverse("attestations:detail", args=(agency.register_number, attestation.public_id)),
    )


def _one_line(text):
    """A form turns line ends into others; the words are what was read."""
    return " ".join(text.split())
