"""What the competent regulator says of a submitted attestation: heard, or to be mended."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from agencies import journal
from agencies.enums import AgencyRole
from agencies.lib import plain_text
from agencies.services.mailing import tell_people
from attestations.permissions import check_can_review
from attestations.queries import valid_until
from attestations.services.drafting import locked
from attestations.workflow import next_state

LONGEST_NOTE = 5000


@transaction.atomic
def accept_attestation(*, attestation_id, by, note="", at=None):
    """Complete and plausible as a declaration; no certificate, and no finding on the facts."""
    return _review(
        "accept",
        "attestation.accepted",
        "email/attestation_accepted",
        attestation_id,
        note=note,
        by=by,
        at=at,
    )


@transaction.atomic
def return_for_changes(*, attestation_id, note, by, at=None):
    """Closed, with what has to change; the agency goes on with a copy that points back."""
    if not plain_text.clean(note, multiline=True):
        raise ValidationError({"note": "Say what has to change, so that the agency can act on it."})
    return _review(
        "return_for_changes",
        "attestation.returned",
        "email/attestation_returned",
        attestation_id,
        note=note,
        by=by,
        at=at,
    )


def _review(action, verb, template, attestation_id, *, note, by, at):
    attestation = locked(attestation_id)
    check_can_review(by, attestation)
    attestation.state = next_state(action, attestation.state)
    note = plain_text.clean(note, multiline=True)
    if len(note) > LONGEST_NOTE:
        raise ValidationError({"note": f"Use at most {LONGEST_NOTE} characters."})
    attestation.reviewed_at, attestation.reviewed_by = at or timezone.now(), by
    attestation.review_note = note
    attestation.save(update_fields=["state", "reviewed_at", "reviewed_by", "review_note"])
    details = {"digest": attestation.statement_digest}
    if action == "accept":
        # the length of validity is a setting; what was said stays, whatever it is set to later
        details["until"] = valid_until(attestation).isoformat()
    entry = journal.record(verb, attestation, by=by, agency=attestation.agency, **details)
    agency = attestation.agency
    tell_people(
        entry,
        agency,
        AgencyRole.SIGNING_OFFICER,
        AgencyRole.ADMIN,
        template=template,
        agency=agency.register_number,
        path=reverse("attestations:detail", args=(agency.register_number, attestation.public_id)),
    )
    return attestation
