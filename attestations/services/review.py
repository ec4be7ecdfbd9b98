"""What the competent regulator says of a submitted attestation: heard, or to be mended."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from agencies import journal
from agencies.enums import AgencyRole
from agencies.lib import plain_text
from agencies.services.mailing import tell_people
from attestations.models import Ask
from attestations.permissions import check_can_review
from attestations.queries import valid_until
from attestations.services.drafting import locked
from attestations.workflow import next_state

LONGEST_NOTE = 5000


@transaction.atomic
def accept_attestation(*, attestation_id, by, note="", at=None):
    """Complete and plausible as a declaration; no certificate, and no finding on the facts."""
    attestation = _reviewable(attestation_id, by, "accept")
    _review(attestation, note=note, by=by, at=at or timezone.now())
    # the length of validity is a setting; what was said stays, whatever it is set to later
    until = {"until": valid_until(attestation).isoformat()}
    _tell(
        "attestation.accepted",
        "email/attestation_accepted",
        attestation,
        by=by,
        said=until,
        **until,
    )
    return attestation


@transaction.atomic
def return_for_changes(*, attestation_id, note, by, asks=None, at=None):
    """Closed, with what has to change by when; the agency goes on with a copy that points back.

    `asks` maps the reference of a requirement to what is asked about it.
    """
    at = at or timezone.now()
    attestation = _reviewable(attestation_id, by, "return_for_changes")
    if not plain_text.clean(note, multiline=True):
        raise ValidationError({"note": "Say what has to change, so that the agency can act on it."})
    asked = Ask.objects.bulk_create(_asked(attestation, asks or {}))
    attestation.answer_by = timezone.localdate(at) + timedelta(
        days=settings.ATTESTATION_CHANGES_DAYS
    )
    _review(attestation, note=note, by=by, at=at)
    due = {"answer_by": attestation.answer_by.isoformat()}
    _tell(
        "attestation.returned",
        "email/attestation_returned",
        attestation,
        by=by,
        said={**due, "asks": [ask.requirement.ref for ask in asked]},
        **due,
    )
    return attestation


def _reviewable(attestation_id, by, action):
    attestation = locked(attestation_id)
    check_can_review(by, attestation)
    attestation.state = next_state(action, attestation.state)
    return attestation


def _asked(attestation, asks):
    """A row for each ask, in the order of the catalogue."""
    requirements = attestation.edition.requirements.filter(ref__in=asks).order_by("position")
    rows = [
        Ask(
            attestation=attestation,
            requirement=requirement,
            words=plain_text.clean(asks[requirement.ref], multiline=True),
        )
        for requirement in requirements
    ]
    if unknown := asks.keys() - {row.requirement.ref for row in rows}:
        raise ValidationError(f"The catalogue has no requirement {', '.join(sorted(unknown))}.")
    for row in rows:
        if not row.words:
            raise ValidationError(f"Say what you ask about {row.requirement.ref}.")
        if len(row.words) > LONGEST_NOTE:
            raise ValidationError(
                f"Use at most {LONGEST_NOTE} characters for {row.requirement.ref}."
            )
    return rows


def _review(attestation, *, note, by, at):
    note = plain_text.clean(note, multiline=True)
    if len(note) > LONGEST_NOTE:
        raise ValidationError({"note": f"Use at most {LONGEST_NOTE} characters."})
    attestation.reviewed_at, attestation.reviewed_by = at, by
    attestation.review_note = note
    attestation.save(
        update_fields=["state", "reviewed_at", "reviewed_by", "review_note", "answer_by"]
    )


def _tell(verb, template, attestation, *, by, said, **told):
    agency = attestation.agency
    entry = journal.record(
        verb, attestation, by=by, agency=agency, digest=attestation.statement_digest, **said
    )
    tell_people(
        entry,
        agency,
        AgencyRole.SIGNING_OFFICER,
        AgencyRole.ADMIN,
        template=template,
        path=reverse("attestations:detail", args=(agency.register_number, attestation.public_id)),
        **told,
    )
