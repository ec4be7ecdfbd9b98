"""Taking back what was confirmed before its day: one data steward asks, another one confirms.

Once its first day has come it stays among the lists for ever, and can only end.
"""

from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from agencies import journal
from agencies.lib import plain_text
from attestations.safeguards.models import NationalGrade, NationalList, Revision
from attestations.safeguards.permissions import check_can_confirm_rollback, check_can_load
from attestations.safeguards.revisions.contents import MODELS, is_ending, is_national
from attestations.safeguards.revisions.services import keep_digest, told_of
from attestations.safeguards.tasks import judge_revision as send_judge_revision


def why_it_stays(revision, on) -> str:
    """Why this cannot be rolled back on that day, in a sentence; empty if it can."""
    if revision.undone_at:
        return "This was discarded or rolled back already."
    if revision.confirmed_at is None:
        return "This is not confirmed: discard it instead."
    if revision.effective_on <= on:
        return "This is in force: it is never taken back. It can end, by an act of two people."
    if is_national(revision):
        later = Revision.objects.confirmed().filter(
            kind=revision.kind,
            content__list=revision.content["list"],
            confirmed_at__gt=revision.confirmed_at,
        )
        return "A later version stands on this one: roll that back first." if later.exists() else ""
    if not is_ending(revision) and _rows_of(revision).filter(ending__isnull=False).exists():
        return "Its end is recorded already: roll that back first."
    return ""


@transaction.atomic
def ask_rollback(*, revision_id, reason, by, on, at=None) -> Revision:
    """Say why what was confirmed should not come to count; another steward confirms it."""
    revision = _locked(revision_id)
    check_can_load(by)
    _check_may_go(revision, on)
    if revision.rollback_asked_at:
        raise ValidationError("Somebody has asked for this already: it waits to be confirmed.")
    reason = plain_text.clean(reason)
    if not reason:
        raise ValidationError("Say why this should not come into force.")
    revision.rollback_asked_at, revision.rollback_asked_by = at or timezone.now(), by
    revision.rollback_reason = reason
    revision.save(update_fields=["rollback_asked_at", "rollback_asked_by", "rollback_reason"])
    journal.record("revision.rollback_asked", revision, by=by, **told_of(revision))
    return revision


@transaction.atomic
def drop_rollback(*, revision_id, by) -> Revision:
    """It comes into force after all: whoever asked thought again, or another refused."""
    revision = _locked(revision_id)
    check_can_load(by)
    if revision.rollback_asked_at is None or revision.undone_at:
        raise ValidationError("Nobody has asked to roll this back.")
    revision.rollback_asked_at = revision.rollback_asked_by = None
    revision.rollback_reason = ""
    revision.save(update_fields=["rollback_asked_at", "rollback_asked_by", "rollback_reason"])
    journal.record("revision.rollback_dropped", revision, by=by, **told_of(revision))
    return revision


@transaction.atomic
def confirm_rollback(*, revision_id, by, on, at=None) -> Revision:
    """Among the lists no longer; everybody whom it touched is judged again, and comes to the
    verdict of before."""
    revision = _locked(revision_id)
    check_can_confirm_rollback(by, revision)
    _check_may_go(revision, on)
    if revision.rollback_asked_at is None:
        raise ValidationError("Nobody has asked to roll this back.")
    _take_back(revision)
    revision.undone_at, revision.undone_by = at or timezone.now(), by
    revision.judged_at = None
    revision.save(update_fields=["undone_at", "undone_by", "judged_at"])
    journal.record("revision.rolled_back", revision, by=by, **told_of(revision))
    transaction.on_commit(partial(send_judge_revision.delay, revision_id=revision.pk), robust=True)
    return revision


def _locked(revision_id):
    """The revision, and what it changed: nobody builds on that until this is over."""
    revision = Revision.objects.select_for_update(of=("self",)).get(pk=revision_id)
    if is_national(revision):
        NationalList.objects.select_for_update().get(pk=revision.content["list"])
    elif not is_ending(revision):
        list(_rows_of(revision).select_for_update(of=("self",)))
    return revision


def _rows_of(revision):
    return MODELS[revision.kind].objects.filter(revision=revision)


def _check_may_go(revision, on):
    if refusal := why_it_stays(revision, on):
        raise ValidationError(refusal)


def _take_back(revision):
    if is_national(revision):
        NationalGrade.objects.filter(revision=revision).delete()
        NationalGrade.objects.filter(ending=revision).update(valid_to_exclusive=None, ending=None)
        keep_digest(NationalList.objects.get(pk=revision.content["list"]))
    elif is_ending(revision):
        MODELS[revision.kind].objects.filter(ending=revision).update(ended_on=None, ending=None)
    else:
        _rows_of(revision).delete()
