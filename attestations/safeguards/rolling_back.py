"""Taking back an edition before its day: one data steward asks, another one confirms.

Once its day has come an edition stays for ever, and a mistake in it is a new edition.
"""

from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from agencies import journal
from agencies.lib import plain_text
from attestations.crosscheck.services import rejudge_edition
from attestations.placements.models import VerdictChange
from attestations.safeguards.models import ListEdition
from attestations.safeguards.permissions import check_can_confirm_rollback, check_can_load
from attestations.safeguards.queries import difference_between, edition_before
from attestations.safeguards.tasks import restore_verdicts as send_restore_verdicts


def why_it_stays(edition, on) -> str:
    """Why this edition cannot be rolled back on that day, in a sentence; empty if it can."""
    if edition.activated_at is None:
        return "This edition is not active: discard it instead."
    if edition.rolled_back_at:
        return "This edition was rolled back already."
    if edition.valid_from <= on:
        return (
            f"This edition has been in force since {edition.valid_from}: it stays for ever, and a "
            "mistake in it is a new edition."
        )
    if edition.applied_at is None:
        return "Placements are still being judged by this edition. Try again when that is done."
    return ""


@transaction.atomic
def ask_rollback(*, label, reason, by, at=None) -> ListEdition:
    """Say why an active edition should not come into force; another steward confirms it."""
    at = at or timezone.now()
    edition = ListEdition.objects.select_for_update(of=("self",)).get(label=label)
    check_can_load(by)
    _check_may_go(edition, at)
    if edition.rollback_asked_at:
        raise ValidationError("Somebody has asked for this already: it waits to be confirmed.")
    reason = plain_text.clean(reason).strip()
    if not reason:
        raise ValidationError("Say why this edition should not come into force.")
    edition.rollback_asked_at, edition.rollback_asked_by = at, by
    edition.rollback_reason = reason
    edition.save(update_fields=["rollback_asked_at", "rollback_asked_by", "rollback_reason"])
    journal.record("list_edition.rollback_asked", edition, by=by, digest=edition.digest)
    return edition


@transaction.atomic
def drop_rollback(*, label, by) -> ListEdition:
    """The edition comes into force after all: whoever asked thought again, or another refused."""
    edition = ListEdition.objects.select_for_update(of=("self",)).get(label=label)
    check_can_load(by)
    if edition.rollback_asked_at is None or edition.rolled_back_at:
        raise ValidationError("Nobody has asked to roll this edition back.")
    edition.rollback_asked_at = edition.rollback_asked_by = None
    edition.rollback_reason = ""
    edition.save(update_fields=["rollback_asked_at", "rollback_asked_by", "rollback_reason"])
    journal.record("list_edition.rollback_dropped", edition, by=by, digest=edition.digest)
    return edition


@transaction.atomic
def confirm_rollback(*, label, by, at=None) -> ListEdition:
    """Active no longer; every placement that it had touched is judged as before."""
    at = at or timezone.now()
    edition = ListEdition.objects.select_for_update(of=("self",)).get(label=label)
    check_can_confirm_rollback(by, edition)
    _check_may_go(edition, at)
    if edition.rollback_asked_at is None:
        raise ValidationError("Nobody has asked to roll this edition back.")
    edition.rolled_back_at, edition.rolled_back_by = at, by
    edition.save(update_fields=["rolled_back_at", "rolled_back_by"])
    journal.record("list_edition.rolled_back", edition, by=by, digest=edition.digest)
    transaction.on_commit(partial(send_restore_verdicts.delay, label=label), robust=True)
    return edition


def restore_verdicts(*, label) -> int:
    """Judge again whom an edition had touched that was rolled back, once; how many changed."""
    edition = ListEdition.objects.being_restored().filter(label=label).first()
    if edition is None:
        return 0
    before = edition_before(edition)
    reason = f"edition {label} rolled back"
    changed = rejudge_edition(
        label=before.label if before else "",
        changed=difference_between(before, edition).changed,
        valid_from=edition.valid_from,
        reason=reason,
    )
    with transaction.atomic():
        mine = ListEdition.objects.being_restored().filter(label=label)
        if mine.update(restored_at=timezone.now()):
            # a run that was interrupted before counts as well: it is one act
            history = VerdictChange.objects.filter(
                reason=reason, changed_at__gte=edition.rolled_back_at
            )
            journal.record(
                "list_edition.restored",
                edition,
                by=None,
                digest=edition.digest,
                changed=history.count(),
            )
    return changed


def send_waiting_restorations() -> None:
    """Send again what a broker lost: editions rolled back whose placements were not all judged."""
    for label in ListEdition.objects.being_restored().values_list("label", flat=True):
        send_restore_verdicts.delay(label=label)


def _check_may_go(edition, at):
    if refusal := why_it_stays(edition, timezone.localdate(at)):
        raise ValidationError(refusal)
