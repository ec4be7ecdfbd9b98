"""A concern comes in, is answered both ways, is closed, and after years its words are forgotten."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import journal
from agencies.enums import CASE_ROLES
from agencies.lib.plain_text import clean
from agencies.models import Agency, Regulator
from agencies.permissions import check_holds
from audits.concerns.codes import ALPHABET, digest_of, new_code
from audits.concerns.models import Concern, ConcernMessage
from audits.impartiality import has_tie

DAYS_TO_ANSWER = 30


@transaction.atomic
def receive_concern(
    *, kind, text, at, agency_id=None, agency_named="", regulator_id=None, happened_on=None,
    reporter="",
):  # fmt: skip
    """Keep what was told, for the regulator of the agency or the one that was chosen.

    Returns the concern and its code, which nobody can look up again. The entry in the journal
    names no agency, so that no page about one can show that there is a concern.
    """
    agency = Agency.objects.get(pk=agency_id) if agency_id else None
    regulator = agency.regulator if agency else Regulator.objects.get(pk=regulator_id)
    code = new_code()
    concern = Concern.objects.create(
        reference="".join(secrets.choice(ALPHABET) for _ in range(8)),
        code_digest=digest_of(code),
        regulator=regulator,
        agency=agency,
        agency_named=clean(agency_named),
        kind=kind,
        happened_on=happened_on,
        reporter=clean(reporter),
        received_at=at,
    )
    ConcernMessage.objects.create(concern=concern, text=_said(text), written_at=at)
    journal.record(
        "concern.received",
        concern,
        by=None,
        regulator=regulator.pk,
        reference=concern.reference,
        kind=concern.kind,
    )
    return concern, code


@transaction.atomic
def reply_to_reporter(*, concern_id, text, by, at=None):
    """Ask or tell; the reporter reads it with the code and has a day to answer by."""
    at = at or timezone.now()
    concern = _open(concern_id, by)
    message = ConcernMessage.objects.create(
        concern=concern, author=by, text=_said(text), written_at=at
    )
    due_on = timezone.localdate(at) + timedelta(days=DAYS_TO_ANSWER)
    journal.record("concern.replied", concern, by=by, due_on=due_on.isoformat())
    return message


@transaction.atomic
def note_on_concern(*, concern_id, text, by, at=None):
    """For colleagues alone."""
    concern = _open(concern_id, by)
    message = ConcernMessage.objects.create(
        concern=concern, author=by, is_note=True, text=_said(text), written_at=at or timezone.now()
    )
    journal.record("concern.noted", concern, by=by)
    return message


@transaction.atomic
def add_to_concern(*, concern_id, text, at):
    """The reporter, known by the code alone, writes again."""
    journal.hold()
    concern = Concern.objects.select_for_update().get(pk=concern_id)
    if concern.closed_at:
        raise ValidationError(_("This concern is closed. Report a new one if something is new."))
    message = ConcernMessage.objects.create(concern=concern, text=_said(text), written_at=at)
    journal.record("concern.answered", concern, by=None)
    return message


@transaction.atomic
def close_concern(*, concern_id, outcome, by, at=None):
    """The last message says what came of it; the reporter reads it with the code."""
    at = at or timezone.now()
    concern = _open(concern_id, by)
    ConcernMessage.objects.create(concern=concern, author=by, text=_said(outcome), written_at=at)
    concern.closed_at, concern.closed_by = at, by
    concern.save(update_fields=["closed_at", "closed_by"])
    journal.record("concern.closed", concern, by=by)
    return concern


@transaction.atomic
def forget_old_concerns(*, at) -> int:
    """Words and names of what was closed long ago are removed; that it was there stays."""
    before = at - timedelta(days=settings.CONCERN_KEEP_DAYS)
    old = Concern.objects.filter(closed_at__lte=before, forgotten_at=None)
    keys = list(old.values_list("pk", flat=True))
    ConcernMessage.objects.filter(concern__in=keys).update(text="")
    Concern.objects.filter(pk__in=keys).update(reporter="", forgotten_at=at)
    return len(keys)


def _open(concern_id, by):
    # before any row of the queue: every act takes the journal first
    journal.hold()
    concern = Concern.objects.select_for_update(of=("self",)).get(pk=concern_id)
    check_holds(by, *CASE_ROLES, regulator=concern.regulator)
    if concern.agency and has_tie(by, concern.agency, at=timezone.now()):
        raise ValidationError(_("You have or had a part in this agency: a colleague does this."))
    if concern.closed_at:
        raise ValidationError(_("This concern is closed."))
    return concern


def _said(text):
    text = clean(text, multiline=True)
    if not text:
        raise ValidationError(_("Write what you want to say."))
    return text
